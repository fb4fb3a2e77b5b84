//! What several screens need to know: what is in the data folder, what was measured, what training starts from, which jobs run. Screens
//! read it; only the shell changes it, by their effects. Knows no screen.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::job::{Job, Kind};
use super::jobs::Jobs;
use super::keys::Keymap;
use crate::app::basis::Basis;
use crate::app::context::Budget;
use crate::app::forecast::Forecast;
use crate::app::select::Selected;
pub use crate::app::status::Status;
use crate::app::train::StartPoint;
use crate::models::Event as FetchEvent;
use crate::selection::{BlendPart, blend_notation};
use crate::style::Profile;

#[derive(Debug, Default)]
pub struct Shared {
    /// Absent until the data folder was looked at for the first time.
    pub status: Option<Status>,
    pub profile: Option<Arc<Profile>>,
    pub selected: Option<Arc<Selected>>,
    /// What blends are computed from, and the cards; comes with [`Self::selected`].
    pub basis: Option<Arc<Basis>>,
    /// What the user wants training to start from.
    pub start: StartPoint,
    /// What a training may use.
    pub budget: Budget,
    /// What a training from each start point would take, once that was estimated.
    pub forecast: Option<Arc<Forecast>>,
    /// How far the base model is, while it is on its way.
    pub(super) fetch: Fetch,
    pub jobs: Jobs,
    pub keymap: Arc<Keymap>,
    /// Whether the mouse is ours rather than the terminal's.
    pub mouse: bool,
    /// The texts are those of the demo's invented person.
    pub in_demo: bool,
    /// A guide shows the next step.
    pub guided: bool,
    /// Columns of the field of several lines as it was drawn last; 0 before that.
    pub field: usize,
    /// Turns the spinner.
    pub tick: usize,
    /// Why jobs failed, by kind, until they are tried again or the message is dismissed.
    pub(super) failures: BTreeMap<&'static str, String>,
}

/// The base model on its way.
#[derive(Clone, Debug, Default)]
pub struct Fetch {
    pub source: String,
    pub done: u64,
    pub total: Option<u64>,
    pub notes: Vec<String>,
}

impl Fetch {
    pub(super) fn add(&mut self, event: &FetchEvent) {
        match event.clone() {
            FetchEvent::Source(source) => (self.source, self.done, self.total) = (source, 0, None),
            FetchEvent::Bytes { done, total } => (self.done, self.total) = (done, total),
            FetchEvent::Note(note) => self.notes.push(note),
        }
    }

    pub(super) fn share(&self) -> Option<f64> {
        let total = self.total.filter(|total| *total > 0)?;
        Some(self.done as f64 / total as f64)
    }

    /// In per cent; empty where it is not known.
    pub(super) fn progress(&self) -> String {
        self.share().map(|share| format!("{:.0} %", share * 100.0)).unwrap_or_default()
    }
}

impl Shared {
    pub fn runs<J: Job>(&self) -> bool {
        self.jobs.get(const { &J::KIND }).is_some()
    }

    pub fn failure(&self, kind: &Kind) -> Option<&str> {
        self.failures.get(kind.id).map(String::as_str)
    }

    /// Whether a job that nobody asked for may start: it neither runs nor failed.
    pub fn may_start<J: Job>(&self) -> bool {
        !self.runs::<J>() && self.failure(const { &J::KIND }).is_none()
    }

    pub fn has_texts(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.texts.texts > 0)
    }

    pub fn has_base(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.base.is_some())
    }

    /// The number of the run that is the personal model.
    pub fn run_in_use(&self) -> Option<u32> {
        self.status.as_ref()?.in_use.as_ref().map(|(number, _)| *number)
    }

    pub fn has_run(&self, number: u32) -> bool {
        self.status.as_ref().is_some_and(|status| status.runs.contains(&number))
    }

    pub fn unfinished(&self) -> Option<&(String, usize, usize)> {
        self.status.as_ref()?.unfinished.as_ref()
    }

    /// The models that training would start from, each with its weight; none from scratch, or where it is not known yet.
    pub fn start_parts(&self) -> Vec<BlendPart> {
        let selected = || Some(self.selected.as_ref()?.choice.parts());
        self.start.parts().or_else(selected).unwrap_or_default()
    }

    /// The same as `xpert train` reads it.
    pub fn start_written(&self) -> Option<String> {
        let parts = self.start_parts();
        (!parts.is_empty()).then(|| blend_notation(&parts))
    }

    /// The key of an action, whether it makes sense now or not: for a sentence that says what to do next.
    pub fn key(&self, action: &str) -> String {
        debug_assert!(self.keymap.knows(action), "no action is called {action}");
        self.keymap.key(action)
    }
}
