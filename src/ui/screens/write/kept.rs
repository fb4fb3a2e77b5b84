//! The conversations that are kept: keeping the one on the screen, and the list of all, to find, open and delete them.

use tui_input::Input;

use super::{Conversation, Showing, voices};
use crate::app::write::Voice;
use crate::store::Found;
use crate::ui::format::one_line;
use crate::ui::message::{Effect, Job, JobKind, Report, Request};
use crate::ui::model::{Model, Tone};
use crate::ui::overlays::confirm;

#[derive(Debug, Default)]
pub struct State {
    /// What is looked for.
    pub words: Input,
    pub finding: bool,
    /// Absent until it was looked for the first time.
    pub found: Option<Vec<Found>>,
    cursor: usize,
    /// Which one is asked about.
    asked: Option<i64>,
}

impl State {
    pub fn cursor(&mut self) -> (&mut usize, usize) {
        let length = self.found.as_ref().map_or(0, Vec::len);
        (&mut self.cursor, length)
    }

    /// The highlighted one, with its place.
    #[must_use]
    pub fn highlighted(&self) -> Option<(usize, &Found)> {
        let found = self.found.as_ref()?;
        let place = self.cursor.min(found.len().checked_sub(1)?);
        Some((place, &found[place]))
    }
}

#[must_use]
pub fn may_keep(model: &Model) -> bool {
    super::has_answers(model) && model.screens.write.talk.kept.is_none() && is_idle(model)
}

pub(super) fn is_idle(model: &Model) -> bool {
    !model.jobs.is_running(JobKind::Conversation)
}

/// Keeps the conversation on this machine, and whatever is still said in it.
pub fn keep(model: &mut Model) -> Vec<Effect> {
    let write = &mut model.screens.write;
    // Who is kept is named.
    write.talk.turns.iter_mut().for_each(|turn| turn.hidden = false);
    let turns = write.talk.to_keep();
    model.jobs.start(Job::Conversation(Request::Keep(turns)))
}

#[must_use]
pub fn may_list(model: &Model) -> bool {
    super::may_type(model) && is_idle(model)
}

pub fn open_list(model: &mut Model) -> Vec<Effect> {
    let write = &mut model.screens.write;
    (write.showing, write.list) = (Showing::Kept, State::default());
    model.scroll = 0;
    find(model)
}

#[must_use]
pub fn listing(model: &Model) -> bool {
    model.screens.write.showing == Showing::Kept
}

/// Whether one is highlighted.
#[must_use]
pub fn has_one(model: &Model) -> bool {
    let looking = model.jobs.is_running(JobKind::Conversations);
    listing(model) && is_idle(model) && !looking && model.screens.write.list.highlighted().is_some()
}

pub fn begin_finding(model: &mut Model) -> Vec<Effect> {
    model.screens.write.list.finding = true;
    Vec::new()
}

/// Looks for what is typed.
pub fn find(model: &mut Model) -> Vec<Effect> {
    let words = model.screens.write.list.words.value().to_owned();
    model.jobs.start(Job::Conversations(words))
}

/// Ends the typing and opens what was found, where there is one.
pub fn take_found(model: &mut Model) -> Vec<Effect> {
    model.screens.write.list.finding = false;
    open(model)
}

/// Goes on with the highlighted one.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let id = highlighted_id(model);
    id.map_or_else(Vec::new, |id| model.jobs.start(Job::Conversation(Request::Open(id))))
}

pub fn ask_to_delete(model: &mut Model) -> Vec<Effect> {
    const QUESTION: &str = "The highlighted conversation is deleted, with everything that was said in it.";
    model.screens.write.list.asked = highlighted_id(model);
    confirm::ask(model, QUESTION, "delete", |model| {
        let id = model.screens.write.list.asked.take();
        id.map_or_else(Vec::new, |id| model.jobs.start(Job::Conversation(Request::Delete(id))))
    })
}

fn highlighted_id(model: &Model) -> Option<i64> {
    model.screens.write.list.highlighted().map(|(_, found)| found.summary.id)
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    let write = &mut model.screens.write;
    match report {
        Report::Conversations(found) => {
            write.list.cursor = write.list.cursor.min(found.len().saturating_sub(1));
            write.list.found = Some(found);
        }
        Report::ConversationKept(id) => {
            write.talk.kept = Some(id);
            model.say(
                Tone::Good,
                format!("Kept on this machine as conversation {id}, with whatever is still said in it."),
            );
        }
        Report::Opened(kept) => {
            let talk = Conversation::from(&*kept);
            let answers = || talk.turns.iter().rev().flat_map(|turn| &turn.answers);
            let other = answers().find(|answer| answer.voice != Voice::Base).map(|answer| answer.voice.clone());
            if let Some(written) =
                kept.exchanges.iter().rev().find_map(|exchange| Some(&exchange.answer.as_ref()?.written))
            {
                (write.sampling.temperature, write.sampling.max_tokens) = (written.temperature, written.max_tokens);
            }
            let last = talk.turns.last().map_or(0, |turn| turn.answers.len().saturating_sub(1));
            let before = std::mem::replace(&mut write.talk, talk);
            super::put_away(write, before);
            (write.showing, write.pane, write.scores) = (Showing::Talk, last, Default::default());
            (write.revising, write.editing) = (None, false);
            if let Some(other) = other {
                voices::go_on_with(model, other);
            }
            model.rewind();
        }
        Report::Deleted { id, title } => {
            // Who still looks at it can keep it anew.
            for talk in [Some(&mut write.talk), write.put_away.as_mut()].into_iter().flatten() {
                talk.kept = talk.kept.filter(|kept| *kept != id);
            }
            let title = one_line(&title);
            model.say(Tone::Good, format!("Deleted: {title}."));
            return find(model);
        }
        _ => {}
    }
    Vec::new()
}
