//! The program: sets up what must be set before any thread starts, then hands over to the command line or the screens.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use xpert::app::log::Watch;
use xpert::app::{self, AppError};
use xpert::cli::{self, Arguments, Command, Output};
use xpert::engine::threads;
use xpert::platform::cancel::Cancel;
use xpert::platform::text::escape_for_terminal;
use xpert::ui::{self, UiError};

/// Tensors come and go by the thousand; the system's allocator gives each back to the kernel and takes twice the memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    for (name, value) in threads::ENVIRONMENT {
        // SAFETY: no other thread runs yet, so nobody reads the environment at the same time.
        unsafe { std::env::set_var(name, value) };
    }
    arguments.common.start_log();
    let watch = Watch::program(arguments.command.as_ref().map_or("screens", Into::into));
    let Err(failure) = run(arguments) else {
        watch.end(Some(Ok(())));
        return ExitCode::SUCCESS;
    };
    let (error, message, code) = match &failure {
        Failure::App(error) => (Some(Err(error)), cli::explain(error), error.exit_code()),
        Failure::Screens(error) => (None, error.to_string(), 1),
        Failure::NoTerminal => (None, failure.to_string(), 2),
    };
    watch.end(error);
    eprintln!("xpert: {}", escape_for_terminal(&message));
    ExitCode::from(code)
}

/// Why the program did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Screens(#[from] Box<UiError>),
    #[error("the full-screen interface needs a terminal; without one, use the subcommands that `xpert --help` lists")]
    NoTerminal,
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let context = arguments.common.context()?;
    let output = Output { json: arguments.common.json };
    let cancel = Cancel::new();
    let screens = std::io::stdout().is_terminal() && std::io::stdin().is_terminal() && !output.json;
    match arguments.command {
        None if screens => {
            stop_on_signals(&cancel, false);
            Ok(ui::run(context, None, cancel).map_err(Box::new)?)
        }
        None => Err(Failure::NoTerminal),
        Some(Command::Demo(demo)) if screens && !demo.headless => {
            stop_on_signals(&cancel, false);
            let open = if demo.resume { app::demo::open } else { app::demo::prepare };
            let demo = open(&context, demo.steps)?;
            Ok(ui::run(context, Some(demo), cancel).map_err(Box::new)?)
        }
        Some(command) => {
            stop_on_signals(&cancel, true);
            Ok(cli::run(&context, command, &output, &cancel)?)
        }
    }
}

/// The first signal asks the job to stop and keep what it has; a second one ends the program at once.
fn stop_on_signals(cancel: &Cancel, say: bool) {
    let cancel = cancel.clone();
    let installed = ctrlc::set_handler(move || {
        if cancel.is_requested() {
            std::process::exit(130);
        }
        cancel.request();
        if say {
            eprintln!("xpert: stopping; press again to stop at once");
        }
    });
    if let Err(error) = installed {
        eprintln!("xpert: Ctrl-C will end the program at once ({error})");
    }
}
