//! The mean hidden state of a text: what the base model has made of it some blocks in, averaged over its tokens.

use crate::engine::threads::Workers;
use crate::engine::{EngineError, Model, Sequence};
use crate::style::{Reader, Reading, StyleError};

/// Tokens read at once: a longer text is cut, for attention grows with the square.
const LONGEST: usize = 512;
/// Tokens of a pass: enough for fast products.
const PASS: usize = 1024;

/// Reads the hidden states after some blocks of a model. Cheaper than a whole pass by the blocks above.
pub struct HiddenState<'a> {
    pub model: &'a Model,
    /// The model, by catalogue id.
    pub base: &'a str,
    /// Blocks that a text goes through.
    pub blocks: usize,
    pub threads: usize,
}

impl Reader for HiddenState<'_> {
    fn name(&self) -> String {
        format!("{}:hidden{}", self.base, self.blocks)
    }

    fn width(&self) -> usize {
        self.model.config.hidden
    }

    fn read(&self, texts: &[&str]) -> Result<Vec<Reading>, StyleError> {
        let failed = |error: EngineError| StyleError::Reader(error.to_string());
        let workers = Workers::new(self.threads).map_err(|error| StyleError::Reader(error.to_string()))?;
        let share = texts.len().div_ceil(workers.count()).max(1);
        let read = workers.run(texts.chunks(share).collect(), |share| self.share(share));
        Ok(read.into_iter().collect::<Result<Vec<_>, _>>().map_err(failed)?.concat())
    }
}

impl HiddenState<'_> {
    fn share(&self, texts: &[&str]) -> Result<Vec<Reading>, EngineError> {
        let mut readings = vec![Reading { units: 0.0, sums: vec![0.0; self.width()] }; texts.len()];
        let (mut pass, mut owners, mut tokens) = (Vec::new(), Vec::new(), 0);
        for (owner, text) in texts.iter().enumerate() {
            let ids = self.model.tokenizer.encode(&self.model.without_control_tokens(text))?;
            for ids in ids.chunks(LONGEST.min(self.model.config.context)) {
                if tokens + ids.len() > PASS {
                    self.pass(&pass, &owners, &mut readings)?;
                    (pass, owners, tokens) = (Vec::new(), Vec::new(), 0);
                }
                tokens += ids.len();
                pass.push(Sequence { ids: ids.to_vec(), reply_start: 0 });
                owners.push(owner);
            }
        }
        self.pass(&pass, &owners, &mut readings)?;
        Ok(readings)
    }

    /// Adds the hidden states of sequences to the readings of the texts that they are of. The first token of a sequence is left out:
    /// it has seen nothing but itself.
    fn pass(&self, sequences: &[Sequence], owners: &[usize], readings: &mut [Reading]) -> Result<(), EngineError> {
        if sequences.is_empty() {
            return Ok(());
        }
        let states = self.model.network(None).hidden(sequences, self.blocks)?.to_vec2::<f32>()?;
        let mut states = states.into_iter();
        for (sequence, &owner) in sequences.iter().zip(owners) {
            for state in states.by_ref().take(sequence.ids.len()).skip(1) {
                let reading = &mut readings[owner];
                reading.units += 1.0;
                for (sum, value) in reading.sums.iter_mut().zip(state) {
                    *sum += f64::from(value);
                }
            }
        }
        Ok(())
    }
}
