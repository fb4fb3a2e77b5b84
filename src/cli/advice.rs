//! What to type about an error: the errors state facts, and this adds the commands and options that help.

use crate::app::AppError;
use crate::app::doctor::Remedy;
use crate::engine::EngineError;
use crate::making::MakingError;
use crate::selection::SelectionError;
use crate::style::StyleError;
use crate::training::TrainingError;

/// The error with what to do about it, as it is printed.
#[must_use]
pub fn explain(error: &AppError) -> String {
    match advice(error) {
        Some(advice) => format!("{error}\n{advice}"),
        None => error.to_string(),
    }
}

/// What to do, in a sentence; none where the message says all there is.
#[must_use]
pub fn advice(error: &AppError) -> Option<String> {
    use AppError as E;
    let advice = match error {
        E::NoHome(_) => "Name a folder for XPerT's data with --data-dir.",
        E::NoModel => "Download it with `xpert model pull`, or name a file with --model PATH.",
        E::NoTexts => "Import some of your writing with `xpert import PATH...`.",
        E::NoImports { .. } => "To remove them, delete the data folder (`xpert doctor` names it) and import again.",
        E::NoRun { .. } => "`xpert runs list` shows the runs there are.",
        E::LastVoiceGone { .. } => "Say who continues with --adapter, such as `--adapter mine`.",
        E::RunInUse { .. } => "Put another in its place with `xpert runs use N`; then it can be deleted.",
        E::NoConversations => "Start one with `xpert write PROMPT --keep`.",
        E::NoPersonalModel => "Train one with `xpert train`.",
        E::OtherReader { made_on, .. } => {
            return Some(format!("Select without `--neural`, or with `--model {made_on}`."));
        }
        E::OtherBase { .. } => "Choose the other with --model, or train again.",
        E::OtherShape { .. } => "Omit --rank, --alpha and --target-modules, or start with `--from scratch`.",
        E::UnfinishedTraining { .. } => {
            "Continue it with `xpert train --resume`, or discard it and start over with `xpert train --restart`."
        }
        E::Engine(error) => return engine(error),
        E::Style(error) => return style(error),
        E::Selection(error) => return selection(error),
        E::Training(error) => return training(error),
        E::Making(error) => return making(error),
        E::Import(_) | E::Store(_) | E::Catalog(_) | E::Model(_) | E::Data(_) | E::Evaluation(_) => return None,
        E::SameRun { .. } | E::LongName { .. } | E::BrokenRun { .. } | E::NotEmpty(_) | E::Busy(_) => return None,
        E::Benchmark { .. } | E::File { .. } | E::Malformed { .. } | E::Settings { .. } => return None,
        E::Unhealthy(_) | E::Cancelled(_) => return None,
    };
    Some(advice.to_owned())
}

/// What to type so that a part is in order.
#[must_use]
pub fn remedy(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Import => "import your writing with `xpert import PATH...`",
        Remedy::DownloadModel => "download it with `xpert model pull`",
        Remedy::Resume => "continue with `xpert train --resume`",
        Remedy::Train => "train one with `xpert train`",
    }
}

fn training(error: &TrainingError) -> Option<String> {
    use TrainingError as E;
    let advice = match error {
        E::TooFewTexts { .. } => "Import more of your writing with `xpert import PATH...`.",
        E::Diverged { .. } => "Train again with a lower --learning-rate.",
        E::TooLittleMemory { needs_mb, .. } => {
            return Some(format!("Allow at least `--memory {needs_mb}`, or close other programs."));
        }
        E::NoCheckpoint(_) => "Start a training without --resume.",
        E::BadCheckpoint { .. } => "Start again without --resume.",
        E::Engine(error) => return engine(error),
        E::Write { .. } | E::Threads(_) | E::Cancelled(_) => return None,
    };
    Some(advice.to_owned())
}

fn engine(error: &EngineError) -> Option<String> {
    use EngineError as E;
    match error {
        E::Model { .. } => Some("Download it again with `xpert model pull`, or name another with --model.".to_owned()),
        E::Read { .. } | E::Unsupported { .. } | E::MissingTensor { .. } | E::Tokenizer { .. } | E::Encode(_) => None,
        E::PromptTooLong { .. } => Some("Shorten the prompt.".to_owned()),
        E::Template(_) | E::Adapter { .. } | E::Blend(_) | E::Compute(_) => None,
        E::Cancelled(_) => None,
    }
}

fn style(error: &StyleError) -> Option<String> {
    use StyleError as E;
    match error {
        E::Asset { .. } => Some("Reinstall XPerT, or rebuild the files with `xpert library reference`.".to_owned()),
        E::Version { .. } => Some("Rebuild the card with `xpert library build`.".to_owned()),
        E::Reference(_) | E::File { .. } | E::Reader(_) | E::Axes(_) => None,
    }
}

fn selection(error: &SelectionError) -> Option<String> {
    use SelectionError as E;
    match error {
        E::Style(error) => style(error),
        E::Engine(error) => engine(error),
        E::Unknown { .. } | E::Card { .. } | E::Missing(_) | E::Damaged { .. } => None,
    }
}

fn making(error: &MakingError) -> Option<String> {
    use MakingError as E;
    match error {
        E::Training(error) => training(error),
        E::Engine(error) => engine(error),
        E::Cancelled(_) => Some("Run the same command again to continue.".to_owned()),
        E::File { .. } | E::Malformed { .. } => None,
    }
}
