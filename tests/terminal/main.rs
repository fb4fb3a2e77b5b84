//! The real program on a pseudo-terminal. Apart because a child that another test starts at the same moment would inherit the
//! terminal, and keep it open where a test is about its end.
#![cfg(unix)]

#[path = "../support/base_model.rs"]
mod base_model;
mod behaviour;
mod log;
#[path = "../support/pty.rs"]
mod pty;
mod whole_job;
