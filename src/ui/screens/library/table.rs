//! The table of models. As the width shrinks, the size goes first, then the probability. Name and score always stay.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::order::{Column, Order};
use super::state::{Library, MAX_MARKED, MODELS, Pane};
use crate::app::present::CandidateView;
use crate::ui::format::{fit, one_line, pad, pad_left};
use crate::ui::shell::View;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Page, Panel, Room, cells, draw_field, signed_gauge, top};

pub(super) const NUMBERS: [&str; MAX_MARKED] = ["1", "2", "3"];

/// Columns before the name: highlight, start, mark, and a space.
const BEFORE: usize = 4;
/// A name is cut to the first where room is scarce; one of a model never takes more than the second, one of a blend than the third.
const NAME: [usize; 3] = [21, 26, 44];
/// The fewest columns of a bar, those it has before the names of blends are shown whole, and the most.
const BAR: [usize; 3] = [5, 12, 30];
const SCORE: usize = 6;
const PROBABILITY: usize = 8;
const SIZE: usize = 9;
/// Rows that the keys below the table need, with the blank one before them.
const HINTS: usize = 8;

/// The width of each column; 0 where it has given way.
struct Columns {
    name: usize,
    bar: usize,
    probability: usize,
    size: usize,
}

impl Columns {
    /// For a table of this width whose longest names, of models and of all, have these widths.
    fn of(width: usize, longest: [usize; 2]) -> Self {
        let wanted = [(longest[0] + 1).min(NAME[1]), (longest[1] + 1).min(NAME[2])];
        let (mut name, mut bar) = (wanted[0].min(NAME[0]).min(width.saturating_sub(BEFORE + BAR[0] + SCORE)), BAR[0]);
        let mut room = Room::new(width.saturating_sub(BEFORE + name + bar + SCORE));
        let (probability, size) = (room.take(PROBABILITY), room.take(SIZE));
        let mut left = room.left();
        let mut grow = |column: &mut usize, to: usize| {
            let more = left.min(to.saturating_sub(*column));
            *column += more;
            left -= more;
        };
        grow(&mut name, wanted[0]);
        grow(&mut bar, BAR[1]);
        grow(&mut name, wanted[1]);
        grow(&mut bar, BAR[2]);
        Self { name, bar, probability, size }
    }
}

/// Rows of the whole table with headings and border, as if nothing were filtered, so that nothing jumps while a filter is typed.
pub(super) fn height(library: &Library) -> u16 {
    cells(library.candidates().len() + 3 + usize::from(library.filters()))
}

/// Draws filter, headings and the rows around the highlighted one, and below them, where there is room, what keys do.
/// Where no other panel is seen (`alone`), the title says how to get to it.
pub(super) fn draw(library: &Library, view: &View<'_>, frame: &mut Frame<'_>, area: Rect, alone: bool) {
    let theme = view.theme;
    let inner = Panel::inner(area);
    let [field, inner] = top(inner, u16::from(library.filters()));
    draw_field(theme, frame, field, "Find", "", &library.filter, library.typing);
    let [heads, below] = top(inner, 1);
    let candidates = library.candidates();
    let longest = |blends: bool| {
        let names = candidates.iter().filter(|candidate| blends || !candidate.blend);
        names.map(|candidate| candidate.name.width()).max().unwrap_or(0)
    };
    let columns = Columns::of(usize::from(inner.width), [longest(false), longest(true)]);
    frame.render_widget(headings(theme, library.order, &columns), heads);
    let rows = library.rows();
    if rows.is_empty() {
        let none = fit("    No model has that name.", usize::from(inner.width));
        frame.render_widget(Line::styled(none, theme.styles.dim), below);
    }
    let start = starts(library, view);
    let place = view.rows(frame, below, (library.row(&rows), rows.len()), |index, here| {
        let candidate = &candidates[rows[index]];
        row(theme, library, candidate, (here, start.contains(&candidate.id)), &columns)
    });
    let title =
        if alone { format!("All models · {}: axes", view.shared.key("next-panel")) } else { "All models".into() };
    Panel::new(theme, &title).focused(view.focus == MODELS).draw(frame, area, place.hidden(rows.len()));
    let [_, free] = top(below, cells(rows.len()));
    hints(view, frame, free);
    if !matches!(library.pane, Pane::Blend(_)) {
        view.list_at(place);
    }
}

/// The ids of the rows that training would start from: of one, or, for a blend of the user's own, of its parts.
fn starts(library: &Library, view: &View<'_>) -> Vec<String> {
    match view.shared.start_written() {
        Some(start) if library.candidate(&start).is_some() => vec![start],
        _ => view.shared.start_parts().into_iter().map(|part| part.id).collect(),
    }
}

fn headings(theme: &Theme, order: Order, columns: &Columns) -> Line<'static> {
    let arrow = if order.falls() { theme.glyphs.falling } else { theme.glyphs.rising };
    let title = |column: Column| {
        if order.by == column { format!("{} {arrow}", column.title()) } else { column.title().to_owned() }
    };
    let hidden = [columns.bar, columns.probability, columns.name, columns.size][order.by as usize] == 0;
    // The order is shown even where its column has given way.
    let name = if hidden { format!("by {}", title(order.by)) } else { title(Column::Name) };
    let mut text =
        " ".repeat(BEFORE) + &pad(&name, columns.name) + &pad_left(&title(Column::Score), columns.bar + SCORE);
    text += &pad_left(&title(Column::Probability), columns.probability);
    text += &pad_left(&title(Column::Size), columns.size);
    Line::styled(text, theme.styles.dim)
}

fn row(
    theme: &Theme,
    library: &Library,
    candidate: &CandidateView,
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
    let lowest = library.candidates().iter().map(|candidate| candidate.score).fold(0.0, f64::min);
    spans.extend(signed_gauge(theme, columns.bar, candidate.score, lowest, styles.other));
    spans.push(Span::styled(pad_left(&candidate.score_text, SCORE), styles.text));
    let rest = pad_left(&candidate.probability_text, columns.probability) + &pad_left(&candidate.size, columns.size);
    spans.push(Span::styled(rest, styles.dim));
    Line::from(spans)
}

/// What keys do with a row, where the table leaves room for it.
fn hints(view: &View<'_>, frame: &mut Frame<'_>, free: Rect) {
    let mut page = Page::new(view.theme, free);
    page.blank();
    for (action, text) in [
        ("choose-start", "train from the highlighted model"),
        ("start-from-scratch", "train from scratch"),
        ("mark", "mark it (up to three) to compare or blend"),
        ("compare", "compare the marked ones"),
        ("open-blend", "build a blend"),
        ("filter", "find a model by a few letters"),
        ("next-order", "sort by the next column"),
    ] {
        page.hint(&view.key(action), text);
    }
    if usize::from(free.height) >= HINTS {
        page.draw(frame, free, 0);
    }
}
