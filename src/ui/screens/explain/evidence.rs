//! The first steps: the texts, what was counted in them, and where that puts the user on the axes.

use std::path::Path;

use super::view::Sheet;
use crate::store::SourceSummary;
use crate::style::{AxisScore, Driver, Profile};
use crate::ui::format::{count, measured, one_line, thousands};
use crate::ui::model::Model;
use crate::ui::parts::outside_axes;
use crate::ui::widgets::{placed, placed_legend};

/// Sentences of the user's that are quoted, and places that are named.
const QUOTES: usize = 3;
const SOURCES: usize = 3;
/// Features that are shown: at least, and at most.
const FEATURES: (usize, usize) = (3, 6);
/// Rows for what is said below the axes.
const BELOW: usize = 4;

/// `quoted` where the texts can be measured: of others no sentence is typical.
pub(super) fn text(sheet: &mut Sheet<'_>, model: &Model, profile: &Profile, quoted: bool) {
    let mut said = format!(
        "All that follows rests on {} of yours with {}.",
        count(profile.texts, "text"),
        count(profile.words, "word")
    );
    if let Some(places) = model.status.as_ref().and_then(|status| places(&status.texts.sources)) {
        said += &format!(" They come from {places}.");
    }
    sheet.page.plain(&said);
    let quotes = quotes(profile);
    if quotes.is_empty() || !quoted {
        return;
    }
    sheet.page.blank();
    sheet.page.dim("Sentences of yours in which your way of writing shows most:");
    let style = sheet.theme.styles.user;
    for quote in quotes {
        sheet.air();
        sheet.page.indented("  | ", "  | ", style, &one_line(quote));
    }
}

/// The places that most words come from, by their last names.
fn places(sources: &[SourceSummary]) -> Option<String> {
    let mut sources: Vec<&SourceSummary> = sources.iter().collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.words));
    let name = |source: &&SourceSummary| {
        let path = Path::new(&source.source);
        path.file_name().map_or_else(|| source.source.clone(), |name| name.to_string_lossy().into_owned())
    };
    let mut names: Vec<String> = sources.iter().take(SOURCES).map(name).map(|name| one_line(&name)).collect();
    match sources.len().saturating_sub(SOURCES) {
        0 => {}
        1 => names.push("one more file".into()),
        more => names.push(format!("{} more files", thousands(more))),
    }
    let last = names.pop()?;
    Some(if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) })
}

/// The axes, those first on which the user is furthest from the base.
fn by_difference(profile: &Profile) -> Vec<&AxisScore> {
    let mut axes: Vec<&AxisScore> = profile.axes.iter().collect();
    axes.sort_by(|a, b| b.coefficient.abs().total_cmp(&a.coefficient.abs()));
    axes
}

/// The most typical sentence of each of the first axes, none of them twice.
fn quotes(profile: &Profile) -> Vec<&str> {
    let mut quotes: Vec<&str> = Vec::new();
    for quote in by_difference(profile).into_iter().filter_map(|score| score.quotes.first()) {
        if quotes.len() < QUOTES && !quotes.contains(&quote.as_str()) {
            quotes.push(quote);
        }
    }
    quotes
}

pub(super) fn features(sheet: &mut Sheet<'_>, profile: &Profile) {
    sheet.opening(
        "What is counted is how you write, not what about: lengths, marks, kinds of words. Here you are furthest from the base model, \
         which is measured on its own writing:",
    );
    let each = if sheet.large { 4 } else { 3 };
    let most = (sheet.left() / each).clamp(FEATURES.0, FEATURES.1);
    let styles = &sheet.theme.styles;
    for (driver, pole) in strongest(profile, most) {
        sheet.page.plain(&one_line(&format!("{}: makes you more {pole}", driver.unit)));
        let larger = driver.user.max(driver.base).max(f64::MIN_POSITIVE);
        sheet.bar(("you", styles.user), driver.user / larger, &measured(driver.user), styles.user);
        sheet.bar(("base model", styles.base), driver.base / larger, &measured(driver.base), styles.base);
        sheet.air();
    }
}

/// The features that move the user most on any axis, each with the pole that it moves them towards.
fn strongest(profile: &Profile, most: usize) -> Vec<(&Driver, &str)> {
    let mut drivers: Vec<(&Driver, &str)> = profile
        .axes
        .iter()
        .flat_map(|score| {
            let pole = if score.coefficient > 0.0 { &score.axis.high } else { &score.axis.low };
            score.drivers.iter().map(move |driver| (driver, pole.as_str()))
        })
        .collect();
    drivers.sort_by(|a, b| b.0.contribution.abs().total_cmp(&a.0.contribution.abs()));
    let mut chosen: Vec<(&Driver, &str)> = Vec::new();
    for driver in drivers {
        if chosen.len() < most && !chosen.iter().any(|(other, _)| other.feature == driver.0.feature) {
            chosen.push(driver);
        }
    }
    chosen
}

pub(super) fn axes(sheet: &mut Sheet<'_>, profile: &Profile) {
    let axes = by_difference(profile);
    sheet.opening(
        "What was counted makes up a few axes with a name at either end. Those on which you differ most from the base model come first.",
    );
    let (width, pole) = (sheet.width(), sheet.pole());
    let legend = placed_legend(sheet.theme, width);
    sheet.page.line(legend.spans);
    // Air only where all axes still fit.
    let airy = sheet.large && 2 * axes.len() + BELOW <= sheet.left();
    for score in &axes {
        if airy {
            sheet.page.blank();
        }
        let row = placed(sheet.theme, score, width, pole, sheet.theme.styles.text);
        sheet.page.line(row);
    }
    sheet.page.blank();
    if let Some(first) = axes.first() {
        sheet.page.plain(&first.sentence);
    }
    if let Some(share) = profile.unexplained {
        sheet.page.dim(&outside_axes(share));
    }
}
