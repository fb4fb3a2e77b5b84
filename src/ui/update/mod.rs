//! The pure heart of the screens: a message changes the model and may ask for effects. No clock, no disk, no terminal.

pub mod import;
pub mod train;
pub mod write;

use crossterm::event::{Event, KeyEvent, KeyEventKind};
use tui_input::InputRequest;
use tui_input::backend::crossterm::to_input_request;

use super::action::{Action, resolve};
use super::guide;
use super::message::{Effect, Job, JobId, JobKind, Msg, Report};
use super::model::{Model, Overlay, Screen, Tone};
use crate::app::train::From as Start;

/// Rows that a page key scrolls.
const PAGE: usize = 8;

/// More than this is not pasted: no path and no prompt is as long, and each character is inserted on its own.
const LONGEST_PASTE: usize = 8000;

/// What the screens begin with.
#[must_use]
pub fn begin(model: &mut Model) -> Vec<Effect> {
    model.jobs.start(Job::Look)
}

#[must_use]
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => on_key(model, &key),
        Msg::Paste(text) => {
            paste(model, &text);
            Vec::new()
        }
        Msg::Tick => {
            model.tick = model.tick.wrapping_add(1);
            Vec::new()
        }
        Msg::Drawn { scroll_limit } => {
            model.scroll_limit = scroll_limit;
            model.scroll = model.scroll.min(scroll_limit);
            Vec::new()
        }
        Msg::Terminate => leave(model),
        Msg::Job(id, report) => on_report(model, id, report),
    }
}

fn on_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    if let Some(action) = resolve(model, key) {
        return perform(model, action);
    }
    if model.overlay.is_none()
        && let Some(field) = model.field_mut()
        && let Some(request) = to_input_request(&Event::Key(*key))
    {
        field.handle(request);
    }
    Vec::new()
}

/// Pasted text goes where typed text goes; a line break would submit, so it becomes a space.
fn paste(model: &mut Model, text: &str) {
    if model.overlay.is_some() {
        return;
    }
    if model.field().is_none() && model.screen == Screen::Import && !model.jobs.is_running(JobKind::Keep) {
        import::edit(model);
    } else if model.field().is_none() && model.screen == Screen::Write && !model.jobs.is_running(JobKind::Write) {
        model.write.editing = true;
    }
    if let Some(field) = model.field_mut() {
        for character in text.trim_end_matches(['\r', '\n']).chars().take(LONGEST_PASTE) {
            let character = if character.is_control() { ' ' } else { character };
            field.handle(InputRequest::InsertChar(character));
        }
    }
}

/// Does what an action stands for.
#[must_use]
pub fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Leave if model.leaving => return vec![Effect::Quit],
        Action::Leave if model.overlay == Some(Overlay::Quit) => return leave(model),
        Action::Leave | Action::Quit => return ask_to_leave(model),
        Action::QuitNow => return leave(model),
        Action::StayHere | Action::CloseHelp => close(model),
        Action::Suspend => return vec![Effect::Suspend],
        Action::Help => {
            model.overlay = Some(Overlay::Help);
            model.scroll = 0;
        }
        Action::Up => move_by(model, -1),
        Action::Down => move_by(model, 1),
        Action::PageUp => model.scroll = model.scroll.saturating_sub(PAGE),
        Action::PageDown => model.scroll = (model.scroll + PAGE).min(model.scroll_limit),
        Action::Show(screen) => return show(model, screen),
        Action::NextScreen => return show(model, model.screen.next()),
        Action::PreviousScreen => return show(model, model.screen.previous()),
        Action::Dismiss => {
            model.notice = None;
            model.failures[model.screen.index()] = None;
        }
        Action::Retry => return retry(model),
        Action::Stop => return stop(model),
        Action::Advance => return guide::advance(model),
        Action::WaitForGuide => {}
        Action::EndGuide => model.guide = None,
        Action::LeaveField => {
            model.import.editing = None;
            model.write.editing = false;
        }
        Action::EditPath => import::edit(model),
        Action::NextField => model.import.editing = model.import.editing.map(super::model::Field::next),
        Action::Preview => return import::preview(model),
        Action::Keep => return import::keep(model),
        Action::Discard => import::discard(model),
        Action::ChooseStart => choose_start(model),
        Action::StartFromScratch => train::set_start(model, Start::Scratch),
        Action::StartAutomatic => train::set_start(model, Start::Auto),
        Action::StartTraining => return train::start(model, false, false),
        Action::TrainAgain => (model.train.record, model.train.run) = (None, None),
        Action::ResumeTraining => return train::start(model, true, false),
        Action::RestartTraining => return train::start(model, false, true),
        Action::PauseTraining => return model.jobs.pause(JobKind::Train, true),
        Action::ContinueTraining => return model.jobs.pause(JobKind::Train, false),
        Action::MoreSteps => train::change_steps(model, true),
        Action::FewerSteps => train::change_steps(model, false),
        Action::FetchBase => return train::fetch(model),
        Action::EditPrompt => model.write.editing = true,
        Action::SubmitPrompt => {
            let prompt = model.write.prompt.value().to_owned();
            return write::ask(model, prompt);
        }
        Action::AskAgain => {
            let prompt = model.write.asked.clone();
            return write::ask(model, prompt);
        }
        Action::NextVoice => write::next_voice(model),
        Action::OtherPane => write::other_pane(model),
    }
    Vec::new()
}

fn close(model: &mut Model) {
    model.overlay = None;
    model.scroll = 0;
}

/// Moves the cursor where the screen has a list, scrolls where not.
fn move_by(model: &mut Model, rows: isize) {
    let list = match (model.overlay, model.screen) {
        (None, Screen::Style) => {
            let length = model.style.profile.as_ref().map_or(0, |profile| profile.axes.len());
            Some((&mut model.style.cursor, length))
        }
        (None, Screen::Library) => {
            let length = model.library.selected.as_ref().map_or(0, |selected| selected.candidates.len());
            Some((&mut model.library.cursor, length))
        }
        _ => None,
    };
    match list {
        Some((cursor, length)) if length > 0 => {
            *cursor = cursor.saturating_add_signed(rows).min(length - 1);
            model.scroll = 0;
        }
        _ => model.scroll = model.scroll.saturating_add_signed(rows).min(model.scroll_limit),
    }
}

/// Goes to a screen and sees to it that what it shows is there.
#[must_use]
pub fn show(model: &mut Model, screen: Screen) -> Vec<Effect> {
    if model.screen != screen {
        model.screen = screen;
        model.scroll = 0;
        model.notice = None;
    }
    fill(model)
}

/// The same, with what it shows worked out anew.
#[must_use]
pub fn show_anew(model: &mut Model, screen: Screen) -> Vec<Effect> {
    match screen {
        Screen::Style => model.style.profile = None,
        Screen::Library => model.library.selected = None,
        _ => {}
    }
    model.failures[screen.index()] = None;
    show(model, screen)
}

/// Starts the job whose result the screen lacks. What failed is not tried again unasked.
fn fill(model: &mut Model) -> Vec<Effect> {
    if !model.has_texts() || model.failure().is_some() {
        return Vec::new();
    }
    let (missing, job) = match model.screen {
        Screen::Style => (model.style.profile.is_none(), Job::Profile),
        Screen::Library | Screen::Train | Screen::Write => (model.library.selected.is_none(), Job::Select),
        Screen::Import => return Vec::new(),
    };
    // What selection has to say against a start is said where the library is shown.
    let failed = model.failures[Screen::of(job.kind()).index()].is_some();
    if missing && !failed && !model.jobs.is_running(job.kind()) { model.jobs.start(job) } else { Vec::new() }
}

fn retry(model: &mut Model) -> Vec<Effect> {
    model.failures[model.screen.index()] = None;
    model.notice = None;
    match model.screen {
        Screen::Import if !model.import.fields[0].value().trim().is_empty() => import::preview(model),
        Screen::Write if !model.write.asked.is_empty() => {
            let prompt = model.write.asked.clone();
            write::ask(model, prompt)
        }
        _ => {
            let mut effects = begin(model);
            effects.extend(fill(model));
            effects
        }
    }
}

fn choose_start(model: &mut Model) {
    let candidates = model.library.selected.as_ref().map(|selected| &selected.candidates);
    let Some(candidate) = candidates.and_then(|candidates| candidates.get(model.library.cursor)) else { return };
    let (id, name) = (candidate.id.clone(), candidate.name.clone());
    train::set_start(model, Start::Library(id));
    model.say(Tone::Good, format!("Training will start from {name}. 4 goes to training."));
}

/// The job that the stop key stops: of the screen's own first, then the heavy ones.
#[must_use]
pub fn stoppable(model: &Model) -> Option<JobKind> {
    let own: &[JobKind] = match model.screen {
        Screen::Import => &[JobKind::Preview, JobKind::Keep],
        Screen::Write => &[JobKind::Write],
        _ => &[],
    };
    let heavy = [JobKind::Train, JobKind::Write, JobKind::Pull, JobKind::Preview];
    let running = |kind: &&JobKind| model.jobs.is_running(**kind) && !model.jobs.is_stopping(**kind);
    own.iter().chain(&heavy).find(running).copied()
}

fn stop(model: &mut Model) -> Vec<Effect> {
    let Some(kind) = stoppable(model) else { return Vec::new() };
    if kind == JobKind::Train {
        model.say(Tone::Plain, "Stopping; the training keeps a checkpoint first.");
    }
    model.jobs.stop(kind)
}

fn ask_to_leave(model: &mut Model) -> Vec<Effect> {
    if model.jobs.is_running(JobKind::Train) {
        model.overlay = Some(Overlay::Quit);
        return Vec::new();
    }
    leave(model)
}

/// Quits, or, where a training runs, stops it and quits when its checkpoint is kept.
fn leave(model: &mut Model) -> Vec<Effect> {
    close(model);
    if !model.jobs.is_running(JobKind::Train) {
        return vec![Effect::Quit];
    }
    model.leaving = true;
    model.say(Tone::Plain, "Stopping the training and keeping its checkpoint, then quitting. Ctrl-C quits at once.");
    model.jobs.stop(JobKind::Train)
}

fn on_report(model: &mut Model, id: JobId, report: Report) -> Vec<Effect> {
    // Of a job that was superseded or is over.
    let Some(kind) = model.jobs.kind(id) else { return Vec::new() };
    let last = report.is_last();
    if last {
        model.jobs.finish(id);
    }
    let heard = report.clone();
    let mut effects = match report {
        Report::Failed(why) => {
            failed(model, kind, why);
            Vec::new()
        }
        Report::Looked(status) => {
            if let Some(problem) = status.problems.first() {
                model.say(Tone::Bad, problem.clone());
            }
            model.status = Some(*status);
            fill(model)
        }
        Report::Profiled(profile) => {
            model.style.cursor = model.style.cursor.min(profile.axes.len().saturating_sub(1));
            model.style.profile = Some(profile);
            Vec::new()
        }
        Report::Selected(selected) => {
            model.library.cursor = 0;
            model.library.selected = Some(selected);
            Vec::new()
        }
        Report::Reading(_) | Report::Found(_) | Report::Kept(_) => import::hear(model, report),
        Report::Fetching(_) | Report::Fetched(_) | Report::Phase(_) | Report::Training(_) | Report::Trained(_)
            if kind != JobKind::Write =>
        {
            train::hear(model, report)
        }
        Report::Stopped => {
            stopped(model, kind);
            Vec::new()
        }
        other => {
            write::hear(model, other);
            Vec::new()
        }
    };
    guide::hear(model, &heard);
    if last && kind == JobKind::Train && model.leaving {
        effects.push(Effect::Quit);
    }
    effects
}

fn failed(model: &mut Model, kind: JobKind, why: String) {
    match kind {
        JobKind::Write => write::broken(model),
        JobKind::Preview => model.import.progress = None,
        _ => {}
    }
    // The base model may be fetched from two screens; what went wrong is shown on the one the user looks at.
    let screen = if kind == JobKind::Pull && model.screen == Screen::Write { Screen::Write } else { Screen::of(kind) };
    if kind == JobKind::Look {
        model.status.get_or_insert_default();
    }
    if model.screen != screen {
        model.say(Tone::Bad, format!("{} failed: {} shows why.", what(kind), screen.name()));
    }
    model.failures[screen.index()] = Some(why);
}

fn stopped(model: &mut Model, kind: JobKind) {
    match kind {
        JobKind::Write => write::broken(model),
        JobKind::Preview => model.import.progress = None,
        _ => {}
    }
    model.say(Tone::Plain, format!("{} was stopped.", what(kind)));
}

fn what(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Look => "Looking around",
        JobKind::Preview => "The preview",
        JobKind::Keep => "Keeping the texts",
        JobKind::Profile => "Measuring the style",
        JobKind::Select => "Ranking the library",
        JobKind::Pull => "Fetching the base model",
        JobKind::Train => "Training",
        JobKind::Write => "Writing",
    }
}
