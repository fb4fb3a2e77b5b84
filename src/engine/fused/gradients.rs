//! Gradients of an adapter's matrices, accumulated over passes and workers. Knows no optimizer.

use candle_core::{Device, Tensor};

use super::layer::{Gradients, PairGradients};
use crate::engine::adapter::{LayerPairs, LoraPair};
use crate::engine::error::Result;

/// Gradients of the adapter's matrices in the blocks that learn; frozen blocks have none.
pub struct AdapterGradients {
    pub(super) layers: Vec<Gradients>,
    rank: usize,
}

impl AdapterGradients {
    pub(super) fn new(layers: Vec<Gradients>, rank: usize) -> Self {
        Self { layers, rank }
    }

    pub fn clear(&mut self) {
        for PairGradients { a, b } in self.layers.iter_mut().flatten().flatten() {
            a.fill(0.0);
            b.fill(0.0);
        }
    }

    pub fn add(&mut self, other: &Self) {
        let pairs = self.layers.iter_mut().flatten().flatten().zip(other.layers.iter().flatten().flatten());
        for (sum, more) in pairs {
            for (sum, more) in [(&mut sum.a, &more.a), (&mut sum.b, &more.b)] {
                sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            }
        }
    }

    /// The gradients as tensors in the shapes of the adapter's pairs.
    pub fn pairs(&self) -> Result<Vec<LayerPairs>> {
        self.layers.iter().map(|layer| self.layer_pairs(layer)).collect()
    }

    fn layer_pairs(&self, gradients: &Gradients) -> Result<LayerPairs> {
        let mut pairs = LayerPairs::default();
        for (place, gradient) in pairs.iter_mut().zip(gradients) {
            let Some(PairGradients { a, b }) = gradient else { continue };
            *place = Some(LoraPair {
                a: Tensor::from_slice(a, (self.rank, a.len() / self.rank), &Device::Cpu)?,
                b: Tensor::from_slice(b, (b.len() / self.rank, self.rank), &Device::Cpu)?,
            });
        }
        Ok(pairs)
    }
}
