//! Write: a conversation with the base model and another, side by side.

pub mod blind;
mod conversation;
pub mod kept;
pub mod measured;
mod view;
mod voices;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

pub use conversation::{Answer, Conversation, Progress, Turn};
pub use voices::{answer_with, may_change, next_voice, second_voice};

use super::{Behaviour, Screen, library};
use crate::app::history::PromptPlace;
use crate::app::write::Voice;
use crate::engine::SamplingParams;
use crate::ui::action::{Action, key_of};
use crate::ui::format::{count, one_line};
use crate::ui::message::{Ask, Effect, Job, JobKind, Report, Request};
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;
use crate::ui::widgets::Seen;

#[derive(Debug, Default)]
pub struct State {
    pub prompt: Input,
    pub editing: bool,
    /// The turn whose prompt is in the field, to be asked in its place; absent where it is a new one.
    pub revising: Option<usize>,
    pub talk: Conversation,
    /// The conversation before, which can be brought back.
    pub put_away: Option<Conversation>,
    /// A new prompt that was begun before an earlier one was taken up.
    draft: Option<String>,
    /// Who is to answer beside the base, where the user has chosen; see [`second_voice`].
    pub second: Option<Voice>,
    /// How words are drawn.
    pub sampling: SamplingParams,
    /// How often the last prompt was asked before, so that other words are drawn.
    pub again: u64,
    /// The answer that is looked at, and shown where there is room for one only.
    pub pane: usize,
    pub showing: Showing,
    pub blind: blind::State,
    pub scores: measured::State,
    pub list: kept::State,
}

/// What is seen in the place of the conversation, if anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Showing {
    #[default]
    Talk,
    /// Where the answers stand on the user's axes.
    Style,
    /// The conversations that are kept.
    Kept,
}

/// What the temperature keys and the length keys go through.
const TEMPERATURES: [f64; 9] = [0.0, 0.2, 0.4, 0.6, 0.7, 0.8, 1.0, 1.2, 1.5];
const LENGTHS: [usize; 6] = [32, 64, 128, 256, 512, 1024];

/// The screen.
pub struct Write;

impl Behaviour for Write {
    fn name(&self) -> &'static str {
        "Write"
    }

    fn about(&self) -> &'static str {
        "Write: a conversation in which the base model and the personal one answer side by side. Each hears its own earlier answers. \
         Nothing of it is kept unless you ask for it."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Seen {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Write, JobKind::Score, JobKind::Judge, JobKind::Conversations, JobKind::Conversation]
    }

    fn stops(&self) -> &'static [JobKind] {
        &[JobKind::Write]
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        library::lacks_ranking(model)
    }

    fn retry(&self, model: &mut Model) -> Option<Vec<Effect>> {
        let write = &model.screens.write;
        if let Some(pending) = write.blind.pending.clone() {
            return Some(model.jobs.start(Job::Judge(Some(pending))));
        }
        let unanswered = write.talk.turns.last().is_some_and(|turn| !turn.is_answered());
        match write.showing {
            Showing::Kept => Some(kept::find(model)),
            Showing::Style => Some(measured::measure(model)),
            Showing::Talk => unanswered.then(|| ask_again(model)),
        }
    }

    fn list<'m>(&self, model: &'m mut Model) -> Option<(&'m mut usize, usize)> {
        let write = &mut model.screens.write;
        (write.showing == Showing::Kept).then(|| write.list.cursor())
    }

    fn click_again(&self) -> Option<Action> {
        Some(Action::OpenConversation)
    }

    fn follows_end(&self, model: &Model) -> bool {
        talking(model) && !model.screens.write.talk.turns.is_empty()
    }

    fn field<'m>(&self, model: &'m Model) -> Option<&'m Input> {
        let write = &model.screens.write;
        if finding(model) { Some(&write.list.words) } else { write.editing.then_some(&write.prompt) }
    }

    fn field_mut<'m>(&self, model: &'m mut Model) -> Option<&'m mut Input> {
        let finding = finding(model);
        let write = &mut model.screens.write;
        if finding { Some(&mut write.list.words) } else { write.editing.then_some(&mut write.prompt) }
    }

    fn typed(&self, model: &mut Model) -> Vec<Effect> {
        if finding(model) { kept::find(model) } else { Vec::new() }
    }

    fn take_up_typing(&self, model: &mut Model) {
        if may_type(model) {
            edit(model);
        }
    }

    fn leave_field(&self, model: &mut Model) {
        let write = &mut model.screens.write;
        if write.list.finding {
            write.list.finding = false;
            return;
        }
        write.editing = false;
        if write.revising.take().is_some() {
            write.prompt = write.draft.take().unwrap_or_default().into();
        }
    }
}

/// Whether the words of a kept conversation are being typed.
#[must_use]
pub fn finding(model: &Model) -> bool {
    let write = &model.screens.write;
    write.showing == Showing::Kept && write.list.finding
}

/// Whether a prompt is being typed.
#[must_use]
pub fn typing(model: &Model) -> bool {
    model.screen == Screen::Write && model.screens.write.editing && !finding(model)
}

/// Whether the conversation is what is seen.
#[must_use]
pub fn talking(model: &Model) -> bool {
    model.screens.write.showing == Showing::Talk
}

/// Whether a model is writing.
#[must_use]
pub fn writing(model: &Model) -> bool {
    model.jobs.is_running(JobKind::Write)
}

#[must_use]
pub fn may_type(model: &Model) -> bool {
    talking(model) && !writing(model) && kept::is_idle(model)
}

/// Whether there is a conversation at rest.
#[must_use]
pub fn has_talk(model: &Model) -> bool {
    may_type(model) && !model.screens.write.talk.turns.is_empty()
}

/// The same, with something answered in it.
#[must_use]
pub fn has_answers(model: &Model) -> bool {
    has_talk(model) && model.screens.write.talk.turns.iter().any(Turn::is_answered)
}

pub fn edit(model: &mut Model) -> Vec<Effect> {
    model.screens.write.editing = true;
    Vec::new()
}

/// Takes the last prompt into the field, to be asked otherwise in its place.
pub fn revise(model: &mut Model) -> Vec<Effect> {
    model.screens.write.revising = None;
    edit(model);
    earlier_prompt(model)
}

/// Takes up the prompt before the one in the field. A new one that was begun comes back after the last of them.
pub fn earlier_prompt(model: &mut Model) -> Vec<Effect> {
    let write = &mut model.screens.write;
    let before = write.revising.unwrap_or(write.talk.turns.len()).checked_sub(1);
    if let Some((place, turn)) = before.and_then(|place| Some((place, write.talk.turns.get(place)?))) {
        if write.revising.is_none() {
            write.draft = Some(write.prompt.value().to_owned());
        }
        (write.revising, write.prompt) = (Some(place), turn.prompt.clone().into());
    }
    Vec::new()
}

/// The prompt after it, at last a new one.
pub fn later_prompt(model: &mut Model) -> Vec<Effect> {
    let write = &mut model.screens.write;
    let Some(turn) = write.revising else { return Vec::new() };
    let next = write.talk.turns.get(turn + 1).map(|turn| turn.prompt.clone());
    write.revising = next.is_some().then_some(turn + 1);
    write.prompt = next.or_else(|| write.draft.take()).unwrap_or_default().into();
    Vec::new()
}

pub fn submit(model: &mut Model) -> Vec<Effect> {
    let prompt = model.screens.write.prompt.value().to_owned();
    let place = model.screens.write.revising.map_or(PromptPlace::Next, PromptPlace::InsteadOf);
    put(model, prompt, place)
}

/// Lets the base and the other voice answer this next, unless something is missing, which it says.
#[must_use]
pub fn ask(model: &mut Model, prompt: String) -> Vec<Effect> {
    put(model, prompt, PromptPlace::Next)
}

pub fn ask_again(model: &mut Model) -> Vec<Effect> {
    let last = model.screens.write.talk.turns.last();
    last.map(|turn| turn.prompt.clone()).map_or_else(Vec::new, |prompt| put(model, prompt, PromptPlace::Again))
}

/// What keeps the models from answering now.
fn missing(model: &Model, prompt: &str) -> Option<String> {
    let key = |action| key_of(model, action);
    if prompt.trim().is_empty() {
        Some("Type what is to be written, then Enter.".into())
    } else if writing(model) {
        Some(format!("A model is still writing; {} stops it.", key(Action::Stop)))
    } else if !kept::is_idle(model) {
        Some("A conversation is just being kept or opened; ask again when that is done.".into())
    } else if model.jobs.is_running(JobKind::Forecast) {
        let stop = key(Action::Stop);
        Some(format!("What a training would take is being measured, which needs the machine; {stop} stops it."))
    } else if model.jobs.is_running(JobKind::Train) {
        let stop = key(Action::Stop);
        Some(format!("A training is running and needs the machine; {stop} on Train stops it and keeps a checkpoint."))
    } else if !model.has_base() {
        Some(format!("The base model is not on this machine yet: {} fetches it.", key(Action::FetchBase)))
    } else {
        None
    }
}

fn put(model: &mut Model, prompt: String, place: PromptPlace) -> Vec<Effect> {
    if let Some(missing) = missing(model, &prompt) {
        // Without a base there is nothing to type for yet, and the key that fetches it is to be listened to.
        model.screens.write.editing &= model.has_base();
        model.say(Tone::Bad, missing);
        return Vec::new();
    }
    let voices: Vec<Voice> = std::iter::once(Voice::Base).chain(second_voice(model)).collect();
    let write = &mut model.screens.write;
    let shuffled = write.blind.on && voices.len() > 1;
    let turns = &mut write.talk.turns;
    match place {
        PromptPlace::Next => drop(turns.pop_if(|last| !last.is_answered())),
        PromptPlace::Again => drop(turns.pop()),
        PromptPlace::InsteadOf(turn) => turns.truncate(turn),
    }
    turns.iter_mut().for_each(|turn| turn.hidden = false);
    write.again = if place == PromptPlace::Again { write.again + 1 } else { 0 };
    let heard = voices.iter().map(|voice| (voice.clone(), write.talk.heard_by(voice, &prompt))).collect();
    let sampling = SamplingParams { seed: write.sampling.seed.wrapping_add(write.again), ..write.sampling.clone() };
    write.talk.turns.push(Turn::new(prompt.clone(), &voices, shuffled, sampling.clone()));
    let kept = write.talk.kept.map(|id| (id, place));
    if place != PromptPlace::Again {
        write.prompt = write.draft.take().unwrap_or_default().into();
    }
    (write.revising, write.editing) = (None, false);
    (write.pane, write.showing) = (0, Showing::Talk);
    (model.scroll, model.notice) = (usize::MAX, None);
    model.failures[Screen::Write.index()] = None;
    model.jobs.start(Job::Write(Box::new(Ask { prompt, voices: heard, sampling, shuffled, kept })))
}

/// Puts a conversation away, so that it can be brought back. One that is kept nowhere gives way to another such one only.
fn put_away(write: &mut State, talk: Conversation) {
    let only_here = |talk: &Conversation| !talk.turns.is_empty() && talk.kept.is_none();
    if only_here(&talk) || (!talk.turns.is_empty() && !write.put_away.as_ref().is_some_and(only_here)) {
        write.put_away = Some(talk);
    }
}

/// Begins anew; the conversation before can be brought back.
pub fn begin_anew(model: &mut Model) -> Vec<Effect> {
    let write = &mut model.screens.write;
    let before = std::mem::take(&mut write.talk);
    let what = if before.kept.is_some() { "it is kept" } else { "it was not kept" };
    put_away(write, before);
    (write.pane, write.scores) = (0, measured::State::default());
    model.rewind();
    model.failures[Screen::Write.index()] = None;
    model.say(Tone::Plain, format!("A new conversation. The one before can be brought back; {what}."));
    Vec::new()
}

#[must_use]
pub fn may_bring_back(model: &Model) -> bool {
    may_type(model) && model.screens.write.put_away.is_some()
}

pub fn bring_back(model: &mut Model) -> Vec<Effect> {
    let write = &mut model.screens.write;
    if let Some(before) = write.put_away.take() {
        let now = std::mem::replace(&mut write.talk, before);
        put_away(write, now);
        (write.pane, write.scores) = (0, measured::State::default());
        model.notice = None;
        model.rewind();
    }
    Vec::new()
}

/// The answer that is looked at, for the clipboard.
pub fn copy(model: &mut Model) -> Vec<Effect> {
    let Some((turn, place)) = looked_at(model) else { return Vec::new() };
    let text = turn.answers[place].text.trim().to_owned();
    let (words, who) = (count(text.split_whitespace().count(), "word"), turn.name(place));
    model.say(Tone::Good, format!("Copied, where the terminal allows it (OSC 52): {words} of {who}."));
    vec![Effect::Copy(text)]
}

/// Whether there is a whole answer to copy.
#[must_use]
pub fn may_copy(model: &Model) -> bool {
    talking(model)
        && looked_at(model).is_some_and(|(turn, place)| {
            let answer = &turn.answers[place];
            answer.has_text() && answer.progress != Progress::Writing
        })
}

/// The answer that is looked at: in the last turn, in the pane chosen.
fn looked_at(model: &Model) -> Option<(&Turn, usize)> {
    let write = &model.screens.write;
    let turn = write.talk.turns.last()?;
    let last = turn.answers.len().checked_sub(1)?;
    Some((turn, write.pane.min(last)))
}

/// Writes the conversation into a file.
pub fn save(model: &mut Model) -> Vec<Effect> {
    let transcript = model.screens.write.talk.transcript();
    model.jobs.start(Job::Conversation(Request::Save(transcript)))
}

pub fn other_pane(model: &mut Model) -> Vec<Effect> {
    let answers = model.screens.write.talk.turns.last().map_or(0, |turn| turn.answers.len());
    let last = answers.saturating_sub(1);
    model.screens.write.pane = (model.screens.write.pane.min(last) + 1) % answers.max(1);
    Vec::new()
}

pub fn hotter(model: &mut Model) -> Vec<Effect> {
    let sampling = &mut model.screens.write.sampling;
    sampling.temperature = TEMPERATURES.into_iter().find(|&t| t > sampling.temperature).unwrap_or(sampling.temperature);
    Vec::new()
}

pub fn cooler(model: &mut Model) -> Vec<Effect> {
    let sampling = &mut model.screens.write.sampling;
    sampling.temperature =
        TEMPERATURES.into_iter().rev().find(|&t| t < sampling.temperature).unwrap_or(sampling.temperature);
    Vec::new()
}

pub fn longer(model: &mut Model) -> Vec<Effect> {
    let sampling = &mut model.screens.write.sampling;
    sampling.max_tokens =
        LENGTHS.into_iter().find(|&length| length > sampling.max_tokens).unwrap_or(sampling.max_tokens);
    Vec::new()
}

pub fn shorter(model: &mut Model) -> Vec<Effect> {
    let sampling = &mut model.screens.write.sampling;
    sampling.max_tokens = LENGTHS.into_iter().rev().find(|&l| l < sampling.max_tokens).unwrap_or(sampling.max_tokens);
    Vec::new()
}

/// Back to the conversation.
pub fn close_pane(model: &mut Model) -> Vec<Effect> {
    model.screens.write.showing = Showing::Talk;
    model.rewind();
    Vec::new()
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    match report {
        Report::Order(_) | Report::Answering(_) | Report::Piece(_) | Report::Answered { .. } => {
            answering(model, report)
        }
        // A long answer is read from its beginning.
        Report::Written => model.read_newest(),
        Report::Scored(scores) => measured::hear(model, scores),
        Report::Judged(tally) => blind::hear(model, tally),
        Report::Exported(path) => {
            let path = one_line(&path.display().to_string());
            model.say(Tone::Good, format!("Written to {path}. It holds what was said, so pass it on with care."));
        }
        report => return kept::hear(model, report),
    }
    Vec::new()
}

/// An answer on its way.
fn answering(model: &mut Model, report: Report) {
    let write = &mut model.screens.write;
    let Some(turn) = write.talk.turns.last_mut() else { return };
    match report {
        Report::Order(order) => {
            turn.answers.sort_by_key(|answer| order.iter().position(|voice| *voice == answer.voice));
        }
        Report::Answering(voice) => {
            if let Some(place) = turn.answers.iter().position(|answer| answer.voice == voice) {
                turn.answers[place].progress = Progress::Writing;
                write.pane = place;
            }
        }
        Report::Piece(piece) => {
            if let Some(answer) = at_work(turn) {
                answer.text.push_str(&piece);
            }
        }
        Report::Answered { tokens, tokens_per_s, stop, left_out } => {
            if let Some(answer) = at_work(turn) {
                answer.progress = Progress::Done { tokens, tokens_per_s, stop, left_out };
            }
        }
        _ => {}
    }
}

fn at_work(turn: &mut Turn) -> Option<&mut Answer> {
    turn.answers.iter_mut().find(|answer| answer.progress == Progress::Writing)
}

/// What was not done will not be.
pub fn broken(model: &mut Model) {
    let Some(turn) = model.screens.write.talk.turns.last_mut() else { return };
    for answer in &mut turn.answers {
        if !answer.is_over() {
            answer.progress = Progress::Broken;
        }
    }
    // What is not whole is not judged.
    turn.hidden &= turn.is_complete();
}
