//! Decodes a stream of token ids into text. Knows no model.

use super::error::Result;
use super::tokenizer::Tokenizer;

/// Decodes ids into text piece by piece. A token may contain part of a character, so a piece is held back until it is
/// complete. Some tokenizers strip a leading space when decoding, so each piece is decoded together with the one
/// before it.
pub struct TextStream<'a> {
    tokenizer: &'a Tokenizer,
    ids: Vec<u32>,
    text: String,
    /// Index in `ids` where the last piece of `text` starts.
    last: usize,
    /// Number of ids whose text is complete in `text`.
    settled: usize,
}

impl<'a> TextStream<'a> {
    pub fn new(tokenizer: &'a Tokenizer) -> Self {
        Self { tokenizer, ids: Vec::new(), text: String::new(), last: 0, settled: 0 }
    }

    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// Adds an id. Returns the piece of text that it completes, if any.
    pub fn push(&mut self, id: u32) -> Result<Option<String>> {
        self.ids.push(id);
        let piece = self.piece()?;
        // An incomplete character decodes to the replacement character.
        if piece.is_empty() || piece.ends_with('\u{FFFD}') {
            return Ok(None);
        }
        Ok(Some(self.settle(piece)))
    }

    /// The text held back, without an incomplete character at its end.
    pub fn finish(&mut self) -> Result<Option<String>> {
        let piece = self.piece()?.trim_end_matches('\u{FFFD}').to_owned();
        Ok((!piece.is_empty()).then(|| self.settle(piece)))
    }

    fn piece(&self) -> Result<String> {
        let before = self.tokenizer.decode(&self.ids[self.last..self.settled])?;
        match self.tokenizer.decode(&self.ids[self.last..])?.strip_prefix(&before) {
            Some(piece) => Ok(piece.to_owned()),
            // Invalid bytes may change how complete ones before them are decoded.
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
