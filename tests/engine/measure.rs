//! Logits at every position, and how far numbers are from the reference's. Knows no file.

use candle_core::Tensor;
use candle_nn::ops::rms_norm;
use xpert::engine::Sequence;
use xpert::engine::network::Network;

/// Logits at every position of one sequence, shape (tokens, vocabulary).
pub fn logits(network: Network<'_>, ids: &[u32]) -> Tensor {
    let sequence = Sequence { ids: ids.to_vec(), reply_start: 0 };
    let states = network.hidden(&[sequence], network.config.layers).expect("hidden states");
    let normed = rms_norm(&states, &network.weights.norm, network.config.norm_epsilon as f32).expect("a norm");
    network.weights.head.forward(&normed).expect("logits")
}

/// Root of the mean square.
pub fn size(values: &[f32]) -> f64 {
    (values.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// The largest difference, as a share of the size of the expected numbers.
pub fn largest_difference(ours: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(ours.len(), expected.len());
    // Not `f64::max`, which passes over a NaN.
    let differences = ours.iter().zip(expected).map(|(a, b)| f64::from((a - b).abs()));
    let largest = differences.fold(0.0, |most: f64, d| if most.is_nan() || d <= most { most } else { d });
    largest / size(expected)
}

/// The Euclidean length of the difference, as a share of the expected numbers' length.
pub fn relative_distance(ours: &[f32], expected: &[f32]) -> f64 {
    assert_eq!(ours.len(), expected.len());
    let difference: Vec<f32> = ours.iter().zip(expected).map(|(a, b)| a - b).collect();
    size(&difference) / size(expected)
}

/// The place of the largest number.
pub fn best(logits: &[f32]) -> u32 {
    (0..logits.len()).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).expect("logits") as u32
}

#[test]
fn a_nan_anywhere_is_found() {
    assert!(largest_difference(&[1.0, f32::NAN, 2.0], &[1.0, 1.5, 2.0]).is_nan());
    assert!(largest_difference(&[f32::NAN, 1.5, 2.0], &[1.0, 1.5, 2.0]).is_nan());
    assert_eq!(largest_difference(&[1.0, -2.0], &[1.0, -1.0]), 1.0);
}
