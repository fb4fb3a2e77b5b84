//! Writing: answer a prompt with the personal model, a library model, or the base.

use candle_core::Device;

use super::context::Context;
use super::error::AppError;
use super::{base, train};
use crate::cancel::Cancel;
use crate::engine::{Adapter, Drawing, Generated, Model, Precision, generate};
use crate::selection::Library;

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

impl std::str::FromStr for Voice {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "mine" => Self::Mine,
            "base" => Self::Base,
            id => Self::Library(id.to_owned()),
        })
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

    /// Answers `prompt`; pieces of text go to `emit` as they come.
    ///
    /// # Errors
    /// When the voice does not exist, or the prompt is longer than the model reads.
    pub fn write(
        &self,
        prompt: &str,
        voice: &Voice,
        drawing: &Drawing,
        cancel: &Cancel,
        emit: &mut dyn FnMut(&str),
    ) -> Result<Generated, AppError> {
        let adapter = self.adapter(voice)?;
        Ok(generate(&self.model, adapter.as_ref(), prompt, drawing, cancel, emit)?)
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
