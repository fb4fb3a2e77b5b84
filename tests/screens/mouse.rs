//! The mouse in lists: a click moves the cursor to the row under it, whatever the order and however far the list is scrolled; a second one
//! opens or selects, and nothing more than that.

use std::sync::Arc;

use crate::made_up::*;
use crate::scenes::*;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;
use xpert::app::runs::Runs;
use xpert::app::train::StartPoint as Start;
use xpert::import::{Entry, EntryKind, Folder};
use xpert::store::Found;
use xpert::ui::harness::Harness;
use xpert::ui::message::{Job, JobKind, Report, Request};
use xpert::ui::model::Overlay;
use xpert::ui::screens::import::Row;
use xpert::ui::screens::library::Pane;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];

/// The first cell that these words are drawn in, in the first row that has them.
fn cell(harness: &mut Harness, words: &str) -> (u16, u16) {
    let screen = harness.screen();
    let found = screen.lines().zip(0..).find_map(|(line, row)| Some((line.split_once(words)?.0.width(), row)));
    let (column, row) = found.unwrap_or_else(|| panic!("{words} is not drawn:\n{screen}"));
    (u16::try_from(column).unwrap(), row)
}

fn click(harness: &mut Harness, words: &str) {
    let (column, row) = cell(harness, words);
    harness.click(column, row);
}

fn press(harness: &mut Harness, keys: &str) {
    for key in keys.split_whitespace() {
        harness.press(key);
    }
}

/// Where the rows of the screen's list stand.
fn places(harness: &mut Harness) -> Vec<Rect> {
    harness.screen();
    harness.model.list.as_ref().expect("a list is drawn").rows().map(|(_, place)| place).collect()
}

/// What is drawn in each row of the screen.
fn rows(harness: &mut Harness) -> Vec<(u16, String)> {
    (0..).zip(harness.screen().lines().map(str::to_owned)).collect()
}

fn voices(width: u16, height: u16) -> Harness {
    let mut harness = looked(width, height);
    harness.press("3");
    harness.report(JobKind::Select, Report::Selected(Box::new(large_library(60))));
    harness.started();
    harness
}

fn voice(harness: &Harness) -> String {
    harness.model.screens.library.highlighted().unwrap().name.clone()
}

/// The models of the table, each with its row: their names stand four columns from its left edge.
fn table(harness: &mut Harness, width: u16) -> Vec<(u16, String)> {
    let before = if width < 60 { 4 } else { 5 };
    let name = |line: String| {
        let rest: String = line.chars().skip(before).collect();
        let number = rest.strip_prefix("Voice ")?.split(' ').next()?.to_owned();
        Some(format!("Voice {number}"))
    };
    rows(harness).into_iter().filter_map(|(row, line)| Some((row, name(line)?))).collect()
}

#[test]
fn a_click_finds_the_model_under_it_in_every_order_however_far_it_is_scrolled() {
    for (width, height) in SIZES {
        for order in ["", ">", "> >", "> > >", "<", "> > > <", "/"] {
            for down in [0, 25, 59] {
                let mut harness = voices(width, height);
                press(&mut harness, order);
                if order == "/" {
                    harness.type_text("1");
                    harness.press("Enter");
                }
                (0..down).for_each(|_| harness.press("Down"));
                let shown = table(&mut harness, width);
                assert!(shown.len() > 3, "{}", harness.screen());
                for (row, name) in shown.iter().step_by(2) {
                    harness.model.scroll = 1;
                    if voice(&harness) != *name {
                        harness.click(8, *row);
                        assert_eq!(harness.model.scroll, 0, "what is said of it begins at its top");
                    }
                    assert_eq!(voice(&harness), *name, "{width}x{height} {order} {down}");
                    assert_eq!(table(&mut harness, width), shown, "the rows stay where they are");
                }
                assert_eq!(harness.model.screens.train.from, Start::Auto, "nothing was chosen by that");
            }
        }
    }
}

#[test]
fn a_second_click_on_a_model_starts_from_it_and_no_training() {
    let mut harness = voices(80, 24);
    (0..20).for_each(|_| harness.press("Down"));
    let (column, row) = cell(&mut harness, "Voice 15");
    harness.click(column, row);
    harness.screen();
    harness.click(column, row);
    assert_eq!(harness.model.screens.train.from, Start::Library("model-15".into()));
    assert!(harness.started().is_empty());
}

#[test]
fn while_a_blend_is_built_only_its_parts_move() {
    let mut harness = looked(80, 24);
    let (selected, basis) = library();
    harness.press("3");
    harness.report(JobKind::Select, Report::Basis(Arc::new(basis)));
    harness.report(JobKind::Select, Report::Selected(Box::new(selected)));
    press(&mut harness, "Space Down Space b");
    assert!(matches!(harness.model.screens.library.pane, Pane::Blend(_)), "{}", harness.screen());
    let here = voice(&harness);
    for name in ["Warm and", "Technical"] {
        click(&mut harness, name);
        assert_eq!(voice(&harness), here);
    }
    assert_eq!(harness.model.screens.train.from, Start::Auto);
}

#[test]
fn a_click_finds_the_axis_under_it_in_every_pane() {
    for (width, height) in SIZES {
        for (key, parts) in [("", None), ("c", Some(by_source())), ("t", Some(by_time()))] {
            let mut harness = profiled(width, height);
            press(&mut harness, key);
            if let Some(parts) = parts {
                harness.report(JobKind::Parts, Report::Parted(Box::new(parts)));
            }
            harness.started();
            let poles: Vec<String> = profile().axes.into_iter().map(|score| score.axis.low).collect();
            let mut seen = 0;
            for (axis, pole) in poles.iter().enumerate().rev() {
                // A mark or two, and then the pole begins its row.
                let begins =
                    |line: &str| line.trim_start_matches(|c: char| !c.is_ascii_alphabetic()).starts_with(&pole[..5]);
                let drawn = rows(&mut harness);
                let Some((row, line)) = drawn.iter().find(|(_, line)| begins(line)) else { continue };
                harness.click(6, *row);
                assert_eq!(harness.model.screens.style.cursor, axis, "{width}x{height} {key}: {line}");
                seen += 1;
            }
            assert!(seen > 3, "{}", harness.screen());
            let before = harness.model.screens.style.cursor;
            harness.screen();
            let (column, row) = (6, places(&mut harness)[0].y - 1);
            harness.click(column, row);
            harness.click(0, height - 2);
            assert_eq!(harness.model.screens.style.cursor, before, "no axis stands there");
            assert!(harness.started().is_empty());
        }
    }
}

#[test]
fn a_click_finds_the_run_under_it_and_never_puts_one_in_use() {
    for (width, height) in SIZES {
        let mut harness = looked(width, height);
        harness.press("7");
        let runs = (1..=30).rev().map(|number| run(number, number == 30)).collect();
        harness.report(JobKind::Runs, Report::Runs(Arc::new(Runs { runs, problems: Vec::new() })));
        harness.started();
        let number = |harness: &Harness| harness.model.screens.runs.highlighted().unwrap().number;
        for down in [0, 29] {
            (0..down).for_each(|_| harness.press("Down"));
            harness.screen();
            for place in places(&mut harness) {
                let row = place.y;
                let line = rows(&mut harness).swap_remove(usize::from(row)).1;
                let first = line.split_whitespace().find_map(|word| word.parse::<u32>().ok()).expect("its number");
                for _ in 0..2 {
                    harness.click(10, row);
                    harness.screen();
                }
                assert_eq!(number(&harness), first, "{line}");
            }
        }
        assert!(harness.started().is_empty() && harness.model.overlay.is_none());
    }
}

#[test]
fn a_click_finds_the_file_under_it_and_a_second_one_opens_it() {
    for (width, height) in SIZES {
        let mut harness = looked(width, height);
        harness.press("o");
        let file = |number| Entry { name: format!("note-{number:02}.md").into(), kind: EntryKind::File(None) };
        let folder = Entry { name: "letters".into(), kind: EntryKind::Folder };
        let entries = std::iter::once(folder).chain((1..50).map(file)).collect();
        let home = Folder { path: "/home/ann".into(), entries, hidden: 0, beyond: 0 };
        harness.report(JobKind::List, Report::Listed(Ok(Arc::new(home))));
        harness.started();
        let here = |harness: &Harness| harness.model.screens.import.picker.highlighted();
        click(&mut harness, "note-04");
        assert_eq!(here(&harness), Some(Row::Entry(4)));
        (0..30).for_each(|_| harness.press("Down"));
        for note in [33, 31, 32] {
            click(&mut harness, &format!("note-{note}"));
            assert_eq!(here(&harness), Some(Row::Entry(note)), "scrolled");
        }
        harness.type_text("4");
        harness.press("Down");
        let place = cell(&mut harness, "note-14");
        harness.press("Down");
        harness.screen();
        harness.click(place.0, place.1);
        assert_eq!(here(&harness), Some(Row::Entry(14)), "among what is found");
        harness.press("Esc");
        click(&mut harness, "letters");
        let started = harness.started();
        assert!(started.is_empty(), "{started:?}");
        click(&mut harness, "letters");
        match &harness.started()[..] {
            [(_, Job::List { folder: Some(folder), .. })] => assert!(folder.ends_with("letters")),
            other => panic!("{other:?}"),
        }
        harness.screen();
        let place = cell(&mut harness, "Looking into");
        harness.click(place.0, place.1);
        assert!(harness.started().is_empty(), "there is no row yet");
    }
}

#[test]
fn a_click_finds_the_conversation_under_it_and_a_second_one_opens_it() {
    for (width, height) in SIZES {
        let mut harness = written(width, height);
        harness.press("o");
        let several = |id| {
            let mut one: Found = found().swap_remove(0);
            (one.summary.id, one.summary.title) = (id, format!("Talk {id}."));
            one
        };
        harness.report(JobKind::Conversations, Report::Conversations((1..=50).map(several).collect()));
        harness.started();
        let here = |harness: &Harness| harness.model.screens.write.list.highlighted().unwrap().1.summary.id;
        click(&mut harness, "Talk 5.");
        assert_eq!(here(&harness), 5);
        (0..35).for_each(|_| harness.press("Down"));
        for id in [39, 36] {
            click(&mut harness, &format!("Talk {id}."));
            assert_eq!(here(&harness), id, "scrolled");
        }
        assert!(harness.started().is_empty());
        click(&mut harness, "Talk 36.");
        assert!(matches!(harness.started()[..], [(_, Job::Conversation(Request::Open(36)))]));
    }
}

#[test]
fn a_click_finds_the_setting_under_it_and_changes_none() {
    for (width, height) in SIZES {
        let mut harness = looked(width, height);
        harness.press("8");
        harness.started();
        harness.effects.clear();
        for _ in 0..2 {
            click(&mut harness, "Mouse ");
            assert_eq!(harness.model.screens.settings.cursor, 1);
        }
        click(&mut harness, "Theme");
        assert_eq!(harness.model.screens.settings.cursor, 0);
        for between in ["What a training may use", "base model"] {
            click(&mut harness, between);
            assert_eq!(harness.model.screens.settings.cursor, 0, "{between}");
        }
        click(&mut harness, "Memory");
        assert_eq!(harness.model.screens.settings.cursor, 2);
        assert!(harness.model.mouse && harness.effects.is_empty());
    }
}

#[test]
fn what_lies_over_a_screen_has_its_own_rows() {
    let mut harness = training(80, 24);
    harness.press("3");
    harness.press("J");
    harness.report(JobKind::Train, Report::Phase("still".into()));
    harness.effects.clear();
    click(&mut harness, "Training");
    click(&mut harness, "Training");
    assert!(harness.effects.is_empty(), "a click stops nothing");
    harness.press("Esc");
    harness.press(":");
    click(&mut harness, "sort");
    let highlighted = harness.screen().lines().find(|line| line.contains("sort")).unwrap().to_owned();
    assert!(highlighted.contains(harness.theme.glyphs.cursor), "{highlighted}");
    click(&mut harness, "sort by");
    assert_eq!((harness.model.overlay, harness.model.screens.library.cursor), (Some(Overlay::Palette), 0));
    harness.press("Esc");
    let second = places(&mut harness)[1];
    let (column, row) = (second.x + 5, second.y);
    for over in ["?", ":"] {
        harness.press(over);
        harness.click(column, row);
        harness.screen();
        harness.press("Esc");
        assert_eq!(harness.model.screens.library.cursor, 0, "what is covered is not meant");
    }
}

#[test]
fn a_click_beside_the_rows_or_with_the_mouse_switched_off_does_nothing() {
    let mut harness = ranked(120, 40);
    let drawn = places(&mut harness);
    let (first, second, last) = (drawn[0], drawn[1], drawn[drawn.len() - 1]);
    harness.effects.clear();
    for (column, row) in
        [(second.right(), second.y), (0, second.y), (first.x, first.y - 1), (last.x, last.y + 1), (u16::MAX, u16::MAX)]
    {
        harness.click(column, row);
    }
    assert!(harness.effects.is_empty() && harness.model.screens.library.cursor == 0);
    harness.press("M");
    harness.effects.clear();
    harness.click(second.x, second.y);
    click(&mut harness, "Style");
    assert!(harness.effects.is_empty() && harness.model.screens.library.cursor == 0);
    harness.press("M");
    harness.click(second.x, second.y);
    assert_eq!(harness.model.screens.library.cursor, 1);
}
