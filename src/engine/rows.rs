//! How several sequences share one tensor: which rows belong together, where each stands, what each may see.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use candle_core::{Device, Tensor};

use super::config::Config;
use super::error::Result;

/// How fast each pair of a head turns with the position (Su et al., *RoFormer*, 2021). Angles are computed for the rows at
/// hand: tables for a long context would take more memory than a small model.
#[derive(Clone, Debug)]
pub struct Rotary {
    all: Vec<f64>,
    /// Of blocks that see only the last tokens, where a model has such.
    local: Option<Vec<f64>>,
    context: usize,
    device: Device,
}

impl Rotary {
    #[must_use]
    pub fn new(config: &Config, device: &Device) -> Self {
        let local = config.family.sliding.as_ref().map(|_| config.frequencies(true));
        Self { all: config.frequencies(false), local, context: config.context, device: device.clone() }
    }

    fn turn(&self, frequencies: &[f64], segments: &[(usize, usize)], pasts: &[usize]) -> Result<Turn> {
        let rows = segments.iter().map(|(_, length)| length).sum::<usize>();
        let mut cos = Vec::with_capacity(rows * frequencies.len());
        let mut sin = Vec::with_capacity(rows * frequencies.len());
        for (&(_, length), &past) in segments.iter().zip(pasts) {
            if past + length > self.context {
                let message = format!("{} tokens, and the model reads at most {}", past + length, self.context);
                return Err(candle_core::Error::Msg(message).into());
            }
            for position in past..past + length {
                for frequency in frequencies {
                    let angle = position as f64 * frequency;
                    cos.push(angle.cos() as f32);
                    sin.push(angle.sin() as f32);
                }
            }
        }
        let shape = (rows, frequencies.len());
        Ok(Turn { cos: Tensor::from_vec(cos, shape, &self.device)?, sin: Tensor::from_vec(sin, shape, &self.device)? })
    }
}

/// Rotation of each row, shape (rows, head_dim / 2).
#[derive(Clone, Debug)]
pub struct Turn {
    pub cos: Tensor,
    pub sin: Tensor,
}

/// Sequences laid end to end. No padding: every row is a token.
#[derive(Debug)]
pub struct Positions {
    /// (first row, number of rows) of each sequence.
    pub segments: Vec<(usize, usize)>,
    all: Turn,
    local: Option<Turn>,
}

impl Positions {
    /// # Errors
    /// When a sequence is longer than the model's context.
    pub fn of(lengths: &[usize], rotary: &Rotary) -> Result<Self> {
        Self::after(&vec![0; lengths.len()], lengths, rotary)
    }

    /// Sequences that go on from `pasts` tokens each.
    fn after(pasts: &[usize], lengths: &[usize], rotary: &Rotary) -> Result<Self> {
        let mut start = 0;
        let mut segments = Vec::with_capacity(lengths.len());
        for &length in lengths {
            segments.push((start, length));
            start += length;
        }
        let local = rotary.local.as_ref().map(|frequencies| rotary.turn(frequencies, &segments, pasts));
        Ok(Self { all: rotary.turn(&rotary.all, &segments, pasts)?, local: local.transpose()?, segments })
    }

    /// The rotation in blocks that see everything, or in `local` ones.
    #[must_use]
    pub fn turn(&self, local: bool) -> &Turn {
        self.local.as_ref().filter(|_| local).unwrap_or(&self.all)
    }
}

/// Rows of one pass of the [`Network`](super::network::Network): positions, and masks.
#[derive(Debug)]
pub struct Rows {
    pub positions: Positions,
    /// Tokens of each sequence that are in its cache already.
    pasts: Vec<usize>,
    /// By number of rows and of tokens before them, and by whether a block is local.
    masks: HashMap<(usize, usize, bool), Tensor>,
}

impl Rows {
    /// Whole sequences of these lengths, from position 0.
    ///
    /// # Errors
    /// When a sequence is longer than the model's context.
    pub fn packed(lengths: &[usize], config: &Config, rotary: &Rotary) -> Result<Self> {
        Self::continuing(vec![0; lengths.len()], lengths, config, rotary)
    }

    /// The next tokens, of these numbers, of sequences of which `pasts` tokens each are in a cache already.
    ///
    /// # Errors
    /// When a sequence grows beyond the model's context.
    pub fn continuing(pasts: Vec<usize>, lengths: &[usize], config: &Config, rotary: &Rotary) -> Result<Self> {
        let positions = Positions::after(&pasts, lengths, rotary)?;
        let device = positions.all.cos.device().clone();
        let mut masks = HashMap::new();
        let window = config.family.sliding.as_ref().map(|sliding| sliding.window);
        let kinds = std::iter::once((false, usize::MAX)).chain(window.map(|window| (true, window)));
        for (local, window) in kinds {
            for (&length, &past) in lengths.iter().zip(&pasts) {
                let Entry::Vacant(place) = masks.entry((length, past, local)) else { continue };
                if length == 1 && past < window {
                    continue;
                }
                let hidden = |row: usize, seen: usize| seen > past + row || past + row - seen >= window;
                let values: Vec<f32> = (0..length)
                    .flat_map(|row| (0..past + length).map(move |seen| (row, seen)))
                    .map(|(row, seen)| if hidden(row, seen) { f32::NEG_INFINITY } else { 0.0 })
                    .collect();
                place.insert(Tensor::from_vec(values, (length, past + length), &device)?);
            }
        }
        Ok(Self { positions, pasts, masks })
    }

    /// What is added to the scores of a sequence of T rows, shape (T, past + T); none where every row sees everything.
    #[must_use]
    pub fn mask(&self, sequence: usize, local: bool) -> Option<&Tensor> {
        let (_, length) = self.positions.segments[sequence];
        self.masks.get(&(length, self.pasts[sequence], local))
    }
}
