//! The Import screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::{Field, welcome};
use crate::import::Scan;
use crate::ui::action::{Action, key_for};
use crate::ui::format::{count, fit_end, one_line, pad, pad_left, thousands};
use crate::ui::guide;
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{failure, spinner};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, draw_field};

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let form = model.screens.import.preview.is_none()
        && !model.jobs.is_running(JobKind::Preview)
        && (!(guide::in_demo(model) || guide::welcomes(model)) || model.screens.import.editing.is_some());
    let mut below = area;
    if form {
        let rows = draw_form(model, theme, frame, area);
        below = Rect { y: area.y + rows.min(area.height), height: area.height.saturating_sub(rows), ..area };
    }
    let mut page = Page::new(theme, below);
    failure(model, theme, &mut page);
    if let Some(scan) = &model.screens.import.preview {
        preview(model, theme, scan, &mut page);
    } else if model.jobs.is_running(JobKind::Preview) {
        reading(model, theme, &mut page);
    } else {
        kept(model, theme, &mut page);
    }
    page.draw(frame, below, model.scroll)
}

/// The fields; beside the first one only where they are typed into or there is room. Returns the rows taken.
fn draw_form(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> u16 {
    let all = model.screens.import.editing.is_some() || area.height >= 16;
    let fields: &[Field] = if all { &Field::ALL } else { &Field::ALL[..1] };
    let mut rows = 0;
    for (row, &field) in (0..).zip(fields) {
        let place = Rect { y: area.y + row, height: area.height.saturating_sub(row).min(1), ..area };
        let input = &model.screens.import.fields[field as usize];
        draw_field(
            theme,
            frame,
            place,
            field.label(),
            field.hint(),
            input,
            model.screens.import.editing == Some(field),
        );
        rows = row + 1;
    }
    if let Some(field) = model.screens.import.editing {
        let place = Rect { y: area.y + rows, height: area.height.saturating_sub(rows), ..area };
        let mut page = Page::new(theme, place);
        page.dim(field.hint());
        rows += u16::try_from(page.height()).unwrap_or(0);
        page.draw(frame, place, 0);
    }
    rows + 1
}

fn reading(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    let text = match &model.screens.import.progress {
        Some(progress) => format!(
            "Reading file {} of {}, {} so far",
            thousands(progress.files_done + 1),
            thousands(progress.files_total),
            count(progress.texts, "text")
        ),
        None => "Looking for files".into(),
    };
    page.line(vec![Span::styled(spinner(model, theme), theme.styles.key), Span::raw(" "), Span::raw(text)]);
    if let Some(progress) = &model.screens.import.progress {
        page.dim(&one_line(&progress.file.to_string_lossy()));
    }
    page.blank();
    page.hint("x", "stops; nothing has been kept");
}

fn preview(model: &Model, theme: &Theme, scan: &Scan, page: &mut Page<'_>) {
    page.heading("Preview: nothing is kept yet");
    let texts = count(scan.documents.len(), "text");
    if model.jobs.is_running(JobKind::Keep) {
        page.plain(&format!("Keeping {texts} ..."));
    } else {
        page.text(theme.styles.good, &format!("{texts}, {}.", count(model.screens.import.preview_words, "word")));
        page.hint("Enter", "keeps them (those that are there already stay as they are)");
        page.hint("Esc", "forgets them");
    }
    if !scan.dropped.is_empty() || !scan.skipped.is_empty() {
        page.blank();
        page.heading("Left out");
        for (reason, number) in &scan.dropped {
            page.fact(&count(*number, "text"), reason.describe());
        }
        for (reason, number) in &scan.skipped {
            page.fact(&count(*number, "file"), reason.describe());
        }
    }
    if !scan.problems.is_empty() || !scan.notes.is_empty() {
        page.blank();
        page.heading("To know");
        for problem in &scan.problems {
            page.indented("! ", "  ", theme.styles.bad, &for_the_form(&one_line(&problem.to_string())));
        }
        for note in &scan.notes {
            page.indented("- ", "  ", theme.styles.text, &for_the_form(&one_line(note)));
        }
    }
    page.blank();
    page.heading("Files");
    for file in &scan.files {
        let counts = format!("{} of {}", file.kept, file.found);
        let before = format!("{} {} ", pad(file.format.as_str(), 8), pad_left(&counts, 9));
        let path = fit_end(&one_line(&file.path.to_string_lossy()), page.width().saturating_sub(before.len()));
        page.line(vec![Span::styled(before, theme.styles.dim), Span::styled(path, theme.styles.text)]);
    }
}

/// What is an option on the command line is a field here.
fn for_the_form(text: &str) -> String {
    text.replace("with --map ", "under JSON fields: ").replace("with --me", "under My addresses")
}

fn kept(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    if let Some(added) = &model.screens.import.kept {
        let there = match added.already_there {
            0 => String::new(),
            number => format!("; {} there already", count(number, "text")),
        };
        page.text(theme.styles.good, &format!("{} kept{there}.", count(added.added, "text")));
        page.blank();
    }
    let Some(status) = &model.status else {
        page.dim("Looking at what is there ...");
        return;
    };
    let texts = &status.texts;
    if texts.texts == 0 && guide::welcomes(model) {
        welcome::tell(model, page);
        return;
    }
    if texts.texts == 0 {
        page.plain("XPerT makes a language model that writes like you. It starts from things you wrote: letters, mail, notes, chats.");
        page.blank();
        if !guide::in_demo(model) {
            page.hint(
                "Enter",
                "then type the path of a file or folder. You see what is in it before anything is kept.",
            );
            page.hint(
                "",
                "Plain text, Markdown, mail (mbox, .eml) and JSON lines are read. Everything stays on this machine.",
            );
            page.blank();
            page.dim("Only want to see how it works? `xpert demo` shows it on an invented person.");
        } else {
            page.dim("Everything here happens on this machine.");
        }
        return;
    }
    page.heading(if guide::in_demo(model) { "Her writing" } else { "Your writing" });
    page.plain(&format!("{}, {}", count(texts.texts, "text"), count(texts.words, "word")));
    for source in &texts.sources {
        let before = format!("{} {} ", pad(source.format.as_str(), 8), pad_left(&count(source.texts, "text"), 11));
        let path = fit_end(&one_line(&source.source), page.width().saturating_sub(before.len()));
        page.line(vec![Span::styled(before, theme.styles.dim), Span::styled(path, theme.styles.text)]);
    }
    if !guide::in_demo(model) {
        page.blank();
        page.hint("2", "shows how you write");
        page.hint(&key_for(model, Action::EditPath), "adds another file or folder");
    }
}
