//! What each step shows: the texts, what was counted in them, and where that puts the user on the axes; the models beside the user, and
//! what makes up their scores; the choice, in one sentence and one chart, and what would change it.

use std::path::Path;

use ratatui::text::Span;

use super::sheet::{Sheet, VALUE};
use super::state::{Step, Told};
use crate::app::present::selection::NO_CAUTIONS;
use crate::app::present::words::{listed, probability, signed, thousands};
use crate::app::present::{CandidateView, ProfileView, SelectionView};
use crate::selection::ChoiceKind;
use crate::store::SourceSummary;
use crate::style::comparative;
use crate::ui::format::{one_line, pad, pad_left};
use crate::ui::shell::View;
use crate::ui::widgets::{AxisPicture, AxisRow, Bar, Track, gauge, largest, signed_gauge};

/// Sentences of the user's that are quoted, and sources that are named.
const QUOTES: usize = 3;
const SOURCES: usize = 3;
/// Features that are shown: at least, and at most.
const FEATURES: (usize, usize) = (3, 6);
/// Rows for what stands below the user's axes.
const BELOW_AXES: usize = 4;
/// Models that are drawn beside the user, and whose scores the choice compares.
const MODELS: usize = 3;
/// Axes that are drawn of each: at least, and at most.
const AXES: (usize, usize) = (3, 6);
const SCORES: usize = 4;
/// Axes at least whose additions to a score are drawn.
const ADDITIONS: usize = 4;
/// Rows below the axes of a score: what has no name, the sum, and a note.
const BELOW_ADDITIONS: usize = 3;
/// From this width on there is room for a second bar.
const TWO_BARS: usize = 70;

pub(super) fn write(sheet: &mut Sheet<'_>, view: &View<'_>, told: &Told<'_>) {
    match told.step {
        Step::Text => text(sheet, view, told),
        Step::Features => features(sheet, &told.profile),
        Step::Axes => axes(sheet, &told.profile),
        Step::Models => models(sheet, &told.selection),
        Step::Distances => distances(sheet, &told.selection),
        Step::Choice => choice(sheet, told),
        Step::Change => change(sheet, view, &told.selection),
    }
}

fn text(sheet: &mut Sheet<'_>, view: &View<'_>, told: &Told<'_>) {
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
    for quote in quotes {
        sheet.air();
        sheet.page.indented("  | ", "  | ", sheet.theme.styles.user, &one_line(quote));
    }
}

/// The sources that most words come from, by their last names.
fn names(sources: &[SourceSummary]) -> Vec<String> {
    let mut sources: Vec<&SourceSummary> = sources.iter().collect();
    sources.sort_by_key(|source| std::cmp::Reverse(source.words));
    let name = |source: &&SourceSummary| {
        let last = Path::new(&source.source).file_name().and_then(|name| name.to_str());
        one_line(last.unwrap_or(&source.source))
    };
    let mut names: Vec<String> = sources.iter().take(SOURCES).map(name).collect();
    match sources.len().saturating_sub(SOURCES) {
        0 => {}
        1 => names.push("one more file".into()),
        more => names.push(format!("{} more files", thousands(more))),
    }
    names
}

/// The most typical sentence of each of the first axes, none of them twice.
fn quotes(profile: &ProfileView) -> Vec<&str> {
    let mut quotes: Vec<&str> = Vec::new();
    for quote in profile.by_difference().into_iter().filter_map(|axis| axis.quotes.first()) {
        if quotes.len() < QUOTES && !quotes.contains(&quote.as_str()) {
            quotes.push(quote);
        }
    }
    quotes
}

fn features(sheet: &mut Sheet<'_>, profile: &ProfileView) {
    sheet.opening("What is counted is how you write, not what you write about: lengths, punctuation, kinds of words. You differ most from the base model in:");
    let each = if sheet.large { 4 } else { 3 };
    let most = (sheet.left() / each).clamp(FEATURES.0, FEATURES.1);
    for driver in profile.strongest(most) {
        sheet.page.plain(&one_line(&format!("{}: makes you {}", driver.unit, comparative(&driver.pole))));
        sheet.page.driver(driver, sheet.names());
        sheet.air();
    }
}

fn axes(sheet: &mut Sheet<'_>, profile: &ProfileView) {
    sheet.opening(&profile.headline());
    let rows: Vec<AxisRow<'_>> = profile.by_difference().into_iter().map(AxisRow::from).collect();
    let picture = sheet.picture(&rows);
    // Air only where all axes still fit.
    let spacing = AxisPicture::spacing(rows.len(), sheet.left().saturating_sub(BELOW_AXES));
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

fn models(sheet: &mut Sheet<'_>, selection: &SelectionView) {
    sheet.opening(
        "Each library model was measured just as you were. You and the closest ones, on the axes that count most:",
    );
    let known = selection.candidates.iter().filter(|model| !model.pairs.is_empty());
    let shown: Vec<&CandidateView> = known.take(MODELS).collect();
    let Some(first) = shown.first() else { return };
    // One line more than the axes of each: its name.
    let around = if sheet.large { 2 } else { 1 };
    let most = (sheet.left().saturating_sub(1) / shown.len()).saturating_sub(around).clamp(AXES.0, AXES.1);
    // The same axes of each, in the order in which they count for the first.
    let counting = || first.pairs.iter().take(most);
    let rows: Vec<Vec<AxisRow<'_>>> = shown
        .iter()
        .map(|model| counting().filter_map(|axis| model.pair(&axis.name)).map(AxisRow::from).collect())
        .collect();
    let picture = sheet.picture(&rows.concat());
    sheet.page.line(picture.legend("you", "the model"));
    for (model, rows) in shown.iter().zip(&rows) {
        sheet.air();
        sheet.page.text(sheet.theme.styles.other, &one_line(&model.name));
        rows.iter().for_each(|row| sheet.page.line(picture.row(row, sheet.theme.styles.text)));
    }
}

fn distances(sheet: &mut Sheet<'_>, selection: &SelectionView) {
    sheet.opening(
        "Score: how similar the direction of a model's difference from the base model is to that of yours; 1 is the same \
         direction, 0 is unrelated, and below 0 is opposite. Probability: how likely it is that no other model is closer.",
    );
    let (shown, others) = selection.candidates.split_at(selection.candidates.len().min(SCORES));
    scores(sheet, shown);
    if !others.is_empty() {
        sheet.page.dim(&format!("and {} more, further away", thousands(others.len())));
    }
    if let Some(first) = selection.candidates.iter().find(|candidate| !candidate.pairs.is_empty()) {
        sheet.page.blank();
        let the = if first.blend { "the blend " } else { "" };
        sheet.page.heading(&format!("What makes up the score of {the}{}", one_line(name(first))));
        contributions(sheet, first);
    }
}

/// What stands before a bar: of a blend its parts.
fn name(candidate: &CandidateView) -> &str {
    if candidate.blend { &candidate.id } else { &candidate.name }
}

/// Scores and, where there is room, probabilities as bars, with their headings.
fn scores(sheet: &mut Sheet<'_>, shown: &[CandidateView]) {
    let (theme, styles) = (sheet.theme, &sheet.theme.styles);
    let names = sheet.names();
    let room = sheet.page.width().saturating_sub(names + 1 + 2 * VALUE);
    let two = sheet.page.width() >= TWO_BARS;
    let [score, probability] = if two { [room / 2, room - room / 2 - 1] } else { [room, 0] };
    let title = if two { " probability".to_owned() } else { pad_left("prob.", VALUE) };
    let heads = pad("", names + 1) + &pad("score", score + VALUE) + &title;
    sheet.page.line(vec![Span::styled(heads, styles.dim)]);
    let lowest = shown.iter().map(|candidate| candidate.score).fold(0.0, f64::min);
    for candidate in shown {
        let mut spans = vec![Span::styled(pad(&one_line(name(candidate)), names), styles.text), Span::raw(" ")];
        spans.extend(signed_gauge(theme, score, candidate.score, lowest, styles.other));
        spans.push(Span::styled(pad_left(&candidate.score_text, VALUE), styles.text));
        if two {
            spans.push(Span::raw(" "));
            match candidate.probability {
                Some(share) => spans.extend(gauge(theme, probability, share, styles.good)),
                None => spans.push(Span::raw(" ".repeat(probability))),
            }
        }
        spans.push(Span::styled(pad_left(&candidate.probability_text, VALUE), styles.text));
        sheet.page.line(spans);
    }
}

/// What every axis adds to the score, as bars to either side of nothing; they add up to it.
fn contributions(sheet: &mut Sheet<'_>, first: &CandidateView) {
    let (theme, styles) = (sheet.theme, &sheet.theme.styles);
    let (names, width) = (sheet.names(), sheet.page.width());
    // A sum of the other axes is worth a row only where there are two of them.
    let room = sheet.left().saturating_sub(BELOW_ADDITIONS).max(ADDITIONS);
    let drawn = if first.pairs.len() <= room { first.pairs.len() } else { room - 1 };
    let (named, others) = first.pairs.split_at(drawn);
    let mut rows: Vec<(&str, f64)> = named.iter().map(|pair| (pair.name.as_str(), pair.contribution)).collect();
    if !others.is_empty() {
        rows.push(("the other axes", others.iter().map(|pair| pair.contribution).sum()));
    }
    rows.push(("outside the axes", first.rest));
    let most = largest(rows.iter().map(|row| row.1));
    // An odd number of cells has a middle.
    let cells = width.saturating_sub(names + 1 + VALUE).saturating_sub(1) | 1;
    for (name, adds) in rows {
        let style = if adds < 0.0 { styles.dim } else { styles.good };
        let bar = Track::new(theme, cells).span(0.5, 0.5 + adds / most / 2.0, theme.glyphs.full, style);
        let mut spans = vec![Span::styled(pad(&one_line(name), names), styles.text), Span::raw(" ")];
        spans.extend(bar.mark(0.5, theme.glyphs.centre, styles.base).spans());
        spans.push(Span::styled(pad_left(&signed(adds, 2), VALUE), styles.text));
        sheet.page.line(spans);
    }
    let total = pad("total: the score", width - VALUE) + &pad_left(&first.score_text, VALUE);
    sheet.page.line(vec![Span::styled(total, styles.heading)]);
    sheet.page.dim("Each number is rounded separately.");
}

fn choice(sheet: &mut Sheet<'_>, told: &Told<'_>) {
    let (selection, styles) = (&told.selection, &sheet.theme.styles);
    sheet.page.text(if selection.refused { styles.bad } else { styles.good }, selection.verdict);
    sheet.page.blank();
    sheet.page.text(styles.heading, selection.sentence());
    sheet.page.blank();
    chart(sheet, told);
    if let Some(refusal) = selection.refusal {
        sheet.page.blank();
        sheet.page.plain(refusal);
    }
    if sheet.numbers {
        numbers(sheet, told);
    }
}

/// What the choice rests on, as bars: of a tie how sure each is, of too little text how much there is, else the highest scores.
fn chart(sheet: &mut Sheet<'_>, told: &Told<'_>) {
    let styles = &sheet.theme.styles;
    let names = sheet.names();
    let choice = &told.selected.choice;
    if let Some(tie) = &choice.tie {
        sheet.page.dim("How likely it is that no other model is closer:");
        for (id, share) in [(&tie.one, tie.one_probability), (&tie.other, tie.other_probability)] {
            let (name, value) = (one_line(told.selected.name(id)), probability(share));
            sheet.chart(&Bar { name: &name, names, share, lowest: 0.0, value: &value, style: styles.good });
        }
    } else if choice.kind == ChoiceKind::TooLittleText {
        let needed = told.selected.words + choice.missing_words;
        let value = &format!("{} of {} words", thousands(told.selected.words), thousands(needed));
        let share = told.selected.words as f64 / needed.max(1) as f64;
        sheet.page.bar(&Bar { name: "so far", names, share, lowest: 0.0, value, style: styles.user });
    } else if !told.selection.candidates.is_empty() {
        sheet.page.dim("Score: 1 is the same direction from the base model as yours, 0 is unrelated.");
        let shown = &told.selection.candidates[..told.selection.candidates.len().min(MODELS)];
        let lowest = shown.iter().map(|candidate| candidate.score).fold(0.0, f64::min);
        for candidate in shown {
            let style = if candidate.proposed { styles.good } else { styles.other };
            let (name, share, value) = (name(candidate), candidate.score, &candidate.score_text);
            sheet.chart(&Bar { name, names, share, lowest, value, style });
        }
    }
}

fn numbers(sheet: &mut Sheet<'_>, Told { selection, selected, .. }: &Told<'_>) {
    sheet.page.blank();
    if selection.sentence() != selection.choice {
        sheet.page.plain(&selection.choice);
    }
    if let Some(blend) = &selected.choice.blend {
        let heaviest = blend.parts.iter().map(|part| part.weight).fold(1.0, f64::max);
        sheet.page.dim("Weights in the blend:");
        for part in &blend.parts {
            let (name, value) = (&one_line(selected.name(&part.id)), &format!("{:.2}", part.weight));
            let (names, share, style) = (sheet.names(), part.weight / heaviest, sheet.theme.styles.other);
            sheet.page.bar(&Bar { name, names, share, lowest: 0.0, value, style });
        }
        sheet.page.blank();
    }
    if let Some(proposed) = selection.proposed() {
        sheet.page.plain(&proposed.reason);
    }
    if let Some(explanation) = &selection.explanation {
        sheet.page.plain(explanation);
    }
    sheet.page.dim(&selection.scale);
}

fn change(sheet: &mut Sheet<'_>, view: &View<'_>, selection: &SelectionView) {
    let styles = &sheet.theme.styles;
    // How far the first is ahead was the sentence of the step before.
    let turn_only = selection.kind == ChoiceKind::Library && selection.turn.is_some();
    if !turn_only {
        sheet.page.text(styles.heading, &selection.change);
        sheet.page.blank();
    }
    if let Some(turn) = &selection.turn {
        sheet.page.text(if turn_only { styles.heading } else { styles.text }, &turn.sentence);
        sheet.page.blank();
        let row = AxisRow::from(&turn.pair);
        let picture = sheet.picture(&[row]);
        sheet.page.line(picture.row(&row, styles.text));
        sheet.page.line(picture.legend("you", "the turning point"));
        sheet.page.blank();
    }
    sheet.page.heading("Cautions");
    if selection.cautions.is_empty() {
        sheet.page.dim(NO_CAUTIONS);
    }
    for caution in &selection.cautions {
        sheet.page.text(styles.bad, caution);
    }
    sheet.page.blank();
    let train = if selection.refused { "Train: start from scratch" } else { "Train: start from this choice" };
    for (key, does) in [
        (view.shared.key("show-import"), "Import: add more of your writing"),
        (view.shared.key("show-library"), "Library: look at the models and choose another start"),
        (view.shared.key("show-train"), train),
        (view.key("export-report"), "save all of this as a web page"),
        (view.key("open-report"), "open that page in a browser"),
    ] {
        sheet.page.hint(&key, does);
    }
}
