//! What to press after an error: the errors state facts, and this adds the screen or key that helps. Knows the errors, and screens only
//! by name.

use crate::app::AppError;
use crate::app::present::words::sentence;
use crate::import::ImportError;
use crate::library::LibraryError;
use crate::models::{ModelError, Origin};
use crate::store::StoreError;
use crate::training::TrainingError;

/// The error with what to do about it, as it is shown.
pub fn explain(error: &AppError) -> String {
    let message = sentence(&error.to_string());
    match advice(error) {
        Some(advice) => format!("{message} {advice}"),
        None => message,
    }
}

/// Where a file's texts are to be found, or whose they are.
const FIELDS: &str =
    "The fields below the path say which fields of JSON or CSV hold the text, and who you are in mail and chats.";
const FOLDER: &str = "Check the folder's permissions, or start XPerT with another data folder.";

/// What to do, in a sentence; none where the message says all there is.
fn advice(error: &AppError) -> Option<&'static str> {
    use AppError as E;
    match error {
        E::NoModel => Some("The Train and Write screens download it on request."),
        E::NoTexts => Some("Add some on the Import screen."),
        E::NoPersonalModel => Some("Train one on the Train screen."),
        E::NoRun { .. } | E::LastVoiceGone { .. } => Some("Choose another one on the Runs screen."),
        E::RunInUse { .. } => Some("Switch to another run first."),
        E::NoConversations => Some("Save one on the Write screen."),
        E::UnfinishedTraining { .. } => Some("Resume it on the Train screen, or start over there."),
        E::OtherBase { .. } => Some("Train again on the Train screen."),
        E::Training(TrainingError::TooFewTexts { .. }) => Some("Add more of your writing on the Import screen."),
        E::Training(TrainingError::TooLittleMemory { .. }) => {
            Some("Allow more memory on the Settings screen, or close other programs.")
        }
        E::Import(ImportError::NothingFound(_) | ImportError::NoSuchField { .. }) => Some(FIELDS),
        E::Model(ModelError::NoSource { .. }) => Some("Check the network connection, then try again."),
        E::Model(ModelError::Mismatch { origin: Origin::Downloaded, .. }) => {
            Some("The Train screen downloads a good copy.")
        }
        E::Model(ModelError::Mismatch { origin: Origin::Given, .. }) => {
            Some("Start XPerT without that path, or rename the file to use it as it is.")
        }
        E::Store(StoreError::Folder { .. } | StoreError::Unusable { .. } | StoreError::NotADatabase { .. }) => {
            Some(FOLDER)
        }
        E::Library(LibraryError::Cancelled(_)) => Some("Start it again to continue."),
        E::Import(_) | E::Store(_) | E::Catalog(_) | E::Model(_) | E::Engine(_) | E::Style(_) | E::Library(_) => None,
        E::Training(_) | E::NoHome(_) | E::NoImports { .. } | E::SameRun { .. } | E::LongName { .. } => None,
        E::BrokenRun { .. } | E::NotEmpty(_) | E::OtherReader { .. } | E::OtherShape { .. } => None,
        E::Benchmark { .. } | E::Busy(_) | E::File { .. } | E::Malformed { .. } => None,
        E::Settings { .. } | E::Unhealthy(_) | E::Cancelled(_) => None,
    }
}
