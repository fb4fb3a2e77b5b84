//! Every running job, on whatever screen, to stop one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::popup::Popup;
use crate::ui::format::{fit, one_line, pad};
use crate::ui::shell::jobs::{Running, State};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ListPlace, Page};

const TITLE: &str = "Running";

/// Draws it; returns where its rows stand.
pub fn draw(
    jobs: &[Running],
    cursor: usize,
    before: Option<&ListPlace>,
    spinner: &'static str,
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
) -> Option<ListPlace> {
    let rows = u16::try_from(jobs.len().max(1)).unwrap_or(u16::MAX).saturating_add(2);
    let popup = Popup::new(frame, area, (76, rows));
    if jobs.is_empty() {
        let mut page = Page::new(theme, popup.inside);
        page.dim("No job is running now.");
        popup.draw_page(theme, frame, TITLE, page, 0);
        return None;
    }
    let cursor = cursor.min(jobs.len() - 1);
    let width = usize::from(popup.inside.width);
    let place = ListPlace::around(before, jobs.len(), cursor, popup.inside);
    popup.draw(theme, frame, TITLE, place.hidden(jobs.len()));
    for (index, row) in place.rows() {
        let (job, here) = (&jobs[index], index == cursor);
        let progress = match job.state {
            State::Running => job.progress.as_str(),
            State::Paused => "paused",
            State::Stopping => "stopping",
        };
        let spans = vec![
            Span::styled(if here { theme.glyphs.cursor } else { " " }, theme.styles.key),
            Span::styled(format!(" {spinner} "), theme.styles.key),
            Span::styled(pad(job.kind.title, 26), if here { theme.styles.selected } else { theme.styles.text }),
            Span::styled(fit(&one_line(progress), width.saturating_sub(30)), theme.styles.dim),
        ];
        frame.render_widget(Line::from(spans), row);
    }
    Some(place)
}
