//! What was found and is not saved yet: how much, what is omitted and why, the files, and the first of the texts themselves.

use std::collections::BTreeMap;
use std::path::Path;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use super::form::{FIELDS, MAPPING, ME};
use super::jobs::Keep;
use super::state::Found;
use crate::import::{FileReport, Hint, Scan};
use crate::store::Document;
use crate::ui::format::{count, day, fit, fit_end, lines, one_line, pad, pad_left, thousands};
use crate::ui::shell::View;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, WIDE, halves};

/// So many texts are shown, of each so many lines.
const TEXTS: usize = 5;
const LINES: usize = 4;
/// More of a text is not looked at for that.
const OPENING: usize = 2000;
/// From so many files on those of one folder share a row.
const MANY_FILES: usize = 12;

pub fn draw(found: &Found, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let first = if found.scan.documents.len() > TEXTS { "The first texts" } else { "The texts" };
    let stacked = Layout::vertical([Constraint::Percentage(60), Constraint::Fill(1)]);
    let [left, right] = if area.width >= WIDE { halves(area) } else { stacked.areas(area) };
    view.page(frame, left, 0, "Preview: nothing is saved yet", |page| {
        view.write_failures(page);
        amount(found, view, page);
        omitted(&found.scan, page);
        remarks(view.theme, &found.scan, page);
        files(view.theme, &found.scan, page);
    });
    view.page(frame, right, 1, first, |page| texts(view.theme, &found.scan, page));
}

fn amount(found: &Found, view: &View<'_>, page: &mut Page<'_>) {
    let texts = count(found.scan.documents.len(), "text");
    if view.shared.runs::<Keep>() {
        return view.write_working(page, &format!("Saving {texts}"));
    }
    page.text(view.theme.styles.good, &format!("{texts}, {}.", count(found.words, "word")));
    match found.dates.map(|(first, last)| (day(first), day(last))) {
        Some((first, last)) if first == last => page.fact("Written", &format!("on {first}")),
        Some((first, last)) => page.fact("Written", &format!("from {first} to {last}")),
        None => {}
    }
    page.fact("Language", &in_languages(&found.languages));
    page.hint(&view.key("keep"), "save them (texts saved before stay as they are)");
    page.hint(&view.key("discard"), "discard them");
}

/// Which languages the texts are in, as far as that can be told.
fn in_languages(foreign: &[(&str, usize)]) -> String {
    if foreign.is_empty() {
        return "English, as far as XPerT can tell".into();
    }
    let foreign = foreign.iter().map(|(language, texts)| format!("{} in {language}", count(*texts, "text")));
    format!("only English can be measured: {}", foreign.collect::<Vec<_>>().join(", "))
}

fn omitted(scan: &Scan, page: &mut Page<'_>) {
    if scan.dropped.is_empty() && scan.skipped.is_empty() {
        return;
    }
    page.blank();
    page.heading("Omitted");
    for (reason, number) in &scan.dropped {
        page.fact(&count(*number, "text"), reason.describe());
    }
    for (reason, number) in &scan.skipped {
        page.fact(&count(*number, "file"), reason.describe());
    }
}

fn remarks(theme: &Theme, scan: &Scan, page: &mut Page<'_>) {
    if scan.problems.is_empty() && scan.notes.is_empty() && scan.hints.is_empty() {
        return;
    }
    page.blank();
    page.heading("Please note");
    for problem in &scan.problems {
        page.indented("! ", "  ", theme.styles.bad, &one_line(&problem.to_string()));
    }
    for note in &scan.notes {
        page.indented("- ", "  ", theme.styles.text, &one_line(note));
    }
    for hint in &scan.hints {
        let (label, content) = FIELDS[if *hint == Hint::FieldMap { MAPPING } else { ME }];
        page.indented("- ", "  ", theme.styles.text, &format!("\u{201c}{label}\u{201d}: {content}."));
    }
}

fn files(theme: &Theme, scan: &Scan, page: &mut Page<'_>) {
    page.blank();
    page.heading("Files (texts used, of those found)");
    let mut row = |format: &str, (kept, found): (usize, usize), name: &str| {
        file_row(theme, page, format, &format!("{} of {}", thousands(kept), thousands(found)), name);
    };
    if scan.files.len() < MANY_FILES {
        for file in &scan.files {
            row(file.format.as_str(), (file.kept, file.found), &file.path.to_string_lossy());
        }
        return;
    }
    for ((folder, format), (files, kept, found)) in by_folder(&scan.files) {
        row(format, (kept, found), &format!("{} ({})", folder.to_string_lossy(), count(files, "file")));
    }
}

/// A file or folder with its format and how much is in it.
pub fn file_row(theme: &Theme, page: &mut Page<'_>, format: &str, amount: &str, name: &str) {
    let before = format!("{} {} ", pad(format, 8), pad_left(amount, 11));
    let name = fit_end(&one_line(name), page.width().saturating_sub(before.len()));
    page.line(vec![Span::styled(before, theme.styles.dim), Span::styled(name, theme.styles.text)]);
}

/// Files, texts used and texts found of every folder and format.
fn by_folder(files: &[FileReport]) -> BTreeMap<(&Path, &str), (usize, usize, usize)> {
    let mut folders = BTreeMap::new();
    for file in files {
        let folder = file.path.parent().unwrap_or(&file.path);
        let sums: &mut (usize, usize, usize) = folders.entry((folder, file.format.as_str())).or_default();
        *sums = (sums.0 + 1, sums.1 + file.kept, sums.2 + file.found);
    }
    folders
}

fn texts(theme: &Theme, scan: &Scan, page: &mut Page<'_>) {
    for (index, document) in scan.documents.iter().take(TEXTS).enumerate() {
        if index > 0 {
            page.blank();
        }
        page.line(vec![Span::styled(fit(&about(document), page.width()), theme.styles.dim)]);
        for line in excerpt(&document.text, page.width().saturating_sub(2)) {
            page.line(vec![Span::raw("  "), Span::styled(line, theme.styles.text)]);
        }
    }
}

/// When it was written, as what, and what it is called.
fn about(document: &Document) -> String {
    let date = document.timestamp.map(day);
    let title = document.title.as_deref().map(one_line).filter(|title| !title.is_empty());
    [date, Some(document.format.to_string()), title].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The first lines of a text, the last with an ellipsis where there is more.
fn excerpt(text: &str, width: usize) -> Vec<String> {
    let opening: String = text.chars().take(OPENING).collect();
    let opening = lines(&opening);
    let paragraphs = opening.lines().filter(|line| !line.trim().is_empty());
    let wrapped = paragraphs.flat_map(|line| textwrap::wrap(line, width.max(1)));
    let mut shown: Vec<String> = wrapped.take(LINES + 1).map(std::borrow::Cow::into_owned).collect();
    if shown.len() > LINES {
        shown.truncate(LINES);
        shown[LINES - 1] = fit(&format!("{} …", shown[LINES - 1]), width);
    }
    shown
}
