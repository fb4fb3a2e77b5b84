//! A style as it is shown: every axis with its numbers, what moves the user there, and sentences that show it.

use serde::Serialize;

use super::words::{count, listed, measured, sentence, signed};
use crate::style::{AxisScore, ContrastWord, Driver, Profile, comparative};

/// From this stability on writing counts as steady, and below this one as not steady yet.
const STEADY: f64 = 0.9;
const UNSTEADY: f64 = 0.7;
/// Poles that the headline names.
const HEADLINE: usize = 3;

/// A profile.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProfileView {
    /// How much it was measured on, and how steady that is.
    pub size: String,
    /// What is missing before a style is scored; none where it is.
    pub missing: Option<String>,
    /// In the profile's order; empty while words are missing.
    pub axes: Vec<AxisView>,
    /// Common words that the user writes more, and less, often than the base model.
    pub more: Vec<String>,
    pub less: Vec<String>,
    pub words: Vec<WordView>,
    /// How much of the difference the axes do not name.
    pub outside: Option<String>,
}

/// One axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AxisView {
    pub id: String,
    pub low: String,
    pub high: String,
    /// Both poles, as a heading.
    pub title: String,
    /// The difference from the base model, which stands at 0; above it towards the high pole.
    pub coefficient: Scale,
    /// Among the reference writers, 0 (low pole) to 100 (high pole).
    pub percentile: Scale,
    pub base_percentile: f64,
    /// Where the 5th, 25th, 50th, 75th and 95th percentile of the reference writers lie on the scale of the coefficient.
    pub population: [f64; 5],
    /// Whether the interval keeps clear of the base model.
    pub is_sure: bool,
    /// All numbers in a sentence.
    pub numbers: String,
    pub sentence: String,
    /// Strongest first.
    pub drivers: Vec<DriverView>,
    /// The user's own sentences.
    pub quotes: Vec<String>,
    /// How far to trust the axis, and the area under the curve behind that.
    pub trust: Option<String>,
    pub auc: Option<f64>,
}

/// A value with its 90 % interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scale {
    pub value: f64,
    pub interval: [f64; 2],
    pub text: String,
    pub interval_text: String,
}

/// A measured feature behind an axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriverView {
    pub feature: String,
    /// What is counted, such as "words per sentence".
    pub unit: String,
    pub user: f64,
    pub base: f64,
    pub user_text: String,
    pub base_text: String,
    /// What it adds to the axis' coefficient.
    pub contribution: f64,
    /// The pole that it moves the user towards.
    pub pole: String,
}

/// A common word that is used differently, per 1000 words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WordView {
    pub word: String,
    pub user: String,
    pub base: String,
}

/// A profile as it is shown.
pub fn profile(profile: &Profile) -> ProfileView {
    let used = |more: bool| {
        let words = profile.contrast_words.iter().filter(|word| (word.z > 0.0) == more);
        words.map(|word| word.word.clone()).collect()
    };
    ProfileView {
        size: size(profile.texts, profile.words) + stability(profile.stability),
        missing: (profile.missing_words > 0).then(|| {
            format!("Too little text to score a style: it needs about {}.", count(profile.missing_words, "more word"))
        }),
        axes: axes(&profile.axes),
        more: used(true),
        less: used(false),
        words: words(&profile.contrast_words),
        outside: profile.unexplained.map(|share| {
            format!("{:.0} % of the difference from the base model lies outside these axes.", share * 100.0)
        }),
    }
}

impl ProfileView {
    /// The axes, those first on which the user is furthest from the base model.
    pub fn by_difference(&self) -> Vec<&AxisView> {
        let mut axes: Vec<&AxisView> = self.axes.iter().collect();
        let far = |axis: &AxisView| axis.coefficient.value.abs();
        axes.sort_by(|a, b| far(b).total_cmp(&far(a)));
        axes
    }

    /// What the user's writing is most of all, in a sentence.
    pub fn headline(&self) -> String {
        let sure = self.by_difference().into_iter().filter(|axis| axis.is_sure);
        let poles: Vec<String> = sure.take(HEADLINE).map(|axis| comparative(axis.pole())).collect();
        if poles.is_empty() {
            return "Your writing is much like the base model's.".to_owned();
        }
        format!("Above all, your writing is {} than the base model's.", listed(&poles))
    }

    /// The features that move the user most on any axis, none of them twice.
    pub fn strongest(&self, most: usize) -> Vec<&DriverView> {
        let mut drivers: Vec<&DriverView> = self.axes.iter().flat_map(|axis| &axis.drivers).collect();
        drivers.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
        let mut chosen: Vec<&DriverView> = Vec::new();
        for driver in drivers {
            if chosen.len() < most && !chosen.iter().any(|other| other.feature == driver.feature) {
                chosen.push(driver);
            }
        }
        chosen
    }
}

/// "50 texts, 4,201 words".
pub(super) fn size(texts: usize, words: usize) -> String {
    format!("{}, {}", count(texts, "text"), count(words, "word"))
}

fn stability(stability: Option<f64>) -> &'static str {
    match stability {
        Some(stability) if stability >= STEADY => ", a stable result",
        Some(stability) if stability < UNSTEADY => ", not stable yet: more texts would help",
        _ => "",
    }
}

pub(super) fn axes(scores: &[AxisScore]) -> Vec<AxisView> {
    scores.iter().map(axis).collect()
}

pub(super) fn words(words: &[ContrastWord]) -> Vec<WordView> {
    let rate = |uses: f64| format!("{uses:.1}");
    words
        .iter()
        .map(|word| WordView { word: word.word.clone(), user: rate(word.user), base: rate(word.base) })
        .collect()
}

pub(super) fn axis(score: &AxisScore) -> AxisView {
    let coefficient = Scale::of(score.coefficient, score.interval, |value| signed(value, 2));
    let percentile = Scale::of(score.user_percentile, score.user_interval, |value| format!("{value:.0}"));
    let numbers = format!(
        "You are at percentile {}, the base model at {:.0}; coefficient {} ({}).",
        percentile.among_writers(),
        score.base_percentile,
        coefficient.text,
        coefficient.interval_text
    );
    let pole = if score.coefficient > 0.0 { &score.axis.high } else { &score.axis.low };
    AxisView {
        id: score.axis.id.clone(),
        low: score.axis.low.clone(),
        high: score.axis.high.clone(),
        title: format!("{} or {}", score.axis.low, score.axis.high),
        base_percentile: score.base_percentile,
        population: score.population,
        is_sure: score.interval[0] > 0.0 || score.interval[1] < 0.0,
        numbers,
        sentence: score.sentence.clone(),
        drivers: score.drivers.iter().map(|driver| DriverView::of(driver, pole)).collect(),
        quotes: score.quotes.clone(),
        trust: score.axis.evidence.as_ref().map(|evidence| format!("How far to trust this axis: {evidence}")),
        auc: score.axis.evidence.as_ref().map(|evidence| evidence.auc),
        coefficient,
        percentile,
    }
}

impl AxisView {
    /// The pole on the user's side of the base model.
    pub fn pole(&self) -> &str {
        if self.coefficient.value > 0.0 { &self.high } else { &self.low }
    }

    /// The sentence without the features behind it, for where the drivers are drawn.
    pub fn claim(&self) -> String {
        // They follow its colon.
        sentence(self.sentence.split(": ").next().unwrap_or_default())
    }
}

impl Scale {
    fn of(value: f64, interval: [f64; 2], text: impl Fn(f64) -> String) -> Self {
        let [low, high] = interval.map(&text);
        Self { value, interval, text: text(value), interval_text: format!("{low} to {high}") }
    }

    /// "12 (8 to 19)", of a percentile.
    pub fn among_writers(&self) -> String {
        format!("{} ({})", self.text, self.interval_text)
    }
}

impl DriverView {
    fn of(driver: &Driver, pole: &str) -> Self {
        Self {
            feature: driver.feature.clone(),
            unit: driver.unit.clone(),
            user: driver.user,
            base: driver.base,
            user_text: measured(driver.user),
            base_text: measured(driver.base),
            contribution: driver.contribution,
            pole: pole.to_owned(),
        }
    }
}
