//! `profile --by`: the parts of the texts side by side, as a table of axes by parts and in sentences.

use super::output::{Output, width};
use crate::app::present::{self, AxisView, PartView, PartsView};
use crate::app::profile::{self, By};
use crate::app::{AppError, Context};
use crate::platform::cancel::Cancel;

/// Columns of an axis' name, of a percentile with its interval, and of one without.
const NAME: usize = 21;
const EXPLICIT: usize = 14;
const BRIEF: usize = 6;
/// So many sentences are printed; of many sources there may be hundreds.
const SENTENCES: usize = 12;

pub fn run(context: &Context, by: By, output: &Output, cancel: &Cancel) -> Result<(), AppError> {
    let parts = profile::by(context, by, cancel)?;
    output.result("xpert.profile-parts/1", &parts, || show(&present::parts(&parts), output));
    Ok(())
}

fn show(view: &PartsView, output: &Output) {
    for (number, part) in (1..).zip(&view.parts) {
        output.line(format!("{number:>2}  {}: {}", part.label, part.size));
    }
    if let Some(undated) = &view.undated {
        output.line(format!("    {undated}"));
    }
    if !view.lacks.is_empty() {
        output.line("");
        view.lacks.iter().for_each(|lack| output.paragraph("", lack));
        output.paragraph("", advice(view.by));
        return;
    }
    view.parts.iter().filter_map(|part| part.lack.as_ref()).for_each(|lack| output.paragraph("    ", lack));
    table(view, output);
    output.line("");
    sentences(view, output);
}

fn advice(by: By) -> &'static str {
    match by {
        By::Source => "Import more of your writing, including from other sources, such as mail, notes or chats.",
        By::Time => "Mail has dates; for JSON lines and CSV, use `xpert import PATH --map text=FIELD,date=FIELD`.",
    }
}

/// Where each measured part stands on each axis. A star follows an axis on which parts differ more than by chance.
fn table(view: &PartsView, output: &Output) {
    let measured: Vec<(usize, &PartView)> = (1..).zip(&view.parts).filter(|(_, part)| !part.axes.is_empty()).collect();
    let column = if NAME + measured.len() * EXPLICIT + 2 <= width() { EXPLICIT } else { BRIEF };
    let numbers: String = measured.iter().map(|(number, _)| format!("{number:>column$}")).collect();
    output.line(format!("\n{:<NAME$}{numbers}", "percentile"));
    let Some((_, first)) = measured.first() else { return };
    for (at, axis) in first.axes.iter().enumerate() {
        let cells: String =
            measured.iter().map(|(_, part)| format!("{:>column$}", place(&part.axes[at], column))).collect();
        output.line(format!("{:<NAME$}{cells}{}", axis.id, if view.differs_on(at) { " *" } else { "" }));
    }
}

fn place(axis: &AxisView, column: usize) -> String {
    let percentile = &axis.percentile;
    if column != EXPLICIT {
        return percentile.text.clone();
    }
    format!("{} ({:.0}-{:.0})", percentile.text, percentile.interval[0], percentile.interval[1])
}

/// What differs more than by chance, the largest difference first.
fn sentences(view: &PartsView, output: &Output) {
    let found = view.differing();
    found.iter().take(SENTENCES).for_each(|sentence| output.paragraph("", sentence));
    match found.len() {
        0 => output.paragraph("", view.nothing),
        count if count > SENTENCES => {
            output.line(format!("{} more in the output of --json.", count - SENTENCES));
        }
        _ => {}
    }
    if !found.is_empty() {
        output.paragraph("* ", &view.rule);
    }
}
