//! Recognizing authors: each is known from the first half of their texts, and users are drawn from the second half.

use std::collections::BTreeMap;
use std::path::Path;

use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::selection::Signature;
use xpert::style::{Counts, Sample, StyleSpace};

use super::data;
use super::delta::Delta;
use super::error::EvaluationError;
use super::report::{Report, Row, Value};
use super::shared::{Counted, Instrument, Models, Tally, pool};

/// How many texts are pooled.
const TEXTS: &[usize] = &[1, 5, 20];
/// Draws of texts of each author.
const DRAWS: usize = 20;
const SEED: u64 = 3;

/// Accuracy of recognising the authors of a file (or of a folder of files, one an author), beside cosine-Delta on the same draws.
///
/// # Errors
/// When a file is missing or malformed, or there are fewer than two authors.
pub fn authors(instrument: Instrument<'_>, path: &Path) -> Result<Report, EvaluationError> {
    let authors = data::authors(path)?;
    let ours = Known::new(instrument, &authors)?;
    let delta = Delta::new(authors.values().map(|texts| &texts[..texts.len() / 2]));
    let mut rows = Vec::new();
    for &texts in TEXTS {
        let mut random = StdRng::seed_from_u64(SEED);
        let (mut tally, mut baseline, mut all) = (Tally::default(), 0, 0);
        for (own, written) in authors.values().enumerate() {
            let second = written.len() / 2..written.len();
            for _ in 0..DRAWS {
                let drawn = second.clone().choose_multiple(&mut random, texts);
                let counted = drawn.iter().map(|&index| ours.counted[own].0[index].clone());
                ours.models().look(own, counted, &mut tally)?;
                let pooled: Vec<&str> = drawn.iter().map(|&index| written[index].as_str()).collect();
                baseline += usize::from(delta.nearest(&pooled) == Some(own));
                all += 1;
            }
        }
        rows.push(Row(vec![
            ("texts", Value::Count(texts)),
            ("accuracy", Value::Number(tally.accuracy(), 3)),
            ("claimed", Value::Number(tally.claimed(), 3)),
            ("baseline", Value::Number(baseline as f64 / all as f64, 3)),
        ]));
    }
    let about = format!(
        "Recognising one of {} authors by texts of the second half of each, known from the first; baseline: cosine-Delta \
         (150 commonest tokens, z-scored) on the same draws, {DRAWS} an author.",
        authors.len()
    );
    Ok(Report { suite: "authors".into(), space: instrument.space.version().into(), about, rows })
}

struct Known<'a> {
    space: &'a StyleSpace,
    counted: Vec<Counted>,
    base: xpert::style::Measured,
    signatures: Vec<Signature>,
}

impl<'a> Known<'a> {
    fn new(instrument: Instrument<'a>, authors: &BTreeMap<String, Vec<String>>) -> Result<Self, EvaluationError> {
        let space = instrument.space;
        let counted = authors.values().map(|texts| instrument.count(texts)).collect::<Result<Vec<_>, _>>()?;
        let first = |author: &Counted| author.0[..author.0.len() / 2].to_vec();
        // The base stands for what all have in common: each author alike, whatever they wrote.
        let mut base: Option<Counts> = None;
        for author in &counted {
            let counts = pool(space, &first(author)).counts.per_word();
            match &mut base {
                Some(base) => base.add(&counts, 1.0),
                None => base = Some(counts),
            }
        }
        let mut common = pool(space, &[]);
        if let Some(base) = base {
            common.counts.add(&base, 1e4 / counted.len() as f64);
        }
        let signatures = counted.iter().map(|author| {
            let estimate = Sample::counted(space, first(author)).estimate(&common)?;
            Ok(Signature::new(space, estimate))
        });
        let signatures = signatures.collect::<Result<_, EvaluationError>>()?;
        Ok(Self { space, counted, base: common, signatures })
    }

    fn models(&self) -> Models<'_> {
        Models { space: self.space, signatures: &self.signatures, base: &self.base }
    }
}
