//! The screens. Pure update, drawing apart, jobs on their own threads.
//!
//! ```text
//! keys, reports -> message::Msg -> update (model changes) -> message::Effect -> runner (jobs: the use cases of app)
//!                                    |                                             |
//!                                 model -> view (theme, widgets) -> terminal       +-> reports
//! ```
//!
//! | file | job |
//! |---|---|
//! | `model`, `jobs` | the whole state, as plain data; the jobs at work |
//! | `message` | what happens, what is asked for, what jobs report |
//! | `action` | one table of keys: handling, command bar, palette and help are read from it; the user's keys |
//! | `screens` | the list of screens; a folder a screen: what it remembers, what changes it (pure), how it is drawn |
//! | `overlays` | what lies over a screen: help, palette, jobs, a question |
//! | `update` | what a message changes on any screen; pure |
//! | `view` | the frame around a screen: tabs, guide, notices, command bar |
//! | `parts`, `widgets` | pieces that screens share; pages of wrapped text, bars, plots |
//! | `guide` | the steps of the demo, and of a first run |
//! | `theme` | styles and characters, from files, for the colours a terminal has |
//! | `format`, `fuzzy` | numbers and foreign text; finding by a few letters |
//! | `runner`, `frames` | performs jobs on threads; when the next frame is due |
//! | `terminal` | takes the terminal over and gives it back |
//! | `harness` | all of it without a terminal, for tests |
//!
//! Knows the use cases of `app`; nothing below knows of it.

pub mod action;
pub mod format;
mod frames;
mod fuzzy;
pub mod guide;
pub mod harness;
pub mod jobs;
pub mod message;
pub mod model;
mod mouse;
pub mod overlays;
mod parts;
mod runner;
pub mod screens;
mod terminal;
pub mod theme;
pub mod update;
pub mod view;
mod widgets;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crossterm::event::{self, Event};
use ratatui::layout::Rect;

use crate::app::context::Budget;
use crate::app::demo::Demo;
use crate::app::{AppError, Context};
use crate::platform::cancel::Cancel;
use action::{Keymap, KeymapError};
use frames::{Change, Frames};
use guide::Guide;
use message::{Effect, JobKind, Msg};
use model::{Model, Tone};
use runner::Runner;
use terminal::Terminal;
use theme::{Abilities, ThemeError, Watched};
use widgets::Seen;

/// How often the loop looks at the clock while a job runs, and at the stop signal while none does.
const BUSY_WAIT: Duration = Duration::from_millis(33);
const IDLE_WAIT: Duration = Duration::from_millis(150);
/// How fast the spinner turns.
const TICK: Duration = Duration::from_millis(120);
/// How often the theme's files are looked at: soon enough for whoever is writing one.
const THEME_LOOK: Duration = Duration::from_millis(400);

/// Whose job the screens are opened for.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // made once a run
pub enum Launch {
    Own,
    /// The invented person's, with a guide.
    Demo(Demo),
}

#[derive(Debug, thiserror::Error)]
pub enum UiError {
    #[error("the terminal cannot be used ({0}): use the subcommands instead; `xpert --help` lists them")]
    Terminal(#[from] io::Error),
    #[error(transparent)]
    Theme(#[from] ThemeError),
    #[error(transparent)]
    Demo(#[from] AppError),
    #[error("{}, [keys]: {why}", .path.display())]
    Keys { path: PathBuf, why: KeymapError },
}

/// Opens the screens and returns when the user quits, or when `cancel` asks for it: then a running training keeps its
/// checkpoint first. The terminal is as before on every way out.
///
/// # Errors
/// When the theme cannot be used, there is no terminal, or it goes away.
pub fn run(context: Context, launch: Launch, cancel: Cancel) -> Result<(), UiError> {
    let wishes = &context.interface;
    let mut theme = Watched::open(wishes.theme.as_deref(), &context.paths.themes(), Abilities::of_terminal())?;
    let keymap = Keymap::with(&wishes.keys).map_err(|why| UiError::Keys { path: context.paths.settings(), why })?;
    let keymap = Arc::new(keymap);
    let (sender, receiver) = channel();
    let mut terminal = Terminal::enter()?;
    listen(sender.clone());
    let mut launch = launch;
    loop {
        let (of_whom, guide) = match &launch {
            Launch::Own => (&context, wishes.guide.then(Guide::first_run)),
            Launch::Demo(demo) => (&demo.context, Some(Guide::new(demo))),
        };
        let mut model = Model::new(guide);
        model.mouse = wishes.mouse;
        model.keymap = Arc::clone(&keymap);
        // The user's, also in the demo.
        model.screens.settings = settings(&context, theme.wished());
        // What a training may use goes with each from here on: it can be changed on the screens.
        model.screens.settings.budget = context.budget;
        let mut runner = Runner::new(
            Context { budget: Budget::default(), ..of_whom.clone() },
            context.paths.settings(),
            sender.clone(),
        );
        match drive(&mut terminal, &mut theme, &mut runner, &receiver, model, &cancel) {
            Ok(Ended::Demo) => {
                runner.finish(Haste::Patient);
                // What the jobs said last concerns nobody any more.
                receiver.try_iter().for_each(drop);
                launch = Launch::Demo(crate::app::demo::open(&context, None)?);
            }
            ended => {
                drop(terminal);
                // Where the terminal went away, nobody is in a hurry: a training keeps its checkpoint.
                let hurried = matches!(ended, Ok(Ended::Quit(Haste::Hurried)));
                runner.finish(if hurried { Haste::Hurried } else { Haste::Patient });
                return Ok(ended.map(drop)?);
            }
        }
    }
}

/// How the screens were left.
enum Ended {
    Quit(Haste),
    /// For the demo's.
    Demo,
}

/// What the Settings screen begins with.
fn settings(context: &Context, theme: &str) -> screens::settings::State {
    let themes = theme::Theme::names(&context.paths.themes());
    let place = themes.iter().position(|name| name == theme).unwrap_or(0);
    let file = context.paths.settings().display().to_string();
    screens::settings::State { themes, theme: place, file, ..screens::settings::State::default() }
}

/// How long the jobs have to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Haste {
    Patient,
    /// The user did not want to wait for the training's checkpoint; the last one on the disk is whole.
    Hurried,
}

impl Haste {
    fn of(model: &Model) -> Self {
        if model.jobs.is_running(JobKind::Train) { Self::Hurried } else { Self::Patient }
    }
}

/// The loop: performs effects, draws when something changed, waits for the next thing to happen.
fn drive(
    terminal: &mut Terminal,
    theme: &mut Watched,
    runner: &mut Runner,
    incoming: &Receiver<Msg>,
    mut model: Model,
    cancel: &Cancel,
) -> io::Result<Ended> {
    let mut effects = update::begin(&mut model);
    let (mut frames, mut terminated) = (Frames::new(Instant::now()), false);
    let (mut ticked, mut looked) = (Instant::now(), Instant::now());
    loop {
        for effect in std::mem::take(&mut effects) {
            match effect {
                Effect::Start { id, job } => runner.start(id, job),
                Effect::Cancel(id) => runner.cancel(id),
                Effect::Pause(id, wait) => runner.pause(id, wait),
                Effect::Theme(name) => {
                    if let Err(error) = theme.choose(&name) {
                        model.say(Tone::Bad, format!("The theme stays as it was: {error}"));
                    }
                }
                Effect::Mouse(listen) => terminal.listen_to_mouse(listen)?,
                Effect::Copy(text) => terminal.copy(&text)?,
                Effect::Suspend => terminal.suspend()?,
                Effect::Demo => return Ok(Ended::Demo),
                Effect::Quit => return Ok(Ended::Quit(Haste::of(&model))),
            }
        }
        let now = Instant::now();
        if frames.left(now).is_some_and(|left| left.is_zero()) {
            frames.drawn(now);
            let (mut area, mut seen) = (Rect::ZERO, Seen::default());
            terminal.draw(|frame| {
                area = frame.area();
                seen = view::view(&model, theme.theme(), frame);
                theme.theme().paint(frame.buffer_mut());
            })?;
            let known = model.scroll_limit;
            effects.extend(update::update(&mut model, Msg::Drawn { area, seen }));
            // Whether there is more to scroll to is itself shown.
            if model.scroll_limit != known {
                frames.note(Change::Asked);
            }
        }
        let idle = if model.moves() { BUSY_WAIT } else { IDLE_WAIT };
        let wait = frames.left(Instant::now()).map_or(idle, |left| left.min(BUSY_WAIT));
        let mut messages: Vec<Msg> = incoming.recv_timeout(wait).into_iter().collect();
        messages.extend(incoming.try_iter());
        if cancel.is_requested() && !terminated {
            terminated = true;
            messages.push(Msg::Terminate);
        }
        if model.moves() && ticked.elapsed() >= TICK {
            ticked = Instant::now();
            messages.push(Msg::Tick);
        }
        if looked.elapsed() >= THEME_LOOK {
            looked = Instant::now();
            frames.note(refresh(theme, &mut model));
        }
        for message in messages {
            frames.note(change(&message));
            effects.extend(update::update(&mut model, message));
        }
    }
}

/// Whether the user waits to see what comes of it.
fn change(message: &Msg) -> Change {
    match message {
        Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_) | Msg::Redraw => Change::Asked,
        _ => Change::Reported,
    }
}

/// Reads the theme again where its files changed, and says how that went.
fn refresh(theme: &mut Watched, model: &mut Model) -> Change {
    if !theme.changed() {
        return Change::Nothing;
    }
    match theme.reload() {
        Ok(()) => model.say(Tone::Good, format!("The theme {} was read again.", theme.theme().name)),
        Err(why) => model.say(Tone::Bad, format!("The theme stays as it was: {why}")),
    }
    Change::Reported
}

/// Sends what is typed as messages, from a thread of its own: when a terminal goes away (a closed window, a lost connection),
/// crossterm waits for it for ever, and the loop must go on to keep a training's checkpoint and quit. The thread ends
/// with the program.
fn listen(messages: Sender<Msg>) {
    std::thread::spawn(move || {
        loop {
            let message = match event::read() {
                Ok(Event::Key(key)) => Msg::Key(key),
                Ok(Event::Paste(text)) => Msg::Paste(text),
                Ok(Event::Mouse(event)) => Msg::Mouse(event),
                // Drawn anew for the size it now has.
                Ok(Event::Resize(..)) => Msg::Redraw,
                Ok(_) => continue,
                Err(_) => Msg::Terminate,
            };
            let last = matches!(message, Msg::Terminate);
            if messages.send(message).is_err() || last {
                return;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_that_is_saved_is_seen_and_a_broken_one_is_told() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |text: &str| std::fs::write(folder.path().join("mine.toml"), text).expect("writable");
        write("name = 'Mine'\ninherits = 'dark'\n");
        let abilities = Abilities { depth: theme::Depth::True, unicode: true };
        let mut theme = Watched::open(Some("mine"), folder.path(), abilities).unwrap();
        let mut model = Model::new(None);
        assert_eq!(refresh(&mut theme, &mut model), Change::Nothing);
        assert!(model.notice.is_none());
        for (text, tone, said) in [
            (
                "name = 'Mine'\ninherits = 'daybreak'\n",
                Tone::Bad,
                "mine.toml, line 2: there is no theme called `daybreak`",
            ),
            ("name = 'My own'\ninherits = 'dark'\n", Tone::Good, "The theme My own was read again."),
        ] {
            write(text);
            assert_eq!(refresh(&mut theme, &mut model), Change::Reported);
            let notice = model.notice.take().expect("something is said");
            assert!(notice.tone == tone && notice.text.contains(said), "{}", notice.text);
        }
    }
}
