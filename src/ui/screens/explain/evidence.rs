//! The first steps: the texts, what was counted in them, and where that puts the user on the axes.

use std::path::Path;

use super::sheet::Sheet;
use super::state::Told;
use crate::app::present::words::{listed, thousands};
use crate::app::present::{AxisView, ProfileView};
use crate::store::SourceSummary;
use crate::style::comparative;
use crate::ui::format::one_line;
use crate::ui::shell::View;
use crate::ui::widgets::{AxisPicture, AxisRow};

/// Sentences of the user's that are quoted, and sources that are named.
const QUOTES: usize = 3;
const SOURCES: usize = 3;
/// Features that are shown: at least, and at most.
const FEATURES: (usize, usize) = (3, 6);
/// Rows for what stands below the axes.
const BELOW: usize = 4;

pub(super) fn text(sheet: &mut Sheet<'_>, view: &View<'_>, told: &Told<'_>) {
    sheet.page.text(sheet.theme.styles.heading, &format!("Your writing: {}.", told.selection.size));
    let sources = view.shared.status.as_ref().map_or(&[][..], |status| &status.texts.sources);
    if !sources.is_empty() {
        sheet.page.plain(&format!(
            "The texts come from {}. Everything that follows is based on them.",
            listed(&names(sources))
        ));
    }
    let quotes = quotes(&told.profile);
    // Of texts that cannot be measured no sentence is typical.
    if quotes.is_empty() || told.selection.refused {
        return;
    }
    sheet.page.blank();
    sheet.page.dim("The sentences most typical of how you write:");
    let style = sheet.theme.styles.user;
    for quote in quotes {
        sheet.air();
        sheet.page.indented("  | ", "  | ", style, &one_line(quote));
    }
}

/// The sources that most words come from, by their last names.
fn names(sources: &[SourceSummary]) -> Vec<String> {
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
    names
}

/// The axes, those first on which the user is furthest from the base model.
fn by_difference(profile: &ProfileView) -> impl Iterator<Item = &AxisView> {
    profile.by_difference().into_iter().map(|at| &profile.axes[at])
}

/// The most typical sentence of each of the first axes, none of them twice.
fn quotes(profile: &ProfileView) -> Vec<&str> {
    let mut quotes: Vec<&str> = Vec::new();
    for quote in by_difference(profile).filter_map(|axis| axis.quotes.first()) {
        if quotes.len() < QUOTES && !quotes.contains(&quote.as_str()) {
            quotes.push(quote);
        }
    }
    quotes
}

pub(super) fn features(sheet: &mut Sheet<'_>, profile: &ProfileView) {
    sheet.opening("What is counted is how you write, not what you write about: lengths, punctuation, kinds of words. You differ most from the base model in:");
    let each = if sheet.large { 4 } else { 3 };
    let most = (sheet.left() / each).clamp(FEATURES.0, FEATURES.1);
    let styles = &sheet.theme.styles;
    for driver in profile.strongest(most) {
        sheet.page.plain(&one_line(&format!("{}: makes you {}", driver.unit, comparative(&driver.pole))));
        let larger = driver.user.max(driver.base).max(f64::MIN_POSITIVE);
        sheet.bar("you", driver.user / larger, &driver.user_text, styles.user);
        sheet.bar("base model", driver.base / larger, &driver.base_text, styles.base);
        sheet.air();
    }
}

pub(super) fn axes(sheet: &mut Sheet<'_>, profile: &ProfileView) {
    sheet.opening(&profile.headline());
    let rows: Vec<AxisRow<'_>> = by_difference(profile).map(AxisRow::from).collect();
    let picture = sheet.picture(&rows);
    // Air only where all axes still fit.
    let spacing = AxisPicture::spacing(rows.len(), sheet.left().saturating_sub(BELOW));
    sheet.page.line(picture.legend("you", ""));
    for row in &rows {
        (1..spacing).for_each(|_| sheet.page.blank());
        sheet.page.line(picture.row(row, sheet.theme.styles.text));
    }
    sheet.page.blank();
    if let Some(outside) = &profile.outside {
        sheet.page.dim(outside);
    }
}
