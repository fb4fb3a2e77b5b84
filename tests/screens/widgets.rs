//! The pieces that screens are drawn with: tracks and bars, the picture of axes, lists, and text within a width.

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use xpert::ui::format::{fit, fit_end, lines, one_line, pad};
use xpert::ui::theme::Theme;
use xpert::ui::widgets::{
    AxisPicture, AxisRow, ListPlace, Series, Stroke, Track, gauge, largest, loss_chart, signed_gauge,
};

fn text(spans: &[Span<'_>]) -> String {
    spans.iter().map(|span| span.content.as_ref()).collect()
}

#[test]
fn marks_lie_where_they_should() {
    let theme = Theme::shipped(true, false).unwrap();
    let track = Track::new(&theme, 11).span(0.2, 0.6, "=", theme.styles.dim).mark(0.4, "#", theme.styles.user);
    assert_eq!(text(&track.mark(1.0, "o", theme.styles.base).spans()), "--==#==---o");
    assert_eq!(text(&gauge(&theme, 10, 0.25, theme.styles.good)), "###.......");
    let signed = |value| text(&signed_gauge(&theme, 11, value, -1.0, theme.styles.good));
    assert_eq!((signed(0.4), signed(-0.6)), ("-----|##---".into(), "--###|-----".into()));
}

proptest! {
    #[test]
    fn no_number_breaks_bars(width in 0usize..40, a in any::<f64>(), b in any::<f64>()) {
        let theme = Theme::shipped(true, false).unwrap();
        let track = Track::new(&theme, width).span(a, b, "=", theme.styles.dim).mark(a, "#", theme.styles.user);
        prop_assert_eq!(text(&track.spans()).len(), width);
        prop_assert_eq!(text(&gauge(&theme, width, a, theme.styles.good)).len(), width);
    }
}

#[test]
fn the_ends_of_bars_are_finite_and_never_zero() {
    assert_eq!(largest([0.5, -2.0, f64::NAN].into_iter()), 2.0);
    assert!(largest(std::iter::empty()) > 0.0);
}

fn axis(user: f64, population: Option<[f64; 2]>) -> AxisRow<'static> {
    AxisRow { low: "casual", high: "formal", user, interval: [user - 0.5, user + 0.5], model: None, population }
}

#[test]
fn the_base_is_one_column_and_nothing_stands_at_an_edge() {
    let theme = Theme::shipped(true, false).unwrap();
    let rows = [axis(-4.0, Some([-3.0, 2.0])), axis(1.5, Some([-1.0, 5.0])), axis(2.0, None).with_model(3.0)];
    let picture = AxisPicture::new(&theme, 60, &rows);
    let drawn = rows.map(|row| text(&picture.row(&row, theme.styles.text)));
    let base = drawn.each_ref().map(|row| row.find('|'));
    assert!(base[0].is_some() && base.iter().all(|place| *place == base[0]), "{drawn:?}");
    for (row, drawn) in rows.iter().zip(&drawn) {
        assert_eq!(drawn.width(), 60);
        let track = drawn.trim_start_matches("casual ").trim_end_matches(" formal");
        assert!(track.starts_with('-') && track.ends_with('-'), "{drawn}");
        assert_eq!(track.contains('.'), row.population.is_some());
        assert_eq!(track.contains('x'), row.model.is_some());
    }
    assert_eq!(
        [(5, 13), (5, 12), (5, 9), (5, 8), (0, 0)].map(|(rows, lines)| AxisPicture::spacing(rows, lines)),
        [3, 2, 2, 1, 1]
    );
    let numbered = picture.with_numbers();
    assert!(text(&numbered.row(&rows[2], theme.styles.text)).ends_with("  +2.0  +3.0"));
    assert!(text(&numbered.legend("you", "warm")).starts_with("# you  x warm  | base model"));
}

proptest! {
    #[test]
    fn no_number_breaks_the_picture(width in 0usize..90, a in any::<f64>(), b in any::<f64>()) {
        let theme = Theme::shipped(true, true).unwrap();
        let rows = [axis(a, Some([b, a])), axis(b, None).with_model(a)];
        let picture = AxisPicture::new(&theme, width, &rows);
        for row in &rows {
            prop_assert!(text(&picture.row(row, theme.styles.text)).width() <= width.max(2 * (6 + 1)));
        }
        prop_assert!(text(&picture.legend("you", "it")).trim_end().width() <= width);
    }
}

/// The labels of the axis of a chart of these losses, from the top down.
fn labels(losses: &[(usize, f64)]) -> Vec<f64> {
    let theme = Theme::shipped(true, true).unwrap();
    let curves = [Series::new("loss", losses, "o", theme.styles.user, Stroke::Line)];
    let Ok(mut terminal) = Terminal::new(TestBackend::new(40, 12));
    let Ok(_) = terminal.draw(|frame| loss_chart(&theme, frame, frame.area(), &curves, 10));
    let label = |row: &[Cell]| {
        let row: String = row.iter().map(Cell::symbol).collect();
        row.split('│').next()?.trim().parse().ok()
    };
    terminal.backend().buffer().content.chunks(40).filter_map(label).collect()
}

#[test]
fn noise_does_not_fill_the_axis() {
    let [high, _, low] = labels(&[(0, 3.35), (1, 3.63), (2, f64::NAN)])[..] else { panic!("three labels") };
    assert!((high - low - 0.8).abs() < 0.02, "{low} to {high}");
    let [high, _, low] = labels(&[(0, 1.0), (1, 5.0)])[..] else { panic!("three labels") };
    assert!(low < 1.0 && high > 5.0);
    assert!(labels(&[(0, f64::NAN)]).is_empty());
    assert_eq!(labels(&[(0, 0.1)])[2], 0.0, "no loss is negative");
}

/// The rows that are shown of a list of so many where the first was `before`.
fn window(before: usize, length: usize, cursor: usize, rows: u16) -> Vec<usize> {
    let at = |before: Option<&ListPlace>, length, cursor, rows| {
        ListPlace::around(before, length, cursor, Rect::new(0, 0, 10, rows))
    };
    let earlier = at(None, before + 1, before, 1);
    at(Some(&earlier), length, cursor, rows).rows().map(|(row, _)| row).collect()
}

#[test]
fn the_cursor_is_always_in_the_window() {
    assert_eq!(window(0, 6, 0, 10), [0, 1, 2, 3, 4, 5]);
    assert_eq!(window(0, 6, 0, 3), [0, 1, 2]);
    assert_eq!(window(0, 6, 4, 3), [2, 3, 4]);
    assert_eq!(window(0, 6, 5, 3), [3, 4, 5]);
    assert!(window(0, 0, 0, 3).is_empty() && window(0, 6, 5, 0).is_empty());
}

#[test]
fn the_window_moves_only_where_it_must() {
    assert_eq!(window(2, 6, 3, 3), [2, 3, 4], "the cursor is in it");
    assert_eq!(window(2, 6, 1, 3), [1, 2, 3], "above it");
    assert_eq!(window(2, 6, 5, 3), [3, 4, 5], "below it");
    assert_eq!(window(2, 6, 3, 5), [1, 2, 3, 4, 5], "there is more room");
    assert_eq!(window(9, 4, 3, 3), [1, 2, 3], "there are fewer rows");
    assert!(window(9, 0, 0, 3).is_empty());
}

#[test]
fn a_cell_belongs_to_the_row_that_is_drawn_there() {
    let place = ListPlace::around(None, 6, 4, Rect::new(2, 5, 10, 3));
    let drawn: Vec<_> = place.rows().map(|(row, area)| (row, area.y)).collect();
    assert_eq!(drawn, [(2, 5), (3, 6), (4, 7)]);
    assert_eq!(place.hidden(6), (2, 1));
    assert_eq!([place.row_at(2, 5), place.row_at(11, 7)], [Some(2), Some(4)]);
    assert_eq!([place.row_at(1, 5), place.row_at(12, 5), place.row_at(2, 4), place.row_at(2, 8)], [None; 4]);
    let short = ListPlace::around(None, 2, 0, Rect::new(0, 0, 10, 5));
    assert_eq!([short.row_at(0, 1), short.row_at(0, 2)], [Some(1), None], "below the last row there is none");
}

#[test]
fn a_list_on_a_page_moves_with_it() {
    let area = Rect::new(0, 10, 8, 5);
    let drawn = |scroll| {
        let place = ListPlace::on_page(&[3, 4, 7], scroll, area);
        place.rows().map(|(row, area)| (row, area.y)).collect::<Vec<_>>()
    };
    assert_eq!(drawn(0), [(0, 13), (1, 14)]);
    assert_eq!(drawn(3), [(0, 10), (1, 11), (2, 14)], "what stands between two rows is none");
    assert_eq!(drawn(4), [(1, 10), (2, 13)]);
    assert_eq!(drawn(8), []);
}

#[test]
fn foreign_text_cannot_leave_its_line() {
    assert_eq!(one_line("a\n\tb\x1b[2J"), "a b\u{241b}[2J");
    assert_eq!(lines("a\r\nb\tc\x07"), "a\nb    c\u{2407}");
}

proptest! {
    #[test]
    fn what_is_fitted_fits(text in any::<String>(), width in 0usize..30) {
        let text = one_line(&text);
        prop_assert!(fit(&text, width).width() <= width);
        prop_assert!(fit_end(&text, width).width() <= width);
        prop_assert_eq!(pad(&text, width).width(), width);
    }
}
