//! Standard output and standard error: text for people, JSON for programs, progress where it does not interfere.

use std::io::{IsTerminal, Write};

use serde::Serialize;

use crate::models::Event;
use crate::platform::text::escape_for_terminal;

/// Where and how a command speaks.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub json: bool,
}

impl Output {
    /// One JSON object on a line, with its schema first.
    pub fn object(&self, schema: &str, value: &impl Serialize) {
        #[derive(Serialize)]
        struct WithSchema<'a, T> {
            schema: &'a str,
            #[serde(flatten)]
            value: &'a T,
        }
        match serde_json::to_string(&WithSchema { schema, value }) {
            Ok(line) => self.raw(&format!("{line}\n")),
            Err(e) => eprintln!("xpert: this result cannot be written as JSON: {e}"),
        }
    }

    /// A result: one JSON object where that is asked for, else what `text` prints.
    pub fn result(&self, schema: &str, value: &impl Serialize, text: impl FnOnce()) {
        if self.json { self.object(schema, value) } else { text() }
    }

    /// A line of text, made safe for the terminal.
    pub fn line(&self, text: impl AsRef<str>) {
        self.raw(&format!("{}\n", escape_for_terminal(text.as_ref())));
    }

    /// Part of a line, at once; for text that streams.
    pub fn piece(&self, text: &str) {
        self.raw(&escape_for_terminal(text));
    }

    /// A line about the work, apart from the result: on standard error.
    pub fn status(&self, text: impl AsRef<str>) {
        eprintln!("{}", escape_for_terminal(text.as_ref()));
    }

    /// Wrapped to the terminal's width, each line with this indent.
    pub fn paragraph(&self, indent: &str, text: &str) {
        // The names of axes have a hyphen, and are read as one.
        let options = textwrap::Options::new(width())
            .initial_indent(indent)
            .subsequent_indent(indent)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        self.line(textwrap::fill(text, options));
    }

    /// A closed pipe (`xpert ... | head`) ends the program quietly, as other tools do.
    fn raw(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
            std::process::exit(0);
        }
    }

    /// A bar for a download on a terminal; lines now and then elsewhere.
    pub fn download(&self) -> DownloadBar {
        let bar = if std::io::stderr().is_terminal() {
            let bar = indicatif::ProgressBar::new(0);
            let template = "{msg}\n{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
            if let Ok(style) = indicatif::ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        } else {
            indicatif::ProgressBar::hidden()
        };
        DownloadBar { bar }
    }
}

/// The width text is wrapped to: what the user says, else what the terminal has. One without a size, as in a container, has 0.
pub fn width() -> usize {
    const WIDEST: usize = 100;
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let terminal = || crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns));
    let columns = named.or_else(terminal).filter(|columns| *columns > 0);
    columns.unwrap_or(80).clamp(40, WIDEST)
}

/// Shows a download's progress on standard error.
pub struct DownloadBar {
    bar: indicatif::ProgressBar,
}

impl DownloadBar {
    pub fn show(&self, event: Event) {
        match event {
            Event::Source(description) => {
                let text = escape_for_terminal(&description).into_owned();
                if self.bar.is_hidden() {
                    eprintln!("{text} ...");
                }
                self.bar.set_message(text);
                self.bar.set_position(0);
            }
            Event::Bytes { done, total } => {
                if let Some(total) = total {
                    self.bar.set_length(total);
                }
                self.bar.set_position(done);
            }
            Event::Note(text) => self.bar.suspend(|| eprintln!("{}", escape_for_terminal(&text))),
        }
    }
}

impl Drop for DownloadBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
