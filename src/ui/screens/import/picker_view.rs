//! The list of files as it is drawn: what is typed, where it is, and the rows around the highlighted one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::picker::{Picker, Row};
use crate::import::EntryKind;
use crate::ui::action::{Action, key_for};
use crate::ui::format::{fit, fit_end, one_line, pad, thousands};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{failure, spinner};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, Page, draw_field};

/// Columns of the longest format.
const KIND: usize = 9;

/// Draws it; returns where the rows stand, if there are any.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Option<ListPlace> {
    let picker = &model.screens.import.picker;
    let mut row = Rect { height: area.height.min(1), ..area };
    draw_field(theme, frame, row, "Find", "a few letters of a name, or a path", &picker.filter, true);
    if area.height < 3 {
        return None;
    }
    row.y += 1;
    frame.render_widget(heading(picker, theme, usize::from(area.width)), row);
    row.y += 1;
    let list = Rect { y: row.y, height: area.height - 2, ..area };
    let mut page = Page::new(theme, list);
    instead(model, theme, &mut page);
    let said = u16::try_from(page.height()).unwrap_or(u16::MAX).min(list.height);
    page.draw(frame, list, 0);
    if picker.typed_path().is_some() {
        return None;
    }
    let below = Rect { y: list.y + said, height: list.height - said, ..list };
    let place = ListPlace::around(model.list.as_ref(), picker.shown.len(), picker.cursor, below);
    for (index, row) in place.rows() {
        let line = line(picker, theme, picker.shown[index], index == picker.cursor, usize::from(area.width));
        frame.render_widget(line, row);
    }
    Some(place)
}

/// Where it is, and how much lies there.
fn heading(picker: &Picker, theme: &Theme, width: usize) -> Line<'static> {
    let place = picker.place.as_deref().map_or_else(|| "~".to_owned(), |place| one_line(&place.to_string_lossy()));
    let count = match picker.folder.as_deref() {
        Some(folder) if folder.beyond > 0 => {
            let all = folder.entries.len() + folder.beyond;
            format!("{} of {}", thousands(folder.entries.len()), thousands(all))
        }
        Some(folder) => thousands(folder.entries.len()),
        None => String::new(),
    };
    let place = fit_end(&place, width.saturating_sub(count.width() + 4));
    let rule = width.saturating_sub(place.width() + count.width() + 2);
    Line::from(vec![
        Span::styled(place, theme.styles.heading),
        Span::raw(" "),
        Span::styled(theme.glyphs.rule.repeat(rule), theme.styles.rule),
        Span::raw(" "),
        Span::styled(count, theme.styles.dim),
    ])
}

/// What is said where there is nothing to choose from, or more than can be shown.
fn instead(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    let picker = &model.screens.import.picker;
    let key = |action: Action| key_for(model, action);
    if let Some(path) = picker.typed_path() {
        page.hint(&key(Action::ChooseEntry), &format!("previews {}", one_line(path)));
        return;
    }
    failure(model, theme, page);
    let Some(folder) = picker.folder.as_deref() else {
        match &picker.problem {
            Some(why) => {
                page.text(theme.styles.bad, &one_line(why));
                page.hint(&key(Action::ParentFolder), "goes to the folder above");
            }
            None if model.jobs.is_running(JobKind::List) => page.line(vec![
                Span::styled(spinner(model, theme), theme.styles.key),
                Span::raw(" Looking into the folder ..."),
            ]),
            None => {}
        }
        return;
    };
    if folder.beyond > 0 {
        page.dim("Too many for a list; type the path of what is not here.");
    }
    if !picker.shown.is_empty() {
        return;
    }
    if picker.filter.value().is_empty() {
        page.dim("Nothing is in here.");
        if folder.hidden > 0 {
            page.hint(&key(Action::ToggleHidden), &format!("shows what is hidden ({})", thousands(folder.hidden)));
        }
    } else {
        page.dim("Nothing here is called that.");
    }
}

fn line(picker: &Picker, theme: &Theme, row: Row, here: bool, width: usize) -> Line<'static> {
    let styles = &theme.styles;
    let room = width.saturating_sub(KIND + 2);
    let (kind, name, plain) = match row {
        Row::Recent(at) => ("recent", fit_end(&one_line(&picker.recent[at].to_string_lossy()), room), styles.heading),
        Row::Entry(at) => {
            let entry = &picker.entries()[at];
            let name = one_line(&entry.name.to_string_lossy());
            match entry.kind {
                EntryKind::Folder => ("folder", fit(&format!("{name}/"), room), styles.text),
                EntryKind::File(Some(format)) => (format.as_str(), fit(&name, room), styles.text),
                EntryKind::File(None) => ("", fit(&name, room), styles.dim),
            }
        }
    };
    Line::from(vec![
        Span::styled(if here { theme.glyphs.cursor } else { " " }, styles.key),
        Span::raw(" "),
        Span::styled(pad(kind, KIND), styles.dim),
        Span::styled(name, if here { styles.selected } else { plain }),
    ])
}
