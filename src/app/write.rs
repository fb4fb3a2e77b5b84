//! Writing: answer a prompt, alone or at the end of a conversation, with the personal model, a library model, or the base; and where an
//! answer stands compared with the user. Keeps nothing. Also the names under which voices are stored, each standing for one model.

use candle_core::Device;

use super::context::Context;
use super::error::AppError;
use super::{base, log, profile, runs, select};
use crate::engine::{Adapter, Generated, Message, Model, Precision, SamplingParams, generate};
use crate::library::Library;
use crate::platform::cancel::Cancel;
use crate::store::{Exchange, Written};
use crate::style::{Axis, AxisScore};

/// Whose model writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Voice {
    /// Whichever of the user's runs is in use, which is for [`resolve`] to say before anything is written. An earlier version kept
    /// answers and verdicts under this name; nobody knows of which run they are.
    Mine,
    /// One of the user's runs, by its number.
    Run(u32),
    /// The base model as it is.
    Base,
    /// A model of the library, by id.
    Library(String),
    /// Whichever model of the library selection chooses, or the base model where none is close: for [`resolve`] to say, as for [`Self::Mine`].
    Auto,
}

impl Voice {
    /// By the name under which it was kept, whatever that is.
    pub fn kept(name: &str) -> Self {
        name.parse().unwrap_or_else(|_| Self::Library(name.to_owned()))
    }

    /// As a sentence names it.
    pub fn spoken(&self) -> String {
        match self {
            Self::Mine => "your model".into(),
            Self::Run(number) => format!("your model (run {number})"),
            Self::Base => "the base model".into(),
            Self::Library(id) => format!("`{id}` from the library"),
            Self::Auto => "the closest model from the library".into(),
        }
    }
}

/// What the name of a run begins with; its number follows.
const RUN: &str = "run:";

/// The name of a run without a valid number.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a run number: write it like `run:3`")]
pub struct NoNumber(String);

impl std::str::FromStr for Voice {
    type Err = NoNumber;

    fn from_str(name: &str) -> Result<Self, NoNumber> {
        match (name, name.strip_prefix(RUN)) {
            ("mine", _) => Ok(Self::Mine),
            ("base", _) => Ok(Self::Base),
            ("auto", _) => Ok(Self::Auto),
            (_, Some(number)) => number.parse().map(Self::Run).map_err(|_| NoNumber(number.to_owned())),
            (id, None) => Ok(Self::Library(id.to_owned())),
        }
    }
}

impl std::fmt::Display for Voice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Mine => f.write_str("mine"),
            Self::Run(number) => write!(f, "{RUN}{number}"),
            Self::Base => f.write_str("base"),
            Self::Library(id) => f.write_str(id),
            Self::Auto => f.write_str("auto"),
        }
    }
}

/// The one model that is meant by this voice now. What is written, kept or judged is so under its name: the run in use is another
/// after the next training.
///
/// # Errors
/// When there is no such model, or which one is meant cannot be told.
pub fn resolve(context: &Context, voice: Voice) -> Result<Voice, AppError> {
    Ok(match voice {
        Voice::Mine => Voice::Run(runs::in_use(context)?.ok_or(AppError::NoPersonalModel)?.0),
        Voice::Auto => select::select(context)?.choice.id.map_or(Voice::Base, Voice::Library),
        Voice::Run(number) => Voice::Run(runs::show(context, number)?.number),
        Voice::Library(id) => Voice::Library(Library::shipped()?.card(&id)?.id.clone()),
        Voice::Base => Voice::Base,
    })
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
    /// turns of a conversation that is longer than the model reads are omitted; the result says how many.
    ///
    /// # Errors
    /// When the voice does not exist, or the last message alone is longer than the model reads.
    pub fn write(
        &self,
        messages: &[Message],
        voice: &Voice,
        sampling: &SamplingParams,
        cancel: &Cancel,
        emit: &mut dyn FnMut(&str),
    ) -> Result<Generated, AppError> {
        let adapter = self.adapter(voice)?;
        let generated = generate(&self.model, adapter.as_ref(), messages, sampling, cancel, emit)?;
        log::answer(&generated);
        Ok(generated)
    }

    fn adapter(&self, voice: &Voice) -> Result<Option<Adapter>, AppError> {
        match voice {
            Voice::Mine | Voice::Auto => self.adapter(&resolve(&self.context, voice.clone())?),
            Voice::Base => Ok(None),
            Voice::Library(id) => {
                AppError::check_base(id, &self.library.card(id)?.base, &self.base_id)?;
                Ok(Some(self.library.adapter(id, &self.model.config, &Device::Cpu)?))
            }
            Voice::Run(number) => {
                let (run, [config, weights, _]) = runs::at_one_moment(&self.context, *number)?;
                AppError::check_base(&voice.spoken(), &run.record.base, &self.base_id)?;
                let (model, folder) = (&self.model.config, &run.folder);
                Ok(Some(Adapter::from_peft_bytes(&config, &weights, model, &Device::Cpu, folder)?))
            }
        }
    }
}

/// What a model is to answer: `prompt`, after the earlier exchanges. Prompts without an answer are skipped.
pub fn messages(before: &[Exchange], prompt: &str) -> Vec<Message> {
    let earlier = before.iter().filter_map(|exchange| {
        let answer = exchange.answer.as_ref()?;
        Some([Message::user(&exchange.prompt.text), Message::assistant(&answer.written.text)])
    });
    earlier.flatten().chain([Message::user(prompt)]).collect()
}

/// An answer as it is kept.
pub fn written(voice: &Voice, sampling: &SamplingParams, generated: &Generated) -> Written {
    Written {
        text: generated.text.clone(),
        voice: voice.to_string(),
        temperature: sampling.temperature,
        max_tokens: sampling.max_tokens,
        tokens: generated.tokens,
    }
}

/// Where answers stand on the user's axes.
#[derive(Clone, Debug)]
pub struct Score {
    pub words: usize,
    /// How many more words are needed before anything is said; 0 where it is.
    pub missing_words: usize,
    /// One an axis, in the axes' order; empty while words are missing.
    pub axes: Vec<Standing>,
}

impl Score {
    /// On how many axes it is nearer to the user than the base model usually is, and on how many the user has a place.
    pub fn nearer(&self) -> (usize, usize) {
        let placed = || self.axes.iter().filter_map(|axis| Some((axis, axis.user?)));
        let is_nearer =
            |(axis, user): &(&Standing, f64)| (axis.percentile - user).abs() < (axis.base_percentile - user).abs();
        (placed().filter(is_nearer).count(), placed().count())
    }
}

/// Places on one axis, as percentiles among the reference population. There is no interval: it would come from drawing among texts,
/// and of one there is nothing to draw.
#[derive(Clone, Debug)]
pub struct Standing {
    pub axis: Axis,
    pub percentile: f64,
    pub base_percentile: f64,
    /// The user's own; none while there is too little of the user's own text.
    pub user: Option<f64>,
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
        user: user.iter().find(|own| own.axis.id == axis.axis.id).map(|own| own.user_percentile),
        percentile: axis.user_percentile,
        base_percentile: axis.base_percentile,
        axis: axis.axis,
    };
    score.axes = measured.axes.into_iter().map(standing).collect();
    Ok(score)
}
