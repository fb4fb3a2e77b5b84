//! `man` and `completions`: the definitions of the command line as manual pages and as scripts for shells.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use serde_json::json;

use super::arguments::{CompletionsArguments, ManArguments};
use super::definition::{Closing, PROGRAM, closing, definition};
use super::output::Output;
use crate::app::AppError;

pub fn man(arguments: &ManArguments, output: &Output) -> Result<(), AppError> {
    let root = definition();
    let Some(folder) = &arguments.folder else {
        let (_, page) = page(&root);
        output.result("xpert.man/1", &json!({ "page": page }), || output.piece(&page));
        return Ok(());
    };
    let files = write_pages(&root, folder)?;
    output.result("xpert.man/1", &json!({ "files": files }), || {
        output.line(format!("{} pages written to {}", files.len(), folder.display()));
    });
    Ok(())
}

pub fn completions(arguments: &CompletionsArguments, output: &Output) {
    let script = script(arguments.shell);
    let completions = json!({ "shell": arguments.shell.to_string(), "script": script });
    output.result("xpert.completions/1", &completions, || output.piece(&script));
}

fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition(), PROGRAM, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// A page for each command; the files in the order of the commands.
fn write_pages(root: &Command, folder: &Path) -> Result<Vec<PathBuf>, AppError> {
    fs::create_dir_all(folder).map_err(AppError::file(folder))?;
    let mut files = Vec::new();
    for command in all(root) {
        let (name, page) = page(command);
        let path = folder.join(name);
        fs::write(&path, page).map_err(AppError::file(&path))?;
        files.push(path);
    }
    Ok(files)
}

/// The command and all below it.
fn all(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().filter(|command| !command.is_hide_set());
    std::iter::once(command).chain(below.flat_map(all)).collect()
}

/// The page's file name and its text. Put together from the library's sections, but for what stands last: it would run a
/// command's examples together into one paragraph.
fn page(command: &Command) -> (String, String) {
    let man = Man::new(command.clone())
        // A blank, since nothing at all would put the version in the date's place.
        .date(" ")
        .source(format!("{PROGRAM} {}", env!("CARGO_PKG_VERSION")))
        .manual("XPerT manual");
    let mut text = Vec::new();
    let sections = [
        Man::render_title,
        Man::render_name_section,
        Man::render_synopsis_section,
        Man::render_description_section,
        Man::render_options_section,
    ];
    for section in sections {
        write_to(&mut text, |text| section(&man, text));
    }
    if command.has_subcommands() {
        write_to(&mut text, |text| man.render_subcommands_section(text));
    }
    write_to(&mut text, |text| end(command).to_writer(text));
    (man.get_filename(), String::from_utf8_lossy(&text).into_owned())
}

fn write_to(text: &mut Vec<u8>, write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) {
    write(text).expect("memory takes what is written to it");
}

/// Notes and examples.
fn end(command: &Command) -> Roff {
    let mut roff = Roff::default();
    let text = command.get_after_help().map(ToString::to_string);
    for piece in text.as_deref().map(closing).unwrap_or_default() {
        match piece {
            Closing::Prose(prose) => {
                roff.control("SH", ["NOTES"]);
                roff.text([roman(prose)]);
            }
            Closing::Examples(lines) => {
                roff.control("SH", ["EXAMPLES"]);
                // Lines as they stand.
                roff.control("nf", []);
                for line in lines {
                    roff.text([roman(line)]);
                }
                roff.control("fi", []);
            }
        }
    }
    roff
}
