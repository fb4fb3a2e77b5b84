//! What to type after an error: the errors state facts, and this adds the commands and options that help.

use crate::app::AppError;
use crate::app::doctor::Remedy;
use crate::engine::EngineError;
use crate::import::{Hint, ImportError};
use crate::library::LibraryError;
use crate::models::{ModelError, Origin};
use crate::store::StoreError;
use crate::style::StyleError;
use crate::training::TrainingError;

/// The error with what to do about it, as it is printed.
pub fn explain(error: &AppError) -> String {
    match advice(error) {
        Some(advice) => format!("{error}\n{advice}"),
        None => error.to_string(),
    }
}

/// What to do, in a sentence; none where the message says all there is.
pub fn advice(error: &AppError) -> Option<String> {
    use AppError as E;
    let advice = match error {
        E::NoHome(_) => "Choose a folder for XPerT's data with --data-dir.",
        E::NoModel => "Download it with `xpert model pull`, or give the path of a file with --model PATH.",
        E::NoTexts => "Import some of your writing with `xpert import PATH...`.",
        E::NoImports { .. } => {
            "To start over, delete the data folder (`xpert doctor` shows where it is) and import again."
        }
        E::NoRun { .. } => "`xpert runs list` shows the available runs.",
        E::LastVoiceGone { .. } => "Use --adapter to choose the model that continues, such as `--adapter mine`.",
        E::RunInUse { .. } => "Switch to another run with `xpert runs use N` first, then delete this one.",
        E::NoConversations => "Start one with `xpert write PROMPT --keep`.",
        E::NoPersonalModel => "Train one with `xpert train`.",
        E::OtherReader { made_on, .. } => {
            return Some(format!("Select without `--neural`, or with `--model {made_on}`."));
        }
        E::OtherBase { .. } => "Choose that base model with --model, or train again.",
        E::OtherShape { .. } => "Omit --rank, --alpha and --target-modules, or start with `--from scratch`.",
        E::UnfinishedTraining { .. } => {
            "Continue it with `xpert train --resume`, or discard it and start over with `xpert train --restart`."
        }
        E::Engine(error) => return engine(error),
        E::Style(error) => return style(error),
        E::Training(error) => return training(error),
        E::Model(error) => return model(error),
        E::Library(error) => return library(error),
        E::Import(error) => return import(error),
        E::Store(error) => return store(error),
        E::Catalog(_) | E::SameRun { .. } | E::LongName { .. } | E::BrokenRun { .. } | E::NotEmpty(_) => return None,
        E::Busy(_) | E::Benchmark { .. } | E::File { .. } | E::Malformed { .. } | E::Settings { .. } => return None,
        E::Unhealthy(_) | E::Cancelled(_) => return None,
    };
    Some(advice.to_owned())
}

/// What to type so that a part is in order.
pub fn remedy(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Import => "import your writing with `xpert import PATH...`",
        Remedy::DownloadModel => "download it with `xpert model pull`",
        Remedy::Resume => "continue with `xpert train --resume`",
        Remedy::Train => "train one with `xpert train`",
    }
}

/// What to type so that an import keeps other texts.
pub fn import_hint(hint: Hint) -> &'static str {
    match hint {
        Hint::FieldMap => {
            "Specify the fields of JSON lines or CSV with --map text=FIELD,context=FIELD,author=FIELD,date=FIELD."
        }
        Hint::OwnName => "If that is not you, say who you are with --me ADDRESS or --me NAME.",
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
        E::NoCheckpoint(_) => "Start training without --resume.",
        E::BadCheckpoint { .. } => "Start over with `xpert train --restart`.",
        E::Engine(error) => return engine(error),
        E::Write { .. } | E::Threads(_) | E::Cancelled(_) => return None,
    };
    Some(advice.to_owned())
}

fn model(error: &ModelError) -> Option<String> {
    use ModelError as E;
    Some(match error {
        E::Mismatch { origin: Origin::Downloaded, id, .. } => {
            format!("Download a good copy with `xpert model pull {id}`.")
        }
        E::Mismatch { origin: Origin::Given, .. } => {
            "Omit --model to use a verified copy, or rename your own build to use it as it is.".to_owned()
        }
        E::NoSource { id, file, network, .. } => {
            let when = if *network { "Try again with" } else { "Download it with" };
            format!("{when} `xpert model pull {id}`, or give the path of your own copy of {file} with --model PATH.")
        }
        E::Unknown { .. } | E::Given { .. } | E::DiskFull { .. } | E::Io { .. } | E::Cancelled(_) => return None,
    })
}

fn store(error: &StoreError) -> Option<String> {
    use StoreError as E;
    let advice = match error {
        E::Folder { .. } | E::Foreign { .. } => "Choose another folder with --data-dir.",
        E::Unusable { .. } => "Check its permissions, or choose another folder with --data-dir.",
        E::NotADatabase { .. } => "Move it elsewhere, or choose another folder with --data-dir.",
        E::Newer { .. } => "Use the newer version, or choose another folder with --data-dir.",
        E::NoConversation { .. } => "`xpert history list` shows the available conversations.",
        E::NoTurn { conversation } => return Some(format!("`xpert history show {conversation}` shows its turns.")),
        E::Locked { .. } | E::Full { .. } | E::Corrupt { .. } | E::NoImport { .. } | E::SameVoice { .. } => {
            return None;
        }
        E::Sql { .. } | E::Cancelled(_) => return None,
    };
    Some(advice.to_owned())
}

fn import(error: &ImportError) -> Option<String> {
    match error {
        ImportError::NothingFound(scan) => {
            let hints: Vec<&str> = scan.hints.iter().map(|hint| import_hint(*hint)).collect();
            (!hints.is_empty()).then(|| hints.join("\n"))
        }
        ImportError::NoSuchField { .. } => Some(import_hint(Hint::FieldMap).to_owned()),
        ImportError::NoPaths | ImportError::Missing { .. } | ImportError::Closed { .. } | ImportError::Cancelled(_) => {
            None
        }
    }
}

fn engine(error: &EngineError) -> Option<String> {
    use EngineError as E;
    let advice = match error {
        E::Model { .. } => "Download it again with `xpert model pull`, or choose another with --model.",
        E::PromptTooLong { .. } => "Shorten the prompt.",
        E::Read { .. } | E::Unsupported { .. } | E::MissingTensor { .. } | E::Tokenizer { .. } => return None,
        E::Encode(_) | E::Template(_) | E::Adapter { .. } | E::Blend(_) | E::Compute(_) | E::Cancelled(_) => {
            return None;
        }
    };
    Some(advice.to_owned())
}

fn style(error: &StyleError) -> Option<String> {
    let advice = match error {
        StyleError::Asset { .. } => "Reinstall XPerT.",
        StyleError::Version { .. } => "Rebuild the card with `xpert library build`.",
        StyleError::Encoder(_) => return None,
    };
    Some(advice.to_owned())
}

fn library(error: &LibraryError) -> Option<String> {
    match error {
        LibraryError::Style(error) => style(error),
        LibraryError::Training(error) => training(error),
        LibraryError::Engine(error) => engine(error),
        LibraryError::Cancelled(_) => Some("Run the same command again to continue.".to_owned()),
        LibraryError::Unknown { .. } | LibraryError::Card { .. } | LibraryError::Missing(_) => None,
        LibraryError::Damaged { .. } | LibraryError::NoStyle(_) | LibraryError::File { .. } => None,
        LibraryError::Malformed { .. } => None,
    }
}
