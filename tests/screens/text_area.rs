//! The field of several lines: wrapping, keys, pasted text, and which rows are seen.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Cell;
use ratatui::layout::Rect;

use xpert::ui::theme::Theme;
use xpert::ui::widgets::TextArea;

fn press(area: &mut TextArea, width: usize, keys: &[&str]) {
    for name in keys {
        let (name, modifiers) =
            name.strip_prefix("Ctrl-").map_or((*name, KeyModifiers::NONE), |name| (name, KeyModifiers::CONTROL));
        let code = match name {
            "Up" => KeyCode::Up,
            "Down" => KeyCode::Down,
            "Left" => KeyCode::Left,
            "Right" => KeyCode::Right,
            "Home" => KeyCode::Home,
            "End" => KeyCode::End,
            "Backspace" => KeyCode::Backspace,
            "Delete" => KeyCode::Delete,
            character => KeyCode::Char(character.chars().next().unwrap()),
        };
        area.handle(&KeyEvent::new(code, modifiers), width);
    }
}

/// The rows that are seen in a place so wide, without the blanks at their ends.
fn shown(area: &TextArea, width: usize) -> Vec<String> {
    let theme = Theme::shipped(true, true).unwrap();
    let (columns, rows) = (u16::try_from(width).unwrap(), u16::try_from(area.height(width)).unwrap());
    let Ok(mut terminal) = Terminal::new(TestBackend::new(columns.max(1), rows));
    let Ok(_) = terminal.draw(|frame| area.draw(&theme, frame, Rect::new(0, 0, columns, rows), true));
    let cells = &terminal.backend().buffer().content;
    // The cell behind a wide character is empty.
    let row = |row: &[Cell]| {
        row.iter()
            .map(Cell::symbol)
            .collect::<String>()
            .trim_end()
            .replace("日 ", "日")
            .replace("本 ", "本")
            .replace("語 ", "語")
    };
    cells.chunks(width.max(1)).map(row).collect()
}

/// What stands behind the cursor.
fn behind(area: &TextArea) -> String {
    let mut marked = area.clone();
    marked.insert("|");
    marked.value().split_once('|').unwrap().1.to_owned()
}

#[test]
fn text_is_wrapped_between_words_and_long_words_within() {
    let area = TextArea::from("one two three\n\nextraordinarily 日本語");
    assert_eq!(shown(&area, 9), ["one two", "three", "", "extraord", "inarily", "日本語"]);
    assert_eq!(shown(&area, 4), ["one", "two", "thr", "ee", "", "ext", "rao", "rdi", "nar", "ily", "日", "本", "語"]);
    assert_eq!(shown(&TextArea::default(), 9), [""]);
}

#[test]
fn keys_insert_delete_and_move() {
    let mut area = TextArea::from("Dear Ann");
    press(&mut area, 40, &["Ctrl-j", "H", "i", "Left", "Backspace", "Home", "O", "End", "!"]);
    assert_eq!(area.value(), "Dear Ann\nOi!");
    press(&mut area, 40, &["Up", "Ctrl-w"]);
    assert_eq!(area.value(), "r Ann\nOi!", "the word to the left goes");
    press(&mut area, 40, &["End", "Delete", "Ctrl-u"]);
    assert_eq!(area.value(), "Oi!");
    press(&mut area, 40, &["Right", "Ctrl-k"]);
    assert_eq!(area.value(), "O");
}

#[test]
fn up_and_down_keep_to_their_column_over_wrapped_rows() {
    let mut area = TextArea::from("one two three\nx\nfour five");
    assert!(area.is_on_last_row(9) && !area.is_on_first_row(9));
    let places = ["Up", "Up", "Up", "Up"].map(|key| {
        press(&mut area, 9, &[key]);
        behind(&area)
    });
    assert_eq!(places, [" five", "\nfour five", "e\nx\nfour five", "two three\nx\nfour five"]);
    assert!(area.is_on_first_row(9));
}

#[test]
fn pasted_text_stays_as_it_is_but_for_what_would_harm() {
    let mut area = TextArea::from("[]");
    press(&mut area, 40, &["Left"]);
    area.insert("a\r\nb\tc\u{1b}[31m\rd");
    assert_eq!(area.value(), "[a\nb    c[31m\nd]");
}

#[test]
fn the_rows_around_the_cursor_are_shown() {
    let mut area = TextArea::from("1\n2\n3\n4\n5\n6\n7");
    let place = Rect::new(0, 0, 10, 3);
    assert_eq!(area.hidden(place), (4, 0));
    press(&mut area, 10, &["Up", "Up", "Up"]);
    assert_eq!(area.hidden(place), (2, 2));
    press(&mut area, 10, &["Up", "Up", "Up"]);
    assert_eq!(area.hidden(place), (0, 4));
}

proptest! {
    #[test]
    fn no_text_and_no_key_breaks_it(text in any::<String>(), width in 0usize..20, keys in prop::collection::vec(0usize..12, 0..30)) {
        const KEYS: [&str; 12] = ["Up", "Down", "Left", "Right", "Home", "End", "Backspace", "Delete", "Ctrl-w", "Ctrl-u", "Ctrl-j", "x"];
        let mut area = TextArea::from(text.as_str());
        for key in keys {
            press(&mut area, width, &[KEYS[key]]);
            prop_assert_eq!(shown(&area, width).len(), area.height(width));
            let (above, below) = area.hidden(Rect::new(0, 0, u16::try_from(width).unwrap(), 2));
            prop_assert_eq!(above + below + area.height(width).min(2), area.height(width));
        }
    }

    #[test]
    fn every_character_is_seen(text in "([a-eé日]{1,9}[ \n]){0,12}", width in 3usize..20) {
        let seen = shown(&TextArea::from(text.as_str()), width).concat();
        let characters = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(characters(&seen), characters(&text));
    }
}
