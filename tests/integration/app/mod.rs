//! The use cases as the command line and the screens call them, without a model.

mod names;
mod page;
mod present;
mod settings;
mod transcript;
