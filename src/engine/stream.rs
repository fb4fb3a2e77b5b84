//! Ids to text as they come. Knows no model.

use super::error::Result;
use super::tokenizer::Tokenizer;

/// Turns ids into text piece by piece. A token may hold part of a character, so a piece is held back until it is whole. Some
/// tokenizers take a space off the beginning of what they decode, so a piece is decoded together with the one before it.
pub struct TextStream<'a> {
    tokenizer: &'a Tokenizer,
    ids: Vec<u32>,
    text: String,
    /// Where the last piece of `text` begins in `ids`.
    last: usize,
    /// Ids before this one are fully in `text`.
    settled: usize,
}

impl<'a> TextStream<'a> {
    #[must_use]
    pub fn new(tokenizer: &'a Tokenizer) -> Self {
        Self { tokenizer, ids: Vec::new(), text: String::new(), last: 0, settled: 0 }
    }

    /// All ids so far.
    #[must_use]
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// All pieces so far.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// The piece that `id` makes whole, if it does.
    ///
    /// # Errors
    /// When the id is unknown.
    pub fn push(&mut self, id: u32) -> Result<Option<String>> {
        self.ids.push(id);
        let piece = self.piece()?;
        // An unfinished character decodes to the replacement mark.
        if piece.is_empty() || piece.ends_with('\u{FFFD}') {
            return Ok(None);
        }
        Ok(Some(self.settle(piece)))
    }

    /// What was held back, as far as it is whole: a text that was cut may end within a character.
    ///
    /// # Errors
    /// When an id is unknown.
    pub fn finish(&mut self) -> Result<Option<String>> {
        let piece = self.piece()?.trim_end_matches('\u{FFFD}').to_owned();
        Ok((!piece.is_empty()).then(|| self.settle(piece)))
    }

    fn piece(&self) -> Result<String> {
        let before = self.tokenizer.decode(&self.ids[self.last..self.settled])?;
        match self.tokenizer.decode(&self.ids[self.last..])?.strip_prefix(&before) {
            Some(piece) => Ok(piece.to_owned()),
            // Bytes that are no text may spoil whole ones before them.
            None => self.tokenizer.decode(&self.ids[self.settled..]),
        }
    }

    fn settle(&mut self, piece: String) -> String {
        self.last = self.settled;
        self.settled = self.ids.len();
        self.text.push_str(&piece);
        piece
    }
}
