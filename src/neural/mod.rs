//! The base model as a text encoder for the style space: a text's embedding is its mean hidden state, the output after some blocks,
//! averaged over the text's tokens. Knows the engine and the space's trait; neither selection nor whose texts these are.

use crate::engine::threads::Workers;
use crate::engine::{EngineError, Model, Sequence};
use crate::style::{Embedding, StyleError, TextEncoder};

/// Blocks that a text goes through before its hidden states are taken: of SmolLM2-135M a third of a whole pass.
pub const BLOCKS: usize = 10;

/// Tokens of one sequence at most: a longer text is cut, for attention grows with the square.
const MAX_SEQUENCE: usize = 512;
/// Tokens of a pass: enough for fast products.
const PASS: usize = 1024;

/// The encoder that the shipped statistics are for.
pub fn encoder<'a>(model: &'a Model, base: &'a str, threads: usize) -> HiddenStateEncoder<'a> {
    HiddenStateEncoder { model, base, blocks: BLOCKS, threads }
}

/// The text encoder made of the first blocks of a model. Cheaper than a whole pass by the blocks above.
pub struct HiddenStateEncoder<'a> {
    pub model: &'a Model,
    /// The model, by catalog id.
    pub base: &'a str,
    /// Blocks that a text goes through.
    pub blocks: usize,
    pub threads: usize,
}

impl TextEncoder for HiddenStateEncoder<'_> {
    fn name(&self) -> String {
        format!("{}:hidden{}", self.base, self.blocks)
    }

    fn width(&self) -> usize {
        self.model.config.hidden
    }

    fn encode(&self, texts: &[&str]) -> Result<Vec<Embedding>, StyleError> {
        let failed = |error: EngineError| StyleError::Encoder(error.to_string());
        let workers = Workers::new(self.threads).map_err(|error| StyleError::Encoder(error.to_string()))?;
        let share = texts.len().div_ceil(workers.count()).max(1);
        let encoded = workers.run(texts.chunks(share).collect(), |share| self.share(share));
        Ok(encoded.into_iter().collect::<Result<Vec<_>, _>>().map_err(failed)?.concat())
    }
}

impl HiddenStateEncoder<'_> {
    fn share(&self, texts: &[&str]) -> Result<Vec<Embedding>, EngineError> {
        let mut embeddings = vec![Embedding { tokens: 0.0, sums: vec![0.0; self.width()] }; texts.len()];
        let (mut pass, mut owners, mut tokens) = (Vec::new(), Vec::new(), 0);
        for (owner, text) in texts.iter().enumerate() {
            let ids = self.model.tokenizer.encode(&self.model.without_control_tokens(text))?;
            for ids in ids.chunks(MAX_SEQUENCE.min(self.model.config.context)) {
                if tokens + ids.len() > PASS {
                    self.pass(&pass, &owners, &mut embeddings)?;
                    (pass, owners, tokens) = (Vec::new(), Vec::new(), 0);
                }
                tokens += ids.len();
                pass.push(Sequence { ids: ids.to_vec(), reply_start: 0 });
                owners.push(owner);
            }
        }
        self.pass(&pass, &owners, &mut embeddings)?;
        Ok(embeddings)
    }

    /// Adds the hidden states of sequences to the embeddings of the texts that they are of. The first token of a sequence is
    /// skipped: it has seen nothing but itself.
    fn pass(&self, sequences: &[Sequence], owners: &[usize], embeddings: &mut [Embedding]) -> Result<(), EngineError> {
        if sequences.is_empty() {
            return Ok(());
        }
        let states = self.model.network(None).hidden(sequences, self.blocks)?.to_vec2::<f32>()?;
        let mut states = states.into_iter();
        for (sequence, &owner) in sequences.iter().zip(owners) {
            for state in states.by_ref().take(sequence.ids.len()).skip(1) {
                let embedding = &mut embeddings[owner];
                embedding.tokens += 1.0;
                for (sum, value) in embedding.sums.iter_mut().zip(state) {
                    *sum += f64::from(value);
                }
            }
        }
        Ok(())
    }
}
