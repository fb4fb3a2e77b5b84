//! How Style looks: the picture of all axes, beside it what explains the highlighted one, and what concerns no single axis.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style as Look;
use ratatui::text::{Line, Span};

use super::state::Style;
use crate::app::present::{self, AxisView, ProfileView};
use crate::ui::format::{fit, lines, one_line, pad, pad_left};
use crate::ui::shell::View;
use crate::ui::widgets::{AxisPicture, AxisRow, ListPlace, NARROW, Page, Panel, WIDE, cells, top};

/// Columns before a row of the picture: the cursor, and the mark of an axis on which two parts differ.
const MARGIN: u16 = 2;
/// Columns of a name before a bar, and of a number.
const NAMES: usize = 10;
const NUMBER: usize = 7;
const WORDS: usize = 8;
/// Rows of the panel below the picture at least: its title, and what is said of the axis.
const LEAST: u16 = 4;
/// Columns of the panels beside the picture at least: with borders.
const BESIDE: u16 = 50;
/// Rows of the third panel at the most, and the least height that has room for it.
const THIRD: (u16, u16) = (16, 18);

pub fn draw(style: &Style, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let Some(profile) = view.shared.profile.as_ref().filter(|profile| !profile.axes.is_empty()) else {
        return view.page(frame, area, 0, "How you write", |page| nothing_to_show(view, page));
    };
    let profile = present::profile(profile);
    let rows: Vec<AxisRow<'_>> = profile.axes.iter().map(AxisRow::from).collect();
    let panels = Panels::of(style, view, area, rows.len());
    let picture = panels.picture(&rows);
    let head = |page: &mut Page<'_>| head(view, &profile, page);
    let title = if profile.missing.is_some() { "How you write (rough)" } else { "How you write" };
    panels.draw_picture(frame, title, head, picture.legend("you", ""), |axis, look| picture.row(&rows[axis], look));
    if let Some(axis) = profile.axes.get(style.axis) {
        panels.page(frame, 1, &axis.title, |page| explain(view, axis, style.numbers, page));
    }
    panels.page(frame, 2, "Beyond the axes", |page| whole(view, &profile, style.numbers, page));
}

/// Where the three panels stand; what is empty is not shown.
pub(super) struct Panels<'a> {
    style: &'a Style,
    view: &'a View<'a>,
    places: [Rect; 3],
}

impl<'a> Panels<'a> {
    /// For so many rows in the picture. Where there is no room for all panels, the one with the focus is shown.
    pub fn of(style: &'a Style, view: &'a View<'a>, area: Rect, rows: usize) -> Self {
        if area.width < NARROW {
            let places = [0, 1, 2].map(|panel| if panel == view.focus { area } else { Rect::ZERO });
            return Self { style, view, places };
        }
        let [picture, beside] = if area.width >= WIDE {
            let right = (area.width * 2 / 5).max(BESIDE);
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(right)]).areas(area)
        } else {
            // Border, conclusion and legend.
            top(area, cells(rows + 6).min(area.height.saturating_sub(LEAST)))
        };
        let [detail, whole] = if beside.height >= THIRD.1 {
            Layout::vertical([Constraint::Fill(1), Constraint::Length(THIRD.0.min(beside.height / 3))]).areas(beside)
        } else if view.focus == 2 {
            [Rect::ZERO, beside]
        } else {
            [beside, Rect::ZERO]
        };
        Self { style, view, places: [picture, detail, whole] }
    }

    /// Columns for a row of the picture.
    pub fn row_width(&self) -> usize {
        usize::from(Panel::inner(self.places[0]).width.saturating_sub(MARGIN))
    }

    /// Draws the second or the third panel, if it has a place.
    pub fn page(&self, frame: &mut Frame<'_>, panel: usize, title: &str, write: impl FnOnce(&mut Page<'_>)) {
        let place = self.places[panel];
        if !place.is_empty() {
            self.view.page(frame, place, panel, &one_line(title), write);
        }
    }

    /// A picture of these axes, with the numbers behind it where they are shown.
    pub fn picture(&self, rows: &[AxisRow<'_>]) -> AxisPicture<'a> {
        let picture = AxisPicture::new(self.view.theme, self.row_width(), rows);
        if self.style.numbers { picture.with_numbers() } else { picture }
    }

    /// The first panel: what `head` says, a legend, and under it a row for each axis, which `row` draws with the names of the poles in a
    /// style. A mark stands before an axis on which two parts differ more than by chance.
    pub fn draw_picture(
        &self,
        frame: &mut Frame<'_>,
        title: &str,
        head: impl FnOnce(&mut Page<'_>),
        legend: Vec<Span<'static>>,
        row: impl Fn(usize, Look) -> Vec<Span<'static>>,
    ) {
        let Self { style, view, places: [area, ..] } = *self;
        if area.is_empty() {
            return;
        }
        let inside = Panel::inner(area);
        let mut page = Page::new(view.theme, inside);
        head(&mut page);
        page.line([vec![Span::raw(" ".repeat(usize::from(MARGIN)))], legend].concat());
        let below = page.draw_above(frame, inside);
        let order = style.order(view.shared);
        let here = style.row(&order);
        let place = match AxisPicture::spacing(order.len(), usize::from(below.height)) {
            1 => ListPlace::around(view.list, order.len(), here, below),
            spacing => {
                let lines: Vec<usize> = (0..order.len()).map(|row| row * spacing).collect();
                ListPlace::on_page(&lines, 0, below)
            }
        };
        Panel::new(view.theme, title).focused(view.focus == 0).draw(frame, area, place.hidden(order.len()));
        let (glyphs, styles) = (&view.theme.glyphs, &view.theme.styles);
        let differences = style.compared().map_or(&[][..], |(_, pair)| &pair.axes);
        for (at, line) in place.rows() {
            let differs = differences.get(order[at]).is_some_and(|difference| difference.differs);
            let mark = if differs { Span::styled(glyphs.chosen, styles.good) } else { Span::raw(" ") };
            let (cursor, look) = if at == here { (glyphs.cursor, styles.selected) } else { (" ", styles.text) };
            let mut spans = vec![Span::styled(cursor, styles.key), mark];
            spans.extend(row(order[at], look));
            frame.render_widget(Line::from(spans), line);
        }
        view.list_at(place);
    }
}

fn nothing_to_show(view: &View<'_>, page: &mut Page<'_>) {
    if view.write_why_empty(page) {
        return;
    }
    let Some(profile) = &view.shared.profile else { return view.write_unmeasured(page, "show-style") };
    let profile = present::profile(profile);
    page.plain(&format!("{}.", profile.size));
    page.plain(profile.missing.as_deref().unwrap_or_default());
    page.blank();
    page.hint(&view.shared.key("show-import"), "Import: add more of your writing");
    cautions(view, page);
}

/// The conclusion, what it rests on, and whether that is doubtful.
fn head(view: &View<'_>, profile: &ProfileView, page: &mut Page<'_>) {
    let styles = &view.theme.styles;
    page.text(styles.heading, &profile.headline());
    if page.width() < usize::from(NARROW) {
        page.hint(&view.key("next-panel"), "explains the axis");
    } else {
        page.dim(&profile.size);
    }
    if profile.missing.is_some() {
        page.text(styles.key, "Rough: with so few words every dot may still move.");
    }
    if let Some(first) = view.shared.selected.as_ref().and_then(|selected| selected.cautions.first()) {
        page.text(styles.bad, &fit(&one_line(&format!("Caution: {}", first.message)), page.width()));
    }
}

fn explain(view: &View<'_>, axis: &AxisView, numbers: bool, page: &mut Page<'_>) {
    view.write_failures(page);
    let styles = &view.theme.styles;
    page.plain(&axis.claim());
    if numbers {
        page.dim(&axis.numbers);
    }
    if !axis.drivers.is_empty() {
        page.blank();
        page.heading("What moves you there");
    }
    for driver in &axis.drivers {
        page.plain(&one_line(&driver.unit));
        page.driver(driver, NAMES);
    }
    if !axis.quotes.is_empty() {
        page.blank();
        page.heading("In your own words");
    }
    for quote in &axis.quotes {
        page.indented("| ", "| ", styles.user, &one_line(quote));
    }
    if let Some(trust) = axis.trust.as_ref().filter(|_| numbers) {
        page.blank();
        page.dim(trust);
    }
}

/// What concerns no single axis.
fn whole(view: &View<'_>, profile: &ProfileView, numbers: bool, page: &mut Page<'_>) {
    let named = |words: &[String]| words.iter().take(WORDS).map(|word| one_line(word)).collect::<Vec<_>>().join(", ");
    for (name, words) in [("More often", &profile.more), ("Less often", &profile.less)] {
        if !words.is_empty() {
            page.fact(name, &named(words));
        }
    }
    if let Some(outside) = &profile.outside {
        page.dim(outside);
    }
    cautions(view, page);
    if numbers && !profile.words.is_empty() {
        page.blank();
        let name = page.width().saturating_sub(2 * NUMBER);
        let row =
            |word: &str, user: &str, base: &str| pad(word, name) + &pad_left(user, NUMBER) + &pad_left(base, NUMBER);
        page.dim(&row("per 1,000 words", "you", "base"));
        for word in &profile.words {
            page.line(vec![Span::styled(row(&lines(&word.word), &word.user, &word.base), view.theme.styles.text)]);
        }
    }
}

/// What makes the texts doubtful, where the ranking has looked for it.
fn cautions(view: &View<'_>, page: &mut Page<'_>) {
    let Some(selected) = &view.shared.selected else { return };
    for caution in &selected.cautions {
        page.text(view.theme.styles.bad, &format!("Caution: {}", caution.message));
    }
}
