//! The Import screen: the fields, what is read, what is kept. The list of files and the preview are drawn beside this.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::{Field, may_undo, picker_view, picking, preview, welcome};
use crate::ui::action::{Action, key_for, key_of};
use crate::ui::format::{count, fit_end, one_line, pad, pad_left, thousands};
use crate::ui::guide;
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{failure, spinner};
use crate::ui::screens::Screen;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, Seen, draw_field};

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    if picking(model) {
        return Seen::with_list(0, picker_view::draw(model, theme, frame, area));
    }
    if let Some(scan) = model.screens.import.preview.as_deref().filter(|_| model.screens.import.editing.is_none()) {
        return preview::draw(model, theme, scan, frame, area).into();
    }
    let by_hand = !(guide::in_demo(model) || guide::welcomes(model));
    let form = !model.jobs.is_running(JobKind::Preview) && (by_hand || model.screens.import.editing.is_some());
    let mut below = area;
    if form {
        let rows = draw_form(model, theme, frame, area);
        below = Rect { y: area.y + rows.min(area.height), height: area.height.saturating_sub(rows), ..area };
    }
    if let Some(scan) = &model.screens.import.preview {
        return preview::draw(model, theme, scan, frame, below).into();
    }
    let mut page = Page::new(theme, below);
    failure(model, theme, &mut page);
    if model.jobs.is_running(JobKind::Preview) {
        reading(model, theme, &mut page);
    } else {
        kept(model, theme, &mut page);
    }
    page.draw(frame, below, model.scroll).into()
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
    page.hint(&key_of(model, Action::Stop), "stops; nothing has been kept");
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
            let (choose, type_it) = (key_for(model, Action::ChooseFile), key_for(model, Action::EditPath));
            page.hint(&choose, "shows your files, to choose from. You see what is in them before anything is kept.");
            page.hint(&type_it, "takes a path that you type");
            page.hint_goes_on(
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
        page.hint(&key_of(model, Action::Show(Screen::Style)), "shows how you write");
        page.hint(&key_for(model, Action::ChooseFile), "adds another file or folder");
        let last = model.status.as_ref().and_then(|status| status.last_import.as_ref());
        if let (Some(last), true) = (last, may_undo(model)) {
            let texts = count(last.texts, "text");
            page.hint(&key_for(model, Action::UndoImport), &format!("takes the last import back ({texts})"));
        }
    }
}
