//! What was found and is not kept yet: how much, what is left out and why, and the first of the texts themselves.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use crate::import::{Hint, Scan};
use crate::store::{Document, count_words};
use crate::ui::action::{Action, key_for, key_of};
use crate::ui::format::{count, day, fit, fit_end, lines, one_line, pad, pad_left};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::failure;
use crate::ui::theme::Theme;
use crate::ui::widgets::Page;

/// From this width on the texts stand beside the counts.
const BESIDE: u16 = 76;
/// So many texts are shown, of each so many lines.
const TEXTS: usize = 5;
const LINES: usize = 4;
/// More of a text is not looked at for that.
const OPENING: usize = 2000;

/// What is worked out once of all texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    pub words: usize,
    /// Unix seconds of the oldest and the newest dated text.
    pub dates: Option<(i64, i64)>,
}

impl Extent {
    #[must_use]
    pub fn of(documents: &[Document]) -> Self {
        let words = documents.iter().map(|document| count_words(&document.text)).sum();
        let dates = || documents.iter().filter_map(|document| document.timestamp);
        Self { words, dates: dates().min().zip(dates().max()) }
    }
}

pub fn draw(model: &Model, theme: &Theme, scan: &Scan, frame: &mut Frame<'_>, area: Rect) -> usize {
    let (left, right) = if area.width >= BESIDE {
        let halves = [Constraint::Percentage(50), Constraint::Length(2), Constraint::Fill(1)];
        let [left, _, right] = Layout::horizontal(halves).areas(area);
        (left, Some(right))
    } else {
        (area, None)
    };
    let mut page = Page::new(theme, left);
    failure(model, theme, &mut page);
    amount(model, theme, scan, &mut page);
    left_out(scan, &mut page);
    to_know(theme, scan, &mut page);
    let Some(right) = right else {
        page.blank();
        texts(theme, scan, &mut page);
        files(theme, scan, &mut page);
        return page.draw(frame, left, model.scroll);
    };
    files(theme, scan, &mut page);
    let mut beside = Page::new(theme, right);
    texts(theme, scan, &mut beside);
    page.draw(frame, left, model.scroll).max(beside.draw(frame, right, model.scroll))
}

/// Which languages the texts are in, as far as that can be told.
fn in_languages(foreign: &[(&str, usize)]) -> String {
    if foreign.is_empty() {
        return "In English, as far as can be told.".into();
    }
    let foreign = foreign.iter().map(|(language, texts)| format!("{} in {language}", count(*texts, "text")));
    format!("Only English can be measured: {}.", foreign.collect::<Vec<_>>().join(", "))
}

fn amount(model: &Model, theme: &Theme, scan: &Scan, page: &mut Page<'_>) {
    page.heading("Preview: nothing is kept yet");
    let (texts, extent) = (count(scan.documents.len(), "text"), model.screens.import.extent);
    let dates = match extent.dates.map(|(first, last)| (day(first), day(last))) {
        Some((first, last)) if first == last => format!("Written on {first}."),
        Some((first, last)) => format!("Written from {first} to {last}."),
        None => String::new(),
    };
    if model.jobs.is_running(JobKind::Keep) {
        page.plain(&format!("Keeping {texts} ..."));
    } else {
        page.text(theme.styles.good, &format!("{texts}, {}.", count(extent.words, "word")));
        page.plain(format!("{dates} {}", in_languages(&model.screens.import.languages)).trim_start());
        page.hint(&key_of(model, Action::Keep), "keeps them (those that are there already stay as they are)");
        page.hint(&key_for(model, Action::Discard), "forgets them");
    }
}

fn left_out(scan: &Scan, page: &mut Page<'_>) {
    if scan.dropped.is_empty() && scan.skipped.is_empty() {
        return;
    }
    page.blank();
    page.heading("Left out");
    for (reason, number) in &scan.dropped {
        page.fact(&count(*number, "text"), reason.describe());
    }
    for (reason, number) in &scan.skipped {
        page.fact(&count(*number, "file"), reason.describe());
    }
}

fn to_know(theme: &Theme, scan: &Scan, page: &mut Page<'_>) {
    if scan.problems.is_empty() && scan.notes.is_empty() {
        return;
    }
    page.blank();
    page.heading("To know");
    for problem in &scan.problems {
        page.indented("! ", "  ", theme.styles.bad, &one_line(&problem.to_string()));
    }
    for note in &scan.notes {
        page.indented("- ", "  ", theme.styles.text, &one_line(note));
    }
    for other in &scan.hints {
        page.indented("- ", "  ", theme.styles.text, hint(*other));
    }
}

fn hint(hint: Hint) -> &'static str {
    match hint {
        Hint::FieldMap => "Name other fields under JSON fields.",
        Hint::OwnName => "If that is not you, say who you are under My addresses.",
    }
}

fn files(theme: &Theme, scan: &Scan, page: &mut Page<'_>) {
    page.blank();
    page.heading("Files");
    for file in &scan.files {
        let counts = format!("{} of {}", file.kept, file.found);
        let before = format!("{} {} ", pad(file.format.as_str(), 8), pad_left(&counts, 9));
        let path = fit_end(&one_line(&file.path.to_string_lossy()), page.width().saturating_sub(before.len()));
        page.line(vec![Span::styled(before, theme.styles.dim), Span::styled(path, theme.styles.text)]);
    }
}

fn texts(theme: &Theme, scan: &Scan, page: &mut Page<'_>) {
    page.heading(if scan.documents.len() > TEXTS { "The first texts" } else { "The texts" });
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
        if let Some(last) = shown.last_mut() {
            *last = fit(&format!("{last} …"), width);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    #[test]
    fn an_excerpt_is_short_and_says_that_there_is_more() {
        assert_eq!(excerpt("Dear Ann,\n\nthe roses are out.", 40), ["Dear Ann,", "the roses are out."]);
        let long = excerpt(&"日本語 and words ".repeat(500), 20);
        assert_eq!(long.len(), LINES);
        assert!(long[LINES - 1].ends_with('…') && long.iter().all(|line| line.width() <= 20), "{long:?}");
        assert_eq!(excerpt("a\x1b[2J", 20), ["a\u{241b}[2J"]);
    }
}
