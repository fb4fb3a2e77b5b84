//! `profile --by`: the parts of the texts side by side, as a table of axes by parts and in sentences.

use super::output::{Output, width};
use crate::app::profile::{self, By, Compared, Part, Parts};
use crate::app::{AppError, Context};
use crate::platform::cancel::Cancel;
use crate::style::AxisScore;

/// Columns of an axis' name, of a percentile with its interval, and of one without.
const NAME: usize = 21;
const EXPLICIT: usize = 14;
const BRIEF: usize = 6;
/// So many sentences are printed; of many sources there may be hundreds.
const SENTENCES: usize = 12;

pub fn run(context: &Context, by: By, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let parts = profile::by(context, by, cancel)?;
    if output.json {
        output.object("xpert.profile-parts/1", &parts);
    } else {
        show(&parts, output);
    }
    Ok(())
}

fn show(parts: &Parts, output: &Output) {
    for (number, part) in (1..).zip(&parts.parts) {
        output.line(format!("{number:>2}  {}", heading(part, parts.by)));
    }
    if parts.undated > 0 {
        output.line(format!("    {} texts have no date and are left out.", parts.undated));
    }
    let lacks = parts.lacks();
    if !lacks.is_empty() {
        output.line("");
        lacks.iter().for_each(|lack| output.paragraph("", lack));
        output.paragraph("", advice(parts.by));
        return;
    }
    table(parts, output);
    output.line("");
    sentences(parts, output);
}

/// What a part is, after its number.
fn heading(part: &Part, by: By) -> String {
    let files = if part.files == 1 { String::new() } else { format!(" of {} files", part.files) };
    let days = part.days().filter(|_| by == By::Source).map(|days| format!(", {days}")).unwrap_or_default();
    let missing = match part.missing_words {
        0 => String::new(),
        missing => format!(": too little to score, about {missing} more words are needed"),
    };
    format!("{}: {} texts{files}, {} words{days}{missing}", part.label, part.texts, part.words)
}

fn advice(by: By) -> &'static str {
    match by {
        By::Source => "Import more of your writing, from other places too, such as mail, notes or chats.",
        By::Time => "Mail has dates; JSON lines have them with `xpert import PATH --map text=FIELD,date=FIELD`.",
    }
}

/// Where each measured part stands on each axis. A star is after an axis on which parts differ more than by chance.
fn table(parts: &Parts, output: &Output) {
    let measured: Vec<(usize, &Part)> = (1..).zip(&parts.parts).filter(|(_, part)| part.is_measured()).collect();
    let column = if NAME + measured.len() * EXPLICIT + 2 <= width() { EXPLICIT } else { BRIEF };
    let numbers: String = measured.iter().map(|(number, _)| format!("{number:>column$}")).collect();
    output.line(format!("\n{:<NAME$}{numbers}", "of 100"));
    let Some((_, first)) = measured.first() else { return };
    for (at, score) in first.axes.iter().enumerate() {
        let cells: String =
            measured.iter().map(|(_, part)| format!("{:>column$}", place(&part.axes[at], column))).collect();
        let differs = parts.differences.iter().any(|compared| compared.axes[at].differs());
        output.line(format!("{:<NAME$}{cells}{}", score.axis.id, if differs { " *" } else { "" }));
    }
}

fn place(score: &AxisScore, column: usize) -> String {
    let [low, high] = score.user_interval;
    let explicit = format!("{:.0} ({low:.0}-{high:.0})", score.user_percentile);
    if column == EXPLICIT { explicit } else { format!("{:.0}", score.user_percentile) }
}

/// What differs more than by chance, the most different first.
fn sentences(parts: &Parts, output: &Output) {
    let each = |compared: &Compared| -> Vec<(f64, String)> {
        let (a, b) = (&parts.parts[compared.first], &parts.parts[compared.second]);
        let differing = compared.axes.iter().filter(|difference| difference.differs());
        differing.map(|d| (d.coefficient.abs(), d.sentence(parts.by, a, b))).collect()
    };
    let mut found: Vec<(f64, String)> = parts.differences.iter().flat_map(each).collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.iter().take(SENTENCES).for_each(|(_, sentence)| output.paragraph("", sentence));
    match found.len() {
        0 => output.paragraph("", nothing(parts)),
        count if count > SENTENCES => {
            output.line(format!("{} more differences are in what --json prints.", count - SENTENCES));
        }
        _ => {}
    }
    if !found.is_empty() {
        output.paragraph("", &format!("* more than by chance: {}.", profile::RULE));
    }
}

fn nothing(parts: &Parts) -> &'static str {
    let few = parts.differences.iter().all(|compared| compared.axes.iter().all(|axis| axis.is_unknown()));
    match (few, parts.by) {
        (true, _) => "There are too few texts in the parts to tell a difference from chance.",
        (false, By::Source) => "No two of these differ more than by chance.",
        (false, By::Time) => "From the first span to the last nothing changed more than by chance.",
    }
}
