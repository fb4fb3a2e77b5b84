//! The jobs of Write: responses, their style, verdicts, and the conversations that are kept.

use std::path::PathBuf;

use crate::app::answers::{Answer, Answering};
use crate::app::transcript::Transcript;
use crate::app::write::{Score as Measured, Voice};
use crate::app::{self, AppError, history};
use crate::platform::paths::expand_home;
use crate::store::{Conversation, Found, Tally, Verdict, Written};
use crate::ui::shell::{Job, Kind, Worker};

impl Job for Answer {
    type Report = Answering;
    const KIND: Kind = Kind { id: "write", title: "Writing", long: true };

    fn run(&self, worker: &Worker, tell: &dyn Fn(Answering)) -> Result<Answering, AppError> {
        self.answer(&worker.context, &mut worker.writer(), &worker.cancel, tell)?;
        Ok(Answering::Done)
    }
}

/// Measure how these voices answered, all responses of each together.
#[derive(Debug)]
pub struct Score(pub Vec<(Voice, Vec<String>)>);

impl Job for Score {
    type Report = Vec<(Voice, Measured)>;
    const KIND: Kind = Kind { id: "score", title: "Measuring the responses", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        let measure = |(voice, texts): &(Voice, Vec<String>)| {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            Ok((voice.clone(), app::write::score(&worker.context, &texts)?))
        };
        self.0.iter().map(measure).collect()
    }
}

/// Keep a verdict, if there is one, and count all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judge {
    pub verdict: Option<Verdict>,
    /// The kept conversation in which the preferred response counts.
    pub kept: Option<i64>,
}

impl Job for Judge {
    type Report = Vec<Tally>;
    const KIND: Kind = Kind { id: "judge", title: "Saving the verdict", long: false };

    fn run(&self, worker: &Worker, _tell: &dyn Fn(Self::Report)) -> Result<Self::Report, AppError> {
        if let Some(verdict) = &self.verdict {
            history::judge(&worker.context, verdict)?;
            if let Some(conversation) = self.kept {
                history::prefer(&worker.context, conversation, &verdict.preferred)?;
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
