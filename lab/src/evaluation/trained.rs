//! Selection among models that were really trained to be partly in their style, by what they write. Their users are texts of the
//! same styles that answer other prompts.

use std::path::Path;

use rand::SeedableRng;
use rand::rngs::StdRng;
use xpert::style::{Counts, StyleSpace};

use super::error::EvaluationError;
use super::model_builder::{Halves, ModelBuilder};
use super::report::Report;
use super::shared::{Counted, Models, Tally, USER_TEXTS, USERS, accuracy};

/// Accuracy of choosing among the styles of a folder (as [`simulated`](super::simulated)) with models trained in `builder`
/// for each of `similarities`, by the number of the user's texts (Wang et al., 2025, section 5). Takes hours where models are
/// not trained yet; a run that was stopped continues where it was.
///
/// # Errors
/// When a file is missing or malformed, a training fails, or the run is cancelled.
pub fn trained(
    space: &StyleSpace,
    folder: &Path,
    builder: &ModelBuilder<'_>,
    similarities: &[f64],
    progress: &mut dyn FnMut(&str),
) -> Result<Report, EvaluationError> {
    let halves = Halves::read(folder, builder.steps)?;
    let base = builder.base(space, &halves, progress)?;
    let users: Vec<Vec<Counts>> = halves
        .names()
        .map(|style| {
            let texts: Vec<&str> = halves.users.iter().map(|&at| halves.styles[style][at].response.as_str()).collect();
            Counted::of(space, &texts).0
        })
        .collect();
    let mut rows = Vec::new();
    for &similarity in similarities {
        let signatures = builder.signatures(space, &halves, similarity, &base, progress)?;
        let models = Models { space, signatures: &signatures, base: &base };
        let random = &mut StdRng::seed_from_u64(0);
        for &texts in USER_TEXTS {
            let mut tally = Tally::default();
            for (own, style) in users.iter().enumerate() {
                models.draw(own, &style.iter().collect::<Vec<_>>(), texts, random, &mut tally)?;
            }
            rows.push(accuracy(similarity, texts, &tally));
        }
    }
    let about = format!(
        "Choosing among {} models trained on one half of the prompts, of whose texts the share `similarity` has the model's style, by \
         what they write to {} other prompts of that half; {} users a cell, with texts of the other half.",
        users.len(),
        halves.probes.len(),
        USERS * users.len()
    );
    Ok(Report { suite: "selection".into(), space: space.version().into(), about, rows })
}
