//! Everything that is at work, on whatever screen, and how to stop it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::popup;
use crate::ui::format::{duration, fit, megabytes, one_line, pad};
use crate::ui::jobs::Running;
use crate::ui::message::{Effect, JobKind};
use crate::ui::model::{Model, Overlay};
use crate::ui::parts::spinner;
use crate::ui::theme::Theme;
use crate::ui::update;
use crate::ui::widgets::{ListPlace, Page};

pub fn open(model: &mut Model) -> Vec<Effect> {
    model.jobs_cursor = 0;
    model.overlay = Some(Overlay::Jobs);
    Vec::new()
}

pub fn down(model: &mut Model) -> Vec<Effect> {
    model.jobs_cursor = (model.jobs_cursor + 1).min(model.jobs.all().len().saturating_sub(1));
    Vec::new()
}

pub fn up(model: &mut Model) -> Vec<Effect> {
    model.jobs_cursor = model.jobs_cursor.saturating_sub(1);
    Vec::new()
}

pub fn go_to(model: &mut Model, row: usize) {
    model.jobs_cursor = row.min(model.jobs.all().len().saturating_sub(1));
}

/// The highlighted job; jobs end by themselves, so the cursor may have to move up.
fn highlighted(model: &Model) -> Option<&Running> {
    let jobs = model.jobs.all();
    jobs.get(model.jobs_cursor.min(jobs.len().saturating_sub(1)))
}

#[must_use]
pub fn can_stop(model: &Model) -> bool {
    highlighted(model).is_some_and(|job| !job.stopping)
}

pub fn stop(model: &mut Model) -> Vec<Effect> {
    let kind = highlighted(model).map(|job| job.kind);
    kind.map_or_else(Vec::new, |kind| model.jobs.stop(kind))
}

pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>, area: Rect) -> Option<ListPlace> {
    let jobs = model.jobs.all();
    let rows = u16::try_from(jobs.len().max(1)).unwrap_or(u16::MAX).saturating_add(2);
    let inside = popup(theme, frame, area, "At work", 76, rows);
    if jobs.is_empty() {
        let mut page = Page::new(theme, inside);
        page.dim("Nothing is at work any more.");
        page.draw(frame, inside, 0);
        return None;
    }
    let cursor = model.jobs_cursor.min(jobs.len() - 1);
    let width = usize::from(inside.width);
    let place = ListPlace::around(model.list_above.as_ref(), jobs.len(), cursor, inside);
    for (index, row) in place.rows() {
        let (job, here) = (&jobs[index], index == cursor);
        let spans = vec![
            Span::styled(if here { theme.glyphs.cursor } else { " " }, theme.styles.key),
            Span::styled(format!(" {} ", spinner(model, theme)), theme.styles.key),
            Span::styled(pad(update::what(job.kind), 24), if here { theme.styles.selected } else { theme.styles.text }),
            Span::styled(fit(&one_line(&progress(model, job)), width.saturating_sub(28)), theme.styles.dim),
        ];
        frame.render_widget(Line::from(spans), row);
    }
    Some(place)
}

/// How far a job is, as far as it said.
#[must_use]
pub fn progress(model: &Model, job: &Running) -> String {
    if job.stopping {
        return "stopping".into();
    }
    if job.paused {
        return "paused".into();
    }
    match job.kind {
        JobKind::Train => {
            let Some(run) = &model.screens.train.run else { return String::new() };
            if run.step == 0 {
                return run.phase.clone();
            }
            let held_out =
                run.held_out.last().map(|point| format!(", held-out loss {:.3}", point.1)).unwrap_or_default();
            let left = run.eta_s.map(|left| format!(", {} left", duration(left))).unwrap_or_default();
            format!("step {} of {}{held_out}{left}", run.step, run.steps)
        }
        JobKind::Pull => {
            let fetch = model.screens.train.fetch.as_ref();
            let of = |total: Option<u64>| total.map(|total| format!(" of {}", megabytes(total))).unwrap_or_default();
            fetch.map(|fetch| format!("{}{}", megabytes(fetch.done), of(fetch.total))).unwrap_or_default()
        }
        JobKind::Preview => {
            let reading = model.screens.import.progress.as_ref();
            reading.map(|p| format!("file {} of {}", p.files_done + 1, p.files_total)).unwrap_or_default()
        }
        _ => String::new(),
    }
}
