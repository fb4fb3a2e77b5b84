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
use super::widgets::{Page, Seen};

/// Below this there is no room for a screen and its keys.
const LEAST: (u16, u16) = (30, 8);
/// At most so many rows for the guide and for a notice.
const GUIDE_ROWS: usize = 3;
const NOTICE_ROWS: usize = 3;

/// Draws everything; returns how far the page (or the help) can be scrolled, and where its lists stand.
pub fn view(model: &Model, theme: &Theme, frame: &mut Frame<'_>) -> Seen {
    let area = frame.area();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        too_small(theme, frame, area);
        return Seen::default();
    }
    let inner = inside(area);
    let guide = guide_lines(model, theme, inner.width);
    let notice = notice_lines(model, theme, inner.width);
    let rows = |lines: &Vec<Line<'_>>| Constraint::Length(u16::try_from(lines.len()).unwrap_or(u16::MAX));
    let parts = [Constraint::Length(1), rows(&guide), Constraint::Min(1), rows(&notice), Constraint::Length(1)];
    let [tabs_row, guide_rows, body, notice_rows, bar_row] = Layout::vertical(parts).areas(inner);
    frame.render_widget(tabs(model, theme, tabs_row.width), tabs_row);
    frame.render_widget(Paragraph::new(guide), guide_rows);
    // A row of air under the tabs where there is room for it.
    let body = if body.height >= 16 { Rect { y: body.y + 1, height: body.height - 1, ..body } } else { body };
    let mut seen = model.screen.behaviour().draw(model, theme, frame, body);
    frame.render_widget(Paragraph::new(notice), notice_rows);
    if let Some(overlay) = model.overlay {
        let (scroll_limit, list) = overlays::draw(model, theme, frame, body, overlay);
        (seen.scroll_limit, seen.list_above) = (scroll_limit.unwrap_or(seen.scroll_limit), list);
    }
    frame.render_widget(command_bar(model, theme, bar_row.width), bar_row);
    seen
}

fn too_small(theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let mut page = Page::new(theme, area);
    page.plain(&format!("This window is too small: XPerT needs {} x {} cells. q quits.", LEAST.0, LEAST.1));
    page.draw(frame, area, 0);
}

/// The program's name and its tabs from left to right, as fully as fits: with the name, without it, without their margins, or only the
/// screen's own; and the columns between two.
fn tab_labels(here: Screen, width: u16) -> (&'static str, Vec<(Screen, String)>, usize) {
    const NAME: &str = "XPerT  ";
    let labels = |label: &dyn Fn(Screen) -> String| -> Vec<(Screen, String)> {
        Screen::ALL.into_iter().map(|screen| (screen, label(screen))).collect()
    };
    let needed = |labels: &[(Screen, String)], gap: usize| -> usize {
        labels.iter().map(|(_, label)| label.width() + gap).sum()
    };
    let width = usize::from(width) + 1;
    let full = labels(&|screen| format!(" {} {} ", screen.index() + 1, screen.name()));
    if needed(&full, 1) + NAME.width() <= width {
        return (NAME, full, 1);
    }
    if needed(&full, 1) <= width {
        return ("", full, 1);
    }
    let tight = labels(&|screen| format!("{} {}", screen.index() + 1, screen.name()));
    if needed(&tight, 2) <= width + 1 {
        return ("", tight, 2);
    }
    let short = |screen: Screen| match screen.index() + 1 {
        number if screen == here => format!(" {number} {} ", screen.name()),
        number => format!(" {number} "),
    };
    ("", labels(&short), 1)
}

fn tabs(model: &Model, theme: &Theme, width: u16) -> Line<'static> {
    let (title, labels, gap) = tab_labels(model.screen, width);
    let mut spans = vec![Span::styled(title, theme.styles.heading)];
    for (screen, label) in labels {
        let style = if screen == model.screen { theme.styles.tab_here } else { theme.styles.tab };
        spans.extend([Span::styled(label, style), Span::raw(" ".repeat(gap))]);
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
fn offers(model: &Model, width: u16) -> Vec<(Key, &'static str, Action)> {
    let offered = bar(model);
    let is_last = |action: Action| matches!(action, Action::Help | Action::Quit);
    let last: usize = offered.iter().filter(|offer| is_last(offer.2)).map(offer_width).sum();
    let mut room = (usize::from(width) + GAP).saturating_sub(last);
    let mut full = false;
    let fits = |offer: &(Key, &'static str, Action)| {
        if is_last(offer.2) {
            return true;
        }
        // What comes later is less important: it does not jump the queue by being shorter.
        full |= offer_width(offer) > room;
        if !full {
            room -= offer_width(offer);
        }
        !full
    };
    offered.into_iter().filter(fits).collect()
}

/// Columns between two offers of the command bar.
const GAP: usize = 2;

fn offer_width((key, name, _): &(Key, &'static str, Action)) -> usize {
    key.to_string().width() + 1 + name.width() + GAP
}

fn command_bar(model: &Model, theme: &Theme, width: u16) -> Line<'static> {
    let spans = offers(model, width).into_iter().flat_map(|(key, name, _)| {
        [
            Span::styled(key.to_string(), theme.styles.key),
            Span::styled(format!(" {name}{}", " ".repeat(GAP)), theme.styles.dim),
        ]
    });
    Line::from_iter(spans)
}

/// What a click at this place asks for: a tab, or an offer of the command bar.
#[must_use]
pub fn action_at(model: &Model, area: Rect, column: u16, row: u16) -> Option<Action> {
    let inner = inside(area);
    let column = usize::from(column.checked_sub(inner.x)?);
    if row == area.y && model.overlay.is_none() {
        let (title, labels, gap) = tab_labels(model.screen, inner.width);
        let labels = labels.iter().map(|(screen, label)| (Action::Show(*screen), label.width() + gap));
        return under(column.checked_sub(title.width())?, labels);
    }
    let offers = offers(model, inner.width);
    let offers = offers.iter().map(|offer| (offer.2, offer_width(offer)));
    if row + 1 == area.bottom() { under(column, offers) } else { None }
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

/// A margin where there is room for one.
fn inside(area: Rect) -> Rect {
    if area.width >= ROOMY { area.inner(ratatui::layout::Margin::new(1, 0)) } else { area }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_asks_for_what_is_drawn_there() {
        let model = Model::new(None);
        for (width, height) in [(80, 24), (40, 15)] {
            let area = Rect::new(0, 0, width, height);
            let theme = Theme::shipped(true, true).unwrap();
            let inner = inside(area);
            let drawn = |line: Line<'_>| " ".repeat(usize::from(inner.x)) + &line.to_string();
            let (top, bottom) =
                (drawn(tabs(&model, &theme, inner.width)), drawn(command_bar(&model, &theme, inner.width)));
            let column = |line: &str, word: &str| u16::try_from(line.find(word).expect("it is drawn")).unwrap();
            for screen in Screen::ALL {
                let there = column(&top, &format!(" {} ", screen.index() + 1)) + 1;
                assert_eq!(action_at(&model, area, there, 0), Some(Action::Show(screen)), "{top}");
            }
            for (name, action) in [("help", Action::Help), ("quit", Action::Quit)] {
                assert_eq!(action_at(&model, area, column(&bottom, name), height - 1), Some(action), "{bottom}");
            }
            assert_eq!(action_at(&model, area, 3, 5), None);
        }
    }
}
