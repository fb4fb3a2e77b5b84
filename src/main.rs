//! The program: sets up what must be set before any thread starts, then hands over to the command line or the screens.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use xpert::app::{AppError, Context};
use xpert::cancel::Cancel;
use xpert::cli::{Arguments, Output};
use xpert::engine::threads;
use xpert::text::escape_for_terminal;

/// Tensors come and go by the thousand; the system's allocator gives each back to the kernel and takes twice the memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let cores = arguments.threads.map_or_else(threads::available, usize::from);
    for (name, value) in threads::ENVIRONMENT {
        // SAFETY: no other thread runs yet, so nobody reads the environment at the same time.
        unsafe { std::env::set_var(name, value) };
    }
    match run(arguments, cores) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xpert: {}", escape_for_terminal(&error.to_string()));
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(arguments: Arguments, cores: usize) -> Result<(), AppError> {
    let context = Context::new(arguments.data_dir.as_deref(), arguments.model, Some(cores))?;
    let output = Output { json: arguments.json };
    let cancel = Cancel::new();
    let Some(command) = arguments.command else {
        return Ok(());
    };
    stop_on_signals(&cancel);
    let _ = std::io::stdout().is_terminal();
    xpert::cli::run(&context, command, &output, &cancel)
}

/// The first signal asks the job to stop and keep what it has; a second one ends the program at once.
fn stop_on_signals(cancel: &Cancel) {
    let cancel = cancel.clone();
    let installed = ctrlc::set_handler(move || {
        if cancel.is_requested() {
            std::process::exit(130);
        }
        cancel.request();
        eprintln!("xpert: stopping; once more to stop at once");
    });
    if let Err(error) = installed {
        eprintln!("xpert: Ctrl-C will end the program at once ({error})");
    }
}
