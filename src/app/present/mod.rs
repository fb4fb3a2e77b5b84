//! What a profile, a selection, a forecast and a run say: computed once, as plain data with finished sentences, for the command line, the
//! screens and the page for a browser to draw. Every number is there as a value to draw and as text to show. Knows no terminal, no
//! colour, no key and no command; text of the user's is as they wrote it.
//!
//! | file | job |
//! |---|---|
//! | `words` | numbers, sizes and times as people read them |
//! | `profile` | a style: every axis with its numbers, what moves it, and sentences that show it |
//! | `parts` | sources or periods side by side |
//! | `selection` | the ranking, the choice and why |
//! | `forecast` | what training from each start point would take, and what it may use |
//! | `run` | a training run and its model: how it ended and what is known about it |
//! | `page` | the explanation of a selection as a page for a browser |

pub mod forecast;
pub mod page;
pub mod parts;
pub mod profile;
pub mod run;
pub mod selection;
pub mod words;

pub use forecast::{ForecastView, StartView, forecast, limits};
pub use parts::{DifferenceView, PairOfParts, PartView, PartsView, parts};
pub use profile::{AxisView, DriverView, ProfileView, Scale, WordView, profile};
pub use run::{ComparisonView, RecordView, RunView, comparison, record, run};
pub use selection::{CandidateView, PairView, SelectionView, Turn, VerificationView, selection, verification};
