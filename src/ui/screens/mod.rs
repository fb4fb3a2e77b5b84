//! The list of screens, in the order of their tabs. A new one is a file or a folder here, its `mod` line, and its line in [`all`].

pub mod explain;
pub mod import;
pub mod library;
pub mod runs;
pub mod settings;
pub mod style;
pub mod train;
pub mod write;

use crate::app::Context;
use crate::ui::shell::screen::AnyScreen;

/// All screens, as they are when the program starts. `theme` is the one in use.
pub fn all(context: &Context, theme: &str) -> Vec<Box<dyn AnyScreen>> {
    let started_in = std::env::current_dir().unwrap_or_default();
    vec![
        Box::<import::Import>::default(),
        Box::<style::Style>::default(),
        Box::<library::Library>::default(),
        Box::<train::Train>::default(),
        Box::new(write::Write::new(started_in.clone())),
        Box::new(explain::Explain::new(started_in)),
        Box::<runs::Runs>::default(),
        Box::new(settings::Settings::new(context, theme)),
    ]
}
