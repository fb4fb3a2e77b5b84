//! How well each axis separates texts that differ in one quality and that it was not built from.

use std::path::Path;

use xpert::style::{Counts, StyleSpace};

use super::data::{contrast, problem};
use super::error::EvaluationError;
use super::report::{Report, Row, Value};
use super::shared::{Counted, area_under_curve, pool};

/// The area under the curve of every axis, on groups of `group` texts that follow each other.
///
/// Where the data says which side has more of its quality, the area is that of the axis' high pole, and below one half where
/// the axis points the other way. For two files it is only said how far apart they are, and which is on the side of the high pole.
///
/// # Errors
/// When the data is missing or malformed.
pub fn axes(space: &StyleSpace, paths: &[impl AsRef<Path>], group: usize) -> Result<Report, EvaluationError> {
    let contrast = contrast(paths)?;
    let places = |texts: &[String]| -> Vec<Vec<f64>> {
        let counts = Counted::of(space, texts).0;
        let groups: Vec<&[Counts]> = counts.chunks_exact(group.max(1)).collect();
        groups.into_iter().map(|group| space.coefficients(&space.position_of(&pool(space, group).counts))).collect()
    };
    let (low, high) = (places(&contrast.low), places(&contrast.high));
    if low.is_empty() || high.is_empty() {
        let path = paths.first().map_or(Path::new(""), AsRef::as_ref);
        return Err(problem(path, format!("there are fewer than {group} texts on one side")));
    }
    let column = |places: &[Vec<f64>], axis: usize| places.iter().map(|place| place[axis]).collect::<Vec<f64>>();
    let mut rows = Vec::with_capacity(space.axes().len());
    for (index, axis) in space.axes().iter().enumerate() {
        let area = area_under_curve(&column(&low, index), &column(&high, index));
        let shown = if contrast.oriented { area } else { area.max(1.0 - area) };
        let side = match (contrast.oriented, area >= 0.5) {
            (true, _) => "second",
            (false, second) => {
                if second {
                    "second"
                } else {
                    "first"
                }
            }
        };
        rows.push(Row(vec![
            ("axis", Value::Word(axis.id.clone())),
            ("auc", Value::Number(shown, 3)),
            ("high", Value::Word(side.to_owned())),
        ]));
    }
    let about = format!(
        "Area under the curve of each axis, {} against {} groups of {group}; `high`: which side is on the high pole's.",
        low.len(),
        high.len()
    );
    Ok(Report { suite: "axes".into(), space: space.version().into(), about, rows })
}
