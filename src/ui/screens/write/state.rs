//! What Write shows, and how prompts are typed, revised and asked. Knows neither keys nor how it is drawn.

use std::path::PathBuf;

use tui_input::Input;

use super::jobs::{Delete, Find, Judge, Keep, Open, Save, Score};
use crate::app::answers::{Answer, Answering};
use crate::app::conversation::{Conversation, Progress, Response, Turn};
use crate::app::history::PromptPlace;
use crate::app::write::{Score as Measured, Voice};
use crate::engine::SamplingParams;
use crate::store::{Found, Tally};
use crate::ui::format::{count, one_line};
use crate::ui::shell::data::{FetchBase, Look};
use crate::ui::shell::{Effect, Event, Job, Kind, Scroll, Shared};
use crate::ui::values::beside;
use crate::ui::widgets::TextArea;

#[derive(Debug, Default)]
pub struct Write {
    pub(super) talk: Conversation,
    /// The conversation before, which can be brought back.
    pub(super) put_away: Option<Conversation>,
    /// The field for prompts.
    pub(super) field: TextArea,
    pub(super) typing: bool,
    /// The turn whose prompt is in the field, to be asked in its place, and the new prompt that was begun before.
    pub(super) revises: Option<(usize, String)>,
    /// Who is to answer beside the base model, where the user has chosen; see [`Write::second_voice`].
    pub(super) second: Option<Voice>,
    pub(super) sampling: SamplingParams,
    /// The response of the last turn that can be copied.
    pub(super) looked_at: usize,
    pub(super) pane: Pane,
    /// A blind test: the next responses come without names.
    pub(super) blind: bool,
    /// The verdicts kept so far, between any two voices.
    pub(super) tally: Vec<Tally>,
    /// A verdict that is not kept yet.
    pub(super) pending: Option<Judge>,
    /// The folder that the program was started in.
    pub(super) folder: PathBuf,
}

#[derive(Debug, Default)]
pub(super) enum Pane {
    #[default]
    Talk,
    /// How the voices answered, measured; empty before it is.
    Style(Vec<(Voice, Measured)>),
    Kept(List),
}

#[derive(Debug, Default)]
pub(super) struct List {
    /// What is looked for.
    pub words: Input,
    pub finding: bool,
    /// Absent until the first search is done.
    pub found: Option<Vec<Found>>,
    pub cursor: usize,
}

impl List {
    pub fn highlighted(&self) -> Option<&Found> {
        self.found.as_ref()?.get(self.cursor)
    }

    pub fn find(&self) -> Effect {
        Effect::start(Find(self.words.value().to_owned()))
    }
}

/// Whether no conversation is being kept, opened, deleted or saved.
pub(super) fn is_idle(shared: &Shared) -> bool {
    !(shared.runs::<Keep>() || shared.runs::<Open>() || shared.runs::<Delete>() || shared.runs::<Save>())
}

/// What the temperature keys and the length keys go through.
pub(super) const TEMPERATURES: [f64; 9] = [0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5];
pub(super) const LENGTHS: [usize; 6] = [32, 64, 128, 256, 512, 1024];

impl Write {
    /// Files are suggested to go into `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, ..Self::default() }
    }

    pub fn turns(&self) -> &[Turn] {
        &self.talk.turns
    }

    pub fn prompt(&self) -> &str {
        self.field.value()
    }

    pub(super) fn is_talking(&self) -> bool {
        matches!(self.pane, Pane::Talk)
    }

    pub(super) fn may_type(&self, shared: &Shared) -> bool {
        self.is_talking() && !shared.runs::<Answer>() && is_idle(shared)
    }

    /// Whether there is a conversation, and no model is writing.
    pub(super) fn has_talk(&self, shared: &Shared) -> bool {
        self.may_type(shared) && !self.talk.turns.is_empty()
    }

    /// The same, with something answered in it.
    pub(super) fn has_answers(&self, shared: &Shared) -> bool {
        self.has_talk(shared) && self.talk.is_answered()
    }

    pub(super) fn edit_elsewhere(&mut self, _: &Shared) -> Vec<Effect> {
        vec![Effect::Edit(self.prompt().to_owned())]
    }

    pub(super) fn may_go_earlier(&self, shared: &Shared) -> bool {
        self.typing && !self.talk.turns.is_empty() && self.field.is_on_first_row(shared.field)
    }

    pub(super) fn may_go_later(&self, shared: &Shared) -> bool {
        self.typing && self.revises.is_some() && self.field.is_on_last_row(shared.field)
    }

    /// Takes up the prompt before the one in the field, to be asked differently in its place.
    pub(super) fn earlier_prompt(&mut self) {
        self.typing = true;
        let turn = self.revises.as_ref().map_or(self.talk.turns.len(), |(turn, _)| *turn);
        self.take_up(turn.saturating_sub(1));
    }

    /// The prompt after it, at last the new one.
    pub(super) fn later_prompt(&mut self) {
        if let Some((turn, _)) = self.revises {
            self.take_up(turn + 1);
        }
    }

    /// Puts the prompt of a turn into the field; behind the last turn, the new one that was begun.
    fn take_up(&mut self, turn: usize) {
        let (_, draft) = self.revises.take().unwrap_or_else(|| (turn, self.prompt().to_owned()));
        match self.talk.turns.get(turn) {
            Some(earlier) => (self.field, self.revises) = (earlier.prompt.as_str().into(), Some((turn, draft))),
            None => self.field = draft.as_str().into(),
        }
    }

    /// Ends typing; a revision that was not asked is dropped.
    pub(super) fn leave_prompt(&mut self) {
        self.typing = false;
        if self.revises.is_some() {
            self.take_up(usize::MAX);
        }
    }

    pub(super) fn submit(&mut self, shared: &Shared) -> Vec<Effect> {
        let asked = self.revises.as_ref().map_or(PromptPlace::Next, |(turn, _)| PromptPlace::InsteadOf(*turn));
        self.put(self.prompt().to_owned(), asked, shared)
    }

    pub(super) fn ask_again(&mut self, shared: &Shared) -> Vec<Effect> {
        let last = self.talk.turns.last().map(|turn| turn.prompt.clone());
        last.map_or_else(Vec::new, |prompt| self.put(prompt, PromptPlace::Again, shared))
    }

    /// Lets the base model and the other voice answer, unless something prevents it, which is then said.
    pub(super) fn put(&mut self, prompt: String, asked: PromptPlace, shared: &Shared) -> Vec<Effect> {
        if let Some(why) = refusal(&prompt, shared) {
            // Without a base model, the key that downloads it must count.
            self.typing &= shared.has_base();
            return vec![Effect::say_bad(why)];
        }
        let voices: Vec<Voice> = std::iter::once(Voice::Base).chain(self.second_voice(shared)).collect();
        let shuffled = self.blind && voices.len() > 1;
        let (turns, mut sampling) = (&mut self.talk.turns, self.sampling.clone());
        match asked {
            PromptPlace::Next => drop(turns.pop_if(|last| !last.is_answered())),
            // The next seed samples other tokens.
            PromptPlace::Again => sampling.seed = turns.pop().map_or(sampling.seed, |last| last.sampling.seed + 1),
            PromptPlace::InsteadOf(turn) => turns.truncate(turn),
        }
        self.reveal();
        let messages = voices.iter().map(|voice| (voice.clone(), self.talk.messages_for(voice, &prompt))).collect();
        self.talk.turns.push(Turn::new(prompt.clone(), &voices, shuffled, sampling.clone()));
        if asked != PromptPlace::Again {
            self.field = TextArea::default();
        }
        self.leave_prompt();
        (self.looked_at, self.pane) = (0, Pane::Talk);
        let kept = self.talk.kept.map(|id| (id, asked));
        let answer = Answer { prompt: prompt.clone(), voices: messages, sampling, shuffled, kept };
        let prompted = Effect::Emit(Event::Prompted(prompt));
        vec![Effect::Dismiss, Effect::start(answer), Effect::Scroll(Scroll::End), prompted]
    }

    pub(super) fn answering(&mut self, report: &Answering) -> Vec<Effect> {
        let Some(turn) = self.talk.turns.last_mut() else { return Vec::new() };
        match report {
            Answering::Order(order) => {
                turn.responses.sort_by_key(|response| order.iter().position(|voice| *voice == response.voice));
            }
            Answering::Begins(voice) => {
                let place = turn.responses.iter().position(|response| response.voice == *voice).unwrap_or(0);
                turn.responses[place].progress = Progress::Writing;
                self.looked_at = place;
                let progress = format!("{} of {}", place + 1, turn.responses.len());
                return vec![Effect::Progress(&Answer::KIND, progress)];
            }
            Answering::Piece(piece) => being_written(turn).for_each(|response| response.text.push_str(piece)),
            Answering::Ended(end) => being_written(turn).for_each(|answer| answer.progress = Progress::Done(*end)),
            // A long response is read from its beginning.
            Answering::Done => return vec![Effect::Scroll(Scroll::Newest), Effect::Emit(Event::Answered)],
        }
        Vec::new()
    }

    /// What is not written yet will not be. It may have failed because a run is gone.
    pub(super) fn ended(&mut self, kind: &Kind, shared: &Shared) -> Vec<Effect> {
        if *kind != Answer::KIND {
            return Vec::new();
        }
        if let Some(turn) = self.talk.turns.last_mut() {
            for response in turn.responses.iter_mut().filter(|response| !response.is_over()) {
                response.progress = Progress::Broken;
            }
            // Half a response is not judged.
            turn.hidden &= turn.is_complete();
        }
        if shared.failure(kind).is_some() { vec![Effect::start(Look)] } else { Vec::new() }
    }

    pub(super) fn retry(&mut self, shared: &Shared) -> Vec<Effect> {
        if let Some(pending) = self.pending.clone() {
            return vec![Effect::start(pending)];
        }
        match &self.pane {
            Pane::Kept(list) => vec![list.find()],
            Pane::Style(_) => vec![self.measure()],
            Pane::Talk if self.talk.turns.last().is_some_and(|turn| !turn.is_answered()) => self.ask_again(shared),
            Pane::Talk => Vec::new(),
        }
    }

    /// Measures the responses so far. Names come with it.
    pub(super) fn open_style(&mut self, _: &Shared) -> Vec<Effect> {
        self.reveal();
        self.pane = Pane::Style(Vec::new());
        vec![Effect::Scroll(Scroll::Top), self.measure()]
    }

    fn measure(&self) -> Effect {
        Effect::start(Score(self.talk.by_voice()))
    }

    pub(super) fn close_pane(&mut self, _: &Shared) -> Vec<Effect> {
        self.pane = Pane::Talk;
        vec![Effect::Abandon(&Find::KIND), Effect::Abandon(&Score::KIND), Effect::Scroll(Scroll::Top)]
    }

    /// Shows another conversation, and keeps the one before at hand. One that is kept nowhere gives way to another such one only.
    pub(super) fn turn_to(&mut self, talk: Conversation) {
        let before = std::mem::replace(&mut self.talk, talk);
        let is_only_here = |talk: &Conversation| !talk.turns.is_empty() && talk.kept.is_none();
        if is_only_here(&before) || (!before.turns.is_empty() && !self.put_away.as_ref().is_some_and(is_only_here)) {
            self.put_away = Some(before);
        }
    }

    pub(super) fn begin_new(&mut self, _: &Shared) -> Vec<Effect> {
        let what = if self.talk.kept.is_some() { "it is saved" } else { "it is not saved" };
        self.turn_to(Conversation::default());
        let say = Effect::say(format!("A new conversation. The previous one can be brought back; {what}."));
        vec![Effect::Abandon(&Answer::KIND), Effect::Scroll(Scroll::Top), say]
    }

    pub(super) fn bring_back(&mut self, _: &Shared) -> Vec<Effect> {
        self.put_away.take().into_iter().for_each(|before| self.turn_to(before));
        vec![Effect::Dismiss, Effect::Scroll(Scroll::Top)]
    }

    /// The response that is looked at: in the last turn, at the place chosen.
    pub(super) fn looked_at(&self) -> Option<(&Turn, usize)> {
        let turn = self.talk.turns.last()?;
        Some((turn, self.looked_at.min(turn.responses.len().checked_sub(1)?)))
    }

    /// Whether there is a whole response to copy.
    pub(super) fn may_copy(&self, _: &Shared) -> bool {
        let is_whole = |response: &Response| response.has_text() && response.progress != Progress::Writing;
        self.is_talking() && self.looked_at().is_some_and(|(turn, place)| is_whole(&turn.responses[place]))
    }

    pub(super) fn copy(&mut self, _: &Shared) -> Vec<Effect> {
        let Some((turn, place)) = self.looked_at() else { return Vec::new() };
        let text = turn.responses[place].text.trim().to_owned();
        let (words, who) = (count(text.split_whitespace().count(), "word"), one_line(&turn.name(place)));
        let say = format!("Copied, if the terminal allows it (OSC 52): {words} by {who}.");
        vec![Effect::say_good(say), Effect::Copy(text)]
    }

    pub(super) fn has_two(&self, _: &Shared) -> bool {
        self.is_talking() && self.talk.turns.last().is_some_and(|turn| turn.responses.len() > 1)
    }
}

fn being_written(turn: &mut Turn) -> impl Iterator<Item = &mut Response> {
    turn.responses.iter_mut().filter(|response| response.progress == Progress::Writing)
}

/// Goes to the next of these values, up or down, as far as there is one.
pub(super) fn step<T: Copy + PartialOrd>(now: &mut T, values: &[T], up: bool) {
    *now = beside(values, *now, up).unwrap_or(*now);
}

/// What else needs the machine: the title of the job.
pub(super) fn waits_for(shared: &Shared) -> Option<&'static str> {
    shared.jobs.long_besides(&[&FetchBase::KIND, &Answer::KIND])
}

/// Why the models cannot answer now, and what to do.
fn refusal(prompt: &str, shared: &Shared) -> Option<String> {
    if prompt.trim().is_empty() {
        Some("Type a prompt, then press Enter.".into())
    } else if shared.runs::<Answer>() {
        Some(format!("A model is still writing; {} stops it.", shared.key("stop")))
    } else if !is_idle(shared) {
        Some("A conversation is being saved or opened; ask again when that is done.".into())
    } else if let Some(title) = waits_for(shared) {
        Some(format!("{title} is running and needs the machine; {} stops it.", shared.key("stop")))
    } else if !shared.has_base() {
        Some(format!("The base model is not on this machine yet: {} downloads it.", shared.key("fetch-base")))
    } else {
        None
    }
}
