//! Train: the start point becomes the user's own model, watched while it does.

mod jobs;
mod keys;
mod run;
mod setup;
mod state;
mod watch;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use jobs::{Discard, EarlierCurve, Estimate, Estimating, Progress, Training};
pub use state::{State, Train};

use crate::ui::shell::binding::Binding;
use crate::ui::shell::data::{FetchBase, Look};
use crate::ui::shell::effect::{Effect, Request, ScreenId};
use crate::ui::shell::job::{Job, Kind};
use crate::ui::shell::screen::{Message, Screen, View};
use crate::ui::shell::shared::Shared;
use state::Setting;

impl Screen for Train {
    const ID: ScreenId = ScreenId::TRAIN;
    const NAME: &'static str = "Train";
    const ABOUT: &'static str = "Train: adapts the start point to your texts. Some texts are held out and never trained on; the loss on them \
                                 says whether the model learns to write like you. The best state is what is kept.";
    const SUMMARY: &'static str = "make a model of your own, and watch it learn";
    const KEYS: &'static [Binding<Self>] = keys::KEYS;
    const JOBS: &'static [&'static Kind] = &[&FetchBase::KIND, &Training::KIND, &Discard::KIND, &Estimate::KIND];

    fn update(&mut self, message: Message<'_>, shared: &Shared) -> Vec<Effect> {
        if let Some(progress) = message.report::<Training>() {
            return self.take_progress(progress);
        }
        if let Some(estimating) = message.report::<Estimate>() {
            return self.take_estimate(estimating);
        }
        if let Some(curve) = message.report::<EarlierCurve>() {
            self.take_curve(curve);
            return Vec::new();
        }
        if message.report::<Discard>().is_some() {
            return vec![Effect::say_good("The stopped training was discarded."), Effect::start(Look)];
        }
        match message {
            Message::Shown => self.lacks(shared),
            Message::Select(row) => {
                self.row = row;
                Vec::new()
            }
            Message::Ended(kind) if kind.id == Training::KIND.id => self.give_up(shared),
            Message::Event(event) => self.on_event(event, shared),
            Message::Request(Request::Train { steps }) => self.start_or_resume(*steps, shared),
            Message::Request(Request::Restart) => self.restart(shared),
            _ => Vec::new(),
        }
    }

    fn view(&self, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
        match self.run() {
            None => setup::draw(self, view, frame, area),
            Some(run) => watch::draw(self, view, frame, area, run),
        }
    }

    fn panels(&self, _: &Shared) -> usize {
        2
    }

    fn cursor(&self, shared: &Shared, focus: usize) -> Option<(usize, usize)> {
        (focus == 0 && self.may_set_up(shared)).then_some((self.row, Setting::ALL.len()))
    }
}
