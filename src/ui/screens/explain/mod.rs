//! Explain: the decision told in steps, large and calm, for a projector. Works nothing out: it shows what Style and Library show, in an
//! order that can be followed.

mod evidence;
mod outcome;
mod ranking;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Behaviour, Screen, library, style};
use crate::app::select::Selected;
use crate::selection::ChoiceKind;
use crate::style::Profile;
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;
use crate::ui::widgets::Seen;

#[derive(Debug, Default)]
pub struct State {
    /// The place among [`steps`] where the telling is.
    at: usize,
}

/// A step of the telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Text,
    Features,
    Axes,
    Models,
    Distances,
    Choice,
    Change,
}

impl Step {
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Text => "Your text",
            Self::Features => "What is counted",
            Self::Axes => "Your axes",
            Self::Models => "The models",
            Self::Distances => "The distances",
            Self::Choice => "The choice",
            Self::Change => "What would change it",
        }
    }
}

/// The steps that have something to tell of these results. Where the texts cannot be measured there is nothing between them and the
/// refusal.
#[must_use]
pub fn steps(profile: &Profile, selected: &Selected) -> Vec<Step> {
    let refused = is_refused(selected.choice.kind);
    let mut steps = vec![Step::Text];
    if !refused && !profile.axes.is_empty() {
        steps.extend([Step::Features, Step::Axes]);
    }
    if !refused && !selected.candidates.is_empty() {
        steps.extend([Step::Models, Step::Distances]);
    }
    steps.extend([Step::Choice, Step::Change]);
    steps
}

/// Whether nothing is said of the texts rather than something wrong.
fn is_refused(kind: ChoiceKind) -> bool {
    matches!(kind, ChoiceKind::TooLittleText | ChoiceKind::Unmeasurable)
}

/// The screen.
pub struct Explain;

impl Behaviour for Explain {
    fn name(&self) -> &'static str {
        "Explain"
    }

    fn about(&self) -> &'static str {
        "Explain: the choice told in steps, from your text to the model, for someone who watches. Every number is one that Style and \
         Library show, too."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
        view::draw(model, theme, frame, area).into()
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Export, JobKind::Profile, JobKind::Select]
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        style::lacks_profile(model).or_else(|| library::lacks_ranking(model))
    }

    fn retry(&self, model: &mut Model) -> Option<Vec<Effect>> {
        may_export(model).then(|| export(model))
    }
}

/// Profile and ranking, where both are there.
fn results(model: &Model) -> Option<(&Profile, &Selected)> {
    Some((model.screens.style.profile.as_deref()?, model.screens.library.selected.as_deref()?))
}

/// Where the telling is, and the last place there is. After new texts there may be fewer steps.
fn place(model: &Model) -> Option<(usize, usize)> {
    let (profile, selected) = results(model)?;
    let last = steps(profile, selected).len() - 1;
    Some((model.screens.explain.at.min(last), last))
}

#[must_use]
pub fn has_next(model: &Model) -> bool {
    place(model).is_some_and(|(at, last)| at < last)
}

#[must_use]
pub fn has_previous(model: &Model) -> bool {
    place(model).is_some_and(|(at, _)| at > 0)
}

pub fn next(model: &mut Model) -> Vec<Effect> {
    go(model, |at, last| (at + 1).min(last))
}

pub fn previous(model: &mut Model) -> Vec<Effect> {
    go(model, |at, _| at.saturating_sub(1))
}

pub fn first(model: &mut Model) -> Vec<Effect> {
    go(model, |_, _| 0)
}

pub fn last(model: &mut Model) -> Vec<Effect> {
    go(model, |_, last| last)
}

fn go(model: &mut Model, to: fn(usize, usize) -> usize) -> Vec<Effect> {
    if let Some((at, last)) = place(model) {
        model.screens.explain.at = to(at, last);
        model.scroll = 0;
    }
    Vec::new()
}

#[must_use]
pub fn may_export(model: &Model) -> bool {
    results(model).is_some() && !model.jobs.is_running(JobKind::Export)
}

/// Writes what is shown as a page for a browser.
pub fn export(model: &mut Model) -> Vec<Effect> {
    let Some(selected) = model.screens.library.selected.clone() else { return Vec::new() };
    model.failures[Screen::Explain.index()] = None;
    model.jobs.start(Job::Export(selected))
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    if let Report::Exported(path) = report {
        let text = format!("Written to {}. It quotes your texts, and nobody but you can read it.", path.display());
        model.say(Tone::Good, text);
    }
    Vec::new()
}
