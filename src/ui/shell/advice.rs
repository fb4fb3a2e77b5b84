//! What to press about an error: the errors state facts, and this adds the screen or key that helps. Knows the errors, no screen but
//! by name.

use crate::app::AppError;
use crate::training::TrainingError;

/// The error with what to do about it, as it is shown.
#[must_use]
pub fn explain(error: &AppError) -> String {
    let message = sentence(&error.to_string());
    match advice(error) {
        Some(advice) => format!("{message} {advice}"),
        None => message,
    }
}

/// What to do, in a sentence; none where the message says all there is.
fn advice(error: &AppError) -> Option<&'static str> {
    use AppError as E;
    match error {
        E::NoModel => Some("Train and Write download it on request."),
        E::NoTexts => Some("Add some on Import."),
        E::NoPersonalModel => Some("Train one on Train."),
        E::NoRun { .. } | E::LastVoiceGone { .. } => Some("Choose another one on Runs."),
        E::RunInUse { .. } => Some("Put another run in use first."),
        E::NoConversations => Some("Keep one on Write."),
        E::UnfinishedTraining { .. } => Some("Resume it on Train, or start over there."),
        E::OtherBase { .. } => Some("Train again on Train."),
        E::Training(TrainingError::TooFewTexts { .. }) => Some("Add more of your writing on Import."),
        E::Training(TrainingError::TooLittleMemory { .. }) => {
            Some("Allow more memory on Settings, or close other programs.")
        }
        E::Import(_) | E::Store(_) | E::Catalog(_) | E::Model(_) | E::Engine(_) | E::Style(_) | E::Library(_) => None,
        E::Training(_) | E::NoHome(_) | E::NoImports { .. } | E::SameRun { .. } | E::LongName { .. } => None,
        E::BrokenRun { .. } | E::NotEmpty(_) | E::OtherReader { .. } | E::OtherShape { .. } => None,
        E::Benchmark { .. } | E::Busy(_) | E::File { .. } | E::Malformed { .. } => None,
        E::Settings { .. } | E::Unhealthy(_) | E::Cancelled(_) => None,
    }
}

/// With a capital at its start and a full stop at its end.
fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first: String = characters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let stop = if message.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{}{stop}", characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_screens_rather_than_commands() {
        let error = AppError::UnfinishedTraining { started_from: "warm".into(), step: 3, steps: 9 };
        assert_eq!(
            explain(&error),
            "There is a stopped training from warm at step 3 of 9. Resume it on Train, or start over there."
        );
    }
}
