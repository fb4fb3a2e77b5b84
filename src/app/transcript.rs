//! A conversation as a file to read or share: Markdown, showing who wrote what. Knows no place where conversations are kept.

use std::path::{Path, PathBuf};

use super::error::AppError;
use super::write::Voice;
use crate::platform::paths::write_private_new;
use crate::store::Conversation;

/// What the file is called where nothing else is said.
pub const FILE_NAME: &str = "xpert-conversation.md";

/// What is written into the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    pub title: String,
    pub turns: Vec<Turn>,
}

/// A prompt with its answers: who, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    pub prompt: String,
    pub answers: Vec<(String, String)>,
}

impl From<&Conversation> for Transcript {
    /// The answers that count, without those they were preferred to.
    fn from(conversation: &Conversation) -> Self {
        let turns = conversation.exchanges.iter().map(|exchange| Turn {
            prompt: exchange.prompt.text.clone(),
            answers: exchange.answer.iter().map(|answer| said(&answer.written.voice, &answer.written.text)).collect(),
        });
        Self { title: conversation.summary.title.clone(), turns: turns.collect() }
    }
}

fn said(voice: &str, text: &str) -> (String, String) {
    (Voice::kept(voice).spoken(), text.to_owned())
}

impl Transcript {
    /// The conversation as Markdown.
    pub fn markdown(&self) -> String {
        let mut page = format!("# {}\n", self.title);
        for turn in &self.turns {
            page.push_str(&format!("\n## You\n\n{}\n", turn.prompt.trim()));
            for (who, text) in &turn.answers {
                page.push_str(&format!("\n### {who}\n\n{}\n", text.trim()));
            }
        }
        page
    }

    /// Writes it into `folder`, which only the user can read it in, under a name that nothing there has: where.
    ///
    /// # Errors
    /// When the folder is not there or cannot be written to.
    pub fn write_into(&self, folder: &Path) -> Result<PathBuf, AppError> {
        self.write_to(&folder.join(FILE_NAME))
    }

    /// Writes it into this file, or this folder, under the next free name where there is one already: where.
    ///
    /// # Errors
    /// When the folder is not there or cannot be written to.
    pub fn write_to(&self, path: &Path) -> Result<PathBuf, AppError> {
        write_private_new(path, FILE_NAME, self.markdown().as_bytes()).map_err(AppError::file(path))
    }
}
