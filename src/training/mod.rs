//! Training adapters: data, schedule, checkpoints. Does not know whose texts they are or how a start was chosen.
