//! A column of wrapped text that can be scrolled.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::{cells, top, track::signed_gauge};
use crate::app::present::DriverView;
use crate::ui::format::{lines, pad, pad_left};
use crate::ui::theme::Theme;

/// Columns of prose at most: longer lines are hard to read.
const PROSE: usize = 110;
/// Columns of a value behind a bar.
const VALUE: usize = 7;

/// A row of [`Page::bar`].
pub struct Bar<'a> {
    pub name: &'a str,
    /// Columns of the name.
    pub names: usize,
    /// How long it is, up to 1.
    pub share: f64,
    /// The lowest share among its neighbours; 0 where none is below nothing.
    pub lowest: f64,
    pub value: &'a str,
    pub style: Style,
}

pub struct Page<'t> {
    theme: &'t Theme,
    width: usize,
    lines: Vec<Line<'static>>,
    /// The lines that are rows of a list.
    pub rows: Vec<usize>,
}

impl<'t> Page<'t> {
    pub fn new(theme: &'t Theme, area: Rect) -> Self {
        Self { theme, width: usize::from(area.width).max(1), lines: Vec::new(), rows: Vec::new() }
    }

    pub fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    pub fn line(&mut self, spans: Vec<Span<'static>>) {
        self.lines.push(Line::from(spans));
    }

    /// A line that is a row of the screen's list.
    pub fn row(&mut self, spans: Vec<Span<'static>>) {
        self.rows.push(self.lines.len());
        self.line(spans);
    }

    /// A title with a rule to the right edge.
    pub fn heading(&mut self, title: &str) {
        let title = lines(title);
        let rule = self.width.saturating_sub(title.width() + 1);
        self.line(vec![
            Span::styled(title, self.theme.styles.heading),
            Span::raw(" "),
            Span::styled(self.theme.glyphs.rule.repeat(rule), self.theme.styles.rule),
        ]);
    }

    /// Paragraphs of any text, made safe and wrapped.
    pub fn text(&mut self, style: Style, text: &str) {
        self.indented("", "", style, text);
    }

    pub fn plain(&mut self, text: &str) {
        self.text(self.theme.styles.text, text);
    }

    pub fn dim(&mut self, text: &str) {
        self.text(self.theme.styles.dim, text);
    }

    /// The same, with something before the first line and before the others.
    pub fn indented(&mut self, first: &str, rest: &str, style: Style, text: &str) {
        let text = lines(text);
        for (index, paragraph) in text.lines().enumerate() {
            let options = textwrap::Options::new(self.width.min(PROSE))
                .initial_indent(if index == 0 { first } else { rest })
                .subsequent_indent(rest);
            for line in textwrap::wrap(paragraph, options) {
                self.lines.push(Line::styled(line.into_owned(), style));
            }
        }
    }

    /// What a key does, as part of an explanation; nothing where no key does it.
    pub fn hint(&mut self, key: &str, text: &str) {
        if !key.is_empty() {
            let before = pad(key, key.width().max(5)) + " ";
            self.beside_label(Span::styled(before, self.theme.styles.key), self.theme.styles.text, text);
        }
    }

    /// A label, as wide as it is written, and a text beside it.
    pub fn labelled(&mut self, label: &str, style: Style, text: &str) {
        self.beside_label(Span::styled(label.to_owned(), self.theme.styles.dim), style, text);
    }

    /// A label, and a text beside it.
    pub fn beside_label(&mut self, label: Span<'static>, style: Style, text: &str) {
        let start = self.lines.len();
        self.indented(&label.content, &" ".repeat(label.width()), style, text);
        if let Some(line) = self.lines.get_mut(start) {
            let whole = line.to_string();
            let rest = whole.strip_prefix(&*label.content).unwrap_or_default().to_owned();
            *line = Line::from(vec![label, Span::styled(rest, style)]);
        }
    }

    /// Name and value.
    pub fn fact(&mut self, name: &str, value: &str) {
        const NAMES: usize = 16;
        let name = pad(name, NAMES.max(name.width() + 1).min(self.width / 2));
        self.labelled(&name, self.theme.styles.text, value);
    }

    /// A name, a bar, and its value at the right edge.
    pub fn bar(&mut self, bar: &Bar<'_>) {
        let value = pad_left(bar.value, VALUE.max(bar.value.width() + 1));
        let mut spans = Vec::new();
        if bar.names > 0 {
            spans.push(Span::styled(pad(&lines(bar.name), bar.names) + " ", self.theme.styles.text));
        }
        let room = self.width.saturating_sub(Line::from(spans.clone()).width() + value.width());
        spans.extend(signed_gauge(self.theme, room, bar.share, bar.lowest, bar.style));
        spans.push(Span::styled(value, self.theme.styles.text));
        self.line(spans);
    }

    /// A measured feature of the user's as a bar over the base model's, to one scale, behind so many columns for their names.
    pub fn driver(&mut self, driver: &DriverView, names: usize) {
        let styles = &self.theme.styles;
        let larger = driver.user.max(driver.base).max(f64::MIN_POSITIVE);
        for (name, number, value, style) in [
            ("you", driver.user, &driver.user_text, styles.user),
            ("base model", driver.base, &driver.base_text, styles.base),
        ] {
            self.bar(&Bar { name, names, share: number / larger, lowest: 0.0, value, style });
        }
    }

    /// Several pages side by side, with so many columns between them.
    pub fn beside(&mut self, columns: Vec<Page<'_>>, gap: usize) {
        for row in 0..columns.iter().map(Page::height).max().unwrap_or(0) {
            let mut spans = Vec::new();
            for column in &columns {
                let line = column.lines.get(row).cloned().unwrap_or_default();
                let missing = (column.width + gap).saturating_sub(line.width());
                // What styles a whole line is not carried over to a piece of one.
                spans.extend(line.spans.into_iter().map(|span| Span { style: line.style.patch(span.style), ..span }));
                spans.push(Span::raw(" ".repeat(missing)));
            }
            self.line(spans);
        }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.lines.len()
    }

    /// Draws all that fits at the top of `area`; returns the place below it.
    pub fn draw_above(self, frame: &mut Frame<'_>, area: Rect) -> Rect {
        let [above, below] = top(area, cells(self.height()));
        self.draw(frame, above, 0);
        below
    }

    /// Draws from row `scroll` on; returns how far it can be scrolled.
    pub fn draw(self, frame: &mut Frame<'_>, area: Rect, scroll: usize) -> usize {
        let limit = self.lines.len().saturating_sub(usize::from(area.height));
        let shown: Vec<Line<'static>> = self.lines.into_iter().skip(scroll.min(limit)).collect();
        frame.render_widget(Paragraph::new(shown), area);
        limit
    }
}
