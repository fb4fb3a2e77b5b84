//! The training pass on a processor: fused kernels over plain slices, quantized weights dequantized panel by panel, and
//! memory decided beforehand. `engine::network` has the same mathematics for any candle device and for generation.
//!
//! | file | job |
//! |---|---|
//! | `product` | matrix products over strided slices |
//! | `kernels` | element-wise parts, compiled for several instruction sets |
//! | `panels` | frozen weights, panel by panel |
//! | `attention`, `layer`, `pass` | one sequence's attention, one block, the whole model |
//! | `gradients` | sums of the adapter's gradients |
//! | `arena` | buffers used again |
//! | `cost` | what a pass needs, before it is run |
//! | `ceiling` | the products alone, to measure against |

mod arena;
mod attention;
mod ceiling;
pub mod cost;
mod gradients;
mod kernels;
mod layer;
mod panels;
mod pass;
mod product;

pub use arena::Arena;
pub use ceiling::Ceiling;
pub use gradients::AdapterGradients;
pub use pass::{Keep, Pass, Prefix, Scope};
