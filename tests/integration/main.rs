//! The library by its public interface, layer by layer, without the program and without the base model. Every test has a folder of
//! its own and none changes the process, so all of them share one.

mod app;
mod blend;
mod budget;
mod caution;
mod counting;
mod failures;
mod import;
mod language;
mod models;
mod parts;
mod platform;
mod selection;
mod shared;
mod store;
mod style;
mod styles;
mod training;
