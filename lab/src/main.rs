//! The laboratory's program: sets up what must be set before any thread starts, then runs the command.

use std::process::ExitCode;

use clap::Parser;
use xpert::cli::{Output, explain};
use xpert::engine::threads;
use xpert::platform::cancel::Cancel;
use xpert::platform::text::escape_for_terminal;
use xpert_lab::arguments::{Arguments, Command, ReferenceArguments};
use xpert_lab::learning::{learn_embedding_statistics, learn_space};
use xpert_lab::{LabError, documents, eval, studies};

/// The program's own allocator, so that time and memory measured here are its.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    for (name, value) in threads::ENVIRONMENT {
        // SAFETY: no other thread runs yet, so nobody reads the environment at the same time.
        unsafe { std::env::set_var(name, value) };
    }
    arguments.common.start_log();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let message = match &error {
                LabError::App(error) => explain(error),
                other => other.to_string(),
            };
            eprintln!("xpert-lab: {}", escape_for_terminal(&message));
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(arguments: Arguments) -> Result<(), LabError> {
    let output = Output { json: arguments.common.json };
    let report = &mut |line: &str| output.status(line);
    match arguments.command {
        Command::Eval(eval) => eval::run(&arguments.common.context()?, eval, &stop_on_signals(), &output),
        Command::Reference(ReferenceArguments { paths, neural: true, assets }) => {
            let encoder = learn_embedding_statistics(&arguments.common.context()?, &paths, &assets, report)?;
            report(&format!(
                "statistics for {encoder} written; build the program again, then let `xpert library build --readings` follow"
            ));
            Ok(())
        }
        Command::Reference(ReferenceArguments { paths, neural: false, assets }) => {
            let version = learn_space(&paths, &assets)?;
            report(&format!("style space {version} written; build the program again, then the library"));
            Ok(())
        }
        Command::Study(study) => Ok(studies::run(study.study, &study.arguments)?),
        Command::Documents { folder } => documents::write(&folder),
    }
}

/// The first Ctrl-C asks the suite to stop and keep what it has; a second one ends the program at once.
fn stop_on_signals() -> Cancel {
    let cancel = Cancel::new();
    let asked = cancel.clone();
    let installed = ctrlc::set_handler(move || {
        if asked.is_requested() {
            std::process::exit(130);
        }
        asked.request();
        eprintln!("xpert-lab: stopping; press Ctrl-C again to stop at once");
    });
    if let Err(error) = installed {
        eprintln!("xpert-lab: Ctrl-C will end the program at once ({error})");
    }
    cancel
}
