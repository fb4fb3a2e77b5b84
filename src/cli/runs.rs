//! `runs`: the user's trained models.

use serde::Serialize;

use super::arguments::RunsCommand;
use super::output::Output;
use crate::app::present;
use crate::app::present::words::{count, megabytes, moment};
use crate::app::runs::{self, Comparison, Curve, Exported, Run, Runs};
use crate::app::{AppError, Context};

/// A run with its curve.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    run: &'a Run,
    curve: &'a Curve,
}

pub fn run(context: &Context, command: &RunsCommand, output: &Output) -> Result<(), AppError> {
    match command {
        RunsCommand::List => list(&runs::list(context)?, output),
        RunsCommand::Show { number } => show(&runs::show(context, *number)?, output),
        RunsCommand::Rename { number, name } => {
            let run = runs::rename(context, *number, name)?;
            let said = match &run.record.name {
                Some(name) => format!("Run {number} is now called {name}."),
                None => format!("Run {number} no longer has a name."),
            };
            changed("xpert.run-renamed/1", &said, &run, output);
        }
        RunsCommand::Use { number } => {
            let run = runs::put_in_use(context, *number)?;
            changed("xpert.run-used/1", &format!("In use now: {}", line(&run)), &run, output);
        }
        RunsCommand::Delete { number } => {
            let run = runs::delete(context, *number)?;
            changed("xpert.run-deleted/1", &format!("Deleted: {}", line(&run)), &run, output);
        }
        RunsCommand::Compare { one, other } => compare(&runs::compare(context, *one, *other)?, output),
        RunsCommand::Export { number, folder } => exported(&runs::export(context, *number, folder)?, output),
    }
    Ok(())
}

fn list(listed: &Runs, output: &Output) {
    output.result("xpert.runs/1", listed, || {
        if listed.runs.is_empty() && listed.problems.is_empty() {
            output.line("There are no runs yet. Train one with `xpert train`.");
        }
        listed.runs.iter().for_each(|run| output.line(line(run)));
        listed.problems.iter().for_each(|problem| output.status(problem));
    });
}

/// The run in use has a star.
fn line(run: &Run) -> String {
    let record = &run.record;
    let mark = if run.in_use { '*' } else { ' ' };
    let name = record.name.as_ref().map(|name| format!("  {name}")).unwrap_or_default();
    let stopped = if record.is_stopped() { ", stopped" } else { "" };
    format!(
        "{mark}{:>3}  {}  {:.3} -> {:.3}  {:>10} from {}{stopped}, {}{name}",
        run.number,
        run.ended.map_or_else(|| "at an unknown time".to_owned(), moment),
        record.held_out_before,
        record.held_out_after,
        count(record.steps, "step"),
        record.started_from,
        megabytes(run.bytes)
    )
}

fn show(run: &Run, output: &Output) {
    output.result("xpert.run/1", &Shown { run, curve: &run.curve }, || {
        let view = present::run(run);
        output.line(&view.title);
        for (name, value) in &view.facts {
            output.line(format!("  {name:<13} {value}"));
        }
        output.line(format!("  {:<13} {}", "folder", run.folder.display()));
        if let Some(curve) = &view.curve {
            output.line("\nHeld-out loss by step, in nats per token:");
            output.paragraph("  ", curve);
        }
    });
}

fn compare(compared: &Comparison, output: &Output) {
    output.result("xpert.runs-compared/1", compared, || {
        let view = present::comparison(compared);
        let width = view.rows.iter().map(|(_, [one, _])| one.chars().count()).max().unwrap_or(0);
        let [one, other] = &view.titles;
        output.line(format!("{:<13} {one:<width$}  {other}", ""));
        for (name, [one, other]) in &view.rows {
            output.line(format!("{name:<13} {one:<width$}  {other}"));
        }
        output.line(format!("\n{}", view.note));
    });
}

fn changed(schema: &str, said: &str, run: &Run, output: &Output) {
    output.result(schema, run, || output.line(said));
}

fn exported(exported: &Exported, output: &Output) {
    output.result("xpert.run-exported/1", exported, || {
        let Exported { run, folder, files, bytes } = exported;
        output.line(format!("Run {} is in {} ({}):", run.number, folder.display(), megabytes(*bytes)));
        files.iter().for_each(|file| output.line(format!("  {}", file.display())));
        output.line("It was trained on your texts and contains traces of them: treat it as private.");
    });
}
