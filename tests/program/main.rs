//! The program as a user runs it: as a process of its own, which prints, ends with a code, and may be killed. Apart from the tests
//! of the library because some of these train for minutes, and `end_to_end` needs the base model.

#[path = "../support/base_model.rs"]
mod base_model;
mod command;
mod command_line;
mod conversations;
mod documented;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod durable;
mod end_to_end;
mod explanation;
mod kills;
mod log;
#[cfg(target_os = "linux")]
mod power_cut;
mod runs;
#[path = "../support/tiny.rs"]
mod tiny;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
#[path = "../support/tracer.rs"]
mod tracer;
mod voices;
