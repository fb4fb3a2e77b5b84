//! What it takes to select among few and very many models: bytes and time, compared with downloading them all. Cards are made up by
//! interpolating between the shipped ones; everything else is measured.

use std::path::Path;
use std::time::Instant;

use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::library::Library;
use xpert::platform::system::MemoryProbe;
use xpert::selection::{Card, Signature, UserStyle, rank};
use xpert::style::{Estimate, StyleSpace, StyleVector, profile};

use super::data::texts;
use super::error::EvaluationError;
use super::index::Index;
use super::report::{Report, Row, Value};

const MODELS: [usize; 6] = [14, 28, 56, 84, 1_000, 100_000];
/// Texts of the user, and models that are compared in detail.
const TEXTS: usize = 50;
const DETAILED: usize = 12;
const SEED: u64 = 5;
const MEGABYTE: f64 = 1e6;

/// Selects for the writer of the first texts in `path`, among made-up libraries of growing size.
///
/// # Errors
/// When the data is missing or malformed.
pub fn communication(
    space: &StyleSpace,
    path: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<Report, EvaluationError> {
    let texts: Vec<String> = texts(path)?.into_iter().take(TEXTS).collect();
    let library = Library::shipped()?;
    let (base, real) = (&library.base().measured, library.cards());
    let card_bytes = real.iter().map(|card| serde_json::to_vec(card).map_or(0, |json| json.len())).sum::<usize>()
        / real.len().max(1);
    let adapter_bytes = real.iter().map(|card| card.adapter_bytes).sum::<u64>() as f64 / real.len().max(1) as f64;
    let mut rows = Vec::new();
    for models in MODELS {
        progress(&format!("{models} models"));
        let mut random = StdRng::seed_from_u64(SEED);
        let mut index = Index::with_capacity(models, space.reference.features().count());
        for _ in 0..models {
            index.push(&made_up(space, real, &mut random));
        }
        let memory = MemoryProbe::new().resident_mb();

        let began = Instant::now();
        let profile = profile(space, &texts, base)?;
        let profiled = began.elapsed().as_secs_f64() * 1000.0;
        let began = Instant::now();
        let closest = index.closest(space, &profile.estimate, DETAILED);
        let searched = began.elapsed().as_secs_f64() * 1000.0;
        // The cards of the closest are looked at whole; those of a library that is made up are as large as real ones.
        let detailed: Vec<Card> = closest.iter().zip(real.iter().cycle()).map(|(_, card)| card.clone()).collect();
        let began = Instant::now();
        let ranked = rank(space, &UserStyle::of(&profile), &detailed);
        let weighed = began.elapsed().as_secs_f64() * 1000.0;
        debug_assert!(profile.missing_words > 0 || !ranked.candidates.is_empty());

        rows.push(Row(vec![
            ("models", Value::Count(models)),
            ("profile_ms", Value::Number(profiled, 1)),
            ("search_ms", Value::Number(searched, 2)),
            ("detail_ms", Value::Number(weighed, 1)),
            ("resident_mb", Value::Count(usize::try_from(memory).unwrap_or(0))),
            ("cards_mb", Value::Number(models as f64 * card_bytes as f64 / MEGABYTE, 2)),
            ("chosen_mb", Value::Number(adapter_bytes / MEGABYTE, 2)),
            ("all_adapters_mb", Value::Number(models as f64 * adapter_bytes / MEGABYTE, 1)),
        ]));
    }
    let about = format!(
        "Selecting for {} texts among libraries of made-up cards. `cards_mb` and `chosen_mb` are what has to be fetched ({card_bytes} bytes a \
         card, as JSON), `all_adapters_mb` what trying every model would fetch.",
        texts.len()
    );
    Ok(Report { suite: "communication".into(), space: space.version().into(), about, rows })
}

/// Somewhere between two real models, with the noise of both.
fn made_up(space: &StyleSpace, real: &[Card], random: &mut StdRng) -> Signature {
    let pair: Vec<&Card> = real.choose_multiple(random, 2).collect();
    let weight: f32 = random.random();
    let nothing = StyleVector::new(vec![0.0; space.reference.features().count()]);
    let mut estimate = Estimate { difference: nothing, noise: 0.0 };
    for (card, weight) in pair.iter().zip([weight, 1.0 - weight]) {
        estimate.difference = estimate.difference.add_scaled(&card.signature.difference, weight);
        estimate.noise += f64::from(weight * weight) * card.signature.noise;
    }
    let spread = (estimate.noise / estimate.difference.width() as f64).sqrt() as f32;
    let moved = estimate.difference.as_slice().iter().map(|value| value + spread * random.random_range(-1.7..1.7));
    estimate.difference = StyleVector::new(moved.collect());
    Signature::new(space, estimate)
}
