//! Two curves in one chart, to be compared.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Dataset, GraphType};

use super::chart::{draw_plot, marker};
use crate::ui::format::fit;
use crate::ui::theme::Theme;

/// Below this a curve says nothing.
const LEAST: (u16, u16) = (24, 6);

/// A step and a loss in nats a token.
type Point = (f64, f64);

/// Draws both with a legend above; nothing where there is no room, or neither has a point.
pub fn curves_chart(theme: &Theme, frame: &mut Frame<'_>, area: Rect, curves: [(&str, &[Point]); 2]) {
    let points = || curves.iter().flat_map(|(_, points)| points.iter());
    if area.width < LEAST.0 || area.height < LEAST.1 || points().next().is_none() {
        return;
    }
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let looks = [(glyphs.user, styles.user), (glyphs.base, styles.base)];
    // A line for each name, which may be long.
    for (row, ((glyph, style), (name, points))) in (0..).zip(looks.iter().zip(curves)) {
        let none = if points.is_empty() { " (not kept)" } else { "" };
        let name = fit(&format!(" {name}{none}"), usize::from(area.width).saturating_sub(1));
        let line = Line::from(vec![Span::styled(*glyph, *style), Span::styled(name, styles.dim)]);
        frame.render_widget(line, Rect { y: area.y + row, height: 1, ..area });
    }
    let plot = Rect { y: area.y + 2, height: area.height - 2, ..area };
    let last = points().map(|point| point.0).fold(1.0, f64::max);
    // A line joins the points, and each is marked.
    let lines = looks.iter().zip(curves).map(|((_, style), (_, points))| {
        Dataset::default().marker(glyphs.marker).graph_type(GraphType::Line).style(*style).data(points)
    });
    let marks = looks.iter().zip(curves).map(|((glyph, style), (_, points))| {
        Dataset::default().marker(marker(glyph)).graph_type(GraphType::Scatter).style(*style).data(points)
    });
    draw_plot(theme, frame, plot, lines.chain(marks).collect(), points().map(|point| point.1), last);
}
