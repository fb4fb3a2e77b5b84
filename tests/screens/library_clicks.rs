//! The mouse on Library: a click finds the model under it, and a second one chooses it.

use super::library::{here, many, press, start};
use super::scenes::SIZES;
use crate::harness::Harness;
use xpert::app::train::StartPoint;

/// The models of the table with the rows of the screen where they stand, each named four columns from its left edge.
fn table(harness: &mut Harness, width: u16) -> Vec<(u16, String)> {
    let before = if width < 60 { 4 } else { 7 };
    let name = |line: &str| {
        let rest: String = line.chars().skip(before).collect();
        let number = rest.strip_prefix("Voice ")?.split(' ').next()?.to_owned();
        Some(format!("model-{number}"))
    };
    let screen = harness.screen();
    (0..).zip(screen.lines()).filter_map(|(row, line)| Some((row, name(line)?))).collect()
}

#[test]
fn a_click_finds_the_model_under_it_in_every_order_however_far_it_is_scrolled() {
    for (width, height) in SIZES {
        for keys in ["", ">", "> >", "> > >", "<", "> > > <", "/"] {
            for down in [0, 25, 59] {
                let mut harness = many(width, height);
                press(&mut harness, keys);
                if keys == "/" {
                    harness.type_text("1");
                    harness.press("Enter");
                }
                (0..down).for_each(|_| harness.press("Down"));
                let rows = table(&mut harness, width);
                assert!(rows.len() > 1, "{width}x{height} {}", harness.screen());
                for (row, id) in rows.iter().step_by(2) {
                    if here(&harness) != *id {
                        harness.click(8, *row);
                    }
                    assert_eq!(here(&harness), *id, "{width}x{height} {keys} {down}");
                    assert_eq!(table(&mut harness, width), rows, "the rows stay where they are");
                }
                assert_eq!(*start(&harness), StartPoint::Auto, "nothing was chosen by that");
            }
        }
    }
}

#[test]
fn a_click_beside_the_rows_or_without_the_mouse_does_nothing() {
    let mut harness = many(120, 40);
    let rows = table(&mut harness, 120);
    let (first, second) = (rows[0].0, rows[1].0);
    for (column, row) in [(0, second), (58, second), (80, second), (8, first - 1), (u16::MAX, u16::MAX)] {
        harness.click(column, row);
        assert_eq!(here(&harness), "model-0", "{column} {row}");
    }
    harness.press("M");
    harness.click(8, second);
    assert_eq!(here(&harness), "model-0");
    harness.press("M");
    harness.click(8, second);
    assert_eq!(here(&harness), "model-1");
}

#[test]
fn a_second_click_on_a_model_chooses_it_and_starts_no_training() {
    let mut harness = many(80, 24);
    (0..20).for_each(|_| harness.press("Down"));
    let (row, id) = table(&mut harness, 80)[0].clone();
    harness.click(8, row);
    harness.screen();
    harness.click(8, row);
    assert_eq!(*start(&harness), StartPoint::Library(id));
    assert!(harness.started().is_empty());
}
