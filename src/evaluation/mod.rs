//! How well the style space and selection do on texts they were not built from. Knows styles and cards; neither the user's
//! texts nor terminals.
//!
//! | file | job |
//! |---|---|
//! | `data` | the files a suite reads |
//! | `selection` | models simulated from mixed texts, found again by users of their style |
//! | `authors`, `delta` | people told apart, beside cosine-Delta |
//! | `axes` | how well each axis separates labelled texts |
//! | `levels` | graded levels of one quality, in their order |
//! | `report` | what a suite found, as rows |

mod authors;
mod axes;

mod data;
mod delta;
mod error;
mod levels;
mod report;
mod selection;
mod shared;

pub use authors::authors;
pub use axes::axes;

pub use error::EvaluationError;
pub use levels::levels;
pub use report::{Report, Row, Value};
pub use selection::selection;
