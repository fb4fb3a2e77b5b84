//! The pure heart of the screens: a message changes the model and may ask for effects. No clock, no disk, no terminal. What one screen
//! alone does is in its own file; what a key stands for, in the action table.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use tui_input::InputRequest;
use tui_input::backend::crossterm::to_input_request;

use super::action::resolve;
use super::guide;
use super::message::{Effect, Job, JobId, JobKind, Msg, Report};
use super::model::{Model, Overlay, Tone};
use super::mouse;
use super::screens::{Screen, explain, import, library, runs, settings, style, train, write};

/// Rows that a page key scrolls.
const PAGE: usize = 8;

/// More than this is not pasted: no path and no prompt is as long, and each character is inserted on its own.
const LONGEST_PASTE: usize = 8000;

/// What the screens begin with.
#[must_use]
pub fn begin(model: &mut Model) -> Vec<Effect> {
    let mut effects = model.jobs.start(Job::Look);
    effects.push(Effect::Mouse(model.mouse));
    effects
}

#[must_use]
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let (screen, overlay) = (model.screen, model.overlay);
    let effects = take(model, msg);
    // What was drawn last is another screen's.
    if model.screen != screen {
        model.list = None;
    }
    if model.overlay != overlay {
        model.list_above = None;
    }
    effects
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => return on_key(model, &key),
        Msg::Paste(text) => return paste(model, &text),
        Msg::Mouse(event) => return on_mouse(model, event),
        Msg::Tick => tick(model),
        Msg::Redraw => {}
        Msg::Drawn { area, seen } => {
            let follows = model.is_at_end() && model.follows_end();
            (model.area, model.scroll_limit) = (area, seen.scroll_limit);
            (model.list, model.list_above, model.newest) = (seen.list, seen.list_above, seen.newest);
            model.scroll = if follows { seen.scroll_limit } else { model.scroll.min(seen.scroll_limit) };
        }
        Msg::Terminate => return leave(model),
        Msg::Job(id, report) => return on_report(model, id, report),
    }
    Vec::new()
}

fn on_key(model: &mut Model, key: &KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    if let Some(entry) = resolve(model, key) {
        return (entry.run)(model);
    }
    if let Some(field) = model.field_mut()
        && let Some(request) = to_input_request(&Event::Key(*key))
    {
        field.handle(request);
        return typed(model);
    }
    Vec::new()
}

/// A screen may have something to do with what is typed at once.
fn typed(model: &mut Model) -> Vec<Effect> {
    if model.overlay.is_some() {
        return Vec::new();
    }
    model.screen.behaviour().typed(model)
}

/// The wheel moves as the arrows do; a click does what stands under it. What comes after the mouse was switched off is not meant.
fn on_mouse(model: &mut Model, event: MouseEvent) -> Vec<Effect> {
    if !model.mouse {
        return Vec::new();
    }
    match event.kind {
        // In a field the arrows may be for what is typed.
        MouseEventKind::ScrollDown if write::typing(model) => down(model),
        MouseEventKind::ScrollUp if write::typing(model) => up(model),
        MouseEventKind::ScrollDown => on_key(model, &KeyEvent::from(KeyCode::Down)),
        MouseEventKind::ScrollUp => on_key(model, &KeyEvent::from(KeyCode::Up)),
        MouseEventKind::Down(MouseButton::Left) => mouse::click(model, event.column, event.row),
        _ => Vec::new(),
    }
}

/// Moves the spinner; a notice that has been read by now goes.
fn tick(model: &mut Model) {
    model.tick = model.tick.wrapping_add(1);
    if let Some(notice) = &mut model.notice
        && notice.tone != Tone::Bad
    {
        notice.ticks = notice.ticks.saturating_sub(1);
        if notice.ticks == 0 {
            model.notice = None;
        }
    }
}

/// Pasted text goes where typed text goes; a line break would submit, so it becomes a space.
fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.overlay.is_none() && model.field().is_none() {
        model.screen.behaviour().take_up_typing(model);
    }
    if let Some(field) = model.field_mut() {
        for character in text.trim_end_matches(['\r', '\n']).chars().take(LONGEST_PASTE) {
            let character = if character.is_control() { ' ' } else { character };
            field.handle(InputRequest::InsertChar(character));
        }
        return typed(model);
    }
    Vec::new()
}

pub fn suspend(_: &mut Model) -> Vec<Effect> {
    vec![Effect::Suspend]
}

pub fn help(model: &mut Model) -> Vec<Effect> {
    model.overlay = Some(Overlay::Help);
    model.scroll = 0;
    Vec::new()
}

/// Closes what lies over the screen.
pub fn close(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    model.rewind();
    Vec::new()
}

pub fn leave_field(model: &mut Model) -> Vec<Effect> {
    model.screen.behaviour().leave_field(model);
    Vec::new()
}

pub fn dismiss(model: &mut Model) -> Vec<Effect> {
    model.notice = None;
    model.failures[model.screen.index()] = None;
    Vec::new()
}

pub fn up(model: &mut Model) -> Vec<Effect> {
    move_by(model, -1)
}

pub fn down(model: &mut Model) -> Vec<Effect> {
    move_by(model, 1)
}

pub fn page_up(model: &mut Model) -> Vec<Effect> {
    model.scroll = model.scroll.min(model.scroll_limit).saturating_sub(PAGE);
    Vec::new()
}

pub fn page_down(model: &mut Model) -> Vec<Effect> {
    model.scroll = (model.scroll + PAGE).min(model.scroll_limit);
    Vec::new()
}

/// Moves the cursor where the screen has a list, scrolls where not.
fn move_by(model: &mut Model, rows: isize) -> Vec<Effect> {
    let list = if model.overlay.is_none() { model.screen.behaviour().list(model) } else { None };
    match list {
        Some((cursor, length)) if length > 0 => {
            *cursor = cursor.saturating_add_signed(rows).min(length - 1);
            model.scroll = 0;
        }
        _ => model.scroll = model.scroll.min(model.scroll_limit).saturating_add_signed(rows).min(model.scroll_limit),
    }
    Vec::new()
}

/// Goes to a screen and sees to it that what it shows is there.
pub fn show(model: &mut Model, screen: Screen) -> Vec<Effect> {
    if model.screen != screen {
        model.screen = screen;
        model.rewind();
        model.notice = None;
    }
    fill(model)
}

pub fn next_screen(model: &mut Model) -> Vec<Effect> {
    show(model, model.screen.next())
}

pub fn previous_screen(model: &mut Model) -> Vec<Effect> {
    show(model, model.screen.previous())
}

/// Goes to a screen, with what it shows worked out anew.
#[must_use]
pub fn show_anew(model: &mut Model, screen: Screen) -> Vec<Effect> {
    screen.behaviour().forget(model);
    model.failures[screen.index()] = None;
    show(model, screen)
}

/// Starts the job whose result the screen lacks. What failed is not tried again unasked.
fn fill(model: &mut Model) -> Vec<Effect> {
    let ready = model.has_texts() || !model.screen.behaviour().needs_texts();
    if !ready || model.failure().is_some() {
        return Vec::new();
    }
    let Some(job) = model.screen.behaviour().missing(model) else { return Vec::new() };
    // What selection has to say against a start is said where the library is shown.
    let failed = model.failures[Screen::of(job.kind()).index()].is_some();
    if failed || model.jobs.is_running(job.kind()) { Vec::new() } else { model.jobs.start(job) }
}

pub fn retry(model: &mut Model) -> Vec<Effect> {
    model.failures[model.screen.index()] = None;
    model.notice = None;
    model.screen.behaviour().retry(model).unwrap_or_else(|| {
        let mut effects = model.jobs.start(Job::Look);
        effects.extend(fill(model));
        effects
    })
}

/// The job that the stop key stops: of the screen's own first, then the heavy ones.
#[must_use]
pub fn stoppable(model: &Model) -> Option<JobKind> {
    let heavy = [JobKind::Train, JobKind::Write, JobKind::Forecast, JobKind::Pull, JobKind::Preview];
    let running = |kind: &&JobKind| model.jobs.is_running(**kind) && !model.jobs.is_stopping(**kind);
    model.screen.behaviour().stops().iter().chain(&heavy).find(running).copied()
}

pub fn stop(model: &mut Model) -> Vec<Effect> {
    let Some(kind) = stoppable(model) else { return Vec::new() };
    if kind == JobKind::Train {
        model.say(Tone::Plain, "Stopping; the training keeps a checkpoint first.");
    }
    model.jobs.stop(kind)
}

pub fn ask_to_leave(model: &mut Model) -> Vec<Effect> {
    if model.jobs.is_running(JobKind::Train) {
        model.overlay = Some(Overlay::Quit);
        return Vec::new();
    }
    leave(model)
}

/// As [`ask_to_leave`]; asked for again, there is no question and no waiting.
pub fn leave_or_insist(model: &mut Model) -> Vec<Effect> {
    if model.leaving {
        return vec![Effect::Quit];
    }
    if model.overlay == Some(Overlay::Quit) { leave(model) } else { ask_to_leave(model) }
}

/// Quits, or, where a training runs, stops it and quits when its checkpoint is kept.
pub fn leave(model: &mut Model) -> Vec<Effect> {
    close(model);
    if !model.jobs.is_running(JobKind::Train) {
        return vec![Effect::Quit];
    }
    model.leaving = true;
    model.say(Tone::Bad, "Stopping the training and keeping its checkpoint, then quitting. Ctrl-C quits at once.");
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
    let done = last && !matches!(report, Report::Failed(_) | Report::Stopped);
    let mut effects = match report {
        Report::Failed(why) => failed(model, kind, why),
        Report::Stopped => stopped(model, kind),
        Report::Looked(status) => {
            if let Some(problem) = status.problems.first() {
                model.say(Tone::Bad, problem.clone());
            }
            model.status = Some(*status);
            runs::outdate(model);
            settings::outdate(model);
            Vec::new()
        }
        report => match kind {
            JobKind::Look => Vec::new(),
            JobKind::List | JobKind::Preview | JobKind::Keep | JobKind::Undo => import::hear(model, report),
            JobKind::Profile | JobKind::Parts => style::hear(model, report),
            JobKind::Forecast => train::costs::hear(model, report),
            JobKind::Select => library::hear(model, report),
            JobKind::Pull | JobKind::Train | JobKind::Discard => train::hear(model, report),
            JobKind::Write | JobKind::Score | JobKind::Judge | JobKind::Conversations | JobKind::Conversation => {
                write::hear(model, report)
            }
            JobKind::Check | JobKind::Save => settings::hear(model, report),
            JobKind::Export => explain::hear(model, report),
            JobKind::Runs | JobKind::ChangeRun => runs::hear(model, report),
        },
    };
    // What the screen lacks may have waited for this.
    if done {
        effects.extend(fill(model));
    }
    guide::hear(model, &heard);
    if last && kind == JobKind::Train && model.leaving {
        effects.push(Effect::Quit);
    }
    effects
}

/// A job that ends without a result leaves nothing half-shown.
fn ended_early(model: &mut Model, kind: JobKind) {
    match kind {
        JobKind::Write => write::broken(model),
        JobKind::Preview => model.screens.import.progress = None,
        _ => {}
    }
}

fn failed(model: &mut Model, kind: JobKind, why: String) -> Vec<Effect> {
    ended_early(model, kind);
    // Several screens may wait for a job; what went wrong is shown on the one the user looks at.
    let waits_here = model.screen.behaviour().jobs().contains(&kind);
    let fetched_here = kind == JobKind::Pull && model.screen == Screen::Write;
    let screen = if waits_here || fetched_here { model.screen } else { Screen::of(kind) };
    if kind == JobKind::Look {
        model.status.get_or_insert_default();
    }
    if model.screen != screen {
        model.say(Tone::Bad, format!("{} failed: {} shows why.", what(kind), screen.name()));
    }
    model.failures[screen.index()] = Some(why);
    // Who was to write may be gone: the next attempt is by those that are there.
    if kind == JobKind::Write { model.jobs.start(Job::Look) } else { Vec::new() }
}

fn stopped(model: &mut Model, kind: JobKind) -> Vec<Effect> {
    ended_early(model, kind);
    if kind == JobKind::Parts {
        style::close_pane(model);
    }
    model.say(Tone::Plain, format!("{} was stopped.", what(kind)));
    Vec::new()
}

/// What a kind of job does, as the subject of a sentence.
#[must_use]
pub fn what(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Look => "Looking around",
        JobKind::List => "Looking into a folder",
        JobKind::Preview => "The preview",
        JobKind::Keep => "Keeping the texts",
        JobKind::Undo => "Taking the import back",
        JobKind::Profile => "Measuring the style",
        JobKind::Parts => "Measuring the parts",
        JobKind::Select => "Ranking the library",
        JobKind::Pull => "Fetching the base model",
        JobKind::Check => "Looking at this machine",
        JobKind::Save => "Keeping the setting",
        JobKind::Forecast => "Looking ahead",
        JobKind::Discard => "Discarding the training",
        JobKind::Train => "Training",
        JobKind::Write => "Writing",
        JobKind::Score => "Measuring the answers",
        JobKind::Judge => "Keeping the verdict",
        JobKind::Conversations => "Looking for conversations",
        JobKind::Conversation => "Seeing to the conversation",
        JobKind::Export => "Exporting the report",
        JobKind::Runs => "Looking at the runs",
        JobKind::ChangeRun => "Changing a run",
    }
}
