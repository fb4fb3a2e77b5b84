//! Train: the start point becomes the user's own model while the user watches.

mod run;
mod setup;
mod state;
mod watch;

use ratatui::Frame;
use ratatui::layout::Rect;

pub use state::{Discard, EarlierCurve, Estimate, Estimating, Progress, State, Train, Training};

use crate::app::train::StartPoint;
use crate::ui::shell::data::{FetchBase, Look, may_fetch};
use crate::ui::shell::jobs::State as JobState;
use crate::ui::shell::keys::{ENTER, LEFT, RIGHT, char, quiet, row};
use crate::ui::shell::{Binding, Effect, Job, Kind, Message, Request, Screen, ScreenId, Shared, View};

const AGAIN: &str = "set up another training run; your model stays in use until it is done";
const MORE_STEPS: &str = "train for a fixed number of steps, or for more of them";
const SAMPLES: &str = "switch between what the model writes and the curve, where only one fits";

impl Screen for Train {
    const ID: ScreenId = ScreenId::TRAIN;
    const ABOUT: &'static str = "Train: adapts the starting point to your texts. Some texts are held out and never trained on; the loss on them \
                                 shows whether the model is learning to write like you. The best state is kept.";
    const SUMMARY: &'static str = "make your own model, and watch it learn";
    const KEYS: &'static [Binding<Self>] = &[
        row("start-training", &[ENTER, char('t')], "train", "start training").runs_if(Self::may_set_up, Self::start),
        row("train-again", &[ENTER, char('t')], "train again", AGAIN)
            .runs_if(|train, _| train.state == State::Done, Self::set_up_again),
        row("resume-training", &[ENTER, char('r')], "resume", "continue the stopped run from its checkpoint")
            .also("continue")
            .runs_if(Self::is_stopped, Self::resume),
        row("restart-training", &[char('n')], "start over", "delete the stopped run and start a new one")
            .also("restart retrain")
            .destructive()
            .runs_if(Self::is_stopped, Self::ask_to_restart),
        quiet("discard-training", &[char('D')], "discard it", "delete the checkpoint of the stopped run")
            .destructive()
            .runs_if(Self::is_stopped, Self::ask_to_discard),
        row("pause-training", &[char('p')], "pause", "pause training where it is").runs_if(
            |_, shared| shared.jobs.state(&Training::KIND) == Some(JobState::Running),
            |_, _| vec![Effect::Pause(&Training::KIND, true)],
        ),
        row("continue-training", &[char('p')], "continue", "continue the paused training").runs_if(
            |_, shared| shared.jobs.state(&Training::KIND) == Some(JobState::Paused),
            |_, _| vec![Effect::Pause(&Training::KIND, false)],
        ),
        row("fetch-base", &[char('b')], "download model", "download the base model (uses the network)")
            .also("fetch base model")
            .runs_if(|_, shared| may_fetch(shared), |_, _| vec![Effect::FetchBase]),
        row("look-ahead", &[char('c')], "estimate", "estimate what training from each starting point would take")
            .also("forecast cost time memory energy")
            .runs_if(Self::may_estimate, Self::estimate),
        row("next-value", &[RIGHT], "change", "the next starting point, or more effort")
            .also("effort quick thorough")
            .runs_if(Self::may_set_up, |train, shared| train.change(1, shared)),
        quiet("previous-value", &[LEFT], "change back", "the previous starting point, or less effort")
            .runs_if(Self::may_set_up, |train, shared| train.change(-1, shared)),
        quiet("more-steps", &[char('+'), char('=')], "more steps", MORE_STEPS)
            .runs_if(Self::may_set_up, |train, shared| train.change_steps(true, shared)),
        quiet("fewer-steps", &[char('-')], "fewer", "train for fewer steps")
            .runs_if(Self::may_set_up, |train, shared| train.change_steps(false, shared)),
        row("toggle-samples", &[char('v')], "curve or samples", SAMPLES)
            .runs_if(Self::has_samples, Self::toggle_samples),
        quiet("start-automatic", &[char('a')], "recommended start", "start from the model that fits best")
            .runs_if(Self::may_set_up, |_, _| vec![Effect::ChooseStart(StartPoint::Auto)]),
        quiet("start-from-scratch", &[char('s')], "from scratch", "start without a library model")
            .runs_if(Self::may_set_up, |_, _| vec![Effect::ChooseStart(StartPoint::Scratch)]),
    ];
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
        }
        if message.report::<Discard>().is_some() {
            return vec![Effect::say_good("The stopped run was discarded."), Effect::start(Look)];
        }
        match message {
            Message::Shown => return self.lacks(shared),
            Message::Select(row) => self.row = row,
            Message::Ended(kind) if *kind == Training::KIND => return self.give_up(shared),
            Message::Event(event) => return self.on_event(event, shared),
            Message::Request(Request::Train { steps }) => return self.start_or_resume(*steps, shared),
            Message::Request(Request::Restart) => return self.restart(shared),
            _ => {}
        }
        Vec::new()
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
        (focus == 0 && self.may_set_up(shared)).then_some((self.row, state::SETTINGS))
    }
}
