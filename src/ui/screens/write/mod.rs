//! Write: one prompt, answered by the base model and by another.

mod view;

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Behaviour, Screen, library};
use crate::app::write::Voice;
use crate::engine::Stop;
use crate::ui::format::count;
use crate::ui::message::{Effect, Job, JobKind, Report};
use crate::ui::model::{Model, Tone};
use crate::ui::theme::Theme;

#[derive(Debug, Default)]
pub struct State {
    pub prompt: Input,
    pub editing: bool,
    /// The prompt the answers are to, and how often it was asked before.
    pub asked: String,
    pub again: u64,
    /// Who answers beside the base, where the user has chosen; see [`Model::second_voice`].
    pub second: Option<Voice>,
    pub answers: Vec<Answer>,
    /// The answer shown where there is room for one only.
    pub pane: usize,
}

#[derive(Debug)]
pub struct Answer {
    pub voice: Voice,
    pub text: String,
    pub progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    Waiting,
    Writing,
    Done {
        tokens: usize,
        tokens_per_s: f64,
        stop: Stop,
    },
    /// Stopped, or failed, before it was done.
    Broken,
}

/// The screen.
pub struct Write;

impl Behaviour for Write {
    fn name(&self) -> &'static str {
        "Write"
    }

    fn about(&self) -> &'static str {
        "Write: the base model and the personal one answer the same prompt, one after the other."
    }

    fn draw(&self, model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> usize {
        view::draw(model, theme, frame, area)
    }

    fn jobs(&self) -> &'static [JobKind] {
        &[JobKind::Write]
    }

    fn stops(&self) -> &'static [JobKind] {
        &[JobKind::Write]
    }

    fn missing(&self, model: &Model) -> Option<Job> {
        library::lacks_ranking(model)
    }

    fn retry(&self, model: &mut Model) -> Option<Vec<Effect>> {
        (!model.screens.write.asked.is_empty()).then(|| ask_again(model))
    }

    fn field<'m>(&self, model: &'m Model) -> Option<&'m Input> {
        model.screens.write.editing.then_some(&model.screens.write.prompt)
    }

    fn field_mut<'m>(&self, model: &'m mut Model) -> Option<&'m mut Input> {
        model.screens.write.editing.then_some(&mut model.screens.write.prompt)
    }

    fn take_up_typing(&self, model: &mut Model) {
        if !model.jobs.is_running(JobKind::Write) {
            edit(model);
        }
    }

    fn leave_field(&self, model: &mut Model) {
        model.screens.write.editing = false;
    }
}

/// Those who can answer beside the base: the user's own model, then the library in its ranked order.
#[must_use]
pub fn voices(model: &Model) -> Vec<Voice> {
    let mine = model.has_personal_model().then_some(Voice::Mine);
    let candidates = model.screens.library.selected.iter().flat_map(|selected| &selected.candidates);
    mine.into_iter().chain(candidates.map(|candidate| Voice::Library(candidate.id.clone()))).collect()
}

/// Who answers beside the base: the user's choice, else their own model, else the library model that fits best.
#[must_use]
pub fn second_voice(model: &Model) -> Option<Voice> {
    model.screens.write.second.clone().or_else(|| voices(model).into_iter().next())
}

pub fn edit(model: &mut Model) -> Vec<Effect> {
    model.screens.write.editing = true;
    Vec::new()
}

pub fn submit(model: &mut Model) -> Vec<Effect> {
    let prompt = model.screens.write.prompt.value().to_owned();
    model.screens.write.again = 0;
    ask(model, prompt)
}

pub fn ask_again(model: &mut Model) -> Vec<Effect> {
    let prompt = model.screens.write.asked.clone();
    model.screens.write.again += 1;
    ask(model, prompt)
}

/// The answer that is looked at, for the clipboard.
pub fn copy(model: &mut Model) -> Vec<Effect> {
    let write = &model.screens.write;
    let Some(answer) = write.answers.get(write.pane.min(write.answers.len().saturating_sub(1))) else {
        return Vec::new();
    };
    let text = answer.text.trim().to_owned();
    let (words, who) = (count(text.split_whitespace().count(), "word"), view::name(&answer.voice));
    model.say(Tone::Good, format!("Copied, where the terminal allows it (OSC 52): {words} of {who}."));
    vec![Effect::Copy(text)]
}

/// Whether there is a whole answer to copy.
#[must_use]
pub fn may_copy(model: &Model) -> bool {
    let write = &model.screens.write;
    let answer = write.answers.get(write.pane);
    answer.is_some_and(|answer| !answer.text.trim().is_empty() && !matches!(answer.progress, Progress::Writing))
}

/// Lets the base and the other voice answer, unless something is missing, which it says.
#[must_use]
pub fn ask(model: &mut Model, prompt: String) -> Vec<Effect> {
    let missing = if prompt.trim().is_empty() {
        Some("Type what is to be written, then Enter.")
    } else if model.jobs.is_running(JobKind::Write) {
        Some("A model is still writing; x stops it.")
    } else if model.jobs.is_running(JobKind::Train) {
        Some("A training is running and needs the machine; x on Train stops it and keeps a checkpoint.")
    } else if !model.has_base() {
        model.screens.write.editing = false;
        Some("The base model is not on this machine yet: b fetches it.")
    } else {
        None
    };
    if let Some(missing) = missing {
        model.say(Tone::Bad, missing);
        return Vec::new();
    }
    let voices: Vec<Voice> = std::iter::once(Voice::Base).chain(second_voice(model)).collect();
    let answer = |voice: &Voice| Answer { voice: voice.clone(), text: String::new(), progress: Progress::Waiting };
    model.screens.write.answers = voices.iter().map(answer).collect();
    if model.screens.write.prompt.value() != prompt {
        model.screens.write.prompt = prompt.clone().into();
    }
    model.screens.write.asked.clone_from(&prompt);
    (model.screens.write.editing, model.screens.write.pane, model.scroll) = (false, 0, 0);
    model.notice = None;
    model.failures[Screen::Write.index()] = None;
    let again = model.screens.write.again;
    model.jobs.start(Job::Write { prompt, voices, again })
}

/// The next of those who can answer beside the base.
pub fn next_voice(model: &mut Model) -> Vec<Effect> {
    let voices = voices(model);
    let now = second_voice(model).and_then(|now| voices.iter().position(|voice| *voice == now));
    let next = now.map_or(0, |now| (now + 1) % voices.len().max(1));
    model.screens.write.second = voices.get(next).cloned();
    Vec::new()
}

pub fn other_pane(model: &mut Model) -> Vec<Effect> {
    model.screens.write.pane = (model.screens.write.pane + 1) % model.screens.write.answers.len().max(1);
    model.scroll = 0;
    Vec::new()
}

pub fn hear(model: &mut Model, report: Report) -> Vec<Effect> {
    let write = &mut model.screens.write;
    match report {
        Report::Answering(voice) => {
            if let Some(place) = write.answers.iter().position(|answer| answer.voice == voice) {
                write.answers[place].progress = Progress::Writing;
                write.pane = place;
            }
        }
        Report::Piece(piece) => {
            if let Some(answer) = writing(&mut write.answers) {
                answer.text.push_str(&piece);
            }
        }
        Report::Answered { tokens, tokens_per_s, stop } => {
            if let Some(answer) = writing(&mut write.answers) {
                answer.progress = Progress::Done { tokens, tokens_per_s, stop };
            }
        }
        _ => {}
    }
    Vec::new()
}

/// What was not done will not be.
pub fn broken(model: &mut Model) {
    for answer in &mut model.screens.write.answers {
        if matches!(answer.progress, Progress::Waiting | Progress::Writing) {
            answer.progress = Progress::Broken;
        }
    }
}

fn writing(answers: &mut [Answer]) -> Option<&mut Answer> {
    answers.iter_mut().find(|answer| answer.progress == Progress::Writing)
}
