//! The training pass on the CPU: fused kernels over plain slices, quantized weights dequantized panel by panel, and
//! memory known in advance. `engine::network` has the same mathematics for any candle device and for generation.
//!
//! | file | job |
//! |---|---|
//! | `product` | matrix products over strided slices |
//! | `kernels` | element-wise parts, compiled for several instruction sets |
//! | `panels` | frozen weights, converted panel by panel |
//! | `attention`, `layer`, `pass` | one sequence's attention, one block, the whole model |
//! | `gradients` | accumulated gradients of the adapter |
//! | `arena` | reusable buffers |
//! | `cost` | memory and operations of a pass, from the shapes |
//! | `roofline` | a step's matrix products alone, as an upper bound on its speed |

mod arena;
mod attention;
pub mod cost;
mod gradients;
mod kernels;
mod layer;
mod panels;
mod pass;
mod product;
mod roofline;

pub use arena::Arena;
pub use gradients::AdapterGradients;
pub use pass::{Keep, Pass, Prefix, Scope};
pub use roofline::Roofline;
