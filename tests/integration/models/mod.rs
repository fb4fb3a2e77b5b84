//! Obtaining a base model, from every source and through every mishap, with a tiny model and servers of the tests' own.
//! Nothing here leaves this machine.

mod catalog;
mod given;
mod hub;
mod local;
#[cfg(unix)]
mod package;
mod support;
