//! All about the highlighted run, and what can be done with it.

use super::may_delete;
use crate::app::present::run::ending;
use crate::app::runs::Run;
use crate::ui::action::{Action, key_for};
use crate::ui::format::{count, day, duration, megabytes, one_line, thousands};
use crate::ui::message::JobKind;
use crate::ui::model::Model;
use crate::ui::theme::Theme;
use crate::ui::widgets::Page;

pub fn write(model: &Model, theme: &Theme, run: &Run, page: &mut Page<'_>) {
    let record = &run.record;
    let in_use = if run.in_use { ", in use" } else { "" };
    page.heading(&match &record.name {
        Some(name) => format!("{} (run {}{in_use})", one_line(name), run.number),
        None => format!("Run {}{in_use}", run.number),
    });
    let fell = record.held_out_before - record.held_out_after;
    page.text(
        theme.styles.user,
        &format!(
            "held-out loss {:.3} -> {:.3} nats a token, {:.3} {}",
            record.held_out_before,
            record.held_out_after,
            fell.abs(),
            if fell < 0.0 { "higher" } else { "lower" }
        ),
    );
    if record.is_stopped() {
        stopped(model, run, page);
    }
    page.fact("Started from", &one_line(&record.started_from));
    page.fact("Base model", &one_line(&record.base));
    page.fact("Steps", &format!("{}, the best at {}", thousands(record.steps), thousands(record.best_step)));
    let date = run.ended.map(|ended| format!(", {}", day(ended))).unwrap_or_default();
    page.fact("Ended", &format!("{}{date}", ending(record.ending)));
    page.fact("Work", &format!("{}, {}", duration(record.seconds), count(record.tokens, "token")));
    let way = record.preset.map(|preset| format!("{preset}, ")).unwrap_or_default();
    page.fact("Trained", &format!("{way}{} values", thousands(record.parameters)));
    page.fact("Memory", &format!("at most {} MiB", mebibytes(record.peak_rss_mb)));
    if let Some(expected) = record.prediction {
        page.fact("Expected", &format!("{}, {} MiB", duration(expected.seconds), mebibytes(expected.memory_mb)));
    }
    page.fact("On disk", &format!("{}, {}", megabytes(run.bytes), one_line(&run.folder.display().to_string())));
    keys(model, run, page);
}

fn mebibytes(number: u64) -> String {
    thousands(usize::try_from(number).unwrap_or(usize::MAX))
}

/// A model of the way: the training may still go on.
fn stopped(model: &Model, run: &Run, page: &mut Page<'_>) {
    let goes_on =
        model.unfinished().is_some_and(|(from, step, _)| *from == run.record.started_from && *step >= run.record.steps);
    if goes_on {
        page.plain(
            "Its training was stopped and can go on (see Train); what it comes to then takes the place of this run.",
        );
    } else {
        page.plain("Its training was stopped before its end.");
    }
}

fn keys(model: &Model, run: &Run, page: &mut Page<'_>) {
    page.blank();
    if model.jobs.is_running(JobKind::Train) {
        page.dim("A training is at work: runs are put in use, named and deleted when it has ended.");
        return;
    }
    let can = [
        (Action::PutInUse, "puts it in use; the one that is now is kept"),
        (Action::WriteWithRun, "lets it answer beside the base, on Write"),
        (Action::RenameRun, "gives it another name"),
        (Action::ExportRun, "copies it, for other programs, into the folder you started in"),
        (Action::DeleteRun, "deletes it, after a question"),
    ];
    for (action, text) in can {
        // No key does it while something else takes the keys, or where it makes no sense.
        let key = key_for(model, action);
        // The one in use answers there anyway.
        let is_plain = run.in_use && action == Action::WriteWithRun;
        if !key.is_empty() && !is_plain {
            page.hint(&key, text);
        }
    }
    if run.in_use && !may_delete(model) {
        page.dim("It is in use: put another in its place before it can be deleted.");
    }
}
