//! The loop around the shell: waits for keys, reports and timers, performs the actions, and redraws when something has changed.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crossterm::event::{self, Event};

use super::frames::{Change, Frames};
use super::guide::Guide;
use super::keys::{Keymap, KeymapError};
use super::runner::{Runner, Shutdown};
use super::screen::AnyScreen;
use super::state::{Act, Msg, Shell};
use super::table::table;
use super::terminal::Terminal;
use super::view::view;
use crate::app::context::Budget;
use crate::app::demo::Demo;
use crate::app::{AppError, Context};
use crate::platform::cancel::Cancel;
use crate::ui::theme::{Abilities, ThemeError, Watched};
use crate::ui::widgets::Hits;

/// How often the loop looks at the clock while a job runs, and at the stop signal while none does.
const BUSY_WAIT: Duration = Duration::from_millis(33);
const IDLE_WAIT: Duration = Duration::from_millis(150);
/// How fast the spinner turns.
const TICK: Duration = Duration::from_millis(120);
/// How often the theme's files are looked at: soon enough for whoever is writing one.
const THEME_LOOK: Duration = Duration::from_millis(400);

#[derive(Debug, thiserror::Error)]
pub enum UiError {
    #[error("the terminal cannot be used ({0})")]
    Terminal(#[from] io::Error),
    #[error(transparent)]
    Theme(#[from] ThemeError),
    #[error(transparent)]
    Demo(#[from] AppError),
    #[error("{}, [keys]: {why}", .path.display())]
    Keys { path: PathBuf, why: KeymapError },
}

/// What the screens are made from: all of them, given the context and the theme that is asked for.
pub type MakeScreens = fn(&Context, &str) -> Vec<Box<dyn AnyScreen>>;

/// Opens the screens, for the demo's person where there is a demo, and returns when the user quits, or when `cancel` asks for it: then
/// a running training saves its checkpoint first. The terminal is as before on every way out.
///
/// # Errors
/// When the theme cannot be used, there is no terminal, or it goes away.
pub fn run(context: Context, mut demo: Option<Demo>, cancel: Cancel, screens: MakeScreens) -> Result<(), UiError> {
    let interface = &context.interface;
    let abilities = Abilities::of(|name| std::env::var(name).ok());
    let mut theme = Watched::open(interface.theme.as_deref(), &context.paths.themes(), abilities)?;
    let entries = table(&screens(&context, &theme.wished));
    let keymap =
        Keymap::with(entries, &interface.keys).map_err(|why| UiError::Keys { path: context.paths.settings(), why })?;
    let keymap = Arc::new(keymap);
    let (sender, receiver) = channel();
    let mut terminal = Terminal::enter()?;
    let keys = listen(sender.clone());
    loop {
        let (of_whom, guide) = match &demo {
            None => (&context, interface.guide.then(Guide::first_run)),
            Some(demo) => (&demo.context, Some(Guide::demo(demo))),
        };
        // Settings are the user's, also in the demo.
        let mut shell = Shell::new(screens(&context, &theme.wished), Arc::clone(&keymap), guide);
        shell.shared.mouse = interface.mouse;
        // What a training may use goes with each from here on: it can be changed on the screens.
        shell.shared.budget = context.budget;
        let (context_of_jobs, tell) = (Context { budget: Budget::default(), ..of_whom.clone() }, sender.clone());
        // Nobody hears the jobs any more once the program is ending; then there is nothing to tell.
        let tell = move |id, outcome| drop(tell.send(Msg::Job(id, outcome)));
        let mut runner = Runner::new(context_of_jobs, context.paths.settings(), tell);
        let mut driver = Driver { terminal: &mut terminal, theme: &mut theme, runner: &mut runner, keys: &keys };
        match driver.drive(&receiver, shell, &cancel) {
            Ok(Act::Demo) => {
                runner.finish(Shutdown::Wait);
                // What the jobs said last concerns nobody any more.
                receiver.try_iter().for_each(drop);
                demo = Some(crate::app::demo::open(&context, None)?);
            }
            ended => {
                drop(terminal);
                // Where the terminal went away, nobody is in a hurry: a training saves its checkpoint.
                let shutdown = if let Ok(Act::Quit(shutdown)) = ended { shutdown } else { Shutdown::Wait };
                runner.finish(shutdown);
                return Ok(ended.map(drop)?);
            }
        }
    }
}

struct Driver<'a> {
    terminal: &'a mut Terminal,
    theme: &'a mut Watched,
    runner: &'a mut Runner,
    keys: &'a Mutex<()>,
}

impl Driver<'_> {
    /// Returns the act that ends it.
    fn drive(&mut self, incoming: &Receiver<Msg>, mut shell: Shell, cancel: &Cancel) -> io::Result<Act> {
        let mut acts = shell.begin();
        let (mut frames, mut terminated) = (Frames::new(Instant::now()), false);
        let (mut ticked, mut looked) = (Instant::now(), Instant::now());
        loop {
            let mut messages: Vec<Msg> = Vec::new();
            for act in std::mem::take(&mut acts) {
                if let Some(ended) = self.perform(act, &mut messages)? {
                    return Ok(ended);
                }
            }
            if messages.is_empty() {
                acts.extend(self.draw(&mut frames, &mut shell)?);
                let idle = if shell.moves() { BUSY_WAIT } else { IDLE_WAIT };
                let wait = frames.left(Instant::now()).map_or(idle, |left| left.min(BUSY_WAIT));
                messages.extend(incoming.recv_timeout(wait));
            }
            messages.extend(incoming.try_iter());
            if cancel.is_requested() && !terminated {
                terminated = true;
                messages.push(Msg::Terminate);
            }
            if shell.moves() && ticked.elapsed() >= TICK {
                ticked = Instant::now();
                messages.push(Msg::Tick);
            }
            if looked.elapsed() >= THEME_LOOK {
                looked = Instant::now();
                let read = self.theme.refresh();
                messages.extend(read.map(|read| Msg::ThemeRead(read.map_err(|why| why.to_string()))));
            }
            for message in messages {
                frames.note(change(&message));
                acts.extend(shell.update(message));
            }
        }
    }

    fn draw(&mut self, frames: &mut Frames, shell: &mut Shell) -> io::Result<Vec<Act>> {
        let now = Instant::now();
        if frames.left(now).is_none_or(|left| !left.is_zero()) {
            return Ok(Vec::new());
        }
        frames.drawn(now);
        let mut hits = Hits::default();
        self.terminal.draw(|frame| hits = view(shell, &self.theme.theme, frame))?;
        // Where the rows stand and how far there is to scroll is itself shown.
        if shell.hits != hits {
            frames.note(Change::Asked);
        }
        Ok(shell.update(Msg::Drawn(hits)))
    }

    fn perform(&mut self, act: Act, messages: &mut Vec<Msg>) -> io::Result<Option<Act>> {
        match act {
            Act::Start { id, job } => self.runner.start(id, job),
            Act::Cancel(id) => self.runner.cancel(id),
            Act::Pause(id, wait) => self.runner.pause(id, wait),
            Act::Theme(name) => {
                if let Err(error) = self.theme.choose(&name) {
                    messages.push(Msg::ThemeRead(Err(error.to_string())));
                }
            }
            Act::Mouse(ours) => self.terminal.listen_to_mouse(ours)?,
            Act::Copy(text) => self.terminal.copy(&text)?,
            Act::Edit(text) => {
                let _keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
                let edited = self.terminal.edit(&text)?;
                messages.extend([Msg::Edited(edited), Msg::Redraw]);
            }
            Act::Open(path) => open(&path),
            Act::Suspend => self.terminal.suspend()?,
            Act::Demo | Act::Quit(_) => return Ok(Some(act)),
        }
        Ok(None)
    }
}

/// Whether the user waits to see what comes of it.
fn change(message: &Msg) -> Change {
    match message {
        Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_) | Msg::Redraw | Msg::Edited(_) => Change::Asked,
        _ => Change::Reported,
    }
}

/// Opens a file in the user's browser, where there is one; nothing waits for it, and what it prints goes nowhere.
fn open(path: &Path) {
    let (program, arguments): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start", ""]),
        _ => ("xdg-open", &[]),
    };
    let mut command = std::process::Command::new(program);
    command.args(arguments).arg(path);
    command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    // Where there is no browser, the message that names the file has to do.
    drop(command.spawn());
}

/// Sends what is typed as messages, from a thread of its own: when a terminal goes away (a closed window, a lost connection),
/// crossterm waits for it for ever, and the loop must go on to save a training's checkpoint and quit. The thread ends
/// with the program. Whoever holds the lock that is returned, such as an editor, has the keys.
fn listen(messages: Sender<Msg>) -> Arc<Mutex<()>> {
    let keys = Arc::new(Mutex::new(()));
    let ours = Arc::clone(&keys);
    std::thread::spawn(move || {
        loop {
            let read = {
                let _keys = ours.lock().unwrap_or_else(PoisonError::into_inner);
                event::poll(IDLE_WAIT).and_then(|ready| ready.then(event::read).transpose())
            };
            let message = match read {
                Ok(Some(Event::Key(key))) => Msg::Key(key),
                Ok(Some(Event::Paste(text))) => Msg::Paste(text),
                Ok(Some(Event::Mouse(event))) => Msg::Mouse(event),
                // Drawn again for the size it now has.
                Ok(Some(Event::Resize(..))) => Msg::Redraw,
                Ok(_) => continue,
                Err(_) => Msg::Terminate,
            };
            let last = matches!(message, Msg::Terminate);
            if messages.send(message).is_err() || last {
                return;
            }
        }
    });
    keys
}
