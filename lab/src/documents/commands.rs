//! The command line as a document: Markdown from the definitions that parse it. Runs no command and writes no file.

use std::fmt::Write;

use clap::{Arg, Command};
use xpert::cli::definition::{Closing, PROGRAM, closing, definition};

const BEGINNING: &str = "# Commands

Every command and option. This file is generated from the definitions of the command line, and a test fails when it is out of
date: see [CONTRIBUTING.md](../CONTRIBUTING.md). `xpert COMMAND --help` shows the same in the terminal, and `xpert man DIR`
writes it as manual pages.
";

/// `docs/commands.md`.
#[must_use]
pub fn commands() -> String {
    let root = definition();
    let mut page = BEGINNING.to_owned();
    section(&root, &mut page);
    page
}

/// A command, then the commands below it.
fn section(command: &Command, page: &mut String) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let about = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string).unwrap_or_default();
    put(page, &format!("\n## `{name}`\n\n{}\n\n```text\n{usage}\n```\n", sentence(&about)));
    let is_root = name == PROGRAM;
    let arguments = command.get_arguments().filter(|argument| !argument.is_hide_set());
    let own: Vec<String> = arguments.filter(|argument| is_root || !is_shared(argument)).map(item).collect();
    if !own.is_empty() {
        let heading = if is_root { "Every command also takes these options, except `--version`:\n\n" } else { "" };
        put(page, &format!("\n{heading}{}", own.concat()));
    }
    let text = command.get_after_help().map(ToString::to_string);
    for piece in text.as_deref().map(closing).unwrap_or_default() {
        match piece {
            Closing::Prose(text) => put(page, &format!("\n{text}\n")),
            Closing::Examples(lines) => put(page, &format!("\nExamples:\n\n```text\n{}\n```\n", lines.join("\n"))),
        }
    }
    for below in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        section(below, page);
    }
}

/// Whether the root's section speaks of it already.
fn is_shared(argument: &Arg) -> bool {
    argument.is_global_set() || argument.get_id() == "help"
}

/// An argument or option as an item of a list, with all that its definition says.
fn item(argument: &Arg) -> String {
    let short = argument.get_short().map(|short| format!("`-{short}`, ")).unwrap_or_default();
    let help = argument.get_long_help().or_else(|| argument.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut item = format!("- {short}`{argument}`: {}", sentence(&help));
    let takes_values = argument.get_action().takes_values();
    let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes_values && !defaults.is_empty() {
        put(&mut item, &format!(" Default: `{}`.", defaults.join(",")));
    }
    if let Some(variable) = argument.get_env() {
        put(&mut item, &format!(" Also set by the environment variable `{}`.", variable.to_string_lossy()));
    }
    let values = if takes_values { argument.get_possible_values() } else { Vec::new() };
    let (plain, explained): (Vec<_>, Vec<_>) =
        values.iter().filter(|value| !value.is_hide_set()).partition(|value| value.get_help().is_none());
    if !plain.is_empty() {
        let names: Vec<String> = plain.iter().map(|value| format!("`{}`", value.get_name())).collect();
        put(&mut item, &format!(" One of {}.", names.join(", ")));
    }
    item.push('\n');
    for value in explained {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        put(&mut item, &format!("  - `{}`: {}\n", value.get_name(), sentence(&help)));
    }
    item
}

/// The definitions leave the last full stop away.
fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) || text.is_empty() { text.to_owned() } else { format!("{text}.") }
}

fn put(page: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = page.write_str(text);
}

#[cfg(test)]
mod tests {
    use clap::builder::PossibleValue;

    use super::*;

    #[test]
    fn an_item_says_all_that_the_definition_says() {
        let values = [PossibleValue::new("near").help("The closest"), PossibleValue::new("none")];
        let mut command = Command::new("x").arg(
            Arg::new("from")
                .long("from")
                .short('f')
                .value_name("START")
                .default_value("near")
                .env("X_FROM")
                .help("Where to start")
                .value_parser(values),
        );
        command.build();
        let argument = command.get_arguments().find(|argument| argument.get_id() == "from").unwrap();
        let said = "- `-f`, `--from <START>`: Where to start. Default: `near`. Also set by the environment variable `X_FROM`. \
                    One of `none`.\n  - `near`: The closest.\n";
        assert_eq!(item(argument), said);
    }

    #[test]
    fn commands_below_commands_have_a_section_and_shared_options_stand_once() {
        let page = commands();
        for heading in ["\n## `xpert`\n", "\n## `xpert train`\n", "\n## `xpert library build`\n", "\n## `xpert man`\n"]
        {
            assert_eq!(page.matches(heading).count(), 1, "{heading}");
        }
        assert_eq!(page.matches("- `--data-dir <DIR>`").count(), 1);
        assert!(!page.contains("help>`"), "the help command is not one of its own");
    }
}
