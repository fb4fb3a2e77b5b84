//! Selection among models that are only partly in their style, each simulated by texts: a given share in the style, the rest unstyled.
//! Their users are other texts of the same styles.

use std::collections::BTreeMap;
use std::path::Path;

use rand::prelude::*;
use rand::rngs::StdRng;
use xpert::selection::Signature;
use xpert::style::{Counts, Measured, Sample, StyleSpace};

use super::data::{problem, styles};
use super::error::EvaluationError;
use super::report::Report;
use super::shared::{Counted, Instrument, Models, SIMILARITIES, Tally, UNSTYLED, USER_TEXTS, USERS, accuracy};

/// Texts that a simulated model has written.
const MODEL_TEXTS: usize = 100;
/// Draws of models, and of users for each.
const DRAWS: u64 = 10;

/// Accuracy of choosing among the styles of a folder of `STYLE.jsonl` files (with `response`, and `default.jsonl` unstyled), by
/// similarity and by texts of the user (Wang et al., 2025, section 5, with texts in place of trained models). In each draw, half of
/// the prompts make the models and the other half the users, unless these come from the folder `users`.
///
/// # Errors
/// When a file is missing or malformed, or has too few texts.
pub fn simulated(
    instrument: Instrument<'_>,
    folder: &Path,
    users: Option<&Path>,
    progress: &mut dyn FnMut(&str),
) -> Result<Report, EvaluationError> {
    let space = instrument.space;
    let mut counted = |folder| counted(instrument, folder, progress);
    let models = counted(folder)?;
    let users = users.map(counted).transpose()?;
    let base = models.get(UNSTYLED).ok_or_else(|| problem(folder, "there is no default.jsonl with unstyled texts"))?;
    let field = Field { space, models: &models, users: users.as_ref(), base: base.pooled(space) };
    let mut rows = Vec::new();
    for similarity in SIMILARITIES {
        progress(&format!("models that are {:.0} % similar", similarity * 100.0));
        let found = field.accuracy(similarity).map_err(|reason| problem(folder, reason))?;
        rows.extend(USER_TEXTS.iter().zip(found).map(|(&texts, found)| accuracy(similarity, texts, &found)));
    }
    let about = format!(
        "Choosing among {} styles; each model simulated by {MODEL_TEXTS} texts, of which the share `similarity` has its style; \
         {} users a cell, on other texts.",
        models.len() - 1,
        DRAWS as usize * USERS * (models.len() - 1)
    );
    Ok(Report { suite: "selection".into(), space: space.version().into(), about, rows })
}

fn counted(
    instrument: Instrument<'_>,
    folder: &Path,
    progress: &mut dyn FnMut(&str),
) -> Result<BTreeMap<String, Counted>, EvaluationError> {
    let mut all = BTreeMap::new();
    for (style, texts) in styles(folder)? {
        progress(&format!("reading {style}"));
        let texts: Vec<&String> = texts.iter().map(|text| &text.response).collect();
        let counted = instrument.count(&texts)?;
        all.insert(style, counted);
    }
    Ok(all)
}

struct Field<'a> {
    space: &'a StyleSpace,
    models: &'a BTreeMap<String, Counted>,
    users: Option<&'a BTreeMap<String, Counted>>,
    base: Measured,
}

impl Field<'_> {
    /// For each number of texts in [`USER_TEXTS`].
    fn accuracy(&self, similarity: f64) -> Result<Vec<Tally>, String> {
        let mut tallies = vec![Tally::default(); USER_TEXTS.len()];
        for draw in 0..DRAWS {
            let mut random = StdRng::seed_from_u64(draw);
            let mut prompts: Vec<usize> = (0..self.shortest()).collect();
            prompts.shuffle(&mut random);
            let (models, others) = prompts.split_at(prompts.len() / 2);
            let signatures = self.signatures(similarity, models, &mut random)?;
            let models = Models { space: self.space, signatures: &signatures, base: &self.base };
            for (own, style) in self.names().enumerate() {
                let texts = self.texts(style, others)?;
                for (tally, &pooled) in tallies.iter_mut().zip(USER_TEXTS) {
                    models.draw(own, &texts, pooled, &mut random, tally).map_err(|error| error.to_string())?;
                }
            }
        }
        Ok(tallies)
    }

    /// How many prompts all styles answer; their answers stand in one order.
    fn shortest(&self) -> usize {
        self.models.values().map(|style| style.0.len()).min().unwrap_or(0)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.models.keys().map(String::as_str).filter(|style| *style != UNSTYLED)
    }

    fn signatures(&self, similarity: f64, prompts: &[usize], random: &mut StdRng) -> Result<Vec<Signature>, String> {
        let styled = (MODEL_TEXTS as f64 * similarity).round() as usize;
        if prompts.len() < MODEL_TEXTS {
            return Err(format!(
                "{} prompts are answered in every style; {} are needed",
                self.shortest(),
                2 * MODEL_TEXTS
            ));
        }
        self.names()
            .map(|style| {
                let mut drawn = |style: &str, count: usize| -> Vec<Counts> {
                    let prompts = prompts.choose_multiple(random, count);
                    prompts.map(|&prompt| self.models[style].0[prompt].clone()).collect()
                };
                let (own, rest) = (drawn(style, styled), drawn(UNSTYLED, MODEL_TEXTS - styled));
                let sample = Sample::counted(self.space, own.into_iter().chain(rest));
                let estimate = sample.estimate(&self.base).map_err(|error| error.to_string())?;
                Ok(Signature::new(self.space, estimate))
            })
            .collect()
    }

    /// What the users of a style draw from: the answers to `prompts`, or all texts of the other folder.
    fn texts(&self, style: &str, prompts: &[usize]) -> Result<Vec<&Counts>, String> {
        match self.users {
            Some(users) => {
                let own = users.get(style).ok_or_else(|| format!("there are no users of {style}"))?;
                Ok(own.0.iter().collect())
            }
            None => Ok(prompts.iter().map(|&prompt| &self.models[style].0[prompt]).collect()),
        }
    }
}
