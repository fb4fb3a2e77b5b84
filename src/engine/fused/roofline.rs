//! The matrix products of a training step alone: an upper bound on its speed. Knows only a model's shapes.

use super::product::{Accumulate, View, product};
use crate::engine::config::Config;
use crate::engine::projection::Projection;

/// Operands for the products of one block: forward, and backward with respect to the input.
pub struct Roofline {
    shapes: Vec<(usize, usize)>,
    rows: usize,
    input: Vec<f32>,
    output: Vec<f32>,
    weights: Vec<f32>,
}

impl Roofline {
    pub fn new(config: &Config, rows: usize) -> Self {
        let shapes: Vec<(usize, usize)> = Projection::ALL.map(|projection| projection.dims(config)).to_vec();
        let widest = shapes.iter().map(|(outputs, inputs)| *outputs.max(inputs)).max().unwrap_or(1);
        let largest = shapes.iter().map(|(outputs, inputs)| outputs * inputs).max().unwrap_or(1);
        // Neither zero nor large enough for sums to overflow, so multiplication takes as long as with real values.
        let filled = |length| vec![1e-3; length];
        Self { shapes, rows, input: filled(rows * widest), output: filled(rows * widest), weights: filled(largest) }
    }

    /// Runs all products once; returns their number of floating-point operations.
    pub fn run(&mut self) -> f64 {
        let Self { shapes, rows, input, output, weights } = self;
        let mut operations = 0.0;
        for &(outputs, inputs) in shapes.iter() {
            let weights = View::new(&weights[..outputs * inputs], outputs, inputs);
            product(output, outputs, View::new(input, *rows, inputs), weights.transposed(), 1.0, Accumulate::No);
            product(input, inputs, View::new(output, *rows, outputs), weights, 1.0, Accumulate::No);
            operations += 4.0 * (*rows * outputs * inputs) as f64;
        }
        operations
    }
}
