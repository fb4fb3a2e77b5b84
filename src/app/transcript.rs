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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_says_who_said_what_and_takes_no_file_away() {
        let turn =
            Turn { prompt: " Say hello. ".into(), answers: vec![said("mine", "Hi!\n"), said("warm", "Hello, dear.")] };
        let transcript = Transcript { title: "Say hello.".into(), turns: vec![turn] };
        let expected = "# Say hello.\n\n## You\n\nSay hello.\n\n### your model\n\nHi!\n\n### `warm` of the library\n\nHello, dear.\n";
        assert_eq!(transcript.markdown(), expected);
        let folder = tempfile::tempdir().unwrap();
        for name in ["xpert-conversation.md", "xpert-conversation-2.md"] {
            let path = transcript.write_into(folder.path()).unwrap();
            assert_eq!(
                (&path, std::fs::read_to_string(&path).unwrap().as_str()),
                (&folder.path().join(name), expected)
            );
        }
        let letter = transcript.write_to(&folder.path().join("letter to Ann.txt")).unwrap();
        assert_eq!((letter.is_file(), letter), (true, folder.path().join("letter to Ann.txt")));
        let again = transcript.write_to(folder.path()).unwrap();
        assert_eq!(again, folder.path().join("xpert-conversation-3.md"), "a folder is a place too");
        let bare = transcript.write_to(&folder.path().join("talk")).unwrap();
        assert_eq!(bare, folder.path().join("talk.md"), "what lacks is the usual");
        let error = transcript.write_into(&folder.path().join("nowhere")).unwrap_err().to_string();
        assert!(error.contains("nowhere"), "{error}");
    }
}
