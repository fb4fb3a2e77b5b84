//! Everything a key can do, in one table: key handling, command bar and help are all read from it, so they cannot disagree.
//! It knows when an action makes sense, not what it does.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::message::JobKind;
use super::model::{Model, Overlay, Screen};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Leave,
    Suspend,
    CloseHelp,
    QuitNow,
    StayHere,
    Up,
    Down,
    PageUp,
    PageDown,
    Preview,
    NextField,
    SubmitPrompt,
    LeaveField,
    Advance,
    WaitForGuide,
    EndGuide,
    Keep,
    Discard,
    EditPath,
    Retry,
    ChooseStart,
    StartFromScratch,
    StartAutomatic,
    StartTraining,
    TrainAgain,
    ResumeTraining,
    RestartTraining,
    PauseTraining,
    ContinueTraining,
    MoreSteps,
    FewerSteps,
    FetchBase,
    Stop,
    EditPrompt,
    AskAgain,
    NextVoice,
    OtherPane,
    Show(Screen),
    NextScreen,
    PreviousScreen,
    Help,
    Quit,
    Dismiss,
}

/// A key as it is pressed and as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub code: KeyCode,
    pub control: bool,
}

const fn key(code: KeyCode) -> Key {
    Key { code, control: false }
}

const fn char(character: char) -> Key {
    key(KeyCode::Char(character))
}

const fn control(character: char) -> Key {
    Key { code: KeyCode::Char(character), control: true }
}

const ENTER: Key = key(KeyCode::Enter);
const ESC: Key = key(KeyCode::Esc);

impl Key {
    /// Shift is part of the character or of the key's own code, whatever the terminal says.
    #[must_use]
    pub fn is(self, event: &KeyEvent) -> bool {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        event.code == self.code && control == self.control && !alt
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl-")?;
        }
        match self.code {
            KeyCode::Char(character) if self.control => write!(f, "{}", character.to_ascii_uppercase()),
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::Enter => f.write_str("Enter"),
            KeyCode::Esc => f.write_str("Esc"),
            KeyCode::Tab => f.write_str("Tab"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::Up => f.write_str("Up"),
            KeyCode::Down => f.write_str("Down"),
            KeyCode::Left => f.write_str("Left"),
            KeyCode::Right => f.write_str("Right"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::F(number) => write!(f, "F{number}"),
            other => write!(f, "{other}"),
        }
    }
}

/// Where an action belongs; decides when its key is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Whatever is on the screen.
    Always,
    /// While the help is open.
    Help,
    /// While the question whether to quit is open.
    Question,
    /// While text is typed.
    Typing,
    /// On every screen, while nothing lies over it and nothing is typed.
    Everywhere,
    /// The same, on this screen only.
    On(Screen),
}

impl Place {
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Always => "At any time",
            Self::Help => "In this help",
            Self::Question => "When asked whether to quit",
            Self::Typing => "While typing",
            Self::Everywhere => "On every screen",
            Self::On(screen) => screen.name(),
        }
    }
}

/// A row of the table.
pub struct Entry {
    pub action: Action,
    /// The first is the one shown.
    pub keys: &'static [Key],
    /// For the command bar: a word or two.
    pub name: &'static str,
    /// For the help: a sentence.
    pub description: &'static str,
    pub place: Place,
    /// Whether the command bar names it.
    pub in_bar: bool,
    /// Whether it makes sense now.
    pub enabled: fn(&Model) -> bool,
}

const fn entry(
    place: Place,
    action: Action,
    keys: &'static [Key],
    name: &'static str,
    description: &'static str,
    enabled: fn(&Model) -> bool,
) -> Entry {
    Entry { action, keys, name, description, place, in_bar: true, enabled }
}

impl Entry {
    const fn quiet(mut self) -> Self {
        self.in_bar = false;
        self
    }
}

fn yes(_: &Model) -> bool {
    true
}

fn previewing(model: &Model) -> bool {
    model.import.preview.is_some() && !model.jobs.is_running(JobKind::Keep)
}

fn may_train(model: &Model) -> bool {
    !model.jobs.is_running(JobKind::Train)
}

fn may_start(model: &Model) -> bool {
    may_train(model) && model.unfinished().is_none() && model.train.record.is_none()
}

fn may_train_again(model: &Model) -> bool {
    may_train(model) && model.unfinished().is_none() && model.train.record.is_some()
}

fn may_resume(model: &Model) -> bool {
    may_train(model) && model.unfinished().is_some()
}

fn may_pause(model: &Model) -> bool {
    model.jobs.is_running(JobKind::Train)
        && !model.jobs.is_stopping(JobKind::Train)
        && !model.jobs.is_paused(JobKind::Train)
}

fn paused(model: &Model) -> bool {
    model.jobs.is_paused(JobKind::Train) && !model.jobs.is_stopping(JobKind::Train)
}

fn base_missing(model: &Model) -> bool {
    model.status.is_some() && !model.has_base() && !model.jobs.is_running(JobKind::Pull)
}

fn something_to_stop(model: &Model) -> bool {
    super::update::stoppable(model).is_some()
}

fn has_candidates(model: &Model) -> bool {
    model.library.selected.as_ref().is_some_and(|selected| !selected.candidates.is_empty())
}

fn guided(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(|guide| guide.can_advance(model))
}

fn in_demo(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(|guide| !guide.is_over())
}

fn guide_over(model: &Model) -> bool {
    model.guide.as_ref().is_some_and(super::guide::Guide::is_over)
}

fn failed(model: &Model) -> bool {
    model.failure().is_some()
}

/// The table. Where two enabled rows share a key, the first counts: that is how the guide takes Enter.
pub const TABLE: &[Entry] = {
    use Action as A;
    use Place::{Always, Everywhere, On, Question, Typing};
    use Screen::{Import, Library, Style, Train, Write};
    &[
        entry(Always, A::Leave, &[control('c')], "quit", "quit; a running training keeps a checkpoint first", yes)
            .quiet(),
        entry(Always, A::Suspend, &[control('z')], "suspend", "back to the shell; `fg` returns here", |_| cfg!(unix))
            .quiet(),
        entry(
            Question,
            A::QuitNow,
            &[char('y'), ENTER],
            "stop and quit",
            "stop the training, wait for its checkpoint, quit",
            yes,
        ),
        entry(Question, A::StayHere, &[char('n'), ESC], "go on", "do not quit; the training goes on", yes),
        entry(
            Place::Help,
            A::CloseHelp,
            &[ESC, char('?'), char('q'), ENTER, key(KeyCode::F(1))],
            "close",
            "close the help",
            yes,
        ),
        entry(Place::Help, A::Down, &[key(KeyCode::Down), char('j')], "down", "a row down", yes).quiet(),
        entry(Place::Help, A::Up, &[key(KeyCode::Up), char('k')], "up", "a row up", yes).quiet(),
        entry(Place::Help, A::PageDown, &[key(KeyCode::PageDown), char(' ')], "more", "a page down", |m| {
            m.scroll < m.scroll_limit
        }),
        entry(Place::Help, A::PageUp, &[key(KeyCode::PageUp)], "back", "a page up", |m| m.scroll > 0),
        entry(Typing, A::Preview, &[ENTER], "preview", "look at the file or folder; nothing is kept yet", |m| {
            m.screen == Import
        }),
        entry(Typing, A::NextField, &[key(KeyCode::Tab)], "next field", "to the next field", |m| m.screen == Import),
        entry(Typing, A::SubmitPrompt, &[ENTER], "write", "let both models answer", |m| m.screen == Write),
        entry(Typing, A::LeaveField, &[ESC], "done typing", "leave the field; keys are commands again", yes),
        entry(Typing, A::Help, &[key(KeyCode::F(1))], "help", "this help", yes),
        entry(Everywhere, A::Advance, &[ENTER], "go on", "in the demo: the next step", guided),
        entry(Everywhere, A::WaitForGuide, &[ENTER], "wait", "in the demo, while a step is at work: nothing", in_demo)
            .quiet(),
        entry(
            Everywhere,
            A::EndGuide,
            &[ESC],
            "end the guide",
            "at the end of the demo: hide the guide's line",
            guide_over,
        ),
        entry(On(Import), A::Keep, &[ENTER], "keep these texts", "keep what the preview shows", previewing),
        entry(On(Import), A::Discard, &[ESC], "discard", "forget the preview; nothing is kept", previewing),
        entry(
            On(Import),
            A::EditPath,
            &[ENTER, char('e')],
            "type a path",
            "name a file or folder with your writing",
            |m| !previewing(m) && !m.jobs.is_running(JobKind::Keep),
        ),
        entry(On(Import), A::EditPath, &[char('e')], "other path", "name another file or folder", previewing).quiet(),
        entry(On(Style), A::Down, &[key(KeyCode::Down), char('j')], "next axis", "explain the next axis", |m| {
            m.style.profile.as_ref().is_some_and(|profile| !profile.axes.is_empty())
        }),
        entry(On(Style), A::Up, &[key(KeyCode::Up), char('k')], "previous axis", "explain the previous axis", yes)
            .quiet(),
        entry(
            On(Library),
            A::ChooseStart,
            &[ENTER, char('c')],
            "start from it",
            "train from the highlighted model",
            has_candidates,
        ),
        entry(On(Library), A::Down, &[key(KeyCode::Down), char('j')], "next", "the next model", has_candidates),
        entry(On(Library), A::Up, &[key(KeyCode::Up), char('k')], "previous", "the previous model", yes).quiet(),
        entry(On(Train), A::StartTraining, &[ENTER, char('t')], "train", "start training", may_start),
        entry(
            On(Train),
            A::TrainAgain,
            &[ENTER, char('t')],
            "train again",
            "set another training up; the model now is kept until that is done",
            may_train_again,
        ),
        entry(
            On(Train),
            A::ResumeTraining,
            &[ENTER, char('r')],
            "resume",
            "go on from the checkpoint of the stopped training",
            may_resume,
        ),
        entry(
            On(Train),
            A::RestartTraining,
            &[char('n')],
            "start anew",
            "give up the stopped training and begin a new one",
            may_resume,
        ),
        entry(On(Train), A::PauseTraining, &[char('p')], "pause", "let the training wait where it is", may_pause),
        entry(On(Train), A::ContinueTraining, &[char('p')], "go on", "let the waiting training go on", paused),
        entry(
            On(Train),
            A::FetchBase,
            &[char('b')],
            "fetch base model",
            "fetch the base model (uses the network)",
            base_missing,
        ),
        entry(On(Train), A::MoreSteps, &[char('+'), char('=')], "more steps", "train for more steps", may_start),
        entry(On(Train), A::FewerSteps, &[char('-')], "fewer", "train for fewer steps", may_start),
        entry(
            On(Train),
            A::StartAutomatic,
            &[char('a')],
            "best start",
            "start from the model that fits best",
            may_start,
        ),
        entry(
            On(Train),
            A::StartFromScratch,
            &[char('s')],
            "from scratch",
            "start from no model of the library",
            may_start,
        ),
        entry(
            On(Library),
            A::StartAutomatic,
            &[char('a')],
            "best start",
            "start from the model that fits best",
            has_candidates,
        ),
        entry(
            On(Library),
            A::StartFromScratch,
            &[char('s')],
            "from scratch",
            "start from no model of the library",
            has_candidates,
        ),
        entry(On(Write), A::EditPrompt, &[ENTER, char('e')], "type a prompt", "say what is to be written", |m| {
            !m.jobs.is_running(JobKind::Write)
        }),
        entry(
            On(Write),
            A::AskAgain,
            &[char('w')],
            "same again",
            "let both models answer the same prompt again",
            |m| !m.write.asked.is_empty() && !m.jobs.is_running(JobKind::Write),
        ),
        entry(On(Write), A::NextVoice, &[char('v')], "other model", "choose who answers beside the base model", |m| {
            m.voices().len() > 1 && !m.jobs.is_running(JobKind::Write)
        }),
        entry(
            On(Write),
            A::OtherPane,
            &[key(KeyCode::Right), key(KeyCode::Left)],
            "other answer",
            "the other answer, where only one fits",
            |m| m.write.answers.len() > 1,
        )
        .quiet(),
        entry(
            On(Write),
            A::FetchBase,
            &[char('b')],
            "fetch base model",
            "fetch the base model (uses the network)",
            base_missing,
        ),
        entry(
            Everywhere,
            A::Stop,
            &[char('x')],
            "stop",
            "stop what is running; a training keeps a checkpoint",
            something_to_stop,
        ),
        entry(Everywhere, A::Retry, &[char('r')], "try again", "try again what failed on this screen", failed),
        entry(Everywhere, A::PageDown, &[key(KeyCode::PageDown), char(' ')], "more", "a page down", |m| {
            m.scroll < m.scroll_limit
        }),
        entry(Everywhere, A::PageUp, &[key(KeyCode::PageUp)], "back", "a page up", |m| m.scroll > 0),
        entry(Everywhere, A::Down, &[key(KeyCode::Down), char('j')], "down", "a row down", yes).quiet(),
        entry(Everywhere, A::Up, &[key(KeyCode::Up), char('k')], "up", "a row up", yes).quiet(),
        entry(Everywhere, A::Dismiss, &[ESC], "dismiss", "take the message away", |m| m.notice.is_some() || failed(m))
            .quiet(),
        entry(Everywhere, A::Show(Import), &[char('1')], "Import", "your writing", yes).quiet(),
        entry(Everywhere, A::Show(Style), &[char('2')], "Style", "how you write, measured", yes).quiet(),
        entry(Everywhere, A::Show(Library), &[char('3')], "Library", "which model fits, and why", yes).quiet(),
        entry(Everywhere, A::Show(Train), &[char('4')], "Train", "make it yours", yes).quiet(),
        entry(Everywhere, A::Show(Write), &[char('5')], "Write", "base and personal answers", yes).quiet(),
        entry(Everywhere, A::NextScreen, &[key(KeyCode::Tab)], "next screen", "to the next screen", yes),
        entry(
            Everywhere,
            A::PreviousScreen,
            &[key(KeyCode::BackTab)],
            "previous screen",
            "to the previous screen",
            yes,
        )
        .quiet(),
        entry(Everywhere, A::Help, &[char('?'), key(KeyCode::F(1))], "help", "this help", yes),
        entry(Everywhere, A::Quit, &[char('q')], "quit", "quit; a running training keeps a checkpoint first", yes),
    ]
};

/// Whether the row's key is listened to now.
#[must_use]
pub fn is_available(entry: &Entry, model: &Model) -> bool {
    let here = match (entry.place, model.overlay) {
        (Place::Always, _) | (Place::Help, Some(Overlay::Help)) | (Place::Question, Some(Overlay::Quit)) => true,
        (_, Some(_)) => false,
        (Place::Typing, None) => model.field().is_some(),
        (Place::Everywhere, None) => model.field().is_none(),
        (Place::On(screen), None) => model.field().is_none() && screen == model.screen,
        (Place::Help | Place::Question, None) => false,
    };
    here && (entry.enabled)(model)
}

/// What the key does now.
#[must_use]
pub fn resolve(model: &Model, event: &KeyEvent) -> Option<Action> {
    let pressed = |entry: &&Entry| entry.keys.iter().any(|key| key.is(event));
    TABLE.iter().filter(pressed).find(|entry| is_available(entry, model)).map(|entry| entry.action)
}

/// The key that does this now, as it is to be written in an explanation; nothing where no key does.
#[must_use]
pub fn key_for(model: &Model, action: Action) -> String {
    let mut taken: Vec<Key> = Vec::new();
    for entry in TABLE.iter().filter(|entry| is_available(entry, model)) {
        if entry.action == action
            && let Some(key) = entry.keys.iter().find(|key| !taken.contains(key))
        {
            return key.to_string();
        }
        taken.extend(entry.keys);
    }
    String::new()
}

/// What the command bar offers now: (key, name), the most important first. A key that an earlier row has taken is not
/// offered for a later one; the row's next free key is.
#[must_use]
pub fn bar(model: &Model) -> Vec<(Key, &'static str, Action)> {
    let mut taken: Vec<Key> = Vec::new();
    let mut offered = Vec::new();
    for entry in TABLE.iter().filter(|entry| is_available(entry, model)) {
        let free = entry.keys.iter().find(|key| !taken.contains(key));
        if let (Some(&key), true) = (free, entry.in_bar) {
            offered.push((key, entry.name, entry.action));
        }
        taken.extend(entry.keys);
    }
    offered
}
