//! Draws the frame around a screen: tabs, status, guide, message, keys, and what lies over it. Changes nothing.

use std::cell::RefCell;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Margin, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use strum::VariantArray;
use unicode_width::UnicodeWidthStr;

use super::effect::Tone;
use super::guide::{Guide, Step};
use super::jobs::State;
use super::keys::{Command, Entry, Key, Target};
use super::overlays::{Overlay, Popup, help, jobs};
use super::screen::View;
use super::state::Shell;
use crate::ui::format::{count, fit, one_line};
use crate::ui::theme::Theme;
use crate::ui::widgets::{Hits, Page, ROOMY, Room, cells};

/// Below this there is no room for a screen and its keys.
const MIN_SIZE: (u16, u16) = (30, 8);
/// At most so many rows for a message.
const NOTICE_ROWS: usize = 3;
/// At most so many keys in the command bar; `?` shows them all.
const BAR_KEYS: usize = 6;
/// Columns between two things in a line.
const GAP: usize = 2;

/// Draws everything; returns what a click and a scroll key need.
#[must_use]
pub fn view(shell: &Shell, theme: &Theme, frame: &mut Frame<'_>) -> Hits {
    let area = frame.area();
    let hits = if area.width < MIN_SIZE.0 || area.height < MIN_SIZE.1 {
        let mut page = Page::new(theme, area);
        let (width, height) = MIN_SIZE;
        page.plain(&format!("This window is too small: XPerT needs {width} x {height} cells. q quits."));
        page.draw(frame, area, 0);
        Hits::default()
    } else {
        draw_frame(shell, theme, frame, area)
    };
    theme.paint(frame.buffer_mut());
    hits
}

fn draw_frame(shell: &Shell, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Hits {
    let mut view = View {
        shared: &shell.shared,
        theme,
        focus: shell.focused(),
        scroll: &shell.scroll[shell.here],
        list: shell.hits.list.as_ref(),
        available: shell.available(),
        failures: shell.failures(),
        hits: RefCell::default(),
    };
    // With air on both sides where there is room.
    let inner = if area.width >= ROOMY { area.inner(Margin::new(1, 0)) } else { area };
    let notice = notice_lines(shell, theme, area.width.saturating_sub(2));
    let (tabs, told) = (tabs(shell, &view, inner), status(&view, inner.width));
    // The status has a row of its own where the tabs leave no room.
    let beside = tabs.width() + GAP + told.width() <= usize::from(inner.width);
    let rows = [1, u16::from(!beside), u16::from(shell.guide.is_some())].map(Constraint::Length);
    let notice_rows = Constraint::Length(cells(notice.len()));
    let parts = [rows[0], rows[1], rows[2], Constraint::Min(1), notice_rows, Constraint::Length(1)];
    let [top, below, guide, body, message, bar] = Layout::vertical(parts).areas(inner);
    frame.render_widget(tabs, top);
    let (told, place) = if beside { (told.right_aligned(), top) } else { (told, below) };
    frame.render_widget(told, place);
    if let Some(guided) = &shell.guide {
        frame.render_widget(stepper(guided, shell, theme, guide.width), guide);
    }
    shell.screen().view(&view, frame, body);
    frame.render_widget(Paragraph::new(notice), message);
    view.list = shell.hits.list_above.as_ref();
    draw_overlay(shell, &view, frame, body);
    frame.render_widget(command_bar(shell, &view, bar), bar);
    view.hits.into_inner()
}

fn draw_overlay(shell: &Shell, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    match &shell.overlay {
        None => {}
        Some(Overlay::Help(scroll)) => help::draw(shell.about(), *scroll, view, frame, area),
        Some(Overlay::Palette(palette)) => palette.draw(view, frame, area),
        Some(Overlay::Jobs(cursor)) => jobs::draw(*cursor, view, frame, area),
        Some(Overlay::Dialog(question)) => question.draw(view, frame, area),
        Some(Overlay::Quit(stake)) => {
            let popup = Popup::new(view, frame, area, (60, 8));
            let mut page = Page::new(view.theme, popup.inside);
            page.plain(stake);
            page.blank();
            page.hint(&view.shared.key("quit-now"), "quit");
            page.hint(&view.shared.key("stay-here"), "stay");
            popup.draw_page(frame, "Quit?", page, 0);
        }
    }
}

/// The program's name and its tabs from left to right, in the first row of `area`, as fully as fits: with the name, without it, without
/// their margins, or only the screen's own.
fn tabs(shell: &Shell, view: &View<'_>, area: Rect) -> Line<'static> {
    let styles = &view.theme.styles;
    let shape = |program: &'static str, gap: usize, label: &dyn Fn(usize, &str) -> String| {
        let mut line = Line::from(Span::styled(program, styles.heading));
        for (place, screen) in shell.screens.iter().enumerate() {
            let style = if place == shell.here { styles.tab_here } else { styles.tab };
            line.push_span(Span::styled(label(place + 1, screen.about().id.0), style));
            line.push_span(" ".repeat(gap));
        }
        line
    };
    let own = shell.here + 1;
    let full = |number: usize, name: &str| format!(" {number} {name} ");
    let tight = |number: usize, name: &str| format!("{number} {name}");
    let short = |number: usize, name: &str| if number == own { full(number, name) } else { format!(" {number} ") };
    let shapes = [shape("XPerT  ", 0, &full), shape("", 0, &full), shape("", 1, &tight)];
    let fits = |line: &Line<'_>| line.width() <= usize::from(area.width) + 1;
    let line = shapes.into_iter().find(fits).unwrap_or_else(|| shape("", 0, &short));

    let entries = view.shared.keymap.entries().map(|(entry, _)| entry);
    let shows = entries.filter(|entry| matches!(entry.target, Target::Shell(Command::Show(_))));
    let widths = line.spans[1..].chunks(2).map(|tab| tab[0].width() + tab[1].width());
    let row = Rect { x: area.x + cells(line.spans[0].width()), height: 1, ..area };
    clickable(view, row, shows.map(|entry| entry.row.id).zip(widths));
    line
}

/// What is always true: base model, texts, model in use, and what runs and how far.
fn status(view: &View<'_>, width: u16) -> Line<'static> {
    let (shared, styles) = (view.shared, &view.theme.styles);
    let Some(status) = &shared.status else { return Line::styled("checking the data folder", styles.dim) };
    // `SmolLM2-135M-Instruct` without what every model has.
    let short = |name: &str| one_line(name.strip_suffix("-Instruct").unwrap_or(name));
    let base = status.base.as_ref().map_or_else(|| "no base model".to_owned(), |(name, _)| short(name));
    let model = status.in_use.as_ref().map_or_else(|| "no model yet".to_owned(), |(number, _)| format!("run {number}"));
    let mut facts = vec![base, count(status.texts.texts, "text"), model];
    if shared.in_demo {
        facts.insert(0, "demo".into());
    }
    let between = format!(" {} ", view.theme.glyphs.dot);
    let mut spans = vec![Span::styled(facts.join(&between), styles.dim)];
    let jobs = shared.jobs.all();
    if let Some(job) = jobs.iter().find(|job| job.kind.long).or(jobs.first()) {
        let title = job.kind.title.to_lowercase();
        let progress = match job.state {
            State::Running if job.progress.is_empty() => title,
            State::Running => format!("{title}: {}", one_line(&job.progress)),
            State::Paused => format!("{title}: paused"),
            State::Stopping => format!("stopping {title}"),
        };
        let others = if jobs.len() > 1 { format!(" +{}", jobs.len() - 1) } else { String::new() };
        spans.push(Span::styled(between, styles.dim));
        spans.push(Span::styled(format!("{} {progress}{others}", view.spinner()), styles.key));
    }
    // Where not everything fits, what runs is more important than what is always so.
    if spans.iter().map(Span::width).sum::<usize>() > usize::from(width) {
        spans.drain(..spans.len() - 1);
    }
    Line::from(spans)
}

/// The steps of the guide, and what Enter does now. The steps give way to that: first their lines, then the names of the others.
fn stepper(guide: &Guide, shell: &Shell, theme: &Theme, width: u16) -> Line<'static> {
    let styles = &theme.styles;
    let (next, _) = guide.offer(shell.id(), &shell.shared);
    let offer = match Step::of(shell.id()) {
        None => Line::default(),
        Some(_) if guide.is_waiting(&shell.shared) => Line::styled(next, styles.dim),
        Some(_) => Line::from(vec![
            Span::styled(shell.shared.key("advance"), styles.key),
            Span::styled(format!("  {next}"), styles.text),
        ]),
    };
    let width = usize::from(width);
    let room = width.saturating_sub(offer.width() + GAP);
    let shapes = [(&*format!(" {} ", theme.glyphs.rule), true), ("  ", true), (" ", false)];
    let shapes = shapes.map(|(between, names)| steps(guide.step, theme, between, names));
    let mut line = shapes.iter().find(|steps| steps.width() <= room).unwrap_or(&shapes[2]).clone();
    line.push_span(" ".repeat(width.saturating_sub(line.width() + offer.width())));
    line.extend(offer);
    line
}

/// The steps with what stands between two, with their names or with the current one's only.
fn steps(here: Step, theme: &Theme, between: &str, names: bool) -> Line<'static> {
    let (styles, glyphs) = (&theme.styles, &theme.glyphs);
    let mut spans = Vec::new();
    for &step in Step::VARIANTS {
        let (mark, style) = match step.cmp(&here) {
            std::cmp::Ordering::Less => (glyphs.done, styles.good),
            std::cmp::Ordering::Equal => (glyphs.user, styles.guide),
            std::cmp::Ordering::Greater => (glyphs.base, styles.dim),
        };
        if step != Step::Import {
            spans.push(Span::styled(between.to_owned(), styles.rule));
        }
        let name = if names || step == here { format!(" {}", step.screen().0) } else { String::new() };
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
    let width = usize::from(width).max(1);
    let text = one_line(&notice.text);
    let mut lines = textwrap::wrap(&text, width);
    if lines.len() > NOTICE_ROWS {
        lines.truncate(NOTICE_ROWS);
        lines[NOTICE_ROWS - 1] = fit(&format!("{} …", lines[NOTICE_ROWS - 1]), width).into();
    }
    lines.into_iter().map(|line| Line::styled(line.into_owned(), style)).collect()
}

/// The keys that do something now. Help and quit always have their place; of the others, as many as fit.
fn command_bar(shell: &Shell, view: &View<'_>, bar: Rect) -> Line<'static> {
    let offers = shell.offered(|entry| entry.row.in_bar && shell.is_available(entry));
    let is_last = |entry: &Entry| matches!(entry.target, Target::Shell(Command::Help | Command::Quit));
    let (last, mut first): (Vec<_>, Vec<_>) = offers.into_iter().partition(|(entry, _)| is_last(entry));
    // The guide's line says what Enter does.
    first.retain(|(entry, _)| !matches!(entry.target, Target::Shell(Command::Advance)));
    let width = |(entry, key): &(Entry, Key)| key.to_string().width() + 1 + entry.row.name.width() + GAP;
    let mut room = Room::new((usize::from(bar.width) + GAP).saturating_sub(last.iter().map(width).sum()));
    let shown = first.into_iter().take(BAR_KEYS).take_while(|offer| room.take(width(offer)) > 0);
    let offers: Vec<(Entry, Key)> = shown.chain(last).collect();
    clickable(view, bar, offers.iter().map(|offer| (offer.0.row.id, width(offer))));
    let spans = offers.into_iter().flat_map(|(entry, key)| {
        [
            Span::styled(key.to_string(), view.theme.styles.key),
            Span::styled(format!(" {}{}", entry.row.name, " ".repeat(GAP)), view.theme.styles.dim),
        ]
    });
    Line::from_iter(spans)
}

/// Remembers which action a click does on things that stand side by side in this row, each so many columns wide.
fn clickable(view: &View<'_>, mut row: Rect, things: impl Iterator<Item = (&'static str, usize)>) {
    for (action, width) in things {
        row.width = cells(width);
        view.hits.borrow_mut().buttons.push((row, action));
        row.x = row.right();
    }
}
