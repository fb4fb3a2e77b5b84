//! Merging adapters against updates that are formed densely, in f64, and added up.

use candle_core::{Device, Tensor};
use nalgebra::DMatrix;
use rand::SeedableRng;
use rand::rngs::StdRng;
use xpert::engine::adapter::{Adapter, AdapterShape, LoraPair};
use xpert::engine::config::{Config, Family};
use xpert::engine::fused::{Arena, Scope};
use xpert::engine::merge::{concatenate, merge};
use xpert::engine::projection::Projection;
use xpert::engine::{EngineError, Model, ModelPath, Precision, Sequence};

use crate::{measure, tiny};

/// The shape of the tiny model.
fn config() -> Config {
    Config {
        hidden: tiny::HIDDEN,
        layers: tiny::LAYERS,
        heads: tiny::HEADS,
        kv_heads: tiny::KV_HEADS,
        head_dim: tiny::HEAD_DIM,
        feed_forward: tiny::FEED_FORWARD,
        vocabulary: tiny::vocabulary().len(),
        context: tiny::CONTEXT,
        rope_theta: 10_000.0,
        norm_epsilon: 1e-5,
        family: Family::default(),
    }
}

fn adapter(rank: usize, alpha: f64, projections: &[Projection], seed: u64) -> Adapter {
    tiny::adapter(&config(), &AdapterShape { rank, alpha, projections: projections.to_vec() }, seed)
}

/// Three adapters of different ranks, strengths and maps; one weight is negative.
fn three() -> Vec<(f64, Adapter)> {
    vec![
        (0.7, adapter(4, 8.0, &Projection::ALL, 1)),
        (0.4, adapter(3, 5.0, &[Projection::Query, Projection::Down], 2)),
        (-0.2, adapter(6, 1.5, &[Projection::Query, Projection::Value], 3)),
    ]
}

fn borrowed(parts: &[(f64, Adapter)]) -> Vec<(f64, &Adapter)> {
    parts.iter().map(|(weight, part)| (*weight, part)).collect()
}

fn matrix(tensor: &Tensor) -> DMatrix<f64> {
    let (rows, columns) = tensor.dims2().unwrap();
    let values: Vec<f32> = tensor.flatten_all().unwrap().to_vec1().unwrap();
    DMatrix::from_row_iterator(rows, columns, values.into_iter().map(f64::from))
}

fn pair(adapter: &Adapter, layer: usize, projection: Projection) -> Option<&LoraPair> {
    adapter.layers[layer][projection as usize].as_ref()
}

/// The weighted sum of the updates of one map; zero where no part changes it.
fn update(parts: &[(f64, &Adapter)], layer: usize, projection: Projection) -> DMatrix<f64> {
    let (outputs, inputs) = projection.dims(&config());
    let mut sum = DMatrix::zeros(outputs, inputs);
    for (weight, part) in parts {
        if let Some(pair) = pair(part, layer, projection) {
            sum += matrix(&pair.b) * matrix(&pair.a) * (weight * part.scale());
        }
    }
    sum
}

fn places() -> impl Iterator<Item = (usize, Projection)> {
    (0..tiny::LAYERS).flat_map(|layer| Projection::ALL.map(|projection| (layer, projection)))
}

/// The error of `merged` as a stand-in for the sum of `parts`: of everything together, and the worst of one map.
fn errors(parts: &[(f64, &Adapter)], merged: &Adapter) -> (f64, (f64, usize, Projection)) {
    let (mut all, mut lost) = (0.0, 0.0);
    let mut worst = (-1.0, 0, Projection::Query);
    for (layer, projection) in places() {
        let sum = update(parts, layer, projection);
        let difference = (&sum - update(&[(1.0, merged)], layer, projection)).norm_squared();
        all += sum.norm_squared();
        lost += difference;
        let error = if difference > 0.0 { (difference / sum.norm_squared()).sqrt() } else { 0.0 };
        if error > worst.0 {
            worst = (error, layer, projection);
        }
    }
    ((lost / all).sqrt(), worst)
}

#[test]
fn factors_side_by_side_are_the_sum_of_the_updates() {
    let parts = three();
    let parts = borrowed(&parts);
    let whole = concatenate(&parts).unwrap();
    assert_eq!((whole.rank, whole.alpha), (13, 26.0));
    assert!(errors(&parts, &whole).1.0 < 1e-6, "{:?}", errors(&parts, &whole));
    assert_eq!(whole.projections(), Projection::ALL);

    let few = concatenate(&parts[1..]).unwrap();
    assert_eq!(few.projections(), [Projection::Query, Projection::Value, Projection::Down]);
    assert!(errors(&parts[1..], &few).1.0 < 1e-6);
}

#[test]
fn the_full_rank_loses_nothing() {
    let parts = three();
    let parts = borrowed(&parts);
    let merged = merge(&parts, 13).unwrap();
    for error in [merged.error, merged.worst.unwrap().error] {
        assert!((0.0..1e-7).contains(&error) && error.is_sign_positive(), "{error}");
    }
    assert!(errors(&parts, &merged.adapter).1.0 < 1e-6);
}

#[test]
fn the_error_reported_is_the_error_made() {
    let parts = three();
    let parts = borrowed(&parts);
    for rank in [1, 4, 8, 12] {
        let merged = merge(&parts, rank).unwrap();
        assert_eq!((merged.adapter.rank, merged.adapter.alpha), (rank, 2.0 * rank as f64));
        let (all, (error, layer, projection)) = errors(&parts, &merged.adapter);
        assert!((merged.error / all - 1.0).abs() < 1e-4, "rank {rank}: {} reported, {all} made", merged.error);
        let worst = merged.worst.unwrap();
        assert_eq!((worst.layer, worst.projection), (layer, projection));
        assert!((worst.error / error - 1.0).abs() < 1e-4, "rank {rank}: {worst:?} reported, {error} made");
    }
}

/// What is lost of each matrix is the sum of the smallest eigenvalues of its square, and no matrix of the rank loses less
/// (Eckart and Young).
#[test]
fn no_adapter_of_the_rank_comes_closer() {
    let parts = three();
    let parts = borrowed(&parts);
    let merged = merge(&parts, 5).unwrap();
    for (layer, projection) in places() {
        let sum = update(&parts, layer, projection);
        let mut squares: Vec<f64> = (sum.transpose() * &sum).symmetric_eigenvalues().iter().copied().collect();
        squares.sort_by(|a, b| b.total_cmp(a));
        let least: f64 = squares[5..].iter().sum();
        let made = (&sum - update(&[(1.0, &merged.adapter)], layer, projection)).norm_squared();
        assert!((made - least).abs() < 1e-6 * sum.norm_squared(), "{projection:?}: {made} lost, {least} is the least");
    }
}

#[test]
fn both_factors_get_an_even_share_of_every_direction() {
    let parts = three();
    let merged = merge(&borrowed(&parts), 3).unwrap();
    let pair = pair(&merged.adapter, 1, Projection::Query).unwrap();
    let (a, b) = (matrix(&pair.a), matrix(&pair.b));
    for direction in 0..3 {
        let (row, column) = (a.row(direction).norm(), b.column(direction).norm());
        assert!((row / column - 1.0).abs() < 1e-5 && row > 0.1, "{row} {column}");
    }
}

#[test]
fn an_adapter_blended_with_itself_is_itself() {
    let one = adapter(4, 8.0, &Projection::ALL, 7);
    let merged = merge(&[(0.5, &one), (0.25, &one), (0.25, &one)], 4).unwrap();
    assert!(merged.error < 1e-6, "{}", merged.error);
    assert!(errors(&[(1.0, &one)], &merged.adapter).1.0 < 1e-6);
}

#[test]
fn directions_that_nothing_fills_change_nothing_and_can_be_trained() {
    let one = adapter(2, 4.0, &Projection::ALL, 8);
    let merged = merge(&[(1.0, &one), (0.0, &adapter(3, 6.0, &Projection::ALL, 9))], 8).unwrap();
    assert!(errors(&[(1.0, &one)], &merged.adapter).1.0 < 1e-6);
    for (layer, projection) in places() {
        let pair = pair(&merged.adapter, layer, projection).unwrap();
        assert!(matrix(&pair.b).columns(2, 6).iter().all(|value| *value == 0.0));
        assert!(matrix(&pair.a).row_iter().all(|row| row.norm() > 0.1), "a row of zeros would never learn");
    }
}

#[test]
fn an_adapter_that_changes_nothing_merges_to_nothing() {
    let fresh = Adapter::new(&config(), &AdapterShape::default(), 1, &Device::Cpu).unwrap();
    let merged = merge(&[(1.0, &fresh), (1.0, &fresh)], 8).unwrap();
    assert_eq!(merged.error, 0.0);
    assert!(places().all(|(layer, map)| update(&[(1.0, &merged.adapter)], layer, map).norm() == 0.0));
}

/// The model with the merged adapter against a model whose weights hold the updates already.
#[test]
fn a_model_computes_the_same_with_the_merged_adapter_as_with_the_updates_in_its_weights() {
    let parts = three();
    let parts = borrowed(&parts);
    let home = tempfile::tempdir().unwrap();
    let load = |name: &str, tensors| {
        let folder = home.path().join(name);
        tiny::save_folder_of(&folder, tensors);
        Model::load(&ModelPath::Folder(folder), Precision::Dense).unwrap()
    };
    let mut tensors = tiny::tensors();
    for (layer, projection) in places() {
        let weight = tensors.get_mut(&format!("model.layers.{layer}.{}.weight", projection.path())).unwrap();
        let sum = matrix(weight) + update(&parts, layer, projection);
        let values: Vec<f32> = sum.transpose().iter().map(|&value| value as f32).collect();
        *weight = Tensor::from_vec(values, weight.dims(), &Device::Cpu).unwrap();
    }
    let (base, changed) = (load("base", tiny::tensors()), load("changed", tensors));
    let ids: Vec<u32> = (1..40).collect();
    let logits = |model: &Model, adapter: Option<&Adapter>| matrix(&measure::logits(model.network(adapter), &ids));
    let expected = logits(&changed, None);
    assert!((logits(&base, None) - &expected).norm() > 0.1 * expected.norm());
    for adapter in [concatenate(&parts).unwrap(), merge(&parts, 13).unwrap().adapter] {
        let error = (logits(&base, Some(&adapter)) - &expected).norm() / expected.norm();
        assert!(error < 1e-5, "{error}");

        // The training pass reads the factors as slices, as they lie in memory.
        let sequence = [Sequence { ids: ids.clone(), reply_start: 0 }];
        let pass = base.pass(Some(&adapter)).unwrap();
        let loss = pass.loss(&mut Arena::default(), &sequence, Scope::default(), None).unwrap();
        let expected = changed.network(None).loss_and_gradients(&sequence, 1.0).unwrap().0;
        assert!((loss / expected - 1.0).abs() < 1e-5, "{loss} {expected}");
    }
}

#[test]
fn what_cannot_be_merged_is_said() {
    let one = adapter(2, 4.0, &Projection::ALL, 1);
    let said = |parts: &[(f64, &Adapter)], rank: usize, words: &[&str]| {
        let error = merge(parts, rank).unwrap_err();
        assert!(matches!(error, EngineError::Blend(_)), "{error:?}");
        for word in words {
            assert!(error.to_string().contains(word), "{error} does not say {word:?}");
        }
    };
    said(&[], 8, &["none was given"]);
    said(&[(1.0, &one)], 0, &["rank", "at least 1"]);
    for weight in [f64::NAN, f64::INFINITY, 1e39] {
        said(&[(1.0, &one), (weight, &one)], 8, &["adapter 2", "finite"]);
    }
    said(&[(1.0, &Adapter { rank: 0, ..one.clone() })], 8, &["adapter 1", "finite"]);

    let mut short = one.clone();
    short.layers.pop();
    said(&[(1.0, &one), (1.0, &short)], 8, &["adapter 2 has 1 layers, but the first has 2", "different base models"]);

    let mut wide = one.clone();
    let other = LoraPair::fresh((tiny::HIDDEN, 32), 2, &mut StdRng::seed_from_u64(1), &Device::Cpu).unwrap();
    wide.layers[1][Projection::Up as usize] = Some(other);
    said(&[(1.0, &one), (1.0, &wide)], 8, &["adapter 2", "up_proj of layer 1", "[2, 32]", "different base models"]);

    let mut broken = one.clone();
    let hole = Tensor::full(f32::NAN, (2, tiny::HIDDEN), &Device::Cpu).unwrap();
    broken.layers[0][Projection::Key as usize].as_mut().unwrap().a = hole;
    said(&[(1.0, &broken)], 8, &["adapter 1", "k_proj of layer 0", "not finite"]);
}
