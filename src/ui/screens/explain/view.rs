//! What all steps look like: a column in the middle with the step's title, large where there is room, and the step below it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::sheet::Sheet;
use super::state::{Explain, Step, Told};
use super::{evidence, outcome, ranking};
use crate::ui::shell::data::{Measure, Select};
use crate::ui::shell::screen::View;
use crate::ui::widgets::{Page, Panel, big_title};

/// Lines longer than this are hard to follow on a wall.
const COLUMN: u16 = 130;
/// From this size on, letters are large and there is air between lines. A window of 100 x 30 has it, with a notice, too.
const LARGE: (u16, u16) = (98, 24);

pub fn draw(explain: &Explain, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let Some(told) = explain.told(view.shared) else {
        return view.page(frame, area, 0, "The choice in steps", |page| nothing_to_show(view, page));
    };
    let width = area.width.min(COLUMN);
    let column = Rect { x: area.x + (area.width - width) / 2, width, ..area };
    let inside = Panel::inner(column);
    let large = area.width >= LARGE.0 && area.height >= LARGE.1;
    let taken = if large { large_title(view, frame, inside, &told) } else { 0 };
    let body = Rect { y: inside.y + taken, height: inside.height - taken, ..inside };
    let rows = usize::from(body.height);
    let page = Page::new(view.theme, body);
    let mut sheet = Sheet { theme: view.theme, page, large, rows, numbers: explain.numbers };
    view.write_failures(&mut sheet.page);
    write(&mut sheet, view, &told);
    let limit = sheet.page.height().saturating_sub(rows);
    let scroll = view.scroll(0).min(limit);
    let title = format!("Step {} of {}: {}", told.at + 1, told.of, told.step.title());
    Panel::new(view.theme, &title).focused(true).draw(frame, column, (scroll, limit - scroll));
    sheet.page.draw(frame, body, scroll);
    view.scrolls(0, limit);
}

fn write(sheet: &mut Sheet<'_>, view: &View<'_>, told: &Told<'_>) {
    match told.step {
        Step::Text => evidence::text(sheet, view, told),
        Step::Features => evidence::features(sheet, &told.profile),
        Step::Axes => evidence::axes(sheet, &told.profile),
        Step::Models => ranking::models(sheet, &told.selection),
        Step::Distances => ranking::distances(sheet, &told.selection),
        Step::Choice => outcome::choice(sheet, told),
        Step::Change => outcome::change(sheet, view, &told.selection),
    }
}

/// Draws the title in block letters and a dot for each step; returns the rows taken, none where the terminal has no such letters.
fn large_title(view: &View<'_>, frame: &mut Frame<'_>, area: Rect, told: &Told<'_>) -> u16 {
    let rows = big_title(view.theme, frame, area, told.step.title());
    if rows == 0 {
        return 0;
    }
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    let dots = (0..told.of).map(|step| {
        let (glyph, style) = if step <= told.at { (glyphs.user, styles.key) } else { (glyphs.base, styles.dim) };
        Span::styled(format!("{glyph} "), style)
    });
    frame.render_widget(Line::from_iter(dots), Rect { y: area.y + rows, height: 1, ..area });
    rows + 2
}

fn nothing_to_show(view: &View<'_>, page: &mut Page<'_>) {
    view.write_failures(page);
    if view.write_no_texts(page) {
        return;
    }
    if view.shared.runs::<Measure>() {
        view.write_working(page, "Measuring how you write");
    } else if view.shared.runs::<Select>() {
        view.write_working(page, "Ranking the library");
    } else if view.failures.is_empty() {
        page.dim("The texts are not measured yet.");
        page.hint(&view.shared.key("show-explain"), "measure them");
    }
}
