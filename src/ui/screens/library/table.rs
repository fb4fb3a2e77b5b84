//! The table of models. Columns give way as the width shrinks: the base first, then where it is, its size, its probability. Name
//! and score always stay.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::order::{Column, Order};
use super::{MOST_MARKED, State};
use crate::selection::{Candidate, short_percent};
use crate::ui::format::{fit, megabytes, one_line, pad, pad_left};
use crate::ui::model::Model;
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, Room, draw_field, gauge};

/// Where every model is today: inside the program.
pub(super) const PLACE: &str = "built in";
/// How marked models are numbered.
pub(super) const NUMBERS: [&str; MOST_MARKED] = ["1", "2", "3"];

/// Columns before the name: highlight, start, mark, and a space.
const BEFORE: usize = 4;
/// A name is cut to the first where room is scarce, and never takes more than the second.
const NAME: (usize, usize) = (16, 26);
const BAR: (usize, usize) = (6, 24);
const SCORE: usize = 6;
const PROBABILITY: usize = 8;
const SIZE: usize = 10;

/// The width of each column; 0 where it has given way.
struct Columns {
    name: usize,
    bar: usize,
    probability: usize,
    size: usize,
    place: usize,
    base: usize,
}

impl Columns {
    /// For a table of this width whose longest name and base have these widths (no base: 0).
    fn of(width: usize, longest_name: usize, longest_base: usize) -> Self {
        let wanted = (longest_name + 1).min(NAME.1);
        let name = wanted.min(NAME.0).min(width.saturating_sub(BEFORE + BAR.0 + SCORE));
        let mut room = Room::new(width.saturating_sub(BEFORE + name + BAR.0 + SCORE));
        let (probability, size) = (room.take(PROBABILITY), room.take(SIZE));
        let place = room.take(PLACE.len() + 2);
        let base = if longest_base == 0 { 0 } else { room.take(longest_base + 2) };
        let room = room.left();
        let more = room.min(wanted - name);
        Self { name: name + more, bar: (BAR.0 + room - more).min(BAR.1), probability, size, place, base }
    }
}

/// Draws filter, headings and the rows around the highlighted one; returns where these stand, where there is room for any.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect, rows: &[usize]) -> Option<ListPlace> {
    let library = &model.screens.library;
    let mut line = Rect { height: area.height.min(1), ..area };
    if library.filters() {
        draw_field(theme, frame, line, "Find", "", &library.filter, library.typing);
        line.y += 1;
    }
    let candidates = library.candidates();
    let longest = candidates.iter().map(|candidate| candidate.name.width()).max().unwrap_or(0);
    let bases = library.basis.iter().flat_map(|basis| basis.cards()).map(|card| card.base.width());
    let columns = Columns::of(usize::from(area.width), longest, bases.max().unwrap_or(0));
    if line.y >= area.y + area.height {
        return None;
    }
    frame.render_widget(headings(theme, library.order, &columns), line);
    let below = Rect { y: line.y + 1, height: area.bottom() - line.y - 1, ..area };
    if rows.is_empty() {
        frame.render_widget(
            Line::styled(fit("    No model is called that.", usize::from(area.width)), theme.styles.dim),
            below,
        );
    }
    let here = library.row(rows);
    let start = model.start_parts();
    let place = ListPlace::around(model.list.as_ref(), rows.len(), here, below);
    for (index, line) in place.rows() {
        let candidate = &candidates[rows[index]];
        let chosen = start.iter().any(|part| part.id == candidate.id);
        frame.render_widget(row(theme, library, candidate, (index == here, chosen), &columns), line);
    }
    Some(place)
}

fn headings(theme: &Theme, order: Order, columns: &Columns) -> Line<'static> {
    let arrow = if order.falls() { theme.glyphs.falling } else { theme.glyphs.rising };
    let title = |column: Column| {
        if order.by == column { format!("{} {arrow}", column.title()) } else { column.title().to_owned() }
    };
    let hidden = match order.by {
        Column::Probability => columns.probability == 0,
        Column::Size => columns.size == 0,
        Column::Score | Column::Name => false,
    };
    // The order is said even where its column has given way.
    let name = if hidden { format!("by {}", title(order.by)) } else { title(Column::Name) };
    let mut text = " ".repeat(BEFORE) + &pad(&name, columns.name) + &pad(&title(Column::Score), columns.bar + SCORE);
    text += &pad_left(&title(Column::Probability), columns.probability);
    text += &pad_left(&title(Column::Size), columns.size);
    text += &cell("where", columns.place);
    text += &cell("base", columns.base);
    Line::styled(text, theme.styles.dim)
}

fn row(
    theme: &Theme,
    library: &State,
    candidate: &Candidate,
    (here, chosen): (bool, bool),
    columns: &Columns,
) -> Line<'static> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let mark = library.marked.iter().position(|id| *id == candidate.id).map_or(" ", |at| NUMBERS[at]);
    let mut spans = vec![
        Span::styled(if here { glyphs.cursor } else { " " }, styles.key),
        Span::styled(if chosen { glyphs.chosen } else { " " }, styles.key),
        Span::styled(mark, styles.heading),
        Span::raw(" "),
        Span::styled(
            pad(&one_line(&candidate.name), columns.name.saturating_sub(1)),
            if here { styles.selected } else { styles.text },
        ),
        Span::raw(" ".repeat(columns.name.min(1))),
    ];
    spans.extend(gauge(theme, columns.bar, candidate.score, styles.other));
    spans.push(Span::styled(pad_left(&format!("{:.2}", candidate.score), SCORE), styles.text));
    let base = library.basis.as_ref().filter(|_| columns.base > 0).and_then(|basis| basis.card(&candidate.id));
    let rest = pad_left(&short_percent(candidate.probability), columns.probability)
        + &pad_left(&megabytes(candidate.adapter_bytes), columns.size)
        + &cell(PLACE, columns.place)
        + &cell(&one_line(base.map_or("", |card| &card.base)), columns.base);
    spans.push(Span::styled(rest, styles.dim));
    Line::from(spans)
}

/// Text with two columns of air before it.
fn cell(text: &str, width: usize) -> String {
    if width == 0 { String::new() } else { "  ".to_owned() + &pad(text, width - 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(width: usize) -> [bool; 4] {
        let columns = Columns::of(width, 20, 21);
        let used = BEFORE + columns.name + columns.bar + SCORE;
        let rest = columns.probability + columns.size + columns.place + columns.base;
        assert!(used + rest <= width, "{width}");
        assert!(columns.name >= 14 && columns.bar >= BAR.0, "{width}");
        [columns.probability, columns.size, columns.place, columns.base].map(|width| width > 0)
    }

    #[test]
    fn columns_give_way_one_after_the_other() {
        assert_eq!(shown(30), [false, false, false, false]);
        assert_eq!(shown(40), [true, false, false, false]);
        assert_eq!(shown(50), [true, true, false, false]);
        assert_eq!(shown(60), [true, true, true, false]);
        assert_eq!(shown(83), [true, true, true, true]);
        for width in 30..200 {
            assert!(shown(width).is_sorted_by(|a, b| a >= b), "{width}");
        }
    }
}
