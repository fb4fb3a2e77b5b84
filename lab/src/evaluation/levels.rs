//! Graded levels of one quality: their coefficients must stand in order, and farther apart the more levels lie between.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use xpert::library::{Answer, read_lines};
use xpert::style::StyleSpace;

use super::data::problem;
use super::error::EvaluationError;
use super::report::{Report, Row, Value};

/// The axis that each quality is read on.
const QUALITIES: &[(&str, &str)] = &[("formality", "casual-formal"), ("expertise", "simple-expert")];

/// The table of the paper (section 5.2): for each pair of levels, the distance of their coefficients over all axes (the sum of
/// absolute differences, as a share of the widest), and the step on the axis that the quality is read on. Reads
/// `QUALITY-LEVEL.jsonl` files with `prompt` and `text`.
///
/// # Errors
/// When a file is missing or malformed, or a quality has no known axis.
pub fn levels(space: &StyleSpace, folder: &Path) -> Result<Report, EvaluationError> {
    let mut rows = Vec::new();
    for (quality, levels) in qualities(folder)? {
        let axis = QUALITIES.iter().find(|(name, _)| *name == quality).map(|(_, axis)| *axis);
        let axis = axis.and_then(|id| space.axes().iter().position(|axis| axis.id == id));
        let axis = axis.ok_or_else(|| problem(folder, format!("no axis is known for \u{201c}{quality}\u{201d}")))?;
        let place = |texts: &[String]| space.coefficients(&space.position_of(&space.measure(texts).counts));
        let places: Vec<Vec<f64>> = levels.iter().map(|(_, texts)| place(texts)).collect();
        let distance =
            |a: usize, b: usize| -> f64 { places[a].iter().zip(&places[b]).map(|(a, b)| (a - b).abs()).sum() };
        let pairs: Vec<(usize, usize)> =
            (0..places.len()).flat_map(|a| (a + 1..places.len()).map(move |b| (a, b))).collect();
        let widest = pairs.iter().map(|&(a, b)| distance(a, b)).fold(f64::MIN_POSITIVE, f64::max);
        for (a, b) in pairs {
            rows.push(Row(vec![
                ("style", Value::Word(quality.clone())),
                ("levels", Value::Word(format!("{}-{}", levels[a].0, levels[b].0))),
                ("distance", Value::Number(distance(a, b) / widest, 3)),
                ("step", Value::Number(places[b][axis] - places[a][axis], 2)),
            ]));
        }
    }
    let about =
        "Distance of graded levels over all axes (share of the widest), and their step on the axis of the quality, \
                 which must be positive for every pair."
            .to_owned();
    Ok(Report { suite: "levels".into(), space: space.version().into(), about, rows })
}

type Levels = Vec<(u32, Vec<String>)>;

fn qualities(folder: &Path) -> Result<BTreeMap<String, Levels>, EvaluationError> {
    let mut qualities: BTreeMap<String, Levels> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|error| problem(folder, error))? {
        let path = entry.map_err(|error| problem(folder, error))?.path();
        let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
        let Some((quality, level)) = stem.rsplit_once('-') else { continue };
        let Ok(level) = level.parse() else { continue };
        let texts = read_lines::<Answer>(&path)?.into_iter().map(|answer| answer.text).collect();
        qualities.entry(quality.to_owned()).or_default().push((level, texts));
    }
    for levels in qualities.values_mut() {
        levels.sort();
    }
    if qualities.is_empty() {
        return Err(problem(folder, "no QUALITY-LEVEL.jsonl file is here, such as formality-1.jsonl"));
    }
    Ok(qualities)
}
