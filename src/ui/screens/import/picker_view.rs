//! The list of files as it is drawn: what is typed, and the rows around the highlighted one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::jobs::List;
use super::picker::{Picker, Row};
use crate::import::{EntryKind, Folder};
use crate::ui::format::{fit, fit_end, one_line, pad, thousands};
use crate::ui::shell::View;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, draw_field, top};

/// Columns of the longest format.
const KIND: usize = 9;

pub fn draw(picker: &Picker, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let inside = view.panel(frame, area, 0, &title(picker, usize::from(area.width)));
    let theme = view.theme;
    let [field, list] = top(inside, 1);
    draw_field(theme, frame, field, "Find", "a few letters of a name, or a path", &picker.filter, true);
    let mut page = Page::new(theme, list);
    instead(picker, view, &mut page);
    let below = page.draw_above(frame, list);
    if picker.typed_path().is_some() {
        return;
    }
    let width = usize::from(below.width);
    view.list_at(view.rows(frame, below, (picker.cursor, picker.shown.len()), |index, here| {
        line(theme, &picker.shown[index], here, width)
    }));
}

/// Where it is, and how much lies there.
fn title(picker: &Picker, width: usize) -> String {
    let place = picker.place.as_deref().map_or_else(|| "~".to_owned(), |place| one_line(&place.to_string_lossy()));
    let count = match picker.listed() {
        Some(Folder { entries, .. }) if !picker.is_untyped() => {
            format!(" ({} of {})", thousands(picker.shown.len()), thousands(entries.len()))
        }
        Some(Folder { entries, beyond: 0, .. }) => format!(" ({})", thousands(entries.len())),
        Some(Folder { entries, beyond, .. }) => {
            format!(" ({} of {})", thousands(entries.len()), thousands(entries.len() + beyond))
        }
        None => String::new(),
    };
    fit_end(&place, width.saturating_sub(count.len() + 8)) + &count
}

/// What is said where there is nothing to choose from, or more than can be shown.
fn instead(picker: &Picker, view: &View<'_>, page: &mut Page<'_>) {
    if let Some(path) = picker.typed_path() {
        page.hint(&view.key("choose-entry"), &format!("preview {}", one_line(path)));
        return;
    }
    view.write_failures(page);
    let folder = match &picker.folder {
        Some(Ok(folder)) => folder,
        Some(Err(why)) => {
            page.text(view.theme.styles.bad, &one_line(why));
            page.hint(&view.key("parent-folder"), "the parent folder");
            return;
        }
        None if view.shared.runs::<List>() => return view.write_working(page, "Listing the folder"),
        None => return,
    };
    if folder.beyond > 0 {
        page.dim("Too many to list; type the path of what is missing.");
    }
    if !picker.shown.is_empty() {
        return;
    }
    if picker.is_untyped() {
        page.dim("This folder is empty.");
        if folder.hidden > 0 {
            page.hint(&view.key("toggle-hidden"), &format!("show hidden files ({})", thousands(folder.hidden)));
        }
    } else {
        page.dim("Nothing here matches.");
    }
}

fn line(theme: &Theme, row: &Row, here: bool, width: usize) -> Line<'static> {
    let styles = &theme.styles;
    let room = width.saturating_sub(KIND + 2);
    let name = one_line(&row.name());
    let (kind, name, plain) = match row.kind {
        None => ("recent", fit_end(&name, room), styles.heading),
        Some(EntryKind::Folder) => ("folder", fit(&format!("{name}/"), room), styles.text),
        Some(EntryKind::File(Some(format))) => (format.as_str(), fit(&name, room), styles.text),
        Some(EntryKind::File(None)) => ("", fit(&name, room), styles.dim),
    };
    Line::from(vec![
        Span::styled(if here { theme.glyphs.cursor } else { " " }, styles.key),
        Span::raw(" "),
        Span::styled(pad(kind, KIND), styles.dim),
        Span::styled(name, if here { styles.selected } else { plain }),
    ])
}
