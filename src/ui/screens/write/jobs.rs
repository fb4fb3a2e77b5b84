//! The jobs of Write: responses, their style, verdicts, and the conversations that are kept.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::PathBuf;

use super::conversation::Progress;
use crate::app::history::{self, PromptPlace};
use crate::app::transcript::Transcript;
use crate::app::write::{Score as Measured, Voice, Writer, written};
use crate::app::{self, AppError};
use crate::engine::{Message, SamplingParams, StopReason};
use crate::platform::cancel::Cancelled;
use crate::platform::paths::expand_home;
use crate::store::{Conversation, Found, Tally, Verdict, Written};
use crate::ui::shell::{Job, Kind, Worker};

/// Let each voice answer; what belongs to a kept conversation is kept as soon as it is complete.
#[derive(Debug)]
pub struct Answer {
    pub prompt: String,
    /// Who answers, in this order, and what each reads.
    pub voices: Vec<(Voice, Vec<Message>)>,
    pub sampling: SamplingParams,
    /// A blind test: the order is random.
    pub shuffled: bool,
    /// The kept conversation that this is part of, and where in it the prompt goes.
    pub kept: Option<(i64, PromptPlace)>,
}

#[derive(Clone, Debug)]
pub enum Answering {
    Order(Vec<Voice>),
    Begins(Voice),
    Piece(String),
    Ended(Progress),
    Done,
}

impl Job for Answer {
    type Report = Answering;
    const KIND: Kind = Kind { id: "write", title: "Writing", long: true };

    fn run(&self, worker: &Worker, tell: &dyn Fn(Answering)) -> Result<Answering, AppError> {
        let context = &worker.context;
        if let Some((conversation, asked)) = self.kept {
            history::place(context, conversation, asked, &self.prompt)?;
        }
        let mut writer = worker.writer();
        let writer = match &mut *writer {
            Some(writer) => writer,
            empty => empty.insert(Writer::open(context)?),
        };
        let mut order: Vec<_> = self.voices.iter().collect();
        if self.shuffled {
            if toss() {
                order.reverse();
            }
            tell(Answering::Order(order.iter().map(|(voice, _)| voice.clone()).collect()));
        }
        for (voice, messages) in order {
            tell(Answering::Begins(voice.clone()));
            let mut emit = |piece: &str| tell(Answering::Piece(piece.to_owned()));
            let answer = writer.write(messages, voice, &self.sampling, &worker.cancel, &mut emit)?;
            // A stopped response is kept as far as it got; one without words is none.
            if let (Some((conversation, _)), false) = (self.kept, answer.text.trim().is_empty()) {
                history::answer(context, conversation, &written(voice, &self.sampling, &answer))?;
            }
            let (tokens, tokens_per_s) = (answer.tokens, answer.tokens_per_second());
            let done = Progress::Done { tokens, tokens_per_s, stop: answer.stop, omitted: answer.omitted };
            tell(Answering::Ended(done));
            if answer.stop == StopReason::Cancelled {
                return Err(Cancelled.into());
            }
        }
        // Not the order of a blind test decides which response counts.
        if let (Some((conversation, _)), Some((voice, _)), true) = (self.kept, self.voices.last(), self.shuffled) {
            history::prefer(context, conversation, &voice.to_string())?;
        }
        Ok(Answering::Done)
    }
}

/// A coin toss: the standard library seeds its hash tables randomly.
fn toss() -> bool {
    RandomState::new().hash_one(0_u8) & 1 == 1
}

/// Measure how these voices answered, all responses of each together.
#[derive(Debug)]
pub struct Score(pub Vec<(Voice, Vec<String>)>);

impl Job for Score {
    type Report = Vec<(Voice, Measured)>;
    const KIND: Kind = Kind { id: "score", title: "Measuring the responses", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        let measure = |(voice, texts): &(Voice, Vec<String>)| -> Result<(Voice, Measured), AppError> {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            Ok((voice.clone(), app::write::score(&worker.context, &texts)?))
        };
        self.0.iter().map(measure).collect()
    }
}

/// Keep a verdict, if there is one, and count all of them.
#[derive(Debug)]
pub struct Judge(pub Option<Judgement>);

#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    pub verdict: Verdict,
    /// The kept conversation in which the preferred response counts.
    pub kept: Option<i64>,
}

impl Job for Judge {
    type Report = Vec<Tally>;
    const KIND: Kind = Kind { id: "judge", title: "Saving the verdict", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        if let Some(Judgement { verdict, kept }) = &self.0 {
            history::judge(&worker.context, verdict)?;
            if let Some(conversation) = kept {
                history::prefer(&worker.context, *conversation, &verdict.preferred)?;
            }
        }
        history::tally(&worker.context)
    }
}

/// Find kept conversations with these words, or all.
#[derive(Debug)]
pub struct Find(pub String);

impl Job for Find {
    type Report = Vec<Found>;
    const KIND: Kind = Kind { id: "conversations", title: "Looking for conversations", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        history::find(&worker.context, &self.0)
    }
}

#[derive(Debug)]
pub struct Keep(pub Vec<(String, Vec<Written>)>);

impl Job for Keep {
    type Report = i64;
    const KIND: Kind = Kind { id: "keep-conversation", title: "Saving the conversation", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(i64)) -> Result<i64, AppError> {
        history::keep(&worker.context, &self.0)
    }
}

#[derive(Debug)]
pub struct Open(pub i64);

impl Job for Open {
    type Report = Conversation;
    const KIND: Kind = Kind { id: "open-conversation", title: "Opening the conversation", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Conversation)) -> Result<Conversation, AppError> {
        history::show(&worker.context, self.0)
    }
}

/// Delete a kept conversation: its number and title.
#[derive(Debug)]
pub struct Delete(pub i64);

impl Job for Delete {
    type Report = (i64, String);
    const KIND: Kind = Kind { id: "delete-conversation", title: "Deleting the conversation", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        Ok((self.0, history::delete(&worker.context, self.0)?.title))
    }
}

/// Save a conversation in a file or a folder: the file's path.
#[derive(Debug)]
pub struct Save {
    pub transcript: Transcript,
    pub path: String,
}

impl Job for Save {
    type Report = PathBuf;
    const KIND: Kind = Kind { id: "save-conversation", title: "Exporting the conversation", long: false };

    fn run(&self, _worker: &Worker, _tell: &dyn Fn(PathBuf)) -> Result<PathBuf, AppError> {
        self.transcript.write_to(&expand_home(self.path.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::toss;

    #[test]
    fn a_coin_falls_on_either_side() {
        let heads = (0..400).filter(|_| toss()).count();
        // Outside of this once in ten million times.
        assert!((145..256).contains(&heads), "{heads}");
    }
}
