//! The style space: texts are counted, counts become features, features are whitened into vectors, and named axes lie in that space.
//! Knows texts and numbers, not how the space was learned. Files are listed in order of dependency.
//!
//! | file | job |
//! |---|---|
//! | `tokens`, `word` | text cut into sentences and words; what a single word shows |
//! | `counts`, `features`, `counter` | sums, the features made of them, and counting |
//! | `vector` | a point, or a difference of two points, and its uncertainty |
//! | `embedding` | the block of coordinates that a text encoder adds |
//! | `reference` | the statistics everything is measured against: counts to vectors |
//! | `axes` | the named axes |
//! | `style_space` | all of that together, as others use it |
//! | `files` | the files a space is read from, those that ship among them |
//! | `sample` | texts counted once and drawn again and again: how sure a measurement is |

pub mod axes;
pub mod counter;
pub mod counts;
pub mod embedding;
pub mod features;
pub mod files;
pub mod reference;
mod sample;
mod style_space;
pub mod tokens;
pub mod vector;
mod word;

pub use axes::{Axis, Evidence, MIN_AUC, comparative};
pub use counts::Counts;
pub use embedding::{Embedding, EmbeddingBlock, TextEncoder};
pub use sample::Sample;
pub(crate) use style_space::denoised_norm;
pub use style_space::similarity;
pub use style_space::{AXIS_STRETCH, Measured, StyleSpace};
pub use vector::{Estimate, StyleVector};
