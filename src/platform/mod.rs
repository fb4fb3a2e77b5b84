//! What the machine and its system offer to everybody: files that are safe, a stop signal, memory, heat, power. Knows nothing of
//! texts, styles or models, and no other folder of this crate.

pub mod cancel;
pub mod digest;
pub mod energy;
pub(crate) mod lock;
pub mod log;
pub mod paths;
pub mod power;
pub mod system;
pub mod text;
