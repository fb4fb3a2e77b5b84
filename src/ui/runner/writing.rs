//! The jobs of the Write screen: answers, verdicts, and the conversations that are kept.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::PoisonError;

use super::{Worker, here};
use crate::app::history::PromptPlace;
use crate::app::write::{Score, Voice, Writer, written};
use crate::app::{self, AppError};
use crate::engine::StopReason;
use crate::ui::message::{Ask, Judgement, Report, Request};

impl Worker {
    /// Lets each voice answer, and keeps what belongs to a kept conversation as soon as it is there.
    pub(super) fn write(&self, ask: Ask) -> Result<Report, AppError> {
        let Ask { prompt, mut voices, sampling, shuffled, kept } = ask;
        let conversation = kept.map(|(id, asked)| self.keep_prompt(id, asked, &prompt)).transpose()?;
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let writer = match &mut *writer {
            Some(writer) => writer,
            empty => empty.insert(Writer::open(&self.context)?),
        };
        let counts = voices.last().map(|(voice, _)| voice.to_string());
        if shuffled && toss() {
            voices.reverse();
        }
        if shuffled {
            (self.tell)(Report::Order(voices.iter().map(|(voice, _)| voice.clone()).collect()));
        }
        for (voice, messages) in &voices {
            (self.tell)(Report::Answering(voice.clone()));
            let mut emit = |piece: &str| (self.tell)(Report::Piece(piece.to_owned()));
            let answer = writer.write(messages, voice, &sampling, &self.cancel, &mut emit)?;
            let stopped = answer.stop == StopReason::Cancelled;
            // An answer that was stopped is kept as far as it came; one without words is none, here as on the screen.
            if let (Some(conversation), false) = (conversation, answer.text.trim().is_empty()) {
                app::history::answer(&self.context, conversation, &written(voice, &sampling, &answer))?;
            }
            let (tokens, tokens_per_s) = (answer.tokens, answer.tokens_per_second());
            (self.tell)(Report::Answered { tokens, tokens_per_s, stop: answer.stop, left_out: answer.omitted });
            if stopped {
                return Ok(Report::Stopped);
            }
        }
        if let (Some(conversation), Some(voice), true) = (conversation, counts, shuffled) {
            app::history::prefer(&self.context, conversation, &voice)?;
        }
        Ok(Report::Written)
    }

    fn keep_prompt(&self, conversation: i64, asked: PromptPlace, prompt: &str) -> Result<i64, AppError> {
        app::history::place(&self.context, conversation, asked, prompt)?;
        Ok(conversation)
    }

    pub(super) fn score(&self, spoken: Vec<(Voice, Vec<String>)>) -> Result<Report, AppError> {
        let score = |(voice, texts): (Voice, Vec<String>)| -> Result<(Voice, Score), AppError> {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            Ok((voice, app::write::score(&self.context, &texts)?))
        };
        Ok(Report::Scored(spoken.into_iter().map(score).collect::<Result<_, _>>()?))
    }

    pub(super) fn judge(&self, judgement: Option<Judgement>) -> Result<Report, AppError> {
        if let Some(Judgement { verdict, kept }) = judgement {
            app::history::judge(&self.context, &verdict)?;
            if let Some(conversation) = kept {
                app::history::prefer(&self.context, conversation, &verdict.preferred)?;
            }
        }
        Ok(Report::Judged(app::history::tally(&self.context)?))
    }

    pub(super) fn conversation(&self, request: Request) -> Result<Report, AppError> {
        match request {
            Request::Keep(turns) => Ok(Report::ConversationKept(app::history::keep(&self.context, &turns)?)),
            Request::Open(id) => Ok(Report::Opened(Box::new(app::history::show(&self.context, id)?))),
            Request::Delete(id) => {
                let title = app::history::delete(&self.context, id)?.title;
                Ok(Report::Deleted { id, title })
            }
            Request::Save(transcript) => Ok(Report::Exported(transcript.write_into(&here()?)?)),
        }
    }
}

/// A coin: the standard library draws the keys of its hash tables from the system's chance.
fn toss() -> bool {
    RandomState::new().hash_one(0_u8) & 1 == 1
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
