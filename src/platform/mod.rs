//! What every layer may use: the machine, its files, and signals between threads. Knows nothing of texts, styles or
//! models, and no other folder of this crate.
//!
//! | file | job |
//! |---|---|
//! | `cancel` | cancelling and pausing a long job |
//! | `digest` | SHA-256 |
//! | `lock` | a file lock between processes |
//! | `log` | lines of the log, without a word of the user's |
//! | `paths` | the program's folders; atomic and private writes |
//! | `power` | heat, battery, power draw |
//! | `system` | memory and processor time |
//! | `text` | text from outside made safe for a terminal |

pub mod cancel;
pub mod digest;
pub(crate) mod lock;
pub mod log;
pub mod paths;
pub mod power;
pub mod system;
pub mod text;
