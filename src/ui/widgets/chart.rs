//! Losses over steps: several curves in one chart, with a legend above it. Knows points and names, not what they are of.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType};
use unicode_width::UnicodeWidthStr;

use super::{cells, top};
use crate::app::runs::Curve;
use crate::ui::format::fit;
use crate::ui::theme::Theme;

/// Below this a curve says nothing.
const MIN_SIZE: (u16, u16) = (24, 5);
/// Nats per token that the axis spans at least, so that the noise of single steps does not look like events.
const MIN_SPAN: f64 = 0.8;
/// From this height on the axis has a label in its middle.
const LABELLED: u16 = 8;
/// Columns between two names of the legend.
const GAP: usize = 3;

/// How the points of a curve are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Each as a small dot: there are many, and they scatter.
    Dots,
    /// Joined by a line.
    Line,
    /// Joined by a line, and each marked: they are few.
    MarkedLine,
    /// Marked, and not joined.
    Marks,
}

/// A curve with its name in the legend and its mark.
pub struct Series {
    name: String,
    /// Steps, and losses in nats per token.
    points: Vec<(f64, f64)>,
    glyph: &'static str,
    style: Style,
    stroke: Stroke,
}

impl Series {
    pub fn new(name: &str, losses: &[(usize, f64)], glyph: &'static str, style: Style, stroke: Stroke) -> Self {
        let points = losses.iter().map(|&(step, loss)| (step as f64, loss)).collect();
        Self { name: name.to_owned(), points, glyph, style, stroke }
    }
}

/// Draws the curves that have points, over at least so many steps; nothing where there is no room, or no curve has a point.
pub fn loss_chart(theme: &Theme, frame: &mut Frame<'_>, area: Rect, curves: &[Series], steps: usize) {
    let drawn: Vec<&Series> = curves.iter().filter(|curve| !curve.points.is_empty()).collect();
    if area.width < MIN_SIZE.0 || area.height < MIN_SIZE.1 || drawn.is_empty() {
        return;
    }
    let legend = legend(theme, &drawn, usize::from(area.width));
    let [above, plot] = top(area, cells(legend.len()).min(area.height - MIN_SIZE.1 + 1));
    frame.render_widget(Text::from(legend), above);
    let points = || drawn.iter().flat_map(|curve| &curve.points);
    let Some([low, high]) = bounds(points().map(|point| point.1)) else { return };
    let last = points().map(|point| point.0).fold((steps as f64).max(1.0), f64::max);
    let styles = &theme.styles;
    let loss = |value: f64| Span::styled(format!("{value:.2}"), styles.dim);
    let step = |value: f64| Span::styled(format!("step {value:.0}"), styles.dim);
    let middle = (plot.height >= LABELLED).then_some(f64::midpoint(low, high));
    let losses: Vec<Span<'_>> = [Some(low), middle, Some(high)].into_iter().flatten().map(loss).collect();
    let chart = Chart::new(drawn.iter().flat_map(|curve| datasets(theme, curve)).collect())
        .x_axis(Axis::default().style(styles.rule).bounds([0.0, last]).labels([step(0.0), step(last)]))
        .y_axis(Axis::default().style(styles.rule).bounds([low, high]).labels(losses))
        .legend_position(None);
    frame.render_widget(chart, plot);
}

/// A training: the loss of each step, the held-out loss with the lowest, and the held-out loss of an earlier run from scratch.
pub fn training_chart(
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
    curve: &Curve,
    reference: &[(usize, f64)],
    steps: usize,
) {
    let (glyphs, styles) = (&theme.glyphs, &theme.styles);
    let last = curve.losses.iter().chain(&curve.held_out).map(|point| point.0).fold(steps, usize::max);
    let reference: Vec<(usize, f64)> = reference.iter().copied().filter(|point| point.0 <= last).collect();
    let curves = [
        Series::new("from scratch, earlier", &reference, glyphs.rule, styles.other, Stroke::Line),
        Series::new("each step", &curve.losses, "·", styles.dim, Stroke::Dots),
        Series::new("held-out texts", &curve.held_out, glyphs.base, styles.base, Stroke::MarkedLine),
        Series::new("best", curve.best().as_slice(), glyphs.chosen, styles.good, Stroke::Marks),
    ];
    loss_chart(theme, frame, area, &curves, steps);
}

/// The names side by side, on as many lines as they need.
fn legend(theme: &Theme, curves: &[&Series], width: usize) -> Vec<Line<'static>> {
    let (mut lines, mut line) = (Vec::new(), Line::default());
    for curve in curves {
        let name = format!(" {}", fit(&curve.name, width.saturating_sub(2)));
        if line.width() > 0 && line.width() + GAP + 1 + name.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if line.width() > 0 {
            line.push_span(" ".repeat(GAP));
        }
        line.push_span(Span::styled(curve.glyph, curve.style));
        line.push_span(Span::styled(name, theme.styles.dim));
    }
    lines.push(line);
    lines
}

/// The ends of the axis: room above and below what the losses reach, and a span that noise does not fill; none where no loss is a number.
fn bounds(losses: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    let ends = (f64::INFINITY, f64::NEG_INFINITY);
    let (low, high) =
        losses.filter(|loss| loss.is_finite()).fold(ends, |(low, high), loss| (low.min(loss), high.max(loss)));
    let margin = ((high - low) * 0.08).max((MIN_SPAN - (high - low)) / 2.0);
    (low <= high).then(|| [(low - margin).max(0.0), high + margin])
}

fn datasets<'a>(theme: &Theme, curve: &'a Series) -> Vec<Dataset<'a>> {
    let set =
        |marker, graph| Dataset::default().marker(marker).graph_type(graph).style(curve.style).data(&curve.points);
    let line = || set(theme.glyphs.marker, GraphType::Line);
    let marks = || set(curve.glyph.chars().next().map_or(Marker::Dot, Marker::Custom), GraphType::Scatter);
    match curve.stroke {
        Stroke::Dots => vec![set(theme.glyphs.marker, GraphType::Scatter)],
        Stroke::Line => vec![line()],
        Stroke::MarkedLine => vec![line(), marks()],
        Stroke::Marks => vec![marks()],
    }
}
