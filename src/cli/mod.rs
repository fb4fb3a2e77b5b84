//! The command line: arguments in, text or JSON out. Holds no logic of its own; every command calls a use case.
//!
//! | file | job |
//! |---|---|
//! | `arguments` | what may be typed, with help and examples |
//! | `advice` | what to type after an error |
//! | `output` | standard output and error: text, JSON, progress |
//! | `definition` | the definition as a whole |
//! | `manual` | `man` and `completions` |
//! | `data`, `parts`, `library`, `training`, `writing`, `history`, `runs`, `machine`, `bench`, `demo` | one file for each group of commands |

mod advice;
mod arguments;
mod bench;
mod data;
pub mod definition;
mod demo;
mod history;
mod library;
mod machine;
mod manual;
mod output;
mod parts;
mod runs;
mod select;
mod training;
mod writing;

pub use advice::explain;
use arguments::ProfileArguments;
pub use arguments::{Arguments, Command, Common, positive};
pub use output::Output;

use crate::app::{AppError, Context};
use crate::platform::cancel::Cancel;

/// Runs one command; the screens are not among them.
///
/// # Errors
/// Whatever the use case fails with.
pub fn run(context: &Context, command: Command, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    match command {
        Command::Demo(arguments) => demo::run(context, &arguments, output, cancel),
        Command::Import(arguments) => data::import(context, &arguments, output, cancel),
        Command::Profile(ProfileArguments { by: Some(by) }) => parts::run(context, by.into(), output, cancel),
        Command::Profile(ProfileArguments { by: None }) => data::profile(context, output),
        Command::Library(command) => library::run(context, command, output, cancel),
        Command::Select(arguments) => select::run(context, &arguments, output, cancel),
        Command::Train(arguments) => training::run(context, &arguments, output, cancel),
        Command::Write(arguments) => writing::run(context, &arguments, output, cancel),
        Command::History(command) => history::run(context, &command, output),
        Command::Runs(command) => runs::run(context, &command, output),
        Command::Model(command) => machine::model(context, &command, output, cancel),
        Command::Bench(arguments) => bench::run(context, &arguments, output, cancel),
        Command::Doctor => machine::doctor(context, output, cancel),
        Command::Man(arguments) => manual::man(&arguments, output),
        Command::Completions(arguments) => {
            manual::completions(&arguments, output);
            Ok(())
        }
    }
}
