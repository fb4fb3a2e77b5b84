//! Everything a key can do: the table's rows, which of them count now, and what is offered for them. Key handling, command bar,
//! palette, help and documents are all read from the one [`TABLE`], so they cannot disagree. Knows when an action makes sense and
//! which function does it, not what that does.

mod key;
mod keymap;
mod table;

use crossterm::event::KeyEvent;

use super::message::Effect;
use super::model::{Model, Overlay};
use super::screens::Screen;

pub use key::{Key, NoKey};
pub use keymap::{Keymap, KeymapError};
pub use table::TABLE;

/// What a user can ask for. Named as in the user's key settings, see [`Action::id`].
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
    LeaveGuide,
    OpenDemo,
    Keep,
    Discard,
    EditPath,
    ChooseFile,
    ChooseEntry,
    TakeFolder,
    ParentFolder,
    ToggleHidden,
    ClosePicker,
    UndoImport,
    Retry,
    ChooseStart,
    Filter,
    FilterDown,
    FilterUp,
    FilterPageDown,
    FilterPageUp,
    KeepFilter,
    ClearFilter,
    NextOrder,
    ReverseOrder,
    Mark,
    Unmark,
    Compare,
    OpenBlend,
    ClosePane,
    CompareSources,
    OverTime,
    NextPair,
    PreviousPair,
    MoreWeight,
    LessWeight,
    BestWeights,
    TakeBlend,
    StartFromScratch,
    StartAutomatic,
    StartTraining,
    TrainAgain,
    ResumeTraining,
    RestartTraining,
    PauseTraining,
    ContinueTraining,
    MoreSteps,
    LookAhead,
    ToggleSamples,
    FewerSteps,
    FetchBase,
    Stop,
    EditPrompt,
    EarlierPrompt,
    LaterPrompt,
    RevisePrompt,
    AskAgain,
    BlindTest,
    PreferFirst,
    PreferSecond,
    PreferNeither,
    AnswerStyle,
    NewConversation,
    BringBack,
    KeepConversation,
    SaveConversation,
    Conversations,
    FindConversation,
    OpenConversation,
    DeleteConversation,
    Hotter,
    Cooler,
    Longer,
    Shorter,
    NextVoice,
    CopyAnswer,
    OtherPane,
    NextStep,
    PreviousStep,
    FirstStep,
    LastStep,
    ExportReport,
    PutInUse,
    WriteWithRun,
    RenameRun,
    KeepName,
    ExportRun,
    DeleteRun,
    Show(Screen),
    NextScreen,
    PreviousScreen,
    Palette,
    PaletteUp,
    PaletteDown,
    PaletteRun,
    PaletteClose,
    Jobs,
    JobsClose,
    JobsStop,
    Confirm,
    LeaveAsItIs,
    DiscardTraining,
    ToggleMouse,
    NextValue,
    PreviousValue,
    CheckAgain,
    Help,
    Quit,
    Dismiss,
}

impl Action {
    /// Its name in key settings and documents: `start-training`, `show-library`.
    #[must_use]
    pub fn id(self) -> String {
        let mut id = String::new();
        for character in format!("{self:?}").chars() {
            match character {
                ')' => {}
                '(' => id.push('-'),
                upper if upper.is_uppercase() => {
                    if !(id.is_empty() || id.ends_with('-')) {
                        id.push('-');
                    }
                    id.extend(upper.to_lowercase());
                }
                lower => id.push(lower),
            }
        }
        id
    }
}

/// Where an action belongs; decides when its key is listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Whatever is on the screen.
    Always,
    /// While this lies over the screen.
    Over(Overlay),
    /// While text is typed on a screen.
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
            Self::Over(overlay) => overlay.place(),
            Self::Typing => "While typing",
            Self::Everywhere => "On every screen",
            Self::On(screen) => screen.name(),
        }
    }

    /// Every place that has rows, those of `here` first, as the help shows them.
    pub fn all_from(here: Screen) -> impl Iterator<Item = Self> {
        let screens = Screen::ALL.into_iter().filter(move |screen| *screen != here).map(Self::On);
        [Self::On(here), Self::Everywhere, Self::Typing]
            .into_iter()
            .chain(screens)
            .chain(Overlay::ALL.into_iter().map(Self::Over))
            .chain([Self::Always])
    }
}

/// A row of the table.
#[derive(Clone, Copy)]
pub struct Entry {
    pub action: Action,
    /// The shipped keys; the first is the one shown.
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
    /// Does it.
    pub run: fn(&mut Model) -> Vec<Effect>,
}

/// Whether the row's key is listened to now.
#[must_use]
pub fn is_available(entry: &Entry, model: &Model) -> bool {
    let here = match (entry.place, model.overlay) {
        (Place::Always, _) => true,
        (Place::Over(place), overlay) => overlay == Some(place),
        (_, Some(_)) => false,
        (Place::Typing, None) => model.field().is_some(),
        (Place::Everywhere, None) => model.field().is_none(),
        (Place::On(screen), None) => model.field().is_none() && screen == model.screen,
    };
    here && (entry.enabled)(model)
}

/// As [`is_available`], once what lies over the screen is closed and the field is left.
fn is_below(entry: &Entry, model: &Model) -> bool {
    let here = match entry.place {
        Place::Always | Place::Everywhere => true,
        Place::On(screen) => screen == model.screen,
        Place::Over(_) | Place::Typing => false,
    };
    here && (entry.enabled)(model)
}

/// The row that the key stands for now.
#[must_use]
pub fn resolve(model: &Model, event: &KeyEvent) -> Option<&'static Entry> {
    let rows = TABLE.iter().zip(model.keymap.rows());
    let pressed = rows.filter(|(_, keys)| keys.iter().any(|key| key.is(event))).map(|(entry, _)| entry);
    pressed.into_iter().find(|entry| is_available(entry, model))
}

/// Does what the first row for the action that makes sense now does; nothing where none does.
#[must_use]
pub fn perform(model: &mut Model, action: Action) -> Vec<Effect> {
    let entry = TABLE.iter().find(|entry| entry.action == action && is_available(entry, model));
    entry.map_or_else(Vec::new, |entry| (entry.run)(model))
}

/// Rows that are offered, each with the first of its keys that no earlier row has taken.
fn offered(
    model: &Model,
    is_offered: fn(&Entry, &Model) -> bool,
) -> impl Iterator<Item = (&'static Entry, Option<Key>)> {
    let mut taken: Vec<Key> = Vec::new();
    let rows = TABLE.iter().zip(model.keymap.rows()).filter(move |(entry, _)| is_offered(entry, model));
    rows.map(move |(entry, keys)| {
        let free = keys.iter().find(|key| !taken.contains(key)).copied();
        taken.extend(keys);
        (entry, free)
    })
}

/// The key that does this now, as it is to be written in an explanation; nothing where no key does. What lies over the screen, or a
/// field in which keys are letters, is left again: what the screen says below it stays as it is.
#[must_use]
pub fn key_for(model: &Model, action: Action) -> String {
    let key = |is_offered| {
        let mut rows = offered(model, is_offered).filter(|(entry, _)| entry.action == action);
        rows.find_map(|(_, key)| key)
    };
    let is_covered = model.overlay.is_some() || model.field().is_some();
    let below = || if is_covered { key(is_below) } else { None };
    key(is_available).or_else(below).map(|key| key.to_string()).unwrap_or_default()
}

/// The key that does this where it makes sense, now or not: for a sentence that says what to do next.
#[must_use]
pub fn key_of(model: &Model, action: Action) -> String {
    let key = model.keymap.entries().find(|(entry, keys)| entry.action == action && !keys.is_empty());
    key.map(|(_, keys)| keys[0].to_string()).unwrap_or_default()
}

/// What the command bar offers now: (key, name), the most important first. A key that an earlier row has taken is not
/// offered for a later one; the row's next free key is.
#[must_use]
pub fn bar(model: &Model) -> Vec<(Key, &'static str, Action)> {
    let shown = offered(model, is_available).filter(|(entry, _)| entry.in_bar);
    shown.filter_map(|(entry, key)| Some((key?, entry.name, entry.action))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_readable() {
        assert_eq!(Action::StartTraining.id(), "start-training");
        assert_eq!(Action::Show(Screen::Library).id(), "show-library");
        assert_eq!(Action::Up.id(), "up");
    }

    #[test]
    fn every_place_of_the_table_is_shown_once() {
        for here in Screen::ALL {
            let places: Vec<Place> = Place::all_from(here).collect();
            for entry in TABLE {
                assert_eq!(places.iter().filter(|place| **place == entry.place).count(), 1, "{:?}", entry.action);
            }
        }
    }

    #[test]
    fn each_row_says_what_it_does() {
        let mut seen = HashSet::new();
        for entry in TABLE {
            assert!(!entry.keys.is_empty() && !entry.name.is_empty() && !entry.description.is_empty());
            assert!(entry.name.chars().count() <= 18, "{} is too long for the command bar", entry.name);
            seen.insert(entry.action.id());
        }
        assert!(seen.contains("quit") && seen.contains("help"));
    }
}
