//! The list of all running jobs, whichever screen started them, in which one can be stopped.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::popup::Popup;
use crate::ui::format::{fit, one_line, pad};
use crate::ui::shell::jobs::State;
use crate::ui::shell::screen::View;
use crate::ui::widgets::cells;

pub fn draw(cursor: usize, view: &View<'_>, frame: &mut Frame<'_>, area: Rect) {
    let (jobs, glyphs, styles) = (view.shared.jobs.all(), &view.theme.glyphs, &view.theme.styles);
    let popup = Popup::new(view, frame, area, (76, cells(jobs.len().max(1)).saturating_add(2)));
    let width = usize::from(popup.inside.width).saturating_sub(30);
    popup.draw_rows(frame, "Running", popup.inside, (cursor, jobs.len()), "No job is running now.", |index, here| {
        let job = &jobs[index];
        let progress = match job.state {
            State::Running => job.progress.as_str(),
            State::Paused => "paused",
            State::Stopping => "stopping",
        };
        Line::from(vec![
            Span::styled(if here { glyphs.cursor } else { " " }, styles.key),
            Span::styled(format!(" {} ", view.spinner()), styles.key),
            Span::styled(pad(job.kind.title, 26), if here { styles.selected } else { styles.text }),
            Span::styled(fit(&one_line(progress), width), styles.dim),
        ])
    });
}
