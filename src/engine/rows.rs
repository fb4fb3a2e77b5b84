//! How several sequences share one tensor: which rows belong together, where each stands, what each may see.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use candle_core::{Device, Tensor};

use super::config::Config;
use super::error::Result;

/// Rotation angles of every position up to a limit (Su et al., *RoFormer*, 2021).
#[derive(Clone, Debug)]
pub struct Rotary {
    /// Both of shape (positions, head_dim / 2).
    cos: Tensor,
    sin: Tensor,
}

impl Rotary {
    /// # Errors
    /// When the device cannot hold the tables.
    pub fn new(config: &Config, device: &Device) -> Result<Self> {
        let half = config.head_dim / 2;
        let (mut cos, mut sin) = (Vec::new(), Vec::new());
        for position in 0..config.context {
            for i in 0..half {
                let frequency = config.rope_theta.powf(-(2.0 * i as f64) / config.head_dim as f64);
                let angle = position as f64 * frequency;
                cos.push(angle.cos() as f32);
                sin.push(angle.sin() as f32);
            }
        }
        let shape = (config.context, half);
        Ok(Self { cos: Tensor::from_vec(cos, shape, device)?, sin: Tensor::from_vec(sin, shape, device)? })
    }
}

/// Sequences laid end to end, each from position 0. No padding: every row is a token.
#[derive(Debug)]
pub struct Positions {
    /// (first row, number of rows) of each sequence.
    pub segments: Vec<(usize, usize)>,
    /// Rotation of each row, shape (rows, head_dim / 2).
    pub cos: Tensor,
    pub sin: Tensor,
}

impl Positions {
    /// # Errors
    /// When a sequence is longer than the model's context.
    pub fn of(lengths: &[usize], rotary: &Rotary) -> Result<Self> {
        let mut segments = Vec::with_capacity(lengths.len());
        let mut start = 0;
        let (mut cos, mut sin) = (Vec::new(), Vec::new());
        for &length in lengths {
            segments.push((start, length));
            start += length;
            cos.push(rotary.cos.narrow(0, 0, length)?);
            sin.push(rotary.sin.narrow(0, 0, length)?);
        }
        Ok(Self { segments, cos: Tensor::cat(&cos, 0)?.contiguous()?, sin: Tensor::cat(&sin, 0)?.contiguous()? })
    }
}

/// Rows of one pass of the [`Network`](super::network::Network): positions, and masks.
#[derive(Debug)]
pub struct Rows {
    pub positions: Positions,
    masks: HashMap<usize, Tensor>,
}

impl Rows {
    /// Whole sequences of these lengths, from position 0. No padding: every row is a token.
    ///
    /// # Errors
    /// When a sequence is longer than the model's context.
    pub fn packed(lengths: &[usize], rotary: &Rotary) -> Result<Self> {
        Self::with_masks(Positions::of(lengths, rotary)?, 0)
    }

    /// The next `length` tokens of one sequence of which `past` are in the cache already.
    ///
    /// # Errors
    /// When the sequence grows beyond the model's context.
    pub fn continuing(past: usize, length: usize, rotary: &Rotary) -> Result<Self> {
        let cos = rotary.cos.narrow(0, past, length)?.contiguous()?;
        let sin = rotary.sin.narrow(0, past, length)?.contiguous()?;
        Self::with_masks(Positions { segments: vec![(0, length)], cos, sin }, past)
    }

    /// What is added to the scores of a sequence of `length` rows, shape (length, past + length); none for one row.
    #[must_use]
    pub fn mask(&self, length: usize) -> Option<&Tensor> {
        self.masks.get(&length)
    }

    fn with_masks(positions: Positions, past: usize) -> Result<Self> {
        let mut masks = HashMap::new();
        for &(_, length) in positions.segments.iter().filter(|(_, length)| *length > 1) {
            if let Entry::Vacant(place) = masks.entry(length) {
                let values: Vec<f32> = (0..length)
                    .flat_map(|row| {
                        (0..past + length).map(move |seen| if seen <= past + row { 0.0 } else { f32::NEG_INFINITY })
                    })
                    .collect();
                place.insert(Tensor::from_vec(values, (length, past + length), positions.cos.device())?);
            }
        }
        Ok(Self { positions, masks })
    }
}
