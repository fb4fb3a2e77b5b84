//! Writing: answer a prompt, alone or at the end of a conversation, with the personal model, a library model, or the base; and
//! where an answer stands as against the user. Keeps nothing.

use candle_core::Device;
use serde::Serialize;

use super::context::Context;
use super::error::AppError;
use super::{base, profile, train};
use crate::cancel::Cancel;
use crate::engine::{Adapter, Drawing, Generated, Message, Model, Precision, generate};
use crate::selection::Library;
use crate::store::{Exchange, Written};
use crate::style::{Axis, AxisScore};

/// Whose model writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The user's own adapter.
    Mine,
    /// The base model as it is.
    Base,
    /// A model of the library, by id.
    Library(String),
}

impl Voice {
    /// As a sentence names it.
    #[must_use]
    pub fn spoken(&self) -> String {
        match self {
            Self::Mine => "your model".into(),
            Self::Base => "the base model".into(),
            Self::Library(id) => format!("`{id}` of the library"),
        }
    }
}

impl From<&str> for Voice {
    fn from(name: &str) -> Self {
        match name {
            "mine" => Self::Mine,
            "base" => Self::Base,
            id => Self::Library(id.to_owned()),
        }
    }
}

impl std::fmt::Display for Voice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Mine => "mine",
            Self::Base => "base",
            Self::Library(id) => id,
        })
    }
}

/// A loaded model that answers prompts in any voice. Loading takes most of a second, so it is kept between prompts.
pub struct Writer {
    context: Context,
    model: Model,
    base_id: String,
    library: Library,
}

impl Writer {
    /// # Errors
    /// When the base model is not here or cannot be used.
    pub fn open(context: &Context) -> Result<Self, AppError> {
        let (model, base_id) = base::load(context, Precision::Compact)?;
        Ok(Self { context: context.clone(), model, base_id, library: Library::shipped()? })
    }

    /// Answers the last of `messages`, a conversation of one turn or of many; pieces of text go to `emit` as they come. The oldest
    /// turns of a conversation that is longer than the model reads are left out; the result says how many.
    ///
    /// # Errors
    /// When the voice does not exist, or the last message alone is longer than the model reads.
    pub fn write(
        &self,
        messages: &[Message],
        voice: &Voice,
        drawing: &Drawing,
        cancel: &Cancel,
        emit: &mut dyn FnMut(&str),
    ) -> Result<Generated, AppError> {
        let adapter = self.adapter(voice)?;
        Ok(generate(&self.model, adapter.as_ref(), messages, drawing, cancel, emit)?)
    }

    fn adapter(&self, voice: &Voice) -> Result<Option<Adapter>, AppError> {
        match voice {
            Voice::Base => Ok(None),
            Voice::Library(id) => {
                self.same_base(id, &self.library.card(id)?.base)?;
                Ok(Some(self.library.adapter(id, &self.model.config, &Device::Cpu)?))
            }
            Voice::Mine => {
                let record = train::record(&self.context)?.ok_or(AppError::NoPersonalModel)?;
                self.same_base("your model", &record.base)?;
                let folder = train::personal_adapter_folder(&self.context);
                Ok(Some(Adapter::load_peft(&folder, &self.model.config, &Device::Cpu)?))
            }
        }
    }

    /// An adapter is a change to one base; on another it is noise.
    fn same_base(&self, what: &str, made_on: &str) -> Result<(), AppError> {
        if made_on == self.base_id {
            return Ok(());
        }
        let (what, made_on, now) = (what.to_owned(), made_on.to_owned(), self.base_id.clone());
        Err(AppError::OtherBase { what, made_on, now })
    }
}

/// What a model is to answer: `prompt`, after what was said before. A prompt without an answer was never heard.
#[must_use]
pub fn messages(before: &[Exchange], prompt: &str) -> Vec<Message> {
    let heard = before.iter().filter_map(|exchange| {
        let answer = exchange.answer.as_ref()?;
        Some([Message::user(&exchange.prompt.text), Message::assistant(&answer.written.text)])
    });
    heard.flatten().chain([Message::user(prompt)]).collect()
}

/// An answer as it is kept.
#[must_use]
pub fn written(voice: &Voice, drawing: &Drawing, generated: &Generated) -> Written {
    Written {
        text: generated.text.clone(),
        voice: voice.to_string(),
        temperature: drawing.temperature,
        max_tokens: drawing.max_tokens,
        tokens: generated.tokens,
    }
}

/// Where answers stand on the user's axes.
#[derive(Clone, Debug, Serialize)]
pub struct Score {
    pub words: usize,
    /// How many more words are needed before anything is said; 0 where it is.
    pub missing_words: usize,
    /// One an axis, in the axes' order; empty while words are missing.
    pub axes: Vec<Standing>,
}

/// A place on one axis. Coefficients are of the difference from the base model, percentiles are among the reference population.
/// There is no interval: it would come from drawing among texts, and of one there is nothing to draw.
#[derive(Clone, Debug, Serialize)]
pub struct Standing {
    #[serde(flatten)]
    pub axis: Axis,
    pub coefficient: f64,
    pub percentile: f64,
    pub base_percentile: f64,
    /// None while there is too little of the user's own text.
    pub user: Option<UserPlace>,
}

/// The user's own place on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct UserPlace {
    pub coefficient: f64,
    /// 90 % bootstrap interval of the coefficient.
    pub interval: [f64; 2],
    pub percentile: f64,
}

/// Measures an answer, or several of one voice together, on the axes that the user's texts are measured on.
///
/// # Errors
/// When the database cannot be used, or the shipped style space is damaged.
pub fn score(context: &Context, answers: &[&str]) -> Result<Score, AppError> {
    let measured = profile::measured(answers)?;
    let mut score = Score { words: measured.words, missing_words: measured.missing_words, axes: Vec::new() };
    if score.missing_words > 0 {
        return Ok(score);
    }
    let user = match profile::profile(context) {
        Ok(profile) => profile.axes,
        Err(AppError::NoTexts) => Vec::new(),
        Err(error) => return Err(error),
    };
    let standing = |axis: AxisScore| Standing {
        user: user.iter().find(|own| own.axis.id == axis.axis.id).map(|own| UserPlace {
            coefficient: own.coefficient,
            interval: own.interval,
            percentile: own.user_percentile,
        }),
        coefficient: axis.coefficient,
        percentile: axis.user_percentile,
        base_percentile: axis.base_percentile,
        axis: axis.axis,
    };
    score.axes = measured.axes.into_iter().map(standing).collect();
    Ok(score)
}
