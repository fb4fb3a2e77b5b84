//! Settings: how the screens look, what training may use, and whether everything on this machine is in order. A change takes effect
//! at once and is saved in `config.toml`.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::app::context::Budget;
use crate::app::doctor::{Check, Health, Remedy};
use crate::app::present::limits;
use crate::app::settings::Setting;
use crate::app::{self, AppError, Context};
use crate::ui::format::{one_line, pad};
use crate::ui::shell::data::Save;
use crate::ui::shell::keys::{ENTER, LEFT, RIGHT, char, quiet, row};
use crate::ui::shell::{Binding, Effect, Event, Job, Kind, Message, Screen, ScreenId, Shared, View, Worker};
use crate::ui::theme::Theme;
use crate::ui::values::{beside, turn};
use crate::ui::widgets::{Page, WIDE, halves, top};

/// What the keys go through: MiB, and minutes of work.
const MEMORY: [u64; 9] = [400, 500, 600, 800, 1000, 1500, 2000, 3000, 4000];
const MINUTES: [f64; 7] = [5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0];
/// What can be changed: two settings of the screens, and two that limit a training.
const THEME: usize = 0;
const MOUSE: usize = 1;
const MEMORY_LIMIT: usize = 2;
const SETTINGS: usize = 4;
/// Columns of a setting's or a check's name.
const NAME: usize = 14;
/// Rows of the first panel with all that is in it.
const ROWS: u16 = 14;

/// See whether everything on this machine is in order.
#[derive(Debug)]
pub struct Examine;

impl Job for Examine {
    type Report = Vec<Check>;
    const KIND: Kind = Kind { id: "check", title: "Checking this machine", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        Ok(app::doctor::examine(&worker.context, &worker.cancel))
    }
}

#[derive(Debug, Default)]
pub struct Settings {
    /// The themes that there are, by name, and which is in use.
    themes: Vec<String>,
    theme: usize,
    cursor: usize,
    /// Where settings are kept, as it is shown.
    file: String,
    /// What was found on this machine; absent until it is looked at.
    checks: Option<Vec<Check>>,
}

impl Screen for Settings {
    const ID: ScreenId = ScreenId::SETTINGS;
    const ABOUT: &'static str = "Settings: how the screens look, what training may use, and what was found on this machine. Changes are \
                                 saved in config.toml, which can also hold your own key bindings.";
    const SUMMARY: &'static str = "theme, mouse, training limits, and this machine";
    const KEYS: &'static [Binding<Self>] = &[
        row("next-value", &[RIGHT, ENTER], "change", "the next value; it takes effect at once and is saved")
            .also("theme colours memory time limit")
            .runs(|settings: &mut Self, shared| settings.change(true, shared)),
        quiet("previous-value", &[LEFT], "change back", "the previous value")
            .runs(|settings: &mut Self, shared| settings.change(false, shared)),
        row("check-again", &[char('c')], "check again", "check this machine again")
            .also("doctor")
            .runs_if(|_, shared| !shared.runs::<Examine>(), Self::check_again),
    ];
    const JOBS: &'static [&'static Kind] = &[&Examine::KIND, &Save::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(checks) = message.report::<Examine>() {
            self.checks = Some(checks.clone());
        }
        match message {
            Message::Shown if self.checks.is_none() && shared.may_start::<Examine>() => {
                return vec![Effect::start(Examine)];
            }
            // Something on the machine is not as it was: it is checked when this is next shown.
            Message::Event(Event::Looked) => self.checks = None,
            Message::Select(row) => self.cursor = row,
            _ => {}
        }
        Vec::new()
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        let most = ROWS.min(area.height - area.height / 3);
        let [left, right] = if area.width >= WIDE { halves(area) } else { top(area, most) };
        view.page(frame, left, 0, "Settings", |page| self.write_settings(view, page));
        view.page(frame, right, 1, "This machine", |page| {
            view.write_failures(page);
            self.write_checks(view, page);
        });
    }

    fn panels(&self, _: &Shared) -> usize {
        2
    }

    fn cursor(&self, _: &Shared, focus: usize) -> Option<(usize, usize)> {
        (focus == 0).then_some((self.cursor, SETTINGS))
    }
}

impl Settings {
    /// With the themes there are, of which `theme` is in use.
    pub fn new(context: &Context, theme: &str) -> Self {
        let themes = Theme::names(&context.paths.themes());
        let place = themes.iter().position(|name| name == theme).unwrap_or(0);
        Self { themes, theme: place, file: context.paths.settings().display().to_string(), ..Self::default() }
    }

    fn check_again(&mut self, _: &Shared) -> Vec<Effect> {
        self.checks = None;
        vec![Effect::start(Examine)]
    }

    fn change(&mut self, up: bool, shared: &Shared) -> Vec<Effect> {
        let budget = shared.budget;
        match self.cursor {
            THEME => {
                self.theme = turn(self.theme, self.themes.len(), if up { 1 } else { -1 });
                let name = self.themes[self.theme].clone();
                vec![Effect::Theme(name.clone()), Effect::start(Save(Setting::Theme(name)))]
            }
            MOUSE => vec![Effect::SetMouse(!shared.mouse)],
            MEMORY_LIMIT => {
                let memory_mb = limit(&MEMORY, budget.memory_mb, up);
                let save = Save(Setting::TrainingMemory(memory_mb));
                vec![Effect::SetBudget(Budget { memory_mb, ..budget }), Effect::start(save)]
            }
            _ => {
                let minutes = limit(&MINUTES, budget.minutes, up);
                let save = Save(Setting::TrainingMinutes(minutes));
                vec![Effect::SetBudget(Budget { minutes, ..budget }), Effect::start(save)]
            }
        }
    }

    fn write_settings(&self, view: &View<'_>, page: &mut Page<'_>) {
        let (theme, shared) = (view.theme, view.shared);
        page.heading("Screens");
        self.write_setting(theme, page, "Theme", &self.themes[self.theme]);
        self.write_setting(theme, page, "Mouse", if shared.mouse { "used by XPerT" } else { "left to the terminal" });
        swatch(theme, page);
        page.blank();
        page.heading("Training limits");
        let [memory, minutes] = limits(shared.budget);
        self.write_setting(theme, page, "Memory", &memory);
        self.write_setting(theme, page, "Time", &minutes);
        page.blank();
        page.dim(&format!(
            "Saved in {}. Your own key bindings go there under [keys]; docs/keys.md lists the action names.",
            self.file
        ));
    }

    fn write_setting(&self, theme: &Theme, page: &mut Page<'_>, name: &str, value: &str) {
        let (glyphs, styles) = (&theme.glyphs, &theme.styles);
        let (cursor, style, [before, after]) = if page.rows.len() == self.cursor {
            (glyphs.cursor, styles.selected, ["< ", " >"])
        } else {
            (" ", styles.text, ["  ", ""])
        };
        page.row(vec![
            Span::styled(format!("{cursor} "), styles.key),
            Span::styled(pad(name, NAME), style),
            Span::styled(before, styles.key),
            Span::styled(one_line(value), style),
            Span::styled(after, styles.key),
        ]);
    }

    fn write_checks(&self, view: &View<'_>, page: &mut Page<'_>) {
        let Some(checks) = &self.checks else {
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
            let remedy = match check.remedy {
                None => "",
                Some(Remedy::Import) => "; add your writing on Import",
                Some(Remedy::DownloadModel) => "; Train and Write download it on request",
                Some(Remedy::Resume) => "; resume it on Train",
                Some(Remedy::Train) => "; train one on Train",
            };
            page.indented(&before, &" ".repeat(before.len()), style, &format!("{}{remedy}", one_line(&check.found)));
        }
        page.blank();
        page.hint(&view.key("check-again"), "check again");
    }
}

/// The limit after or before this one, where none comes before the first and after the last. One of the user's own that is not in the
/// list goes to its neighbour there.
fn limit<T: Copy + PartialOrd>(limits: &[T], now: Option<T>, up: bool) -> Option<T> {
    let none = if up { limits.first() } else { limits.last() };
    now.map_or(none.copied(), |now| beside(limits, now, up))
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
