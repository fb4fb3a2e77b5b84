//! The table of runs. Columns give way as the width shrinks: what a run started from first, then its steps, then its date. Number, name
//! and held-out loss always stay.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::state::{Mode, Runs};
use crate::app::runs::Run;
use crate::ui::format::{day, one_line, pad, pad_left};
use crate::ui::shell::View;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Room, draw_field, top};

/// Columns before the number: highlight, in use, marked.
const BEFORE: usize = 3;
const NUMBER: usize = 4;
/// A name has at least the first, and never takes more than the second.
const NAME: (usize, usize) = (11, 40);
const LOSS: usize = 14;
const DATE: usize = 12;
const STEPS: usize = 7;
const FROM: (usize, usize) = (10, 28);

/// The width of each column; 0 where it has given way.
struct Columns {
    name: usize,
    from: usize,
    steps: usize,
    date: usize,
}

impl Columns {
    /// For a table of this width whose longest name has this width.
    fn of(width: usize, longest_name: usize) -> Self {
        let mut room = Room::new(width.saturating_sub(BEFORE + NUMBER + NAME.0 + LOSS));
        let (date, steps, from) = (room.take(DATE), room.take(STEPS), room.take(FROM.0));
        let room = room.left();
        // Of what is left, most goes to a name that needs it, and the rest to what it started from.
        let wanted = (longest_name + 1).clamp(NAME.0, NAME.1) - NAME.0;
        let name = wanted.min(if from > 0 { room * 2 / 3 } else { room });
        let more = if from > 0 { (room - name).min(FROM.1 - FROM.0) } else { 0 };
        Self { name: NAME.0 + name, from: from + more, steps, date }
    }
}

/// Rows of the table with all that is in it.
pub(super) fn rows(runs: &Runs) -> usize {
    runs.all().len() + 1 + usize::from(runs.field().is_some())
}

/// Draws the field of a name that is typed, heads, and the rows around the highlighted one.
pub(super) fn draw(runs: &Runs, view: &View<'_>, frame: &mut Frame<'_>, mut area: Rect) {
    if let Mode::Naming(number, input) = &runs.mode {
        draw_field(view.theme, frame, area, &format!("Name of run {number}"), "", input, true);
        [_, area] = top(area, 1);
    }
    let [line, below] = top(area, 1);
    let names = runs.all().iter().filter_map(|run| run.record.name.as_deref());
    let longest = names.map(|name| one_line(name).width()).max().unwrap_or(0);
    let columns = Columns::of(usize::from(area.width), longest);
    frame.render_widget(heads(view.theme, &columns), line);
    let here = runs.cursor.min(runs.all().len().saturating_sub(1));
    let place = view.rows(frame, below, (here, runs.all().len()), |index, here| {
        let run = &runs.all()[index];
        row(view.theme, run, here, runs.marked.contains(&run.number), &columns)
    });
    view.list_at(place);
}

fn heads(theme: &Theme, columns: &Columns) -> Line<'static> {
    let text = " ".repeat(BEFORE)
        + &pad_left("run", NUMBER - 1)
        + " "
        + &pad("name", columns.name)
        + &pad("held-out loss", LOSS)
        + &pad_left("steps", columns.steps)
        + &cell("date", columns.date)
        + &cell("from", columns.from);
    Line::styled(text, theme.styles.dim)
}

fn row(theme: &Theme, run: &Run, here: bool, marked: bool, columns: &Columns) -> Line<'static> {
    let (glyphs, styles, record) = (&theme.glyphs, &theme.styles, &run.record);
    let (name, style) = match &record.name {
        Some(name) => (one_line(name), styles.text),
        None if record.is_stopped() => ("stopped".to_owned(), styles.dim),
        None => ("-".to_owned(), styles.dim),
    };
    Line::from(vec![
        Span::styled(if here { glyphs.cursor } else { " " }, styles.key),
        Span::styled(if run.in_use { glyphs.chosen } else { " " }, styles.good),
        Span::styled(if marked { glyphs.other } else { " " }, styles.heading),
        Span::styled(pad_left(&run.number.to_string(), NUMBER - 1), styles.heading),
        Span::raw(" "),
        Span::styled(pad(&name, columns.name.saturating_sub(1)), if here { styles.selected } else { style }),
        Span::raw(" "),
        Span::styled(pad(&format!("{:.2} -> {:.2}", record.held_out_before, record.held_out_after), LOSS), styles.user),
        Span::styled(pad_left(&record.steps.to_string(), columns.steps), styles.text),
        Span::styled(cell(&run.ended.map_or_else(|| "-".to_owned(), day), columns.date), styles.dim),
        Span::styled(cell(&one_line(&record.started_from), columns.from), styles.dim),
    ])
}

/// Text with two columns of air before it.
fn cell(text: &str, width: usize) -> String {
    if width == 0 { String::new() } else { "  ".to_owned() + &pad(text, width - 2) }
}
