//! The command line's definition as a whole, for manual pages, completions and documents. Runs no command and writes no file.

use clap::{Command, CommandFactory};

use super::arguments::Arguments;

/// As it is typed.
pub const PROGRAM: &str = "xpert";

/// Every command with its full name, and with the options that all of them share.
pub fn definition() -> Command {
    let mut root = Arguments::command()
        .bin_name(PROGRAM)
        .disable_help_subcommand(true)
        .mut_subcommands(|command| command.disable_help_subcommand(true));
    root.build();
    root
}

/// A piece of what stands below a command's options.
#[derive(Debug, PartialEq, Eq)]
pub enum Closing<'a> {
    Prose(&'a str),
    /// What may be typed, a line each.
    Examples(Vec<&'a str>),
}

/// The pieces, which blank lines divide.
pub fn closing(text: &str) -> Vec<Closing<'_>> {
    let piece = |piece| match str::strip_prefix(piece, "Examples:\n") {
        Some(lines) => Closing::Examples(lines.lines().map(str::trim).collect()),
        None => Closing::Prose(piece),
    };
    text.split("\n\n").map(piece).collect()
}
