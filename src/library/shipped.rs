//! The models that ship with the program: cards are read immediately, and weights only when a model is requested.

use std::borrow::Cow;
use std::path::Path;

use candle_core::Device;
use rust_embed::RustEmbed;
use serde::Deserialize;

use super::error::LibraryError;
use crate::engine::Adapter;
use crate::engine::adapter::{CONFIG_FILE, WEIGHTS_FILE};
use crate::engine::config::Config;
use crate::platform::digest::sha256;
use crate::selection::{BaseCard, Card};

#[derive(RustEmbed)]
#[folder = "assets/library"]
struct Files;

/// The cards' measurements with the base model's embeddings of the answers, in files of their own: they are seldom needed.
pub const BASE_EMBEDDING: &str = "base_reading.json";
pub const EMBEDDING: &str = "reading.json";

/// The list of models a library is built from.
#[derive(Clone, Debug, Deserialize)]
pub struct Manifest {
    #[serde(rename = "model")]
    pub models: Vec<ManifestEntry>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct ManifestEntry {
    pub id: String,
    pub name: String,
    pub summary: String,
    /// A style of `assets/styles`.
    pub style: String,
    pub licence: String,
}

/// A library of personalized models of one base.
#[derive(Clone, Debug)]
pub struct Library {
    base: BaseCard,
    cards: Vec<Card>,
}

impl Library {
    /// The library inside the program.
    ///
    /// # Errors
    /// When it was not built, or a card is malformed.
    pub fn shipped() -> Result<Self, LibraryError> {
        let manifest = text("library.toml")?;
        let manifest: Manifest = toml::from_str(&manifest).map_err(|e| malformed("library.toml", &e))?;
        let base = parsed("base.json")?;
        let cards = manifest.models.iter().map(|entry| parsed(&format!("{}/card.json", entry.id)));
        Ok(Self { base, cards: cards.collect::<Result<_, _>>()? })
    }

    /// The library with the base model's embeddings of every model's answers, for
    /// [`StyleSpace::shipped_with_embeddings`](crate::style::StyleSpace::shipped_with_embeddings).
    ///
    /// # Errors
    /// When a file is missing or malformed.
    pub fn with_embeddings(mut self) -> Result<Self, LibraryError> {
        self.base = parsed(BASE_EMBEDDING)?;
        for card in &mut self.cards {
            card.signature = parsed(&format!("{}/{EMBEDDING}", card.id))?;
        }
        Ok(self)
    }

    pub fn base(&self) -> &BaseCard {
        &self.base
    }

    pub fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// The same id as a part of the program; none where no model that ships with it is called so.
    pub fn shipped_id(id: &str) -> Option<&'static str> {
        let folder = |name| match name {
            Cow::Borrowed(name) => str::strip_suffix(name, "/card.json"),
            Cow::Owned(_) => None,
        };
        Files::iter().filter_map(folder).find(|known| *known == id)
    }

    /// # Errors
    /// When there is no such model.
    pub fn card(&self, id: &str) -> Result<&Card, LibraryError> {
        self.cards.iter().find(|card| card.id == id).ok_or_else(|| {
            let known: Vec<&str> = self.cards.iter().map(|card| card.id.as_str()).collect();
            LibraryError::Unknown { id: id.to_owned(), known: known.join(", ") }
        })
    }

    /// Reads a model's weights and checks them against its card.
    ///
    /// # Errors
    /// When there is no such model, or its weights are damaged or made for another base.
    pub fn adapter(&self, id: &str, config: &Config, device: &Device) -> Result<Adapter, LibraryError> {
        let card = self.card(id)?;
        let weights = file(&format!("{id}/{WEIGHTS_FILE}"))?;
        let found = sha256(&weights);
        if found != card.adapter_sha256 {
            return Err(LibraryError::Damaged { id: id.to_owned(), expected: card.adapter_sha256.clone(), found });
        }
        let peft = file(&format!("{id}/{CONFIG_FILE}"))?;
        let origin = Path::new("library").join(id);
        Ok(Adapter::from_peft_bytes(&peft, &weights, config, device, &origin)?)
    }
}

fn file(name: &str) -> Result<Cow<'static, [u8]>, LibraryError> {
    Files::get(name).map(|file| file.data).ok_or_else(|| LibraryError::Missing(name.to_owned()))
}

fn text(name: &str) -> Result<String, LibraryError> {
    String::from_utf8(file(name)?.into_owned()).map_err(|e| malformed(name, &e))
}

fn parsed<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, LibraryError> {
    serde_json::from_slice(&file(name)?).map_err(|e| malformed(name, &e))
}

fn malformed(name: &str, why: &dyn std::fmt::Display) -> LibraryError {
    LibraryError::Card { file: name.to_owned(), why: why.to_string() }
}
