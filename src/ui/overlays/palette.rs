//! The palette: every command that makes sense now, found by a few letters of its name or description. Read from the table of
//! actions; knows none by name.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use super::popup;
use crate::ui::action::{Entry, Key, Place, is_available};
use crate::ui::format::{fit, pad, pad_left};
use crate::ui::fuzzy::Finder;
use crate::ui::message::Effect;
use crate::ui::model::{Model, Overlay};
use crate::ui::theme::Theme;
use crate::ui::update;
use crate::ui::widgets::{ListPlace, draw_field};

/// Columns of the longest key and name that the table has.
const KEY: usize = 9;
const NAME: usize = 18;

#[derive(Debug, Default)]
pub struct State {
    pub input: Input,
    pub cursor: usize,
}

/// The rows of the table that would make sense without the palette over them and that match what is typed, the best match first;
/// where nothing is typed, those of the screen first.
#[must_use]
pub fn matches(model: &Model) -> Vec<(&'static Entry, Key)> {
    let mut found: Vec<(u32, &'static Entry, Key)> = Vec::new();
    let mut finder = Finder::new(model.palette.input.value());
    for (entry, keys) in model.keymap.entries() {
        let (Some(&key), true) = (keys.first(), is_command(entry, model)) else { continue };
        let already = |(_, other, _): &(u32, &Entry, Key)| other.action == entry.action;
        let text = format!("{} {}", entry.name, entry.description);
        if let (Some(score), false) = (finder.score(&text), found.iter().any(already)) {
            found.push((score, entry, key));
        }
    }
    // Stable: what scores alike stays in the table's order, what belongs to this screen before it.
    found.sort_by_key(|(score, entry, _)| (std::cmp::Reverse(*score), distance(entry.place)));
    found.into_iter().map(|(_, entry, key)| (entry, key)).collect()
}

/// How far a row is from what the user looks at.
fn distance(place: Place) -> usize {
    match place {
        Place::On(_) => 0,
        Place::Everywhere => 1,
        Place::Over(_) | Place::Typing | Place::Always => 2,
    }
}

/// Whether the palette offers a row: one that does something on this screen now, and is more than moving about.
fn is_command(entry: &Entry, model: &Model) -> bool {
    use crate::ui::action::Action as A;
    let here = matches!(entry.place, Place::Always | Place::Everywhere) || entry.place == Place::On(model.screen);
    let moves = matches!(
        entry.action,
        A::Up | A::Down | A::PageUp | A::PageDown | A::Palette | A::WaitForGuide | A::Leave | A::Dismiss
    );
    here && !moves && is_available_below(entry, model)
}

/// Whether it would be listened to if the palette were closed.
fn is_available_below(entry: &Entry, model: &Model) -> bool {
    match entry.place {
        Place::Always => is_available(entry, model),
        _ => (entry.enabled)(model),
    }
}

#[must_use]
pub fn has_match(model: &Model) -> bool {
    !matches(model).is_empty()
}

pub fn open(model: &mut Model) -> Vec<Effect> {
    model.palette = State::default();
    model.overlay = Some(Overlay::Palette);
    Vec::new()
}

pub fn down(model: &mut Model) -> Vec<Effect> {
    model.palette.cursor = (model.palette.cursor + 1).min(matches(model).len().saturating_sub(1));
    Vec::new()
}

pub fn up(model: &mut Model) -> Vec<Effect> {
    model.palette.cursor = model.palette.cursor.saturating_sub(1);
    Vec::new()
}

pub fn go_to(model: &mut Model, row: usize) {
    model.palette.cursor = row.min(matches(model).len().saturating_sub(1));
}

/// Closes the palette and does what was highlighted.
pub fn run(model: &mut Model) -> Vec<Effect> {
    let found = matches(model);
    let Some((entry, _)) = found.get(highlighted(model, found.len())) else { return Vec::new() };
    let mut effects = update::close(model);
    effects.extend((entry.run)(model));
    effects
}

/// What is typed makes the list shorter; the cursor stays within it.
fn highlighted(model: &Model, length: usize) -> usize {
    model.palette.cursor.min(length.saturating_sub(1))
}

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Option<ListPlace> {
    let inside = popup(theme, frame, area, "Commands", 76, area.height.min(20));
    let row = Rect { height: inside.height.min(1), ..inside };
    draw_field(theme, frame, row, "Find", "a few letters of what you want to do", &model.palette.input, true);
    let found = matches(model);
    let cursor = highlighted(model, found.len());
    let width = usize::from(inside.width);
    let below = Rect { y: inside.y + row.height, height: inside.height - row.height, ..inside };
    if found.is_empty() {
        frame.render_widget(Line::styled(fit("Nothing here is called that.", width), theme.styles.dim), below);
        return None;
    }
    let place = ListPlace::around(model.list_above.as_ref(), found.len(), cursor, below);
    for (index, row) in place.rows() {
        frame.render_widget(command(theme, found[index], index == cursor, width), row);
    }
    Some(place)
}

fn command(theme: &Theme, (entry, key): (&Entry, Key), here: bool, width: usize) -> Line<'static> {
    let styles = &theme.styles;
    let before = [
        Span::styled(if here { theme.glyphs.cursor } else { " " }, styles.key),
        Span::styled(format!("{} ", pad_left(&key.to_string(), KEY)), styles.key),
        Span::styled(pad(entry.name, NAME), if here { styles.selected } else { styles.text }),
        Span::raw(" "),
    ];
    let used: usize = before.iter().map(|span| span.content.width()).sum();
    let described = Span::styled(fit(entry.description, width.saturating_sub(used)), styles.dim);
    Line::from_iter(before.into_iter().chain([described]))
}
