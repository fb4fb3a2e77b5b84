//! Draws the model. Changes nothing, and asks for nothing but cells.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use super::action::{Action, Key, bar};
use super::format::{fit, one_line, pad};
use super::message::JobKind;
use super::model::{Model, Tone};
use super::overlays::{self, jobs::progress};
use super::parts::{ROOMY, spinner};
use super::screens::Screen;
use super::theme::Theme;
use super::update::what;
use super::widgets::Page;

/// Below this there is no room for a screen and its keys.
const LEAST: (u16, u16) = (30, 8);
/// At most so many rows for the guide and for a notice.
const GUIDE_ROWS: usize = 3;
const NOTICE_ROWS: usize = 3;

/// Draws everything; returns how far the page (or the help) can be scrolled.
pub fn view(model: &Model, theme: &Theme, frame: &mut Frame<'_>) -> usize {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(theme, frame, area);
        return 0;
    }
    let inner = if area.width >= ROOMY { area.inner(ratatui::layout::Margin::new(1, 0)) } else { area };
    let guide = guide_lines(model, theme, inner.width);
    let notice = notice_lines(model, theme, inner.width);
    let rows = |lines: &Vec<Line<'_>>| Constraint::Length(u16::try_from(lines.len()).unwrap_or(u16::MAX));
    let parts = [Constraint::Length(1), rows(&guide), Constraint::Min(1), rows(&notice), Constraint::Length(1)];
    let [tabs_row, guide_rows, body, notice_rows, bar_row] = Layout::vertical(parts).areas(inner);
    frame.render_widget(tabs(model, theme, tabs_row.width), tabs_row);
    frame.render_widget(Paragraph::new(guide), guide_rows);
    // A row of air under the tabs where there is room for it.
    let body = if body.height >= 16 { Rect { y: body.y + 1, height: body.height - 1, ..body } } else { body };
    let mut limit = model.screen.behaviour().draw(model, theme, frame, body);
    frame.render_widget(Paragraph::new(notice), notice_rows);
    if let Some(overlay) = model.overlay {
        limit = overlays::draw(model, theme, frame, body, overlay).unwrap_or(limit);
    }
    frame.render_widget(command_bar(model, theme, bar_row.width), bar_row);
    limit
}

fn too_small(theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(theme, area);
    page.plain(&format!("This window is too small: XPerT needs {} x {} cells. q quits.", LEAST.0, LEAST.1));
    page.draw(frame, area, 0);
}

/// Letters of a screen's name where there is no room for whole names.
const ABBREVIATED: usize = 3;

/// The tabs in the longest form that fits.
fn tabs(model: &Model, theme: &Theme, width: u16) -> Line<'static> {
    const TITLE: &str = "XPerT  ";
    let roomy = |screen: Screen| format!(" {} {} ", screen.index() + 1, screen.name());
    let dense = |screen: Screen| format!("{}{}", screen.index() + 1, screen.name());
    let short = |screen: Screen| {
        let letters = if screen == model.screen { usize::MAX } else { ABBREVIATED };
        format!("{}{}", screen.index() + 1, screen.name().chars().take(letters).collect::<String>())
    };
    let forms: [(&str, &dyn Fn(Screen) -> String); 3] = [(TITLE, &roomy), ("", &dense), ("", &short)];
    let columns = |(title, label): &(&str, &dyn Fn(Screen) -> String)| {
        title.width() + Screen::ALL.into_iter().map(|screen| label(screen).width() + 1).sum::<usize>()
    };
    // What follows the last tab is blank.
    let fits = |form: &&(&str, &dyn Fn(Screen) -> String)| columns(form) <= usize::from(width) + 1;
    let (title, label) = forms.iter().find(fits).unwrap_or(&forms[2]);
    let mut spans = vec![Span::styled((*title).to_owned(), theme.styles.heading)];
    for screen in Screen::ALL {
        let style = if screen == model.screen { theme.styles.tab_here } else { theme.styles.tab };
        spans.push(Span::styled(label(screen), style));
        spans.push(Span::raw(" "));
    }
    Line::from(spans)
}

fn wrapped(text: &str, width: u16, rows: usize, style: Style, fill: bool) -> Vec<Line<'static>> {
    let width = usize::from(width).max(1);
    let mut lines: Vec<String> = textwrap::wrap(text, width).into_iter().map(std::borrow::Cow::into_owned).collect();
    if lines.len() > rows {
        lines.truncate(rows);
        if let Some(last) = lines.last_mut() {
            *last = fit(&format!("{last} …"), width);
        }
    }
    let styled = |line: String| Line::styled(if fill { pad(&line, width) } else { line }, style);
    lines.into_iter().map(styled).collect()
}

fn guide_lines(model: &Model, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    let Some(guide) = &model.guide else { return Vec::new() };
    let rows = if width < ROOMY { GUIDE_ROWS + 1 } else { GUIDE_ROWS };
    wrapped(&one_line(&guide.sentence(model)), width, rows, theme.styles.guide, true)
}

/// A notice, or else what is at work.
fn notice_lines(model: &Model, theme: &Theme, width: u16) -> Vec<Line<'static>> {
    if let Some(notice) = &model.notice {
        let style = match notice.tone {
            Tone::Plain => theme.styles.text,
            Tone::Good => theme.styles.good,
            Tone::Bad => theme.styles.bad,
        };
        return wrapped(&one_line(&notice.text), width, NOTICE_ROWS, style, false);
    }
    let Some(work) = work(model) else { return Vec::new() };
    let line = vec![
        Span::styled(spinner(model, theme), theme.styles.key),
        Span::raw(" "),
        Span::styled(fit(&one_line(&work), usize::from(width).saturating_sub(2)), theme.styles.dim),
    ];
    vec![Line::from(line)]
}

/// What is at work and is not to be seen on this screen anyway; with a count where that is more than one job.
fn work(model: &Model) -> Option<String> {
    const TOLD: [JobKind; 4] = [JobKind::Train, JobKind::Pull, JobKind::Write, JobKind::Preview];
    let seen = model.screen.behaviour().jobs();
    // Fetching is drawn on every screen that needs the base model.
    let shown_here = |kind: JobKind| {
        seen.contains(&kind) || (kind == JobKind::Pull && matches!(model.screen, Screen::Train | Screen::Write))
    };
    let jobs = model.jobs.all().iter().filter(|job| TOLD.contains(&job.kind) && !shown_here(job.kind));
    let jobs: Vec<_> = jobs.collect();
    let first = TOLD.iter().find_map(|kind| jobs.iter().find(|job| job.kind == *kind))?;
    let others = if jobs.len() > 1 { format!(" (and {} more: J shows them)", jobs.len() - 1) } else { String::new() };
    let progress = progress(model, first);
    let progress = if progress.is_empty() { String::new() } else { format!(": {progress}") };
    Some(format!("{}{progress}{others}", what(first.kind)))
}

/// The keys that do something now. Help and quit always have their place; of the others, as many as fit.
fn command_bar(model: &Model, theme: &Theme, width: u16) -> Line<'static> {
    const GAP: usize = 2;
    let offered = bar(model);
    let is_last = |action: Action| matches!(action, Action::Help | Action::Quit);
    let width_of = |key: &Key, name: &str| key.to_string().width() + 1 + name.width() + GAP;
    let last: usize = offered.iter().filter(|o| is_last(o.2)).map(|(key, name, _)| width_of(key, name)).sum();
    let mut room = (usize::from(width) + GAP).saturating_sub(last);
    let mut spans = Vec::new();
    let mut full = false;
    for (key, name, action) in offered {
        if !is_last(action) {
            let needed = width_of(&key, name);
            // What comes later is less important: it does not jump the queue by being shorter.
            full |= needed > room;
            if full {
                continue;
            }
            room -= needed;
        }
        spans.push(Span::styled(key.to_string(), theme.styles.key));
        spans.push(Span::styled(format!(" {name}{}", " ".repeat(GAP)), theme.styles.dim));
    }
    Line::from(spans)
}
