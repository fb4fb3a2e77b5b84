//! AdamW with moments that can be saved and restored. Knows neither model nor schedule.

use candle_core::{DType, Tensor};

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019); the decay is zero, since low rank already
/// regularises.
#[derive(Clone, Debug)]
pub struct AdamW {
    /// First and second moments (running means of gradients and of their squares), in the order of the parameters.
    pub first: Vec<Tensor>,
    pub second: Vec<Tensor>,
    pub step: usize,
}

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

impl AdamW {
    pub fn new<'a>(parameters: impl Iterator<Item = &'a Tensor>) -> candle_core::Result<Self> {
        let first: Vec<Tensor> = parameters.map(Tensor::zeros_like).collect::<Result<_, _>>()?;
        Ok(Self { second: first.clone(), first, step: 0 })
    }

    /// One step with learning rate `rate`.
    pub fn update<'a>(
        &mut self,
        parameters: impl Iterator<Item = &'a mut Tensor>,
        gradients: &[Tensor],
        rate: f64,
    ) -> candle_core::Result<()> {
        self.step += 1;
        let correction_1 = 1.0 - BETA_1.powi(self.step as i32);
        let correction_2 = 1.0 - BETA_2.powi(self.step as i32);
        for (i, parameter) in parameters.enumerate() {
            let gradient = &gradients[i];
            self.first[i] = ((&self.first[i] * BETA_1)? + (gradient * (1.0 - BETA_1))?)?;
            self.second[i] = ((&self.second[i] * BETA_2)? + (gradient.sqr()? * (1.0 - BETA_2))?)?;
            let scale = ((&self.second[i] / correction_2)?.sqrt()? + EPSILON)?;
            *parameter = (&*parameter - (((&self.first[i] / correction_1)? / scale)? * rate)?)?;
        }
        Ok(())
    }
}

/// Scales all gradients so that their joint Euclidean norm is at most `limit`; returns the norm before.
pub fn clip(gradients: &mut [Tensor], limit: f64) -> candle_core::Result<f64> {
    let mut squares = 0.0;
    for gradient in gradients.iter() {
        squares += f64::from(gradient.sqr()?.sum_all()?.to_dtype(DType::F32)?.to_scalar::<f32>()?);
    }
    let norm = squares.sqrt();
    if norm > limit {
        for gradient in gradients {
            *gradient = (&*gradient * (limit / norm))?;
        }
    }
    Ok(norm)
}
