//! XPerT: a language model that writes like you, on your own machine, trained from one that is already close.
//!
//! Data flows one way, and each module knows only what stands to its left:
//!
//! ```text
//! import -> store -> style -> selection -> training -> writing (engine::generate)
//! models: the base model's files; engine: running it; neural: the same model as a text encoder for style
//! library: the models that ship, and building them for a base
//! app: the use cases, called alike by cli (the command line) and ui (the screens)
//! platform: what the machine offers to all of them
//! ```
//!
//! `docs/architecture.md` has the whole picture; `tests/architecture` keeps it true.

pub mod app;
pub mod cli;
pub mod engine;
pub mod import;
pub mod library;
pub mod models;
pub mod neural;
pub mod platform;
pub mod selection;
pub mod store;
pub mod style;
pub mod training;
pub mod ui;
