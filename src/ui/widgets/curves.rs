//! Two curves in one chart, to be compared.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType};

use super::chart::marker;
use crate::ui::format::fit;
use crate::ui::theme::Theme;

/// Below this a curve says nothing.
const LEAST: (u16, u16) = (24, 6);

/// A step and a loss in nats a token.
type Point = (f64, f64);

/// Draws both with a legend above; nothing where there is no room, or neither has a point.
pub fn curves_chart(theme: &Theme, frame: &mut Frame<'_>, area: Rect, curves: [(&str, &[Point]); 2]) {
    let values = || curves.iter().flat_map(|(_, points)| points.iter()).map(|point| point.1);
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if area.width < LEAST.0 || area.height < LEAST.1 || low > high {
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
    let margin = ((high - low) * 0.08).max(0.02);
    let (low, high) = ((low - margin).max(0.0), high + margin);
    let last = curves.iter().flat_map(|(_, points)| points.iter()).map(|point| point.0).fold(1.0, f64::max);
    let label = |value: f64| Span::styled(format!("{value:.2}"), styles.dim);
    let steps_label = |value: f64| Span::styled(format!("step {value:.0}"), styles.dim);
    // A line joins the points, and each is marked.
    let lines = looks.iter().zip(curves).map(|((_, style), (_, points))| {
        Dataset::default().marker(glyphs.marker).graph_type(GraphType::Line).style(*style).data(points)
    });
    let marks = looks.iter().zip(curves).map(|((glyph, style), (_, points))| {
        Dataset::default().marker(marker(glyph)).graph_type(GraphType::Scatter).style(*style).data(points)
    });
    let chart = Chart::new(lines.chain(marks).collect())
        .x_axis(Axis::default().style(styles.rule).bounds([0.0, last]).labels([steps_label(0.0), steps_label(last)]))
        .y_axis(Axis::default().style(styles.rule).bounds([low, high]).labels([label(low), label(high)]))
        .legend_position(None);
    frame.render_widget(chart, plot);
}
