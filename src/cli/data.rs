//! `import` and `profile`.

use std::collections::BTreeMap;

use serde_json::json;

use super::advice::import_hint;
use super::arguments::ImportArguments;
use super::output::Output;
use crate::app::present::words::{count, moment};
use crate::app::present::{self, AxisView, ProfileView};
use crate::app::{self, AppError, Context};
use crate::import::{ImportOptions, Scan};
use crate::platform::cancel::Cancel;
use crate::store::Added;

pub fn import(
    context: &Context,
    arguments: &ImportArguments,
    output: &Output,
    cancel: &Cancel,
) -> Result<(), AppError> {
    if arguments.undo {
        return undo(context, output);
    }
    let options = ImportOptions { map: arguments.map.clone(), me: arguments.me.clone(), ..ImportOptions::default() };
    let scan = app::import::preview(&arguments.paths, &options, cancel, &mut |_| {})?;
    let added = if arguments.dry_run { None } else { Some(app::import::keep(context, &scan, cancel)?) };
    let foreign = app::import::foreign_languages(&scan)?;
    let imported = json!({
        "dry_run": arguments.dry_run,
        "found": scan.documents.len(),
        "added": added.as_ref().map(|added| added.added),
        "already_there": added.as_ref().map(|added| added.already_there),
        "dropped": scan.dropped,
        "skipped": scan.skipped,
        "files": scan.files,
        "problems": scan.problems,
        "foreign_languages": foreign.iter().copied().collect::<BTreeMap<_, _>>(),
        "notes": scan.notes,
    });
    output.result("xpert.import/1", &imported, || report(&scan, added.as_ref(), &foreign, output));
    Ok(())
}

fn undo(context: &Context, output: &Output) -> Result<(), AppError> {
    /// Sources that are listed; a folder of mail may be thousands.
    const LISTED: usize = 10;
    let import = app::import::undo_last(context)?;
    output.result("xpert.undo/1", &import, || {
        let (texts, when) = (count(import.texts, "text"), moment(import.created));
        output.line(format!("Removed {texts} added by the import of {when}, from:"));
        import.sources.iter().take(LISTED).for_each(|source| output.line(format!("  {source}")));
        match import.sources.len().saturating_sub(LISTED) {
            0 => {}
            more => output.line(format!("  and {}", count(more, "more file"))),
        }
        output.line("Your files, and any model trained on these texts, are not changed.");
    });
    Ok(())
}

/// What a scan found, for people.
fn report(scan: &Scan, added: Option<&Added>, foreign: &[(&str, usize)], output: &Output) {
    for file in &scan.files {
        output.line(format!(
            "{:<9} {:>5} of {:>11}  {}",
            file.format.as_str(),
            file.kept,
            count(file.found, "text"),
            file.path.display()
        ));
    }
    for (reason, texts) in &scan.dropped {
        output.line(format!("omitted   {:>11}: {}", count(*texts, "text"), reason.describe()));
    }
    for (reason, files) in &scan.skipped {
        output.line(format!("skipped   {:>11}: {}", count(*files, "file"), reason.describe()));
    }
    for (language, texts) in foreign {
        output.line(format!("in {language}: {}; only English can be measured", count(*texts, "text")));
    }
    for problem in &scan.problems {
        output.status(format!("xpert: {problem}"));
    }
    for note in &scan.notes {
        output.paragraph("note: ", note);
    }
    for hint in &scan.hints {
        output.paragraph("note: ", import_hint(*hint));
    }
    match added {
        Some(added) => output.line(format!(
            "Imported {}; {} had been imported before.",
            count(added.added, "text"),
            added.already_there
        )),
        None => output
            .line(format!("{} would be imported. Nothing was saved (--dry-run).", count(scan.documents.len(), "text"))),
    }
}

pub fn profile(context: &Context, output: &Output) -> Result<(), AppError> {
    let profile = app::profile::profile(context)?;
    output.result("xpert.profile/1", &profile, || show_profile(&present::profile(&profile), output));
    Ok(())
}

/// A profile, for people.
fn show_profile(profile: &ProfileView, output: &Output) {
    output.line(&profile.size);
    if let Some(missing) = &profile.missing {
        output.line(format!("{missing} Import more of your writing."));
        return;
    }
    for axis in &profile.axes {
        show_axis(axis, output);
    }
    if let Some(outside) = &profile.outside {
        output.line(format!("\n{outside}"));
    }
    output.line(format!("Words you use more than the base model: {}", profile.more.join(", ")));
    output.line(format!("Words you use less than the base model: {}", profile.less.join(", ")));
}

fn show_axis(axis: &AxisView, output: &Output) {
    output.line(format!("\n{:<13} {} {:>13}", axis.low, bar(axis), axis.high));
    output.line(format!("              {}", axis.numbers));
    output.paragraph("  ", &axis.sentence);
    for quote in &axis.quotes {
        output.paragraph("    | ", quote);
    }
    if let Some(trust) = &axis.trust {
        output.paragraph("  ", trust);
    }
}

/// Where user (#) and model (o) stand among writers, from the low to the high pole.
fn bar(axis: &AxisView) -> String {
    const CELLS: usize = 41;
    let cell = |percentile: f64| ((percentile / 100.0).clamp(0.0, 1.0) * (CELLS - 1) as f64).round() as usize;
    let mut cells = vec!['-'; CELLS];
    cells[cell(axis.base_percentile)] = 'o';
    cells[cell(axis.percentile.value)] = '#';
    cells.into_iter().collect()
}
