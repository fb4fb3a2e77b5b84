//! The matrix products of a training step and nothing else: the speed that no training step can exceed. Knows no model's
//! values, only shapes.

use super::product::{Into, View, product};
use crate::engine::config::Config;
use crate::engine::projection::Projection;

/// Operands for the products of one block, forward and backward by the input.
pub struct Ceiling {
    shapes: Vec<(usize, usize)>,
    rows: usize,
    input: Vec<f32>,
    output: Vec<f32>,
    weights: Vec<f32>,
}

impl Ceiling {
    #[must_use]
    pub fn new(config: &Config, rows: usize) -> Self {
        let shapes: Vec<(usize, usize)> = Projection::ALL.map(|projection| projection.dims(config)).to_vec();
        let widest = shapes.iter().map(|(outputs, inputs)| *outputs.max(inputs)).max().unwrap_or(1);
        let largest = shapes.iter().map(|(outputs, inputs)| outputs * inputs).max().unwrap_or(1);
        // Not zero, and so small that sums never grow: neither is faster or slower to multiply than real values are.
        let filled = |length| vec![1e-3; length];
        Self { shapes, rows, input: filled(rows * widest), output: filled(rows * widest), weights: filled(largest) }
    }

    /// Multiplies once through; the floating-point operations it took.
    pub fn run(&mut self) -> f64 {
        let Self { shapes, rows, input, output, weights } = self;
        let mut operations = 0.0;
        for &(outputs, inputs) in shapes.iter() {
            let weights = View::new(&weights[..outputs * inputs], outputs, inputs);
            product(output, outputs, View::new(input, *rows, inputs), weights.transposed(), 1.0, Into::Replace);
            product(input, inputs, View::new(output, *rows, outputs), weights, 1.0, Into::Replace);
            operations += 4.0 * (*rows * outputs * inputs) as f64;
        }
        operations
    }
}
