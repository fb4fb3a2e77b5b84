//! Several voices answer one prompt, one after the other, each after its own earlier answers. What belongs to a kept conversation is kept
//! as soon as it is complete. Does not know how a conversation is shown.

use rand::seq::SliceRandom;

use super::context::Context;
use super::error::AppError;
use super::history::{self, PromptPlace};
use super::write::{Voice, Writer, written};
use crate::engine::{Message, SamplingParams, StopReason};
use crate::platform::cancel::{Cancel, Cancelled};

/// A prompt, and who is to answer it.
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

/// How far the answers are.
#[derive(Clone, Debug)]
pub enum Answering {
    Order(Vec<Voice>),
    Begins(Voice),
    Piece(String),
    Ended(Ending),
    Done,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ending {
    pub tokens: usize,
    pub tokens_per_s: f64,
    pub stop: StopReason,
    /// Messages that the model had no room for.
    pub omitted: usize,
}

impl Answer {
    /// Lets each voice answer. `writer` is the loaded model, if there is one; it is loaded where there is none.
    ///
    /// # Errors
    /// When a model cannot be used, a voice does not exist, or an answer cannot be kept; and when it was cancelled.
    pub fn answer(
        &self,
        context: &Context,
        writer: &mut Option<Writer>,
        cancel: &Cancel,
        tell: &dyn Fn(Answering),
    ) -> Result<(), AppError> {
        if let Some((conversation, asked)) = self.kept {
            history::place(context, conversation, asked, &self.prompt)?;
        }
        let writer = match writer {
            Some(writer) => writer,
            empty => empty.insert(Writer::open(context)?),
        };
        let mut order: Vec<_> = self.voices.iter().collect();
        if self.shuffled {
            order.shuffle(&mut rand::rng());
            tell(Answering::Order(order.iter().map(|(voice, _)| voice.clone()).collect()));
        }
        for (voice, messages) in order {
            tell(Answering::Begins(voice.clone()));
            let mut emit = |piece: &str| tell(Answering::Piece(piece.to_owned()));
            let answer = writer.write(messages, voice, &self.sampling, cancel, &mut emit)?;
            // A stopped response is kept as far as it got; one without words is none.
            if let (Some((conversation, _)), false) = (self.kept, answer.text.trim().is_empty()) {
                history::answer(context, conversation, &written(voice, &self.sampling, &answer))?;
            }
            let (tokens, tokens_per_s) = (answer.tokens, answer.tokens_per_second());
            tell(Answering::Ended(Ending { tokens, tokens_per_s, stop: answer.stop, omitted: answer.omitted }));
            if answer.stop == StopReason::Cancelled {
                return Err(Cancelled.into());
            }
        }
        // Not the order of a blind test decides which response counts.
        if let (Some((conversation, _)), Some((voice, _)), true) = (self.kept, self.voices.last(), self.shuffled) {
            history::prefer(context, conversation, &voice.to_string())?;
        }
        Ok(())
    }
}
