//! `select`: the ranking, the choice and, on request, the reasons, for terminals of at least eighty columns.

use serde::Serialize;

use super::arguments::SelectArguments;
use super::output::Output;
use crate::app::present::selection::scale;
use crate::app::present::words::signed;
use crate::app::present::{self, AxisView, CandidateView, PairView, SelectionView, VerificationView};
use crate::app::select::Selected;
use crate::app::verify::{Verification, verify};
use crate::app::{self, AppError, Context};
use crate::platform::cancel::Cancel;

/// Axes that are drawn; the others are summed up.
const DRAWN: usize = 6;
/// Models of the ranking that are named under its reasons.
const RANKED: usize = 6;
/// Axes that are shown in the user's own sentences.
const SHOWN: usize = 2;
/// Room for the name of a high pole.
const POLE: usize = 12;
/// Cells of a track; an odd number has a middle.
const TRACK: usize = 27;

const LEGEND: &str = "o you, = your 90 % interval, x the model, * both, | the base; minus: towards the left word; \
                      1.0: how much a writer varies between paragraphs; adds: what the axis adds to the score";

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    selected: &'a Selected,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<&'a Verification>,
}

pub fn run(context: &Context, arguments: &SelectArguments, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let selected = if arguments.neural {
        app::select::select_reading(context, &mut |line| output.status(line))?
    } else {
        app::select::select(context)?
    };
    let verification = match arguments.verify {
        Some(count) => verify(context, &selected, count, cancel, &mut |line| output.status(line))?,
        None => None,
    };
    if let Some(path) = &arguments.html {
        app::present::page::write(&selected, verification.as_ref(), path)?;
        output.status(format!("written to {}; it quotes your texts, and only you can read the file", path.display()));
    }
    let shown = Shown { selected: &selected, verification: verification.as_ref() };
    output.result("xpert.select/2", &shown, || show(&shown, arguments.explain, output));
    Ok(())
}

fn show(shown: &Shown<'_>, explained: bool, output: &Output) {
    let view = present::selection(shown.selected);
    output.line(format!("{}. {}\n", view.size, view.basis));
    for caution in &view.cautions {
        output.paragraph("! ", caution);
    }
    let choice = format!("Choice: {}", view.choice);
    if explained {
        output.paragraph("", &choice);
        explain(&view, output);
        in_one_line(&view.candidates, output);
    } else {
        for candidate in &view.candidates {
            ranked(candidate, output);
        }
        if !view.candidates.is_empty() {
            output.line("");
        }
        output.paragraph("", &choice);
    }
    if let Some(verification) = shown.verification {
        verified(&present::verification(verification), output);
    }
}

/// The first of the ranking in a few words: with its reasons it has to fit a screen.
fn in_one_line(candidates: &[CandidateView], output: &Output) {
    let named = |candidate: &CandidateView| {
        format!("{} {}, {}", candidate.id, candidate.probability_text, candidate.score_text)
    };
    let named: Vec<String> = candidates.iter().take(RANKED).map(named).collect();
    if !named.is_empty() {
        output.paragraph("", &format!("Probability of being the closest, and score: {}.", named.join("; ")));
    }
}

/// The model that is proposed has an arrow.
fn ranked(candidate: &CandidateView, output: &Output) {
    let CandidateView { id, name, score_text, probability_text, proposed, blend, .. } = candidate;
    let mark = if *proposed { "  <- recommended" } else { "" };
    let name = if *blend { "the recommended blend" } else { name };
    output.line(format!("{id:<12} {probability_text:>6}   score {score_text:>5}   {name}{mark}"));
}

/// Why the first model is first: in words, on the axes, in the user's own sentences.
fn explain(view: &SelectionView, output: &Output) {
    let (Some(best), Some(paragraph)) =
        (view.candidates.iter().find(|candidate| !candidate.pairs.is_empty()), &view.explanation)
    else {
        return;
    };
    output.line("");
    output.paragraph("", paragraph);
    output.line("");
    if best.blend {
        output.line(format!("{}:", best.name));
    }
    let scale = scale(&best.pairs);
    output.line(format!("{:>10} {:<width$}{:>7}{:>7}{:>8}", "", "", "you", "model", "adds", width = TRACK + 1 + POLE));
    // What would turn the order is drawn, however little it adds now.
    let turning = view.turn.as_ref().map(|turn| &turn.pair.name);
    let (drawn, others): (Vec<_>, Vec<_>) =
        best.pairs.iter().enumerate().partition(|(at, pair)| *at < DRAWN || Some(&pair.name) == turning);
    for (_, pair) in drawn {
        output.line(format!(
            "{:>10} {} {:<POLE$}{:>7}{:>7}{:>8}",
            pair.low,
            track(pair, scale),
            pair.high,
            pair.user_text,
            pair.model_text,
            pair.adds
        ));
    }
    let others: f64 = others.iter().map(|(_, pair)| pair.contribution).sum();
    output.line(format!(
        "{:>10} the other axes add {}, similarity outside the axes {}",
        "",
        signed(others, 2),
        best.rest_text
    ));
    output.paragraph("           ", LEGEND);
    output.line("");
    let mut helping: Vec<&PairView> = best.pairs.iter().filter(|pair| pair.contribution > 0.0).collect();
    helping.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    for pair in helping.into_iter().take(SHOWN) {
        if let Some(axis) = view.axes.iter().find(|axis| axis.id == pair.name) {
            in_sentences(axis, output);
        }
    }
    output.line("");
}

/// The user's interval and place, the model's, and the base in the middle.
fn track(pair: &PairView, scale: f64) -> String {
    let place = |value: f64| ((0.5 + value / scale / 2.0) * (TRACK - 1) as f64).round().clamp(0.0, (TRACK - 1) as f64);
    let mut cells = vec!['-'; TRACK];
    let [from, to] = pair.interval.map(place);
    cells[from as usize..=to as usize].fill('=');
    cells[TRACK / 2] = '|';
    cells[place(pair.model) as usize] = 'x';
    cells[place(pair.user) as usize] = if place(pair.model) == place(pair.user) { '*' } else { 'o' };
    cells.into_iter().collect()
}

fn in_sentences(axis: &AxisView, output: &Output) {
    output.paragraph("", &axis.sentence);
    for quote in &axis.quotes {
        output.paragraph("    ", &format!("\"{quote}\""));
    }
}

fn verified(verification: &VerificationView, output: &Output) {
    output.line(format!("\n{}", verification.about));
    for (model, loss) in &verification.rows {
        output.line(format!("{model:<12} {loss}"));
    }
    output.paragraph("", &verification.verdict);
}
