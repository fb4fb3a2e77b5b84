//! A conversation as it goes on: what was asked, what each voice answered, and what each reads next. Knows neither how a response is
//! generated nor how it is shown.

use super::answers::Ending;
use super::transcript::{self, Transcript};
use super::write::Voice;
use crate::engine::{Message, SamplingParams, StopReason};
use crate::store::{Answer as KeptAnswer, Conversation as Kept, Exchange, Written};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    pub turns: Vec<Turn>,
    /// Its number, where it is kept.
    pub kept: Option<i64>,
    /// What it is called, where it was kept earlier.
    pub title: Option<String>,
}

/// A prompt with its responses, in the order in which they are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    pub prompt: String,
    pub responses: Vec<Response>,
    /// A blind test: nobody is named yet.
    pub hidden: bool,
    /// Whose response was preferred.
    pub preferred: Option<Voice>,
    /// How its tokens were sampled.
    pub sampling: SamplingParams,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    pub voice: Voice,
    pub text: String,
    pub progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Progress {
    Waiting,
    Writing,
    Done(Ending),
    /// Stopped, or failed, before it was done.
    Broken,
    /// Of a conversation that was kept earlier.
    Kept {
        tokens: usize,
    },
}

impl Turn {
    pub fn new(prompt: String, voices: &[Voice], hidden: bool, sampling: SamplingParams) -> Self {
        let response =
            |voice: &Voice| Response { voice: voice.clone(), text: String::new(), progress: Progress::Waiting };
        Self { prompt, responses: voices.iter().map(response).collect(), hidden, preferred: None, sampling }
    }

    pub fn is_answered(&self) -> bool {
        self.responses.iter().any(Response::has_text)
    }

    /// Whether there are two whole responses, so that they can be judged.
    pub fn is_complete(&self) -> bool {
        let whole = |answer: &Response| {
            let done = matches!(answer.progress, Progress::Done(ending) if ending.stop != StopReason::Cancelled);
            done && answer.has_text()
        };
        self.responses.len() == 2 && self.responses.iter().all(whole)
    }

    /// Who answered; a letter in a blind test that is not judged.
    pub fn name(&self, place: usize) -> String {
        match self.responses.get(place) {
            Some(_) if self.hidden => ["A", "B"].get(place).unwrap_or(&"?").to_string(),
            Some(answer) => answer.voice.spoken(),
            None => String::new(),
        }
    }

    /// What this voice answered here; else the last response, so that a voice that came later has the context.
    fn read_by(&self, voice: &Voice) -> Option<&Response> {
        let own = self.responses.iter().find(|answer| answer.voice == *voice && answer.has_text());
        own.or_else(|| self.responses.iter().rev().find(|answer| answer.has_text()))
    }
}

impl Response {
    pub fn has_text(&self) -> bool {
        !self.text.trim().is_empty()
    }

    pub fn is_over(&self) -> bool {
        !matches!(self.progress, Progress::Waiting | Progress::Writing)
    }

    fn to_keep(&self, sampling: &SamplingParams) -> Written {
        let tokens = match self.progress {
            Progress::Done(Ending { tokens, .. }) | Progress::Kept { tokens } => tokens,
            Progress::Waiting | Progress::Writing | Progress::Broken => 0,
        };
        Written {
            text: self.text.clone(),
            voice: self.voice.to_string(),
            temperature: sampling.temperature,
            max_tokens: sampling.max_tokens,
            tokens,
        }
    }
}

impl Conversation {
    pub fn is_answered(&self) -> bool {
        self.turns.iter().any(Turn::is_answered)
    }

    /// What a voice reads when it is to answer `prompt`.
    pub fn messages_for(&self, voice: &Voice, prompt: &str) -> Vec<Message> {
        let turns = self.turns.iter().filter_map(|turn| Some((turn, turn.read_by(voice)?)));
        let before = turns.flat_map(|(turn, answer)| [Message::user(&turn.prompt), Message::assistant(&answer.text)]);
        before.chain([Message::user(prompt)]).collect()
    }

    /// All that each voice answered, in the order of their first responses.
    pub fn by_voice(&self) -> Vec<(Voice, Vec<String>)> {
        let mut answered: Vec<(Voice, Vec<String>)> = Vec::new();
        for answer in self.turns.iter().flat_map(|turn| &turn.responses).filter(|answer| answer.has_text()) {
            match answered.iter_mut().find(|(voice, _)| *voice == answer.voice) {
                Some((_, texts)) => texts.push(answer.text.clone()),
                None => answered.push((answer.voice.clone(), vec![answer.text.clone()])),
            }
        }
        answered
    }

    /// As it is kept: of each turn the response that counts comes last, which is the preferred one, or else not the base model's. Turns
    /// without a response are omitted.
    pub fn to_keep(&self) -> Vec<(String, Vec<Written>)> {
        let turns = self.turns.iter().filter(|turn| turn.is_answered());
        let turns = turns.map(|turn| {
            let mut answers: Vec<&Response> = turn.responses.iter().filter(|answer| answer.has_text()).collect();
            answers.sort_by_key(|answer| (turn.preferred.as_ref() == Some(&answer.voice), answer.voice != Voice::Base));
            (turn.prompt.clone(), answers.into_iter().map(|answer| answer.to_keep(&turn.sampling)).collect())
        });
        turns.collect()
    }

    /// As a file, with names except in a blind test that is not judged.
    pub fn transcript(&self) -> Transcript {
        let turns = self.turns.iter().map(|turn| transcript::Turn {
            prompt: turn.prompt.clone(),
            answers: (0..turn.responses.len())
                .map(|place| (turn.name(place), turn.responses[place].text.clone()))
                .collect(),
        });
        let first = self.turns.first().map(|turn| turn.prompt.lines().collect::<Vec<_>>().join(" "));
        Transcript { title: self.title.clone().or(first).unwrap_or_default(), turns: turns.collect() }
    }
}

impl From<&Kept> for Conversation {
    /// Of each prompt the answer that counts, and the latest of another voice beside it.
    fn from(kept: &Kept) -> Self {
        let (kept_as, title) = (Some(kept.summary.id), Some(kept.summary.title.clone()));
        Self { turns: kept.exchanges.iter().map(turn).collect(), kept: kept_as, title }
    }
}

fn turn(exchange: &Exchange) -> Turn {
    let chosen = exchange.answer.as_ref();
    let voice = |answer: &KeptAnswer| Voice::kept(&answer.written.voice);
    let other =
        exchange.alternatives.iter().rev().find(|other| chosen.is_some_and(|chosen| voice(chosen) != voice(other)));
    let response = |kept: &KeptAnswer| Response {
        voice: voice(kept),
        text: kept.written.text.clone(),
        progress: Progress::Kept { tokens: kept.written.tokens },
    };
    let mut responses: Vec<Response> = other.into_iter().chain(chosen).map(response).collect();
    responses.sort_by_key(|answer| answer.voice != Voice::Base);
    let mut sampling = SamplingParams::default();
    if let Some(KeptAnswer { written, .. }) = chosen {
        (sampling.temperature, sampling.max_tokens) = (written.temperature, written.max_tokens);
    }
    Turn { prompt: exchange.prompt.text.clone(), responses, hidden: false, preferred: None, sampling }
}
