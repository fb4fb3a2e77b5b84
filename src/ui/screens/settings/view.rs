//! How Settings looks: what can be changed, beside what was found on this machine.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Span;

use super::jobs::Examine;
use super::state::{Setting, Settings};
use crate::app::doctor::{Health, Remedy};
use crate::ui::format::{one_line, pad};
use crate::ui::shell::screen::View;
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, Page, Panel, WIDE};

/// Columns of a setting's or a check's name.
const NAME: usize = 14;
/// Rows of the first panel with all that is in it.
const ROWS: u16 = 14;

pub fn draw(settings: &Settings, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let [left, right] = if area.width >= WIDE {
        Layout::horizontal([Constraint::Fill(1); 2]).areas(area)
    } else {
        let rows = ROWS.min(area.height - area.height / 3);
        Layout::vertical([Constraint::Length(rows), Constraint::Fill(1)]).areas(area)
    };
    let mut lines = [0; Setting::ALL.len()];
    view.page(frame, left, 0, "Settings", |page| changeable(settings, view, page, &mut lines));
    view.list_at(ListPlace::on_page(&lines, view.scroll(0), Panel::inner(left)));
    view.page(frame, right, 1, "This machine", |page| {
        view.write_failures(page);
        checks(settings, view, page);
    });
}

/// The settings, each on a line whose place goes into `lines`.
fn changeable(settings: &Settings, view: &View<'_>, page: &mut Page<'_>, lines: &mut [usize; Setting::ALL.len()]) {
    let mut group = |of_the_screens: bool, page: &mut Page<'_>| {
        let rows = Setting::ALL.into_iter().enumerate();
        for (index, row) in rows.filter(|(_, row)| row.is_of_the_screens() == of_the_screens) {
            let (name, value) = named(settings, view, row);
            lines[index] = page.height();
            page.line(setting(view.theme, name, &one_line(&value), index == settings.cursor));
        }
    };
    page.heading("The screens");
    group(true, page);
    swatch(view.theme, page);
    page.blank();
    page.heading("What a training may use");
    group(false, page);
    page.blank();
    page.dim(&format!(
        "Saved in {}. Keys of your own go there under [keys]; docs/keys.md has their names.",
        settings.file
    ));
}

/// A setting's name and its value.
fn named(settings: &Settings, view: &View<'_>, row: Setting) -> (&'static str, String) {
    let shared = view.shared;
    match row {
        Setting::Theme => ("Theme", settings.themes.get(settings.theme).cloned().unwrap_or_default()),
        Setting::Mouse => ("Mouse", if shared.mouse { "XPerT's" } else { "the terminal's" }.to_owned()),
        Setting::Memory => {
            let spare = || "what the machine has to spare".to_owned();
            ("Memory", shared.budget.memory_mb.map_or_else(spare, |mebibytes| format!("at most {mebibytes} MiB")))
        }
        Setting::Minutes => {
            let free = || "as long as it takes".to_owned();
            ("Time", shared.budget.minutes.map_or_else(free, |minutes| format!("at most {minutes} min of work")))
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

fn checks(settings: &Settings, view: &View<'_>, page: &mut Page<'_>) {
    let Some(checks) = &settings.checks else {
        if view.shared.runs::<Examine>() {
            view.write_working(page, "Checking this machine");
        }
        return;
    };
    let styles = &view.theme.styles;
    for check in checks {
        let (word, style) = match check.health {
            Health::Good => ("good", styles.good),
            Health::Open => ("to do", styles.key),
            Health::Bad => ("bad", styles.bad),
        };
        let before = format!("{} {}", pad(word, 6), pad(check.name, NAME));
        let remedy = check.remedy.map(|remedy| format!("; {}", what_helps(remedy))).unwrap_or_default();
        page.indented(&before, &" ".repeat(before.len()), style, &format!("{}{remedy}", one_line(&check.found)));
    }
    page.blank();
    page.hint(&view.key("check-again"), "check again");
}

/// Where to go so that a part is in order.
fn what_helps(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Import => "add your writing on Import",
        Remedy::DownloadModel => "Train and Write download it on request",
        Remedy::Resume => "resume it on Train",
        Remedy::Train => "train one on Train",
    }
}
