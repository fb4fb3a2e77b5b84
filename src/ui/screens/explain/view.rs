//! What all steps look like: a column in the middle with the step's title, large where there is room, and the step below it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use tui_big_text::{BigText, PixelSize};

use super::sheet::Sheet;
use super::state::Explain;
use super::steps;
use crate::ui::shell::View;
use crate::ui::widgets::{Page, Panel, top};

/// Lines longer than this are hard to follow on a wall.
const COLUMN: u16 = 130;
/// From this size on, letters are large and there is air between lines. A window of 100 x 30 has it, with a notice, too.
const LARGE: (u16, u16) = (98, 24);
/// Columns and rows of a block letter: eight by eight pixels, two by two of them a cell.
const LETTER: (usize, u16) = (4, 4);

pub fn draw(explain: &Explain, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let Some(told) = explain.told(view.shared) else {
        return view.page(frame, area, 0, "The choice step by step", |page| {
            if !view.write_why_empty(page) {
                view.write_unmeasured(page, "show-explain");
            }
        });
    };
    let width = area.width.min(COLUMN);
    let column = Rect { x: area.x + (area.width - width) / 2, width, ..area };
    let inside = Panel::inner(column);
    let large = area.width >= LARGE.0 && area.height >= LARGE.1;
    let title: &str = told.step.into();
    let taken = if large { large_title(view, frame, inside, (title, told.at, told.of)) } else { 0 };
    let [_, body] = top(inside, taken);
    let rows = usize::from(body.height);
    let page = Page::new(view.theme, body);
    let mut sheet = Sheet { theme: view.theme, page, large, rows, numbers: explain.numbers };
    view.write_failures(&mut sheet.page);
    steps::write(&mut sheet, view, &told);
    let limit = sheet.page.height().saturating_sub(rows);
    let scroll = view.scroll(0).min(limit);
    let title = format!("Step {} of {}: {title}", told.at + 1, told.of);
    Panel::new(view.theme, &title).focused(true).draw(frame, column, (scroll, limit - scroll));
    sheet.page.draw(frame, body, scroll);
    view.scrolls(0, limit);
}

/// Draws the title in block letters and a dot for each step; returns the rows taken, none where the terminal has no such letters.
fn large_title(view: &View<'_>, frame: &mut Frame<'_>, area: Rect, (title, at, of): (&str, usize, usize)) -> u16 {
    let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
    if title.chars().count() * LETTER.0 > usize::from(area.width) || LETTER.1 > area.height || glyphs.full.is_ascii() {
        return 0;
    }
    let mut letters = BigText::builder();
    letters.pixel_size(PixelSize::Quadrant).style(styles.heading).lines([Line::from(title)]);
    frame.render_widget(letters.build(), Rect { height: LETTER.1, ..area });
    let dots = (0..of).map(|step| {
        let (glyph, style) = if step <= at { (glyphs.user, styles.key) } else { (glyphs.base, styles.dim) };
        Span::styled(format!("{glyph} "), style)
    });
    frame.render_widget(Line::from_iter(dots), Rect { y: area.y + LETTER.1, height: 1, ..area });
    LETTER.1 + 2
}
