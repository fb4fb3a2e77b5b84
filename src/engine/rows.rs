//! Several sequences packed into one tensor: which rows belong together, their positions, and their attention masks.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use candle_core::{Device, Tensor};

use super::config::Config;
use super::error::Result;

/// RoPE frequencies (Su et al., *RoFormer*, 2021). Angles are computed for the rows of a pass, since tables for a
/// long context would take more memory than a small model.
#[derive(Clone, Debug)]
pub struct Rotary {
    global: Vec<f64>,
    /// Of sliding-window blocks, if the model has any.
    local: Option<Vec<f64>>,
    context: usize,
    device: Device,
}

impl Rotary {
    pub fn new(config: &Config, device: &Device) -> Self {
        let local = config.family.sliding.as_ref().map(|_| config.frequencies(true));
        Self { global: config.frequencies(false), local, context: config.context, device: device.clone() }
    }

    fn rotation(&self, frequencies: &[f64], segments: &[(usize, usize)], pasts: &[usize]) -> Result<Rotation> {
        let rows = segments.iter().map(|(_, length)| length).sum::<usize>();
        let mut cos = Vec::with_capacity(rows * frequencies.len());
        let mut sin = Vec::with_capacity(rows * frequencies.len());
        for (&(_, length), &past) in segments.iter().zip(pasts) {
            if past + length > self.context {
                let message = format!("{} tokens exceed the context of {}", past + length, self.context);
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
        Ok(Rotation {
            cos: Tensor::from_vec(cos, shape, &self.device)?,
            sin: Tensor::from_vec(sin, shape, &self.device)?,
        })
    }
}

/// Cosines and sines of each row's angles, shape (rows, head_dim / 2).
#[derive(Clone, Debug)]
pub struct Rotation {
    pub cos: Tensor,
    pub sin: Tensor,
}

/// Sequences concatenated without padding: every row is a token.
#[derive(Debug)]
pub struct Positions {
    /// (first row, number of rows) of each sequence.
    pub segments: Vec<(usize, usize)>,
    global: Rotation,
    local: Option<Rotation>,
}

impl Positions {
    /// # Errors
    /// When a sequence is longer than the model's context.
    pub fn of(lengths: &[usize], rotary: &Rotary) -> Result<Self> {
        Self::continuing(&vec![0; lengths.len()], lengths, rotary)
    }

    /// Sequences that continue after `pasts` tokens each.
    fn continuing(pasts: &[usize], lengths: &[usize], rotary: &Rotary) -> Result<Self> {
        let mut start = 0;
        let mut segments = Vec::with_capacity(lengths.len());
        for &length in lengths {
            segments.push((start, length));
            start += length;
        }
        let local = rotary.local.as_ref().map(|frequencies| rotary.rotation(frequencies, &segments, pasts));
        Ok(Self { global: rotary.rotation(&rotary.global, &segments, pasts)?, local: local.transpose()?, segments })
    }

    /// The rotation in global blocks, or in `local` ones.
    pub fn rotation(&self, local: bool) -> &Rotation {
        self.local.as_ref().filter(|_| local).unwrap_or(&self.global)
    }
}

/// Rows of one pass of the [`Network`](super::network::Network): positions, and masks.
#[derive(Debug)]
pub struct Rows {
    pub positions: Positions,
    /// Number of tokens of each sequence that are in its cache.
    pasts: Vec<usize>,
    /// By number of rows, number of tokens before them, and whether the block is local.
    masks: HashMap<(usize, usize, bool), Tensor>,
}

impl Rows {
    /// The next `lengths` tokens of sequences that have `pasts` tokens each in their caches.
    ///
    /// # Errors
    /// When a sequence exceeds the model's context.
    pub fn continuing(pasts: Vec<usize>, lengths: &[usize], config: &Config, rotary: &Rotary) -> Result<Self> {
        let positions = Positions::continuing(&pasts, lengths, rotary)?;
        let device = positions.global.cos.device().clone();
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

    /// The additive attention mask of a sequence of T rows, shape (T, past + T); none if every row sees everything.
    pub fn mask(&self, sequence: usize, local: bool) -> Option<&Tensor> {
        let (_, length) = self.positions.segments[sequence];
        self.masks.get(&(length, self.pasts[sequence], local))
    }
}
