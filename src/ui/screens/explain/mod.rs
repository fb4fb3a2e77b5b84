//! Explain: the choice in steps, from the texts to the model, large and calm, for a projector. Works nothing out: it shows what Style and
//! Library show, in an order that can be followed.

mod evidence;
mod jobs;
mod keys;
mod outcome;
mod ranking;
mod sheet;
mod state;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use jobs::WritePage;
pub use state::{Explain, Step};

use crate::ui::shell::binding::Binding;
use crate::ui::shell::data::{Measure, Select};
use crate::ui::shell::effect::{Effect, Need, ScreenId};
use crate::ui::shell::job::{Job, Kind};
use crate::ui::shell::screen::{Message, Screen, View};
use crate::ui::shell::shared::Shared;

impl Screen for Explain {
    const ID: ScreenId = ScreenId::EXPLAIN;
    const NAME: &'static str = "Explain";
    const ABOUT: &'static str = "Explain: the choice in steps, from your text to the model, for an audience. Every number is one that Style \
                                 and Library show, too.";
    const SUMMARY: &'static str = "the choice explained in steps";
    const KEYS: &'static [Binding<Self>] = keys::KEYS;
    const JOBS: &'static [&'static Kind] = &[&WritePage::KIND, &Measure::KIND, &Select::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(path) = message.report::<WritePage>() {
            return self.page_written(path);
        }
        match message {
            Message::Shown if shared.profile.is_none() => vec![Effect::Need(Need::Profile)],
            Message::Shown => vec![Effect::Need(Need::Selection)],
            Message::Retry => self.retry(shared),
            Message::Ended(kind) if shared.failure(kind).is_some() => self.page_failed(),
            _ => Vec::new(),
        }
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        view::draw(self, view, frame, area);
    }
}
