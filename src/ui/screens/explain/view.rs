//! What all steps look like: a column in the middle, where the telling is, a title, and the step below it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Step, evidence, outcome, ranking, results, steps};
use crate::ui::action::{Action, key_for};
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{ROOMY, failure, no_texts, spinner};
use crate::ui::screens::Screen;
use crate::ui::theme::Theme;
use crate::ui::update::what;
use crate::ui::widgets::{Page, big_title, gauge, pole};

/// Lines longer than this are hard to follow on a wall.
const COLUMN: u16 = 90;
/// From this size on, letters are large and there is air between lines. A window of 100 x 30 has it, with a notice, too.
const LARGE: (u16, u16) = (98, 24);
/// Below this height every row is for the step itself.
const LOW: u16 = 16;

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
    let large = area.width >= LARGE.0 && area.height >= LARGE.1;
    let width = area.width.min(COLUMN);
    let mut column = Rect { x: area.x + (area.width - width) / 2, width, ..area };
    let Some((profile, selected)) = results(model) else {
        let mut page = Page::new(theme, column);
        nothing_to_show(model, theme, &mut page);
        return page.draw(frame, column, model.scroll);
    };
    let steps = steps(profile, selected);
    let at = model.screens.explain.at.min(steps.len() - 1);
    let (step, of) = (steps[at], steps.len());
    let taken = if large { large_head(theme, frame, column, step, (at, of)) } else { 0 };
    let taken = if taken > 0 { taken } else { head(theme, frame, column, step, (at, of)) };
    column = Rect { y: column.y + taken, height: column.height - taken, ..column };
    let mut sheet = Sheet { theme, page: Page::new(theme, column), large, rows: usize::from(column.height) };
    failure(model, theme, &mut sheet.page);
    match step {
        Step::Text => evidence::text(&mut sheet, model, profile, steps.contains(&Step::Features)),
        Step::Features => evidence::features(&mut sheet, profile),
        Step::Axes => evidence::axes(&mut sheet, profile),
        Step::Models => ranking::models(&mut sheet, selected),
        Step::Distances => ranking::distances(&mut sheet, selected),
        Step::Choice => outcome::choice(&mut sheet, selected),
        Step::Change => outcome::change(&mut sheet, model, selected),
    }
    sheet.page.draw(frame, column, model.scroll)
}

/// Draws step and title in block letters; returns the rows taken, none where the terminal has no such letters.
fn large_head(theme: &Theme, frame: &mut Frame<'_>, column: Rect, step: Step, place: (usize, usize)) -> u16 {
    let below = Rect { y: column.y + 2, height: column.height - 2, ..column };
    let rows = big_title(theme, frame, below, step.title());
    if rows == 0 {
        return 0;
    }
    frame.render_widget(dots(theme, place, true), Rect { height: 1, ..column });
    rows + 3
}

/// Draws an ordinary title and the step; returns the rows taken.
fn head(theme: &Theme, frame: &mut Frame<'_>, column: Rect, step: Step, place: (usize, usize)) -> u16 {
    let mut page = Page::new(theme, column);
    page.heading(step.title());
    page.line(dots(theme, place, column.width >= ROOMY).spans);
    if column.height >= LOW {
        page.blank();
    }
    let rows = u16::try_from(page.height()).unwrap_or(u16::MAX).min(column.height);
    page.draw(frame, Rect { height: rows, ..column }, 0);
    rows
}

/// "step 3 of 7" with a dot for each.
fn dots(theme: &Theme, (at, of): (usize, usize), apart: bool) -> Line<'static> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let mut spans = vec![Span::styled(format!("step {} of {of}  ", at + 1), styles.dim)];
    for step in 0..of {
        let (glyph, style) = if step == at { (glyphs.user, styles.key) } else { (glyphs.base, styles.rule) };
        spans.push(Span::styled(format!("{glyph}{}", if apart { " " } else { "" }), style));
    }
    Line::from(spans)
}

fn nothing_to_show(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    failure(model, theme, page);
    if no_texts(model, page) {
        return;
    }
    for (kind, screen) in [(JobKind::Profile, Screen::Style), (JobKind::Select, Screen::Library)] {
        if model.jobs.is_running(kind) {
            page.line(vec![
                Span::styled(spinner(model, theme), theme.styles.key),
                Span::raw(format!(" {} ...", what(kind))),
            ]);
            return;
        }
        // It failed while another screen was looked at.
        if let Some(why) = &model.failures[screen.index()] {
            page.text(theme.styles.bad, why);
            page.hint(
                &key_for(model, Action::Show(screen)),
                &format!("goes to {}, where it can be tried again", screen.name()),
            );
            return;
        }
    }
    if model.failure().is_none() {
        page.dim("The texts are not measured yet.");
        page.hint(&key_for(model, Action::Show(Screen::Explain)), "measures them");
    }
}

/// What a step is written on.
pub(super) struct Sheet<'t> {
    pub theme: &'t Theme,
    pub page: Page<'t>,
    /// There is room for air.
    pub large: bool,
    /// Rows that are seen without scrolling.
    pub rows: usize,
}

impl Sheet<'_> {
    pub fn width(&self) -> usize {
        self.page.width()
    }

    /// Columns for the name of a pole.
    pub fn pole(&self) -> usize {
        pole(self.width())
    }

    /// Rows that are not written on yet.
    pub fn left(&self) -> usize {
        self.rows.saturating_sub(self.page.height())
    }

    /// A blank row where there is room for air.
    pub fn air(&mut self) {
        if self.large {
            self.page.blank();
        }
    }

    /// What begins a step: a sentence or two, and a blank row.
    pub fn opening(&mut self, text: &str) {
        self.page.plain(text);
        self.page.blank();
    }

    /// A name, a bar of `share`, and what it stands for.
    pub fn bar(&mut self, name: (&str, Style), share: f64, value: &str, style: Style) {
        let names = self.names();
        let values = VALUE.max(value.chars().count() + 1);
        let bar = self.width().saturating_sub(names + values + 1);
        let mut spans = vec![Span::styled(pad(&one_line(name.0), names), name.1), Span::raw(" ")];
        spans.extend(gauge(self.theme, bar, share, style));
        spans.push(Span::styled(pad_left(value, values), self.theme.styles.text));
        self.page.line(spans);
    }

    /// Columns for names before bars.
    pub fn names(&self) -> usize {
        if self.width() < usize::from(ROOMY) { 16 } else { 24 }
    }
}

/// Columns for a value behind a bar.
pub(super) const VALUE: usize = 7;
