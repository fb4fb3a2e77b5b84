//! The explanation of a selection as one page for a browser, to be projected: no script, nothing from the network, bars drawn as SVG. It
//! quotes the user's texts, so only the user can read the file.

use std::path::{Path, PathBuf};

use minijinja::value::Serde;
use minijinja::{Environment, Value};
use serde::Serialize;

use super::profile::AxisView;
use super::selection::{self, CandidateView, PairView, SelectionView, VerificationView};
use super::words::signed;
use crate::app::error::AppError;
use crate::app::select::Selected;
use crate::app::verify::Verification;
use crate::platform::paths::{write_private, write_private_new};

const TEMPLATE: &str = include_str!("../../../assets/report.html");
const CSS: &str = include_str!("../../../assets/report.css");
/// Ends as it does so that values are escaped as HTML.
const TEMPLATE_NAME: &str = "report.html";

/// Width and height of an axis, in its own units, and the share of half its width that bars may take.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 44.0;
const REACH: f64 = 0.96;
/// What the user's mark takes above the bars.
const ABOVE: f64 = 18.0;
/// Models that are drawn beside the user.
const MODELS: usize = 3;
/// The file's name where nobody chose one.
pub const FILE_NAME: &str = "xpert-explanation.html";

/// Writes the page, readable by the user alone.
///
/// # Errors
/// When the file cannot be written.
pub fn write(selected: &Selected, verification: Option<&Verification>, path: &Path) -> Result<(), AppError> {
    write_private(path, page(selected, verification)?.as_bytes()).map_err(AppError::file(path))
}

/// The same into this file, or into a folder, under a name that no file there has yet. Returns the file.
///
/// # Errors
/// When the file cannot be written.
pub fn write_to(selected: &Selected, place: &Path) -> Result<PathBuf, AppError> {
    write_private_new(place, FILE_NAME, page(selected, None)?.as_bytes()).map_err(AppError::file(place))
}

/// The page.
///
/// # Errors
/// Never, as long as the template fits the data.
pub fn page(selected: &Selected, verification: Option<&Verification>) -> Result<String, AppError> {
    let view = selection::selection(selected);
    let verification: Option<VerificationView> = verification.map(selection::verification);
    let models: Vec<&CandidateView> =
        view.candidates.iter().filter(|candidate| !candidate.pairs.is_empty()).take(MODELS).collect();
    let axes = axes(&view, &models);
    let malformed =
        |error: minijinja::Error| AppError::Malformed { path: TEMPLATE_NAME.into(), why: error.to_string() };
    let mut environment = Environment::new();
    environment.add_template(TEMPLATE_NAME, TEMPLATE).map_err(malformed)?;
    let template = environment.get_template(TEMPLATE_NAME).map_err(malformed)?;
    let sum = models.first().map(|model| sum(model));
    let data = Data { css: CSS, view: &view, verification, models, axes, sum, width: WIDTH, height: HEIGHT };
    let page = template.render(Value::from(Serde(&data))).map_err(malformed)?;
    // A text may hold what would make a browser do something; no control character is of use to a reader.
    let kept = page.chars().filter(|character| !character.is_control() || *character == '\n');
    Ok(kept.chain(['\n']).collect())
}

/// What the template reads.
#[derive(Serialize)]
struct Data<'v> {
    css: &'static str,
    view: &'v SelectionView,
    verification: Option<VerificationView>,
    models: Vec<&'v CandidateView>,
    axes: Vec<Axis<'v>>,
    sum: Option<String>,
    width: f64,
    height: f64,
}

/// An axis with the user's mark over the models' bars.
#[derive(Serialize)]
struct Axis<'v> {
    low: &'v str,
    high: &'v str,
    /// All numbers in words.
    label: String,
    user: f64,
    interval: Bar,
    bars: Vec<Bar>,
    evidence: Option<&'v AxisView>,
}

#[derive(Serialize)]
struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Bar {
    fn between(from: f64, to: f64, y: f64, height: f64) -> Self {
        Self {
            x: tenths(from.min(to)),
            y: tenths(y),
            width: tenths((to - from).abs().max(1.0)),
            height: tenths(height),
        }
    }
}

fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// The axes in the order in which they count for the first model.
fn axes<'v>(view: &'v SelectionView, models: &[&'v CandidateView]) -> Vec<Axis<'v>> {
    let Some(first) = models.first() else { return Vec::new() };
    let scale = selection::scale(models.iter().flat_map(|model| &model.pairs));
    let place = |value: f64| WIDTH / 2.0 * (1.0 + REACH * value / scale);
    let height = (HEIGHT - ABOVE - 2.0) / models.len() as f64;
    first
        .pairs
        .iter()
        .map(|user| {
            let pairs: Vec<&PairView> = models.iter().filter_map(|model| model.pair(&user.name)).collect();
            let said: Vec<String> =
                pairs.iter().map(|pair| format!("{} (adds {})", pair.model_text, pair.adds)).collect();
            let bar = |(at, pair): (usize, &&PairView)| {
                Bar::between(place(0.0), place(pair.model), ABOVE + at as f64 * height, height - 1.0)
            };
            Axis {
                low: &user.low,
                high: &user.high,
                label: format!("You {} ({}); models {}.", user.user_text, user.interval_text, said.join(", ")),
                user: tenths(place(user.user)),
                interval: Bar::between(place(user.interval[0]), place(user.interval[1]), 6.0, 6.0),
                bars: pairs.iter().enumerate().map(bar).collect(),
                evidence: view.axes.iter().find(|axis| axis.id == user.name),
            }
        })
        .collect()
}

/// What makes up the score of a model.
fn sum(model: &CandidateView) -> String {
    let axes: f64 = model.pairs.iter().map(|pair| pair.contribution).sum();
    format!(
        "Together, the axes make up {} of the score of {}, which is {}; similarity outside the axes makes up {}.",
        signed(axes, 2),
        model.name,
        model.score_text,
        model.rest_text
    )
}
