//! The loss curve.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType};

use crate::ui::theme::Theme;

/// Below this a curve says nothing.
const LEAST: (u16, u16) = (24, 5);

/// A step and a loss in nats a token.
type Point = (f64, f64);

/// Loss on trained-on and on held-out texts over the steps, and the best of the latter; behind them the held-out loss of a run from
/// scratch, as far as these steps go, where there is one.
pub fn loss_chart(
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
    (train, held_out, best): (&[Point], &[Point], Option<Point>),
    scratch: &[Point],
    steps: usize,
) {
    if area.width < LEAST.0 || area.height < LEAST.1 || train.len() + held_out.len() == 0 {
        return;
    }
    let legend = Rect { height: 1, ..area };
    let plot = Rect { y: area.y + 1, height: area.height - 1, ..area };
    let mark = |text: &'static str, style| Span::styled(text, style);
    let mut legend_line = vec![
        mark(theme.glyphs.other, theme.styles.base),
        Span::styled(" held-out loss   ", theme.styles.dim),
        mark("·", theme.styles.user),
        Span::styled(" loss of each step   ", theme.styles.dim),
        mark(theme.glyphs.chosen, theme.styles.good),
        Span::styled(" best", theme.styles.dim),
    ];
    if !scratch.is_empty() {
        legend_line.push(Span::raw("   "));
        legend_line.push(mark(theme.glyphs.rule, theme.styles.other));
        legend_line.push(Span::styled(" from scratch", theme.styles.dim));
    }
    frame.render_widget(Line::from(legend_line), legend);

    let last = train.last().or(held_out.last()).map_or(0.0, |point| point.0);
    let last = last.max(steps as f64).max(1.0);
    // Held-out points are few and far between: a line joins them, and each is marked.
    let best: Vec<(f64, f64)> = best.into_iter().collect();
    let datasets = vec![
        Dataset::default()
            .marker(theme.glyphs.marker)
            .graph_type(GraphType::Line)
            .style(theme.styles.other)
            .data(scratch),
        Dataset::default()
            .marker(theme.glyphs.marker)
            .graph_type(GraphType::Scatter)
            .style(theme.styles.user)
            .data(train),
        Dataset::default()
            .marker(theme.glyphs.marker)
            .graph_type(GraphType::Line)
            .style(theme.styles.base)
            .data(held_out),
        Dataset::default()
            .marker(marker(theme.glyphs.other))
            .graph_type(GraphType::Scatter)
            .style(theme.styles.base)
            .data(held_out),
        Dataset::default()
            .marker(marker(theme.glyphs.chosen))
            .graph_type(GraphType::Scatter)
            .style(theme.styles.good)
            .data(&best),
    ];
    let losses = train.iter().chain(held_out).chain(scratch).map(|point| point.1);
    draw_plot(theme, frame, plot, datasets, losses, last);
}

/// Draws curves over the steps up to `last`, with room above and below what they reach; nothing where no loss is a number.
pub(super) fn draw_plot(
    theme: &Theme,
    frame: &mut Frame<'_>,
    area: Rect,
    curves: Vec<Dataset<'_>>,
    losses: impl Iterator<Item = f64>,
    last: f64,
) {
    let ends = (f64::INFINITY, f64::NEG_INFINITY);
    let (low, high) =
        losses.filter(|loss| loss.is_finite()).fold(ends, |(low, high), loss| (low.min(loss), high.max(loss)));
    if low > high {
        return;
    }
    let margin = ((high - low) * 0.08).max(0.02);
    let (low, high) = ((low - margin).max(0.0), high + margin);
    let styles = &theme.styles;
    let label = |value: f64| Span::styled(format!("{value:.2}"), styles.dim);
    let steps_label = |value: f64| Span::styled(format!("step {value:.0}"), styles.dim);
    let chart = Chart::new(curves)
        .x_axis(Axis::default().style(styles.rule).bounds([0.0, last]).labels([steps_label(0.0), steps_label(last)]))
        .y_axis(Axis::default().style(styles.rule).bounds([low, high]).labels([label(low), label(high)]))
        .legend_position(None);
    frame.render_widget(chart, area);
}

pub(super) fn marker(glyph: &str) -> Marker {
    glyph.chars().next().map_or(Marker::Dot, Marker::Custom)
}
