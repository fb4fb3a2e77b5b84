//! What Train shows and what its keys change, and its jobs: a training run, what one would take, the curve of an earlier one, and
//! discarding a stopped one. Knows neither keys nor how it is drawn.

use std::sync::Arc;

use strum::VariantArray;

use super::run::Run;
use crate::app::forecast::Forecast;
use crate::app::runs::{Curve, Record};
use crate::app::train::{Effort, Options, SAMPLE_PROMPT, StartPoint, Update};
use crate::app::{self, AppError};
use crate::training::Event as TrainEvent;
use crate::ui::shell::data::{FetchBase, Look};
use crate::ui::shell::{Answer, Effect, Event, Job, Kind, Need, Request, Scroll, Shared, Worker};
use crate::ui::values::{beside, turn};

/// Train, or continue a stopped training.
#[derive(Debug)]
pub struct Training(pub Options);

#[derive(Debug)]
pub enum Progress {
    /// What it does before the first step.
    Phase(String),
    /// The losses up to where a stopped training is resumed.
    Earlier(Curve),
    /// The losses of an earlier run from scratch on the same texts.
    Reference(Curve),
    Event(TrainEvent),
    Done(Box<Record>),
}

impl Job for Training {
    type Report = Progress;
    const KIND: Kind = Kind { id: "train", title: "Training", long: true };

    fn run(&self, worker: &Worker, tell: &dyn Fn(Progress)) -> Result<Progress, AppError> {
        worker.unload_writer();
        if self.0.resume {
            tell(Progress::Earlier(app::train::unfinished_curve(&worker.context)));
        }
        let mut report = |update: Update<'_>| {
            tell(match update {
                Update::Phase(phase) => Progress::Phase(phase.to_owned()),
                Update::Event(event) => Progress::Event(event.clone()),
                Update::Reference(run) => Progress::Reference(run.curve.clone()),
            });
        };
        let record = app::train::train(&worker.context, &self.0, &worker.cancel, &mut report)?;
        Ok(Progress::Done(Box::new(record)))
    }
}

/// Estimate what a training from each start point would take.
#[derive(Debug)]
pub struct Estimate(pub Options);

#[derive(Debug)]
pub enum Estimating {
    Phase(String),
    Done(Arc<Forecast>),
}

impl Job for Estimate {
    type Report = Estimating;
    const KIND: Kind = Kind { id: "forecast", title: "The estimate", long: false };

    fn run(&self, worker: &Worker, tell: &dyn Fn(Estimating)) -> Result<Estimating, AppError> {
        worker.unload_writer();
        let mut report = |phase: &str| tell(Estimating::Phase(phase.to_owned()));
        let forecast = app::forecast::forecast(&worker.context, &self.0, &worker.cancel, &mut report)?;
        Ok(Estimating::Done(Arc::new(forecast)))
    }
}

/// Read the curve of a training that is over: of this run, or of the stopped one. Empty where there is none.
#[derive(Debug)]
pub struct EarlierCurve(pub Option<u32>);

impl Job for EarlierCurve {
    type Report = Curve;
    const KIND: Kind = Kind { id: "curve", title: "Reading the curve", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Curve)) -> Result<Curve, AppError> {
        let context = &worker.context;
        let Some(number) = self.0 else { return Ok(app::train::unfinished_curve(context)) };
        Ok(app::runs::show(context, number).map(|run| run.curve).unwrap_or_default())
    }
}

#[derive(Debug)]
pub struct Discard;

impl Job for Discard {
    type Report = ();
    const KIND: Kind = Kind { id: "discard-training", title: "Discarding the stopped run", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(())) -> Result<(), AppError> {
        app::train::discard(&worker.context)
    }
}

#[derive(Debug, Default)]
pub struct Train {
    pub state: State,
    /// The training that is shown, where there is one, and how it ended, where that was seen.
    pub(super) run: Run,
    pub(super) record: Option<Record>,
    pub(super) row: usize,
    /// What the user has set up here. Samples answer the last prompt on Write.
    pub(super) options: Options,
    /// What the estimate has done and does now, while it is made.
    pub(super) phases: Vec<String>,
    /// The losses of the run in use, once they were read; while a training is stopped, of that one.
    pub(super) curve: Option<Curve>,
    pub(super) samples_shown: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Idle,
    Running,
    /// One can be resumed.
    Stopped,
    Done,
}

/// What can be changed before a training: the start, and the effort.
pub(super) const SETTINGS: usize = 2;
/// What the step keys go through; before the first, as many as the effort says.
const STEPS: [usize; 9] = [10, 20, 40, 80, 120, 200, 300, 500, 1000];
/// As many models of the ranking are offered as start points.
const MODELS: usize = 3;

impl Train {
    /// The training that is shown, if one is.
    pub fn run(&self) -> Option<&Run> {
        (self.state != State::Idle).then_some(&self.run)
    }

    pub(super) fn may_set_up(&self, shared: &Shared) -> bool {
        self.state == State::Idle && shared.has_texts()
    }

    pub(super) fn is_stopped(&self, _: &Shared) -> bool {
        self.state == State::Stopped
    }

    pub(super) fn may_estimate(&self, shared: &Shared) -> bool {
        self.may_set_up(shared) && shared.has_base() && in_the_way(shared).is_none()
    }

    pub(super) fn has_samples(&self, _: &Shared) -> bool {
        self.run().is_some_and(|run| !run.samples.is_empty())
    }

    pub(super) fn start(&mut self, shared: &Shared) -> Vec<Effect> {
        self.begin(self.options(shared), shared)
    }

    pub(super) fn resume(&mut self, shared: &Shared) -> Vec<Effect> {
        self.begin(Options { resume: true, steps: None, ..self.options(shared) }, shared)
    }

    pub(super) fn restart(&mut self, shared: &Shared) -> Vec<Effect> {
        self.begin(Options { restart: true, ..self.options(shared) }, shared)
    }

    /// Starts or resumes a training for another part of the program.
    pub(super) fn start_or_resume(&mut self, steps: Option<usize>, shared: &Shared) -> Vec<Effect> {
        let (resume, steps) = (shared.unfinished().is_some(), steps.or(self.options.steps));
        self.begin(Options { resume, steps, ..self.options(shared) }, shared)
    }

    /// Begins, unless something is missing, which it says.
    fn begin(&mut self, options: Options, shared: &Shared) -> Vec<Effect> {
        if shared.runs::<Training>() {
            return Vec::new();
        }
        if let Some(missing) = missing(shared) {
            return vec![Effect::say_bad(missing)];
        }
        let resumed = options.resume && self.state == State::Stopped;
        let run = Run::begin(Some(std::mem::take(&mut self.run)).filter(|_| resumed));
        (self.state, self.run, self.record) = (State::Running, run, None);
        vec![Effect::Dismiss, Effect::start(Training(options))]
    }

    /// With the start point and the limits, which all screens share.
    fn options(&self, shared: &Shared) -> Options {
        let sample = self.options.sample.clone().or_else(|| Some(SAMPLE_PROMPT.to_owned()));
        Options { from: shared.start.clone(), sample, ..self.options.clone() }.within(shared.budget)
    }

    pub(super) fn ask_to_restart(&mut self, _: &Shared) -> Vec<Effect> {
        const QUESTION: &str = "The checkpoint of the stopped run will be deleted, and a new training run will start \
                                from the starting point. Your model stays as it is until it is done.";
        vec![Effect::ask("Start over", QUESTION, Answer::Yes(vec![Effect::Request(Request::Restart)]))]
    }

    pub(super) fn ask_to_discard(&mut self, _: &Shared) -> Vec<Effect> {
        const QUESTION: &str = "The checkpoint of the stopped run will be deleted, and its steps lost. Your \
                                model stays as it is.";
        let answer = Answer::Word("discard", vec![Effect::start(Discard)]);
        vec![Effect::ask("Discard the stopped run", QUESTION, answer)]
    }

    /// Puts the finished training away, so that another can be set up.
    pub(super) fn set_up_again(&mut self, _: &Shared) -> Vec<Effect> {
        self.state = State::Idle;
        vec![Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn toggle_samples(&mut self, _: &Shared) -> Vec<Effect> {
        self.samples_shown = !self.samples_shown;
        vec![Effect::Scroll(Scroll::Top)]
    }

    pub(super) fn estimate(&mut self, shared: &Shared) -> Vec<Effect> {
        self.phases = vec!["starting".into()];
        vec![Effect::Dismiss, Effect::SetForecast(None), Effect::start(Estimate(self.options(shared)))]
    }

    /// A fixed number of steps, more or fewer; before the fewest, as many as the effort says.
    pub(super) fn change_steps(&mut self, more: bool, shared: &Shared) -> Vec<Effect> {
        let steps = &mut self.options.steps;
        *steps = match *steps {
            None => more.then_some(STEPS[0]),
            Some(now) => beside(&STEPS, now, more).or(steps.filter(|_| more)),
        };
        outdate_estimate(shared)
    }

    /// The value of the highlighted row after or before the one it has.
    pub(super) fn change(&mut self, by: isize, shared: &Shared) -> Vec<Effect> {
        if self.row == 0 {
            let starts = starts(shared);
            let now = starts.iter().position(|start| *start == shared.start).unwrap_or_default();
            return vec![Effect::ChooseStart(starts[turn(now, starts.len(), by)].clone())];
        }
        self.options.steps = None;
        let now = Effort::VARIANTS.iter().position(|effort| *effort == self.options.effort).unwrap_or_default();
        self.options.effort = Effort::VARIANTS[turn(now, Effort::VARIANTS.len(), by)];
        outdate_estimate(shared)
    }

    pub(super) fn take_progress(&mut self, progress: &Progress) -> Vec<Effect> {
        if self.state != State::Running {
            return Vec::new();
        }
        let run = &mut self.run;
        match progress {
            Progress::Phase(phase) => {
                run.phase.clone_from(phase);
                return vec![Effect::Progress(&Training::KIND, phase.clone())];
            }
            Progress::Earlier(curve) if curve.is_empty() => {}
            Progress::Earlier(curve) => run.curve.clone_from(curve),
            Progress::Reference(curve) => run.reference.clone_from(&curve.held_out),
            Progress::Event(event) => {
                run.record(event);
                if run.steps > 0 {
                    return vec![Effect::Progress(&Training::KIND, run.progress())];
                }
            }
            Progress::Done(record) => return self.end(record),
        }
        Vec::new()
    }

    fn end(&mut self, record: &Record) -> Vec<Effect> {
        let stopped = record.is_stopped();
        let (state, said) = if stopped {
            (State::Stopped, "Training was stopped; it can be resumed.")
        } else {
            (State::Done, "Training is done.")
        };
        (self.state, self.record) = (state, Some(record.clone()));
        vec![Effect::say_good(said), Effect::Emit(Event::Trained { stopped }), Effect::start(Look)]
    }

    /// The training ended without a model: it failed, or was stopped before its first step. Where it left a checkpoint, that is seen
    /// when the folder is looked at.
    pub(super) fn give_up(&mut self, shared: &Shared) -> Vec<Effect> {
        if self.state == State::Running {
            self.state = if shared.unfinished().is_some() { State::Stopped } else { State::Idle };
        }
        vec![Effect::start(Look)]
    }

    pub(super) fn take_estimate(&mut self, estimating: &Estimating) -> Vec<Effect> {
        match estimating {
            Estimating::Phase(phase) => {
                self.phases.push(phase.clone());
                vec![Effect::Progress(&Estimate::KIND, phase.clone())]
            }
            Estimating::Done(forecast) => {
                self.phases.clear();
                let said = Effect::say_good("The estimate is done. Nothing was trained.");
                vec![Effect::SetForecast(Some(forecast.clone())), said]
            }
        }
    }

    pub(super) fn take_curve(&mut self, curve: &Curve) {
        self.curve = Some(curve.clone());
        if self.state == State::Stopped && self.run.curve.held_out.is_empty() {
            self.run.curve.clone_from(curve);
        }
    }

    /// Whether a training is stopped, and which run is in use, may not be as it was.
    fn look_again(&mut self, shared: &Shared) {
        self.curve = None;
        match (self.state, shared.unfinished()) {
            (State::Idle, Some(_)) => (self.state, self.run, self.record) = (State::Stopped, Run::default(), None),
            (State::Stopped, None) => self.state = State::Idle,
            _ => {}
        }
    }

    pub(super) fn lacks(&self, shared: &Shared) -> Vec<Effect> {
        let stopped = shared.unfinished().is_some();
        let run = shared.run_in_use().filter(|_| !stopped);
        let lacks = (stopped || run.is_some()) && self.curve.is_none() && self.state != State::Running;
        let read = (lacks && shared.may_start::<EarlierCurve>()).then(|| Effect::start(EarlierCurve(run)));
        [Effect::Need(Need::Selection)].into_iter().chain(read).collect()
    }

    pub(super) fn on_event(&mut self, event: &Event, shared: &Shared) -> Vec<Effect> {
        match event {
            Event::Looked => self.look_again(shared),
            Event::TextsChanged => return vec![Effect::Abandon(&Estimate::KIND)],
            Event::BudgetChanged => return outdate_estimate(shared),
            Event::Prompted(prompt) => self.options.sample = Some(prompt.clone()),
            Event::StartChosen if self.is_stopped(shared) => {
                let key = shared.key("restart-training");
                return vec![Effect::say(format!(
                    "The stopped run would resume where it was; this starting point is for a new one ({key} on Train)."
                ))];
            }
            _ => {}
        }
        Vec::new()
    }
}

/// An estimate for other settings is none.
fn outdate_estimate(shared: &Shared) -> Vec<Effect> {
    let outdated = shared.forecast.is_some().then_some(Effect::SetForecast(None));
    [Effect::Abandon(&Estimate::KIND)].into_iter().chain(outdated).collect()
}

/// Why no training can begin now, and what to do about it.
fn missing(shared: &Shared) -> Option<String> {
    if !shared.has_texts() {
        return Some(format!("There are no texts to learn from yet: {} goes to Import.", shared.key("show-import")));
    }
    if shared.runs::<FetchBase>() {
        return Some("The base model is still downloading: train when that is done.".into());
    }
    if !shared.has_base() {
        let key = shared.key("fetch-base");
        return Some(format!("The base model is not on this machine yet: {key} downloads it."));
    }
    in_the_way(shared)
        .map(|title| format!("{title} is still running: stop it with {}, then train.", shared.key("stop")))
}

/// The title of a job that has to end first.
fn in_the_way(shared: &Shared) -> Option<&'static str> {
    let estimate = shared.runs::<Estimate>().then_some(Estimate::KIND.title);
    estimate.or_else(|| shared.jobs.long_besides(&[&Training::KIND]))
}

/// The start points that the keys go through: the closest match, one that was chosen elsewhere, the first of the ranking, and none.
fn starts(shared: &Shared) -> Vec<StartPoint> {
    let ranked = shared.selected.iter().flat_map(|selected| &selected.candidates).take(MODELS);
    let mut starts = vec![StartPoint::Auto];
    starts.extend(ranked.map(|candidate| StartPoint::Library(candidate.id.clone())));
    if !starts.contains(&shared.start) && shared.start != StartPoint::Scratch {
        starts.insert(1, shared.start.clone());
    }
    starts.push(StartPoint::Scratch);
    starts
}
