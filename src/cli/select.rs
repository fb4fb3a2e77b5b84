//! `select`: the ranking, the choice, and on request why, on a terminal of eighty columns and more.

use serde::Serialize;

use super::arguments::SelectArguments;
use super::output::Output;
use crate::app::select::Selected;
use crate::app::verify::{Verification, verify};
use crate::app::{self, AppError, Context};
use crate::platform::cancel::Cancel;
use crate::selection::{AxisPair, Candidate, short_percent};
use crate::style::AxisScore;

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

const LEGEND: &str = "o you, = within which you surely are (90 %), x the model, * both, | the base; minus: towards the left word; \
                      1.0: what a writer varies between paragraphs; adds: points";

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    selected: &'a Selected,
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<Verification>,
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
        app::report::write(&selected, verification.as_ref(), path)?;
        output.status(format!("written to {}; it quotes your texts, and nobody but you can read it", path.display()));
    }
    if output.json {
        output.object("xpert.select/2", &Shown { selected: &selected, verification });
        return Ok(());
    }
    let Selected { texts, words, elapsed_ms, .. } = &selected;
    output.line(format!("{texts} texts, {words} words; compared with the library in {elapsed_ms:.0} ms\n"));
    for caution in &selected.cautions {
        output.paragraph("! ", &caution.message);
    }
    let choice = format!("Choice: {}.", selected.choice.reason);
    if arguments.explain {
        output.paragraph("", &choice);
        explain(&selected, output);
        in_one_line(&selected.candidates, output);
    } else {
        for candidate in &selected.candidates {
            ranked(candidate, output);
        }
        if !selected.candidates.is_empty() {
            output.line("");
        }
        output.paragraph("", &choice);
    }
    if let Some(verification) = &verification {
        verified(verification, output);
    }
    Ok(())
}

/// The first of the ranking in a few words: with its reasons it has to fit a screen.
fn in_one_line(candidates: &[Candidate], output: &Output) {
    let named = |candidate: &Candidate| {
        format!("{} {}, {:.2}", candidate.id, short_percent(candidate.probability), candidate.score)
    };
    let named: Vec<String> = candidates.iter().take(RANKED).map(named).collect();
    if !named.is_empty() {
        output.paragraph("", &format!("Chance of being the closest, and score: {}.", named.join("; ")));
    }
}

fn ranked(candidate: &Candidate, output: &Output) {
    let (id, name) = (&candidate.id, &candidate.name);
    output.line(format!(
        "{id:<12} {:>6}   score {:+.2}   {name}",
        short_percent(candidate.probability),
        candidate.score
    ));
}

/// Why the first model is the first: in words, on the axes, in the user's own sentences.
fn explain(selected: &Selected, output: &Output) {
    let (Some(best), Some(explanation)) = (selected.candidates.first(), &selected.explanation) else { return };
    output.line("");
    output.paragraph("", &explanation.paragraph);
    output.line("");
    let mut axes: Vec<&AxisPair> = best.axes.iter().collect();
    axes.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()));
    let largest = axes.iter().flat_map(|axis| [axis.user, axis.model, axis.user_interval[0], axis.user_interval[1]]);
    let scale = largest.fold(1.0, |most: f64, value| most.max(value.abs()));
    output.line(format!("{:>10} {:<width$}{:>7}{:>7}{:>8}", "", "", "you", "model", "adds", width = TRACK + 1 + POLE));
    // What would turn the order is drawn, however little it adds now.
    let change = explanation.runner_up.as_ref().and_then(|runner| runner.change.as_ref());
    let turning = change.map(|change| &change.axis);
    let (drawn, others): (Vec<_>, Vec<_>) =
        axes.iter().enumerate().partition(|(at, axis)| *at < DRAWN || Some(&axis.name) == turning);
    for (_, axis) in drawn {
        output.line(format!(
            "{:>10} {} {:<POLE$}{:>+7.1}{:>+7.1}{:>+8.2}",
            axis.low,
            track(axis, scale),
            axis.high,
            axis.user,
            axis.model,
            unsigned_zero(axis.contribution)
        ));
    }
    let others: f64 = others.iter().map(|(_, axis)| axis.contribution).sum();
    output.line(format!("{:>10} the other axes add {others:+.2}, likeness that no axis names {:+.2}", "", best.rest));
    output.paragraph("           ", LEGEND);
    output.line("");
    axes.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    for score in axes.iter().take(SHOWN).filter_map(|axis| selected.evidence(&axis.name)) {
        shown(score, output);
    }
    output.line("");
}

/// What would be written as a zero with a minus becomes one without.
fn unsigned_zero(contribution: f64) -> f64 {
    if contribution.abs() < 0.005 { 0.0 } else { contribution }
}

/// The user's interval and place, the model's, and the base in the middle.
fn track(axis: &AxisPair, scale: f64) -> String {
    let place = |value: f64| ((0.5 + value / scale / 2.0) * (TRACK - 1) as f64).round().clamp(0.0, (TRACK - 1) as f64);
    let mut cells = vec!['-'; TRACK];
    let [from, to] = axis.user_interval.map(place);
    cells[from as usize..=to as usize].fill('=');
    cells[TRACK / 2] = '|';
    cells[place(axis.model) as usize] = 'x';
    cells[place(axis.user) as usize] = if place(axis.model) == place(axis.user) { '*' } else { 'o' };
    cells.into_iter().collect()
}

fn shown(score: &AxisScore, output: &Output) {
    output.paragraph("", &score.sentence);
    for quote in &score.quotes {
        output.paragraph("    ", &format!("\"{quote}\""));
    }
}

fn verified(verification: &Verification, output: &Output) {
    let Verification { texts, tokens, base_loss, models, pairs, pairs_agreeing, .. } = verification;
    output
        .line(format!("\nHeld-out loss on {texts} of your texts ({tokens} tokens), nats a token; base {base_loss:.3}"));
    for model in models {
        output.line(format!("{:<12} {:.3}", model.id, model.held_out_loss));
    }
    let agrees = if verification.agrees { "It agrees" } else { "It does not agree" };
    output.paragraph(
        "",
        &format!(
            "{agrees}: {} has the lowest loss; {pairs_agreeing} of {pairs} pairs stand in the same order.",
            verification.lowest
        ),
    );
}
