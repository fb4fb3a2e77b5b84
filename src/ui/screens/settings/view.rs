//! How the Settings screen looks.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::Row;
use crate::app::doctor::Health;
use crate::ui::action::{Action, key_for};
use crate::ui::format::{one_line, pad};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::parts::{failure, spinner};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, Page, Seen};

/// Columns of a setting's or a check's name.
const NAME: usize = 14;

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
    let mut page = Page::new(theme, area);
    failure(model, theme, &mut page);
    let settings = &model.screens.settings;
    let mut lines = [0; Row::ALL.len()];
    let mut rows = |of_the_screens: bool, page: &mut Page<'_>| {
        for (index, row) in
            Row::ALL.into_iter().enumerate().filter(|(_, row)| row.is_of_the_screens() == of_the_screens)
        {
            let (name, value) = named(model, row);
            lines[index] = page.height();
            page.line(setting(theme, name, &one_line(&value), index == settings.cursor));
        }
    };
    page.heading("The screens");
    rows(true, &mut page);
    swatch(theme, &mut page);
    page.blank();
    page.heading("What a training may use");
    rows(false, &mut page);
    page.blank();
    page.dim(&format!(
        "Kept in {}. Keys of your own stand there under [keys]; docs/keys.md names them.",
        settings.file
    ));
    page.blank();
    page.heading("This machine");
    checks(model, theme, &mut page);
    let scroll_limit = page.draw(frame, area, model.scroll);
    Seen::with_list(scroll_limit, ListPlace::on_page(&lines, model.scroll.min(scroll_limit), area))
}

/// A setting's name and its value.
fn named(model: &Model, row: Row) -> (&'static str, String) {
    let settings = &model.screens.settings;
    match row {
        Row::Theme => ("Theme", settings.themes.get(settings.theme).cloned().unwrap_or_default()),
        Row::Mouse => ("Mouse", if model.mouse { "XPerT's" } else { "the terminal's" }.to_owned()),
        Row::Memory => {
            let spare = || "what the machine has to spare".to_owned();
            ("Memory", settings.budget.memory_mb.map_or_else(spare, |mebibytes| format!("at most {mebibytes} MiB")))
        }
        Row::Minutes => {
            let free = || "as long as it takes".to_owned();
            ("Time", settings.budget.minutes.map_or_else(free, |minutes| format!("at most {minutes} min of work")))
        }
    }
}

fn setting(theme: &Theme, name: &str, value: &str, here: bool) -> Vec<Span<'static>> {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let chosen = if here { styles.selected } else { styles.text };
    let arrows = if here { ["< ", " >"] } else { ["  ", ""] };
    vec![
        Span::styled(format!("{} ", if here { glyphs.cursor } else { " " }), styles.key),
        Span::styled(pad(name, NAME), chosen),
        Span::styled(arrows[0], styles.key),
        Span::styled(value.to_owned(), chosen),
        Span::styled(arrows[1], styles.key),
    ]
}

/// The roles that people tell apart, as the theme in use shows them.
fn swatch(theme: &Theme, page: &mut Page<'_>) {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let roles = [
        (glyphs.user, "you", styles.user),
        (glyphs.base, "base model", styles.base),
        (glyphs.other, "library model", styles.other),
        ("", "good", styles.good),
        ("", "bad", styles.bad),
    ];
    let mut spans = vec![Span::raw("  ")];
    for (glyph, name, style) in roles {
        spans.extend([Span::styled(format!("{glyph} {name}").trim().to_owned(), style), Span::raw("  ")]);
    }
    page.line(spans);
}

fn checks(model: &Model, theme: &Theme, page: &mut Page<'_>) {
    let Some(checks) = &model.screens.settings.checks else {
        if model.jobs.is_running(JobKind::Check) {
            let spans = vec![Span::styled(spinner(model, theme), theme.styles.key), Span::raw(" Looking at it ...")];
            page.line(spans);
        }
        return;
    };
    for check in checks {
        let (word, style) = match check.health {
            Health::Good => ("good", theme.styles.good),
            Health::Open => ("to do", theme.styles.key),
            Health::Bad => ("bad", theme.styles.bad),
        };
        let before = format!("{} {}", pad(word, 6), pad(check.name, NAME));
        page.indented(&before, &" ".repeat(before.len()), style, &one_line(&check.found));
    }
    page.blank();
    page.hint(&key_for(model, Action::CheckAgain), "looks again");
}
