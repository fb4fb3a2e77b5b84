//! How well the style space and selection do on texts they were not built from. Knows styles and cards; neither the user's
//! texts nor terminals.
//!
//! | file | job |
//! |---|---|
//! | `data` | the files a suite reads |
//! | `simulated` | models simulated from mixed texts, found again by users of their style |
//! | `trained` | the same with models that were really trained |
//! | `model_builder` | builds these, and keeps them |
//! | `cost` | what a start is worth: steps, time and texts |
//! | `index` | signatures of very many models, and the closest of them |
//! | `communication` | bytes and time to select among very many models |
//! | `noise` | what selection says about ever worse text |
//! | `authors`, `delta` | authors recognized, compared with cosine-Delta |
//! | `axes` | how well each axis separates labelled texts |
//! | `levels` | graded levels of one quality, in their order |
//! | `side_by_side` | long jobs, one on each thread |
//! | `report` | what a suite found, as rows |
//! | `suite` | which suite, with what, run with the space as shipped |

mod authors;
mod axes;
mod communication;
mod cost;
mod data;
mod delta;
pub(crate) mod error;
mod index;
mod levels;
mod model_builder;
mod noise;
mod report;
mod shared;
mod side_by_side;
mod simulated;
mod suite;
mod trained;

pub use authors::authors;
pub use axes::axes;
pub use communication::communication;
pub use cost::cost;
pub use error::EvaluationError;
pub use levels::levels;
pub use model_builder::{ModelBuilder, RECOGNISABLE, WORTH_STARTING_FROM};
pub use noise::noise;
pub use report::{Report, Row, Value};
pub use shared::{Instrument, SIMILARITIES};
pub use simulated::simulated;
pub use suite::{ModelOptions, Suite, evaluate, record};
pub use trained::trained;
