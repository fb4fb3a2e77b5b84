//! Train: the chosen start becomes the user's own model, watched while it does. The fetching of the base model belongs here, too.

pub mod costs;
mod samples;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{Behaviour, Screen, library};
use crate::app::runs::Record;
use crate::app::train::{Options, SAMPLE_PROMPT, StartPoint as Start};
use crate::models::Event as FetchEvent;
use crate::training::Event as TrainEvent;
use crate::ui::action::{Action, key_of};
use crate::ui::format::count;
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::{Model, Tone};
use crate::ui::overlays::confirm;
use crate::ui::theme::Theme;
use crate::ui::widgets::Seen;

use samples::Samples;
pub(in crate::ui) use view::fetching;

#[derive(Debug)]
pub struct State {
    pub from: Start,
    /// Absent: as many as the texts ask for.
    pub steps: Option<usize>,
    /// The run at work, or the last one of this session.
    pub run: Option<Run>,
    /// How the last run of this session ended.
    pub record: Option<Box<Record>>,
    pub fetch: Option<Fetch>,
    pub costs: costs::State,
    /// Whether samples are shown where the curve would be.
    pub samples_shown: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            from: Start::Auto,
            steps: None,
            run: None,
            record: None,
            fetch: None,
            costs: costs::State::default(),
            samples_shown: false,
        }
    }
}

/// A training as it is watched.
#[derive(Debug, Default)]
pub struct Run {
    pub phase: String,
    /// How it trains and what that was expected to take; absent for a resumed run.
    pub plan: Option<RunPlan>,
    pub from: String,
    pub train_texts: usize,
    pub held_out_texts: usize,
    pub parameters: usize,
    pub step: usize,
    pub steps: usize,
    /// (step, nats a token)
    pub losses: Vec<(f64, f64)>,
    pub held_out: Vec<(f64, f64)>,
    pub best: Option<(usize, f64)>,
    pub checkpoint: Option<usize>,
    /// Tokens of all texts to learn from, and of the steps that were watched from the first on.
    pub tokens_in_texts: usize,
    pub tokens_learned: Option<usize>,
    pub tokens_per_s: Option<f64>,
    pub rss_mb: u64,
    pub eta_s: Option<f64>,
    pub temperature_c: Option<f64>,
    pub samples: Samples,
    /// Held-out losses of an earlier training from scratch, where there was one.
    pub reference: Vec<(f64, f64)>,
    pub notes: Vec<String>,
}

/// The way a run trains.
#[derive(Clone, Debug)]
pub struct RunPlan {
    pub method: String,
    pub why: String,
    pub memory_mb: u64,
    pub seconds: f64,
}

impl Run {
    /// How often every text has been learned from, on average.
    #[must_use]
    pub fn passes(&self) -> Option<f64> {
        let learned = self.tokens_learned? as f64;
        (self.tokens_in_texts > 0).then(|| learned / self.tokens_in_texts as f64)
    }

    pub fn hear(&mut self, event: TrainEvent) {
        match event {
            TrainEvent::Planned { method, why, memory_mb, seconds, .. } => {
                self.plan = Some(RunPlan { method, why, memory_mb, seconds });
            }
            TrainEvent::RolledBack { step, to, learning_rate } => self.notes.push(format!(
                "after step {step} the loss ran away: back to the adapter of step {to}, with a learning rate of {learning_rate:.1e}"
            )),
            TrainEvent::Started { from, steps, done, train_texts, held_out_texts, train_tokens, cut, moved, learned, .. } => {
                // What a resumed run had learned before is not told.
                (self.tokens_in_texts, self.tokens_learned) = (train_tokens, (done == 0).then_some(0));
                (self.from, self.steps, self.step) = (from, steps, done);
                (self.train_texts, self.held_out_texts, self.parameters) = (train_texts, held_out_texts, learned);
                self.phase = "training".into();
                // Steps after the checkpoint that is gone on from are taken again.
                self.losses.retain(|point| point.0 <= done as f64);
                self.held_out.retain(|point| point.0 <= done as f64);
                if moved > 0 {
                    self.notes.push(format!(
                        "{} not held out: nearly the same as others that are learned from",
                        count(moved, "text")
                    ));
                }
                if cut > 0 {
                    self.notes.push(format!("{} cut to what fits in one sequence", count(cut, "long text")));
                }
            }
            TrainEvent::Sample { step, prompt, text } => self.samples.hear(step, prompt, text),
            TrainEvent::Step { step, steps, loss, tokens, tokens_per_s, rss_mb, eta_s, temperature_c, .. } => {
                self.temperature_c = temperature_c;
                self.tokens_learned = self.tokens_learned.map(|before| before + tokens);
                (self.step, self.steps, self.rss_mb, self.eta_s) = (step, steps, rss_mb, eta_s);
                self.tokens_per_s = Some(tokens_per_s);
                self.losses.push((step as f64, loss));
            }
            TrainEvent::Validation { step, held_out_loss, best } => {
                self.held_out.push((step as f64, held_out_loss));
                if best {
                    self.best = Some((step, held_out_loss));
                }
            }
            TrainEvent::Checkpoint { step } => self.checkpoint = Some(step),
            TrainEvent::Note { text } => self.notes.push(text),
        }
    }
}

/// The fetching of the base model as it is watched.
#[derive(Debug, Default)]
pub struct Fetch {
    pub source: String,
    pub done: u64,
    pub total: Option<u64>,
    pub notes: Vec<String>,
}

/// What the step keys go through; beside them, "as many as the texts ask for".
const STEPS: [usize; 9] = [10, 20, 40, 80, 120, 200, 300, 500, 1000];

/// The screen.
pub struct Train;

impl Behaviour for Train {
    fn name(&self) -> &'static str {
        "Train"
    }

    fn about(&self) -> &'static str {
        "Train: adapts the chosen start to your texts. Some texts are held out and never trained on; the loss on them \
         says whether the model learns to write like you. The best state is what is kept."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
        view::draw(model, theme, frame, area).into()
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Pull, JobKind::Train, JobKind::Discard, JobKind::Forecast]
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        library::lacks_ranking(model)
    }

    fn forget(&self, model: &mut Model) {
        model.screens.train.costs = costs::State::default();
    }
}

#[must_use]
pub fn may_start(model: &Model) -> bool {
    is_idle(model) && model.has_texts() && model.unfinished().is_none() && model.screens.train.record.is_none()
}

#[must_use]
pub fn may_train_again(model: &Model) -> bool {
    is_idle(model) && model.unfinished().is_none() && model.screens.train.record.is_some()
}

#[must_use]
pub fn may_resume(model: &Model) -> bool {
    is_idle(model) && model.unfinished().is_some()
}

fn is_idle(model: &Model) -> bool {
    !model.jobs.is_running(JobKind::Train)
}

#[must_use]
pub fn may_pause(model: &Model) -> bool {
    !is_idle(model) && !model.jobs.is_stopping(JobKind::Train) && !model.jobs.is_paused(JobKind::Train)
}

#[must_use]
pub fn paused(model: &Model) -> bool {
    model.jobs.is_paused(JobKind::Train) && !model.jobs.is_stopping(JobKind::Train)
}

#[must_use]
pub fn base_missing(model: &Model) -> bool {
    model.status.is_some() && !model.has_base() && !model.jobs.is_running(JobKind::Pull)
}

pub fn begin(model: &mut Model) -> Vec<Effect> {
    start(model, false, false)
}

pub fn resume(model: &mut Model) -> Vec<Effect> {
    start(model, true, false)
}

pub fn restart(model: &mut Model) -> Vec<Effect> {
    start(model, false, true)
}

/// Asks before the checkpoint is deleted.
pub fn ask_to_discard(model: &mut Model) -> Vec<Effect> {
    const QUESTION: &str =
        "The checkpoint of the stopped training is deleted, and with it the steps it took. Your model stays as it is.";
    confirm::ask(model, QUESTION, "discard", |model| model.jobs.start(Job::Discard))
}

/// Puts the finished run away, so that another can be set up.
pub fn set_up_again(model: &mut Model) -> Vec<Effect> {
    (model.screens.train.record, model.screens.train.run) = (None, None);
    Vec::new()
}

pub fn pause(model: &mut Model) -> Vec<Effect> {
    model.jobs.pause(JobKind::Train, true)
}

pub fn go_on(model: &mut Model) -> Vec<Effect> {
    model.jobs.pause(JobKind::Train, false)
}

pub fn more_steps(model: &mut Model) -> Vec<Effect> {
    change_steps(model, true)
}

pub fn fewer_steps(model: &mut Model) -> Vec<Effect> {
    change_steps(model, false)
}

pub fn start_automatic(model: &mut Model) -> Vec<Effect> {
    set_start(model, Start::Auto)
}

pub fn start_from_scratch(model: &mut Model) -> Vec<Effect> {
    set_start(model, Start::Scratch)
}

/// Starts, resumes or restarts a training, unless something is missing, which it says.
fn start(model: &mut Model, resume: bool, restart: bool) -> Vec<Effect> {
    if model.jobs.is_running(JobKind::Train) {
        return Vec::new();
    }
    let key = |action| key_of(model, action);
    let missing = if !model.has_texts() {
        Some(format!("There is nothing to learn from yet: {} goes to Import.", key(Action::Show(Screen::Import))))
    } else if model.jobs.is_running(JobKind::Pull) {
        Some("The base model is still being fetched; train when it is here.".into())
    } else if !model.has_base() {
        Some(format!("The base model is not on this machine yet: {} fetches it.", key(Action::FetchBase)))
    } else if model.jobs.is_running(JobKind::Forecast) {
        Some(format!("What it would take is still being measured; {} stops that.", key(Action::Stop)))
    } else if model.jobs.is_running(JobKind::Write) {
        Some(format!("A model is writing; {} stops it, then train.", key(Action::Stop)))
    } else {
        None
    };
    if let Some(missing) = missing {
        model.say(Tone::Bad, missing);
        return Vec::new();
    }
    let options = Options { resume, restart, ..options(model) };
    let mut run = Run { phase: "starting".into(), ..Run::default() };
    if let (true, Some(before)) = (resume, model.screens.train.run.take()) {
        // The curve goes on where it was.
        (run.losses, run.held_out, run.best) = (before.losses, before.held_out, before.best);
        run.samples = before.samples;
    }
    model.screens.train.run = Some(run);
    (model.screens.train.record, model.notice) = (None, None);
    model.failures[Screen::Train.index()] = None;
    model.jobs.start(Job::Train(options))
}

/// What the user has set up. The samples on the way answer what was last asked on Write.
fn options(model: &Model) -> Options {
    let asked = model.screens.write.talk.turns.last().map(|turn| turn.prompt.clone());
    Options {
        from: model.screens.train.from.clone(),
        steps: model.screens.train.steps,
        memory_mb: model.screens.settings.budget.memory_mb,
        minutes: model.screens.settings.budget.minutes,
        sample: Some(asked.unwrap_or_else(|| SAMPLE_PROMPT.to_owned())),
        ..Options::default()
    }
}

/// Whether the run that is watched has written samples.
#[must_use]
pub fn has_samples(model: &Model) -> bool {
    let train = &model.screens.train;
    let watched = !is_idle(model) || train.record.is_some();
    watched && train.run.as_ref().is_some_and(|run| !run.samples.is_empty())
}

pub fn toggle_samples(model: &mut Model) -> Vec<Effect> {
    let train = &mut model.screens.train;
    train.samples_shown = !train.samples_shown;
    model.scroll = 0;
    Vec::new()
}

pub(super) fn set_start(model: &mut Model, start: Start) -> Vec<Effect> {
    model.screens.train.from = start;
    model.failures[Screen::Train.index()] = None;
    if model.unfinished().is_some() {
        model.say(
            Tone::Plain,
            format!(
                "A stopped training goes on from where it was; this start is for a new one ({} on Train).",
                key_of(model, Action::RestartTraining)
            ),
        );
    } else {
        model.notice = None;
    }
    Vec::new()
}

fn change_steps(model: &mut Model, more: bool) -> Vec<Effect> {
    let place =
        model.screens.train.steps.map(|steps| STEPS.iter().position(|&step| step >= steps).unwrap_or(STEPS.len() - 1));
    model.screens.train.steps = match (place, more) {
        (None, true) => Some(STEPS[0]),
        (None, false) | (Some(0), false) => None,
        (Some(place), true) => Some(STEPS[(place + 1).min(STEPS.len() - 1)]),
        (Some(place), false) => Some(STEPS[place - 1]),
    };
    Vec::new()
}

pub fn fetch(model: &mut Model) -> Vec<Effect> {
    if model.jobs.is_running(JobKind::Pull) || model.has_base() {
        return Vec::new();
    }
    model.screens.train.fetch = Some(Fetch { source: "starting".into(), ..Fetch::default() });
    model.notice = None;
    model.failures[model.screen.index()] = None;
    model.jobs.start(Job::Pull)
}

#[must_use]
pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    match report {
        Report::Fetching(event) => {
            let fetch = model.screens.train.fetch.get_or_insert_default();
            match event {
                FetchEvent::Source(source) => {
                    (fetch.source, fetch.done, fetch.total) = (source, 0, None);
                }
                FetchEvent::Bytes { done, total } => (fetch.done, fetch.total) = (done, total),
                FetchEvent::Note(note) => fetch.notes.push(note),
            }
        }
        Report::Fetched(name) => {
            model.screens.train.fetch = None;
            model.say(Tone::Good, format!("The base model is here: {name}."));
            return model.jobs.start(Job::Look);
        }
        Report::Discarded => {
            (model.screens.train.record, model.screens.train.run) = (None, None);
            model.say(Tone::Good, "The stopped training is gone.");
            return model.jobs.start(Job::Look);
        }
        Report::Phase(phase) => model.screens.train.run.get_or_insert_default().phase = phase,
        Report::Reference(curve) => {
            let points = curve.held_out.iter().map(|&(step, loss)| (step as f64, loss));
            model.screens.train.run.get_or_insert_default().reference = points.collect();
        }
        Report::Training(event) => model.screens.train.run.get_or_insert_default().hear(event),
        Report::Trained(record) => {
            if model.screen != Screen::Train {
                let end = if record.is_stopped() { "Training was stopped" } else { "Training is done" };
                model.say(
                    Tone::Good,
                    format!("{end}: {} shows how it went.", key_of(model, Action::Show(Screen::Train))),
                );
            } else {
                model.notice = None;
            }
            model.screens.train.record = Some(record);
            // The new model answers beside the base unless the user says otherwise again.
            model.screens.write.second = None;
            return model.jobs.start(Job::Look);
        }
        _ => {}
    }
    Vec::new()
}
