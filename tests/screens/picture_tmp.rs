
use proptest::prelude::*;

use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;
use xpert::ui::theme::Theme;
use xpert::ui::widgets::*;

fn row(user: f64, population: Option<[f64; 2]>) -> AxisRow<'static> {
    AxisRow { low: "casual", high: "formal", user, interval: [user - 0.5, user + 0.5], model: None, population }
}

fn text(spans: &[Span<'_>]) -> String {
    spans.iter().map(|span| span.content.as_ref()).collect()
}

#[test]
fn the_base_is_one_column_and_nothing_stands_at_an_edge() {
    let theme = Theme::shipped(true, false).unwrap();
    let rows = [row(-4.0, Some([-3.0, 2.0])), row(1.5, Some([-1.0, 5.0])), row(2.0, None).with_model(3.0)];
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
    fn no_number_breaks_it(width in 0usize..90, a in any::<f64>(), b in any::<f64>()) {
        let theme = Theme::shipped(true, true).unwrap();
        let rows = [row(a, Some([b, a])), row(b, None).with_model(a)];
        let picture = AxisPicture::new(&theme, width, &rows);
        for row in &rows {
            prop_assert!(text(&picture.row(row, theme.styles.text)).width() <= width.max(2 * (6 + 1)));
        }
        prop_assert!(text(&picture.legend("you", "it")).trim_end().width() <= width);
    }
}
