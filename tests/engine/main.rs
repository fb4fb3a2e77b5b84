//! The numbers: gradients, losses, logits, token ids and merged adapters, against oracles and references; and training. Apart from
//! the other tests of the library because these keep every core busy, and some load the base model.

mod base;
#[path = "../support/base_model.rs"]
mod base_model;
mod gradients;
mod measure;
mod merge;
mod model_files;
mod neural;
mod optimizer;
mod reference;
#[path = "../support/tiny.rs"]
mod tiny;
mod tokenizer;
mod training;
