//! Draws the frame around a screen: tabs, status, guide, message, keys, and what lies over it. Changes nothing.

use std::cell::RefCell;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::effect::Tone;
use super::guide::Step;
use super::jobs::State;
use super::keys::{Command, Entry, Key, Target};
use super::overlays::{Overlay, help, jobs, popup};
use super::screen::View;
use super::state::Shell;
use crate::ui::format::{count, fit, one_line};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Hits, Page, ROOMY};

/// Below this there is no room for a screen and its keys.
const MIN_SIZE: (u16, u16) = (30, 8);
/// At most so many rows for a message.
const NOTICE_ROWS: usize = 3;
/// At most so many keys in the command bar; `?` shows them all.
const BAR_KEYS: usize = 6;
/// Columns between two things in a line.
const GAP: usize = 2;

/// Where the parts of the frame stand.
struct Parts {
    tabs: Rect,
    /// A row of its own where the tabs leave no room.
    status: Option<Rect>,
    guide: Rect,
    body: Rect,
    notice: Rect,
    bar: Rect,
}

impl Parts {
    fn of(shell: &Shell, theme: &Theme, area: Rect, notice: usize) -> Self {
        let inner = if area.width >= ROOMY { area.inner(Margin::new(1, 0)) } else { area };
        let beside = tabs_width(shell, inner.width) + GAP + status(shell, theme).width() <= usize::from(inner.width);
        let notice = u16::try_from(notice).unwrap_or(u16::MAX);
        let rows = [1, u16::from(!beside), u16::from(shell.guide.is_some())].map(Constraint::Length);
        let parts = [rows[0], rows[1], rows[2], Constraint::Min(1), Constraint::Length(notice), Constraint::Length(1)];
        let [tabs, below, guide, body, notice, bar] = Layout::vertical(parts).areas(inner);
        Self { tabs, status: (!beside).then_some(below), guide, body, notice, bar }
    }
}

/// Draws everything; returns what a click and a scroll key need.
#[must_use]
pub fn view(shell: &Shell, theme: &Theme, frame: &mut Frame<'_>) -> Hits {
    let area = frame.area();
    if area.width < MIN_SIZE.0 || area.height < MIN_SIZE.1 {
        let mut page = Page::new(theme, area);
        let (width, height) = MIN_SIZE;
        page.plain(&format!("This window is too small: XPerT needs {width} x {height} cells. q quits."));
        page.draw(frame, area, 0);
        return Hits::default();
    }
    let notice = notice_lines(shell, theme, area.width.saturating_sub(2));
    let parts = Parts::of(shell, theme, area, notice.len());
    frame.render_widget(tabs(shell, theme, parts.tabs.width), parts.tabs);
    let told = status(shell, theme);
    match parts.status {
        Some(row) => frame.render_widget(told, row),
        None => frame.render_widget(told.right_aligned(), parts.tabs),
    }
    if parts.guide.height > 0 {
        frame.render_widget(stepper(shell, theme, parts.guide.width), parts.guide);
    }
    let mut hits = draw_screen(shell, theme, frame, parts.body);
    frame.render_widget(Paragraph::new(notice), parts.notice);
    draw_overlay(shell, theme, frame, parts.body, &mut hits);
    frame.render_widget(command_bar(shell, theme, parts.bar.width), parts.bar);
    hits
}

fn draw_screen(shell: &Shell, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Hits {
    let available = shell.available();
    let view = View {
        shared: &shell.shared,
        theme,
        focus: shell.focused(),
        scroll: &shell.scroll[shell.here],
        list: shell.hits.list.as_ref(),
        available: &available,
        failures: shell.failures(),
        hits: RefCell::default(),
    };
    shell.screen().view(&view, frame, area);
    view.hits.into_inner()
}

fn draw_overlay(shell: &Shell, theme: &Theme, frame: &mut Frame<'_>, area: Rect, hits: &mut Hits) {
    let before = shell.hits.list_above.as_ref();
    match &shell.overlay {
        None => {}
        Some(Overlay::Help(scroll)) => {
            let about = (shell.id(), shell.screen().about());
            hits.above_limit = help::draw(about, &shell.shared.keymap, theme, frame, area, *scroll);
        }
        Some(Overlay::Palette(palette)) => hits.list_above = palette.draw(before, theme, frame, area),
        Some(Overlay::Jobs(cursor)) => {
            let spinner = spinner(shell, theme);
            hits.list_above = jobs::draw(shell.shared.jobs.all(), *cursor, before, spinner, theme, frame, area);
        }
        Some(Overlay::Dialog(question)) => question.draw(theme, frame, area),
        Some(Overlay::Quit(stake)) => {
            let inside = popup(theme, frame, area, "Quit?", (60, 8));
            let mut page = Page::new(theme, inside);
            page.plain(stake);
            page.blank();
            page.hint(&shell.shared.key("quit-now"), "quit");
            page.hint(&shell.shared.key("stay-here"), "stay");
            page.draw(frame, inside, 0);
        }
    }
}

fn spinner(shell: &Shell, theme: &Theme) -> &'static str {
    theme.glyphs.spinner[shell.shared.tick % theme.glyphs.spinner.len()]
}

/// The program's name and its tabs from left to right, as fully as fits: with the name, without it, without their margins, or only the
/// screen's own; and the columns between two.
fn tab_labels(shell: &Shell, width: u16) -> (&'static str, Vec<String>, usize) {
    const NAME: &str = "XPerT  ";
    let labels = |label: &dyn Fn(usize, &str) -> String| -> Vec<String> {
        shell.screens.iter().enumerate().map(|(place, screen)| label(place, screen.name())).collect()
    };
    let needed = |labels: &[String], gap: usize| -> usize { labels.iter().map(|label| label.width() + gap).sum() };
    let width = usize::from(width) + 1;
    let full = labels(&|place, name| format!(" {} {name} ", place + 1));
    if needed(&full, 0) + NAME.width() <= width {
        return (NAME, full, 0);
    }
    if needed(&full, 0) <= width {
        return ("", full, 0);
    }
    let tight = labels(&|place, name| format!("{} {name}", place + 1));
    if needed(&tight, 1) <= width {
        return ("", tight, 1);
    }
    let short = |place: usize, name: &str| match place + 1 {
        number if place == shell.here => format!(" {number} {name} "),
        number => format!(" {number} "),
    };
    ("", labels(&short), 0)
}

fn tabs_width(shell: &Shell, width: u16) -> usize {
    let (name, labels, gap) = tab_labels(shell, width);
    name.width() + labels.iter().map(|label| label.width() + gap).sum::<usize>()
}

fn tabs(shell: &Shell, theme: &Theme, width: u16) -> Line<'static> {
    let (name, labels, gap) = tab_labels(shell, width);
    let mut spans = vec![Span::styled(name, theme.styles.heading)];
    for (place, label) in labels.into_iter().enumerate() {
        let style = if place == shell.here { theme.styles.tab_here } else { theme.styles.tab };
        spans.extend([Span::styled(label, style), Span::raw(" ".repeat(gap))]);
    }
    Line::from(spans)
}

/// What is always true: base model, texts, model in use, and what runs and how far.
fn status(shell: &Shell, theme: &Theme) -> Line<'static> {
    let (shared, styles) = (&shell.shared, &theme.styles);
    let Some(status) = &shared.status else { return Line::styled("checking the data folder", styles.dim) };
    let base = status.base.as_ref().map_or_else(|| "no base model".to_owned(), |(name, _)| short(name));
    let model = status.in_use.as_ref().map_or_else(|| "no model yet".to_owned(), |(number, _)| format!("run {number}"));
    let mut facts = vec![base, count(status.texts.texts, "text"), model];
    if shared.in_demo() {
        facts.insert(0, "demo".into());
    }
    let between = format!(" {} ", theme.glyphs.dot);
    let mut spans = vec![Span::styled(facts.join(&between), styles.dim)];
    let jobs = shared.jobs.all();
    if let Some(job) = jobs.iter().find(|job| job.kind.long).or(jobs.first()) {
        let progress = match job.state {
            State::Running if job.progress.is_empty() => job.kind.title.to_lowercase(),
            State::Running => format!("{} {}", job.kind.title.to_lowercase(), one_line(&job.progress)),
            State::Paused => format!("{} paused", job.kind.title.to_lowercase()),
            State::Stopping => format!("stopping {}", job.kind.title.to_lowercase()),
        };
        let others = if jobs.len() > 1 { format!(" +{}", jobs.len() - 1) } else { String::new() };
        spans.push(Span::styled(between, styles.dim));
        spans.push(Span::styled(format!("{} {progress}{others}", spinner(shell, theme)), styles.key));
    }
    Line::from(spans)
}

/// `SmolLM2-135M-Instruct` without what every model has.
fn short(name: &str) -> String {
    one_line(name.strip_suffix("-Instruct").unwrap_or(name))
}

/// The steps of the guide, and what Enter does now. The steps give way to that: first their lines, then the names of the others.
fn stepper(shell: &Shell, theme: &Theme, width: u16) -> Line<'static> {
    let Some(guide) = &shell.guide else { return Line::default() };
    let styles = &theme.styles;
    let (key, next) = (shell.shared.key("advance"), guide.next(shell.id(), &shell.shared));
    let offer = match Step::ALL.iter().any(|step| step.screen() == shell.id()) {
        false => Line::default(),
        true if guide.is_waiting(&shell.shared) => Line::styled(next, styles.dim),
        true => Line::from(vec![Span::styled(key, styles.key), Span::styled(format!("  {next}"), styles.text)]),
    };
    let room = usize::from(width).saturating_sub(offer.width() + GAP);
    let line = format!(" {} ", theme.glyphs.rule);
    let mut steps = steps(guide.step, theme, &line, true);
    for (between, names) in [("  ", true), (" ", false)] {
        if steps.width() > room {
            steps = self::steps(guide.step, theme, between, names);
        }
    }
    let air = (usize::from(width)).saturating_sub(steps.width() + offer.width());
    steps.push_span(" ".repeat(air));
    steps.extend(offer);
    steps
}

/// The steps with what stands between two, with their names or with the current one's only.
fn steps(here: Step, theme: &Theme, between: &str, names: bool) -> Line<'static> {
    let (styles, glyphs) = (&theme.styles, &theme.glyphs);
    let mut spans = Vec::new();
    for step in Step::ALL {
        let (mark, style) = match step.cmp(&here) {
            std::cmp::Ordering::Less => (glyphs.done, styles.good),
            std::cmp::Ordering::Equal => (glyphs.user, styles.guide),
            std::cmp::Ordering::Greater => (glyphs.base, styles.dim),
        };
        if step != Step::Import {
            spans.push(Span::styled(between.to_owned(), styles.rule));
        }
        let name = if names || step == here { format!(" {}", step.name()) } else { String::new() };
        spans.push(Span::styled(format!("{mark}{name}"), style));
    }
    Line::from(spans)
}

fn notice_lines(shell: &Shell, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let Some(notice) = &shell.notice else { return Vec::new() };
    let style = match notice.tone {
        Tone::Plain => theme.styles.text,
        Tone::Good => theme.styles.good,
        Tone::Bad => theme.styles.bad,
    };
    wrapped(&one_line(&notice.text), width, NOTICE_ROWS, style)
}

fn wrapped(text: &str, width: u16, rows: usize, style: Style) -> Vec<Line<'static>> {
    let width = usize::from(width).max(1);
    let mut lines: Vec<String> = textwrap::wrap(text, width).into_iter().map(std::borrow::Cow::into_owned).collect();
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.last_mut() {
            *last = fit(&format!("{last} …"), width);
        }
    }
    lines.into_iter().map(|line| Line::styled(line, style)).collect()
}

/// The keys that do something now. Help and quit always have their place; of the others, as many as fit.
fn offers(shell: &Shell, width: u16) -> Vec<(Entry, Key)> {
    let is_last = |entry: &Entry| matches!(entry.target, Target::Shell(Command::Help | Command::Quit));
    let (last, mut first): (Vec<_>, Vec<_>) = shell.bar().into_iter().partition(|(entry, _)| is_last(entry));
    // The guide's line says what Enter does.
    first.retain(|(entry, _)| !matches!(entry.target, Target::Shell(Command::Advance)));
    first.truncate(BAR_KEYS);
    let mut room = (usize::from(width) + GAP).saturating_sub(last.iter().map(offer_width).sum());
    let mut shown = Vec::new();
    for offer in first {
        // What comes later is less important: it does not jump the queue by being shorter.
        if offer_width(&offer) > room {
            break;
        }
        room -= offer_width(&offer);
        shown.push(offer);
    }
    shown.extend(last);
    shown
}

fn offer_width((entry, key): &(Entry, Key)) -> usize {
    key.to_string().width() + 1 + entry.row.name.width() + GAP
}

fn command_bar(shell: &Shell, theme: &Theme, width: u16) -> Line<'static> {
    let spans = offers(shell, width).into_iter().flat_map(|(entry, key)| {
        [
            Span::styled(key.to_string(), theme.styles.key),
            Span::styled(format!(" {}{}", entry.row.name, " ".repeat(GAP)), theme.styles.dim),
        ]
    });
    Line::from_iter(spans)
}

/// The row of the table that a click at this place stands for: a tab, or an offer of the command bar.
#[must_use]
pub(super) fn entry_at(shell: &Shell, column: u16, row: u16) -> Option<Entry> {
    let area = shell.area;
    let inner = if area.width >= ROOMY { area.inner(Margin::new(1, 0)) } else { area };
    let column = usize::from(column.checked_sub(inner.x)?);
    if row == area.y && shell.overlay.is_none() {
        let (name, labels, gap) = tab_labels(shell, inner.width);
        let widths = labels.iter().enumerate().map(|(place, label)| (place, label.width() + gap));
        let place = under(column.checked_sub(name.width())?, widths)?;
        let is_show = |entry: &Entry| entry.target == Target::Shell(Command::Show(place));
        return shell.shared.keymap.entries().map(|(entry, _)| *entry).find(is_show);
    }
    if row + 1 != area.bottom() {
        return None;
    }
    let offers = offers(shell, inner.width);
    under(column, offers.iter().map(|offer| (offer.0, offer_width(offer))))
}

/// Which of the things that stand side by side, each so many columns wide, is under this column.
fn under<T>(column: usize, things: impl Iterator<Item = (T, usize)>) -> Option<T> {
    let mut right = 0;
    for (thing, width) in things {
        right += width;
        if column < right {
            return Some(thing);
        }
    }
    None
}
