//! The shell: everything around the screens. Knows them by one trait only.
//!
//! ```text
//! keys, reports -> state::Msg -> update -> screen::Message -> a screen -> effect::Effect -> update -> state::Act -> driver, runner
//!                                  |
//!                               state -> view (theme, widgets) -> terminal
//! ```
//!
//! | file | job |
//! |---|---|
//! | `screen` | the trait of a screen, what happens to one, what drawing needs |
//! | `effect` | what a screen may ask for, the events that all screens receive, the requests between screens |
//! | `shared` | what several screens read |
//! | `job`, `jobs`, `data` | a background job as one item; the running ones; those whose results are shared |
//! | `keys`, `binding`, `table` | keys and the one table of them; a screen's bindings; the table put together |
//! | `state`, `update`, `apply`, `view` | the shell's state; what a message changes; what an effect does (both pure); the frame around a screen |
//! | `overlays`, `guide` | what lies over a screen; the steps of the demo and of a first run |
//! | `runner`, `driver`, `frames`, `terminal` | jobs on threads; the loop; when to draw; the terminal taken over and given back |
//! | `advice` | errors for someone who has keys |

pub mod advice;
mod apply;
pub mod binding;
pub mod data;
pub mod driver;
pub mod effect;
pub mod frames;
pub mod guide;
pub mod job;
pub mod jobs;
pub mod keys;
mod overlays;
pub mod runner;
pub mod screen;
pub mod shared;
pub mod state;
pub mod table;
mod terminal;
mod update;
pub mod view;

// What every screen needs.
pub use binding::Binding;
pub use effect::{Answer, Effect, Event, Need, Request, ScreenId, Scroll};
pub use job::{Job, Kind, Worker};
pub use screen::{Message, Screen, View, move_cursor};
pub use shared::Shared;
