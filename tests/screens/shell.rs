//! The shell by itself, with a made-up screen: help, palette, jobs, messages, questions, focus, mouse, keys of one's own, quitting.

use std::path::Path;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent, MouseEventKind};
use ratatui::style::Color;

use crate::dummy::{Count, Dummy};
use crate::harness::{Harness, load_theme, pressed};
use crate::made_up::status;
use crate::scenes::{context, words};
use xpert::ui::screens::settings::{Examine, Settings};
use xpert::ui::shell::data::Look;
use xpert::ui::shell::keys::{Key, Keymap, char};
use xpert::ui::shell::runner::Shutdown;
use xpert::ui::shell::screen::AnyScreen;
use xpert::ui::shell::state::{Act, Msg};
use xpert::ui::shell::table::table;
use xpert::ui::theme::Theme;

fn screens() -> Vec<Box<dyn AnyScreen>> {
    vec![Box::<Dummy>::default(), Box::new(Settings::new(&context(), "default"))]
}

fn shell(width: u16, height: u16) -> Harness {
    let mut harness = Harness::new(screens(), None, (width, height));
    harness.finish::<Look>(status());
    harness.acts.clear();
    harness
}

fn dummy(harness: &Harness) -> &Dummy {
    harness.screen_of()
}

fn quits(harness: &Harness) -> Option<Shutdown> {
    harness.acts.iter().find_map(|act| if let Act::Quit(shutdown) = act { Some(*shutdown) } else { None })
}

#[test]
fn help_lists_the_keys_of_the_screen_first_and_scrolls_by_itself() {
    let mut harness = shell(80, 24);
    let behind = harness.screen();
    harness.press("?");
    let help = harness.screen();
    let (own, everywhere) = (help.find("count to three"), help.find("On every screen"));
    assert!(
        help.contains("Dummy: counts to three.") && own.is_some() && own < everywhere.or(Some(usize::MAX)),
        "{help}"
    );
    assert!(help.contains(" more ╯"), "the border counts the rows below: {help}");
    harness.press("PgDn");
    assert_ne!(harness.screen(), help);
    for _ in 0..30 {
        harness.press("PgDn");
    }
    assert!(harness.screen().contains("At any time"), "the last of it can be read");
    harness.press("Esc");
    assert_eq!(harness.screen(), behind, "the page behind did not scroll");
}

#[test]
fn what_lies_over_a_screen_counts_the_rows_that_it_hides() {
    let mut harness = shell(40, 12);
    for (open, down, close) in [("?", "PgDn", "Esc"), (":", "Down", "Esc")] {
        harness.press(open);
        assert!(harness.screen().contains(" more ╯"), "{}", harness.screen());
        for _ in 0..60 {
            harness.press(down);
        }
        assert!(harness.screen().contains(" above ╯"), "{}", harness.screen());
        harness.press(close);
    }
}

#[test]
fn the_palette_finds_names_first_and_what_destroys_last() {
    let mut harness = shell(80, 24);
    harness.press(":");
    harness.type_text("open");
    let shown = harness.screen();
    assert!(shown.find("open the row") < shown.find("open nothing"), "{shown}");
    harness.press("Enter");
    assert_eq!(dummy(&harness).opened, 1);
    harness.press(":");
    harness.type_text("write");
    harness.press("Enter");
    assert!(dummy(&harness).typed.is_some(), "found by a synonym");
    harness.press("Enter");
    harness.press(":");
    harness.type_text("zzzz");
    assert!(harness.screen().contains("No command matches."));
    harness.press("Enter");
    assert!(harness.screen().contains("No command matches."), "nothing is done");
    harness.press("Esc");
    assert!(!harness.screen().contains("Commands"));
}

#[test]
fn a_few_letters_in_their_order_are_enough() {
    let mut harness = shell(80, 24);
    harness.press(":");
    assert!(harness.screen().contains("count to three"), "everything matches where nothing is typed");
    harness.type_text("frgtl");
    let shown = harness.screen();
    assert!(shown.contains("forget all") && !shown.contains("count to three"), "{shown}");
}

#[test]
fn a_job_is_watched_in_the_status_line_and_stopped_from_anywhere() {
    let mut harness = shell(120, 24);
    harness.press("c");
    harness.expect_started(&["count"]);
    harness.tell::<Count>(2);
    harness.press("2");
    harness.stopped::<Examine>();
    assert!(harness.screen().contains("counting: 2 of 3"), "{}", harness.screen());
    harness.press("J");
    assert!(words(&mut harness).contains("Counting 2 of 3"));
    let id = harness.running::<Count>();
    harness.acts.clear();
    harness.press("x");
    assert!(matches!(harness.acts[..], [Act::Cancel(stopped)] if stopped == id));
    assert!(harness.screen().contains("stopping"));
    harness.stopped::<Count>();
    assert!(harness.screen().contains("No job is running now."));
    harness.press("Esc");
    assert!(harness.screen().contains("Counting was stopped."));
}

#[test]
fn a_newer_job_replaces_an_older_one_whose_reports_are_dropped() {
    let mut harness = shell(80, 24);
    harness.press("c");
    let old = harness.running::<Count>();
    harness.press("c");
    assert!(harness.acts.iter().any(|act| matches!(act, Act::Cancel(id) if *id == old)));
    let report = xpert::ui::shell::job::Report::of::<Count>(1, false);
    harness.deliver(Msg::Job(old, xpert::ui::shell::runner::Outcome::Report(report)));
    assert_eq!(dummy(&harness).counted, 0);
    harness.finish::<Count>(3);
    assert_eq!(dummy(&harness).counted, 3);
}

#[test]
fn a_failure_is_shown_where_it_belongs_and_can_be_tried_again() {
    let mut harness = shell(80, 24);
    harness.press("c");
    harness.press("2");
    harness.fail::<Count>("There are no numbers.");
    assert!(harness.screen().contains("Counting failed: Dummy shows why."));
    harness.press("1");
    assert!(harness.screen().contains("There are no numbers."));
    harness.press("Esc");
    assert!(!harness.screen().contains("There are no numbers."));
}

#[test]
fn a_message_goes_by_itself_unless_it_is_bad() {
    let mut harness = shell(80, 24);
    harness.press("M");
    assert!(harness.screen().contains("The mouse is now left to the terminal"));
    let saving = harness.acts.iter().filter(|act| matches!(act, Act::Start { .. })).count();
    assert_eq!(saving, 1, "the setting is saved");
    for _ in 0..100 {
        harness.deliver(Msg::Tick);
    }
    assert!(harness.shell.notice.is_none());
    harness.deliver(Msg::ThemeRead(Err("line 2".into())));
    for _ in 0..1000 {
        harness.deliver(Msg::Tick);
    }
    assert!(harness.screen().contains("The theme stays as it was: line 2"));
}

#[test]
fn what_cannot_be_undone_needs_a_typed_word() {
    let mut harness = shell(80, 24);
    harness.press("D");
    harness.type_text("forge");
    harness.press("Enter");
    assert!(harness.screen().contains("Forget all?"), "not yet");
    harness.type_text("t");
    harness.press("Enter");
    assert!(harness.screen().contains("Forgotten."));
    harness.press("D");
    harness.press("Esc");
    assert!(!harness.screen().contains("Forget all?"));
}

#[test]
fn tab_moves_the_focus_and_the_arrows_go_where_it_is() {
    let mut harness = shell(80, 24);
    harness.draw();
    harness.press("Down");
    assert_eq!(dummy(&harness).row, 0, "the page scrolls");
    assert!(harness.screen().contains("above"), "{}", harness.screen());
    harness.press("Tab");
    harness.press("Down");
    assert_eq!(dummy(&harness).row, 1);
    harness.press("Shift-Tab");
    harness.press("Up");
    assert_eq!(dummy(&harness).row, 1);
}

#[test]
fn while_typing_letters_are_text() {
    let mut harness = shell(80, 24);
    harness.press("e");
    harness.type_text("quit?");
    assert_eq!(dummy(&harness).typed.as_deref(), Some("quit?"));
    assert!(quits(&harness).is_none());
    harness.press("Esc");
    assert_eq!(dummy(&harness).typed, None);
    harness.deliver(Msg::Paste("two\nlines".into()));
    assert_eq!(dummy(&harness).typed.as_deref(), Some("two\nlines"), "a paste is given whole");
}

#[test]
fn a_click_does_what_is_drawn_there_and_a_second_one_opens() {
    let mut harness = shell(80, 24);
    let screen = harness.screen();
    let row = u16::try_from(screen.lines().position(|line| line.contains("row 3")).unwrap()).unwrap();
    harness.click(6, row);
    assert_eq!((dummy(&harness).row, dummy(&harness).opened), (3, 0));
    harness.draw();
    harness.click(6, row);
    assert_eq!(dummy(&harness).opened, 1);
    let tabs = screen.lines().next().unwrap();
    let settings = u16::try_from(tabs.find("Settings").unwrap()).unwrap();
    harness.click(settings, 0);
    assert!(harness.screen().contains("This machine"));
    let bar = harness.screen().lines().last().unwrap().to_owned();
    let quit = bar.chars().collect::<Vec<_>>().windows(4).position(|word| word.iter().collect::<String>() == "quit");
    harness.click(u16::try_from(quit.unwrap()).unwrap(), 23);
    assert!(quits(&harness).is_some());
}

#[test]
fn the_wheel_moves_as_the_arrows_do_until_the_mouse_is_the_terminals() {
    let wheel = MouseEvent { kind: MouseEventKind::ScrollDown, column: 5, row: 5, modifiers: KeyModifiers::NONE };
    let mut harness = shell(80, 24);
    harness.draw();
    harness.press("Tab");
    harness.deliver(Msg::Mouse(wheel));
    assert_eq!(dummy(&harness).row, 1);
    harness.press("M");
    harness.deliver(Msg::Mouse(wheel));
    assert_eq!(dummy(&harness).row, 1);
}

#[test]
fn keys_of_ones_own_are_heard_and_shown() {
    let own = [("quit".to_owned(), vec!["Ctrl-Q".to_owned()]), ("help".to_owned(), vec!["F2".to_owned()])];
    let keymap = Keymap::with(table(&screens()), &own.into()).unwrap();
    let mut harness = shell(80, 24);
    harness.shell.shared.keymap = Arc::new(keymap);
    assert!(harness.screen().ends_with("F2 all keys  Ctrl-Q quit"), "{}", harness.screen());
    harness.press("q");
    assert!(quits(&harness).is_none());
    harness.press("Ctrl-Q");
    assert!(quits(&harness).is_some());
}

#[test]
fn what_is_wrong_with_keys_of_ones_own_is_named() {
    let said = |pairs: &[(&str, &[&str])]| {
        let own = |(name, keys): &(&str, &[&str])| ((*name).to_owned(), keys.iter().map(ToString::to_string).collect());
        Keymap::with(table(&screens()), &pairs.iter().map(own).collect()).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(said(&[]), Ok(()));
    assert!(said(&[("next-valu", &["t"])]).unwrap_err().contains("did you mean `next-value`?"));
    assert!(said(&[("zzz", &["t"])]).unwrap_err().contains("no action is called `zzz`;"));
    assert!(said(&[("help", &["Ctrl-"])]).unwrap_err().contains("`help`: `Ctrl-` is not a valid key"));
    assert!(said(&[("help", &[])]).unwrap_err().contains("`help` has no key"));
    assert!(said(&[("stop", &["q"])]).unwrap_err().contains("q is assigned to both `stop` and `quit`"));
    assert!(said(&[("suspend", &["Enter"])]).unwrap_err().contains("Enter is assigned to both `suspend`"));
    assert_eq!(said(&[("count", &["z"]), ("check-again", &["z"])]), Ok(()), "one key may differ between screens");
}

#[test]
fn quitting_asks_while_a_long_job_runs_and_waits_for_its_end() {
    for quit in ["q", "Ctrl-C"] {
        let mut harness = shell(80, 24);
        harness.press("c");
        harness.acts.clear();
        harness.press(quit);
        assert!(harness.screen().contains("Counting is running.") && harness.acts.is_empty());
        harness.press("n");
        harness.press(quit);
        harness.press("y");
        assert!(matches!(harness.acts[..], [Act::Cancel(_)]), "{:?}", harness.acts);
        harness.stopped::<Count>();
        assert_eq!(quits(&harness), Some(Shutdown::Wait));
    }
    let mut harness = shell(80, 24);
    harness.press("c");
    harness.press("Ctrl-C");
    harness.press("Ctrl-C");
    harness.press("Ctrl-C");
    assert_eq!(quits(&harness), Some(Shutdown::Now), "whoever insists does not wait");
}

#[test]
fn an_ending_system_is_obeyed_without_a_question() {
    let mut harness = shell(80, 24);
    harness.press("c");
    harness.acts.clear();
    harness.deliver(Msg::Terminate);
    assert!(matches!(harness.acts[..], [Act::Cancel(_)]));
    harness.fail::<Count>("the disk is full");
    assert_eq!(quits(&harness), Some(Shutdown::Wait), "a failed job ends the wait too");
    let mut idle = shell(80, 24);
    idle.press("q");
    assert_eq!(quits(&idle), Some(Shutdown::Wait));
}

#[test]
fn a_window_too_small_says_so_and_comes_back() {
    let mut harness = shell(80, 24);
    let before = harness.screen();
    harness.resize(20, 5);
    assert!(words(&mut harness).contains("too small"));
    harness.resize(80, 24);
    assert_eq!(harness.screen(), before);
}

#[test]
fn every_row_of_the_table_is_named_for_the_command_bar_and_the_help() {
    let keymap = xpert::ui::shipped_keys(&context());
    for (entry, keys) in keymap.entries() {
        let row = entry.row;
        assert!(!keys.is_empty() && !row.name.is_empty() && !row.description.is_empty(), "{}", row.id);
        assert!(row.name.chars().count() <= 20, "{} is too long for the command bar", row.name);
        assert!(row.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", row.id);
    }
}

#[test]
fn no_cell_is_left_to_the_terminal_by_a_theme_with_a_background() {
    for name in Theme::names(Path::new("/nowhere")) {
        let theme = load_theme(&name, Path::new("/nowhere")).expect("a shipped theme");
        if theme.background.is_none() {
            continue;
        }
        let mut harness = shell(80, 24);
        harness.press("?");
        harness.theme = theme;
        for cell in &harness.draw().content {
            assert!(cell.fg != Color::Reset && cell.bg != Color::Reset, "{name}: {cell:?}");
        }
    }
}

#[test]
fn what_is_written_is_read_again() {
    for text in ["q", "Q", "+", "?", "é", "Ctrl-C", "F1", "F12", "Enter", "Shift-Tab", "PgDn", "Space", "Delete"] {
        let key: Key = text.parse().unwrap();
        assert_eq!(key.to_string(), text);
        assert!(key.is(&pressed(key)));
    }
    assert!("ctrl-c".parse::<Key>().is_err());
    assert_eq!("enter".parse::<Key>(), Ok(Key::plain(KeyCode::Enter)));
}

#[test]
fn an_invalid_key_is_named() {
    for text in ["", "qq", "F0", "F99", "Ctrl-", "Hyper-X", "\u{1b}"] {
        assert!(text.parse::<Key>().unwrap_err().to_string().contains(&format!("`{text}`")));
    }
}

#[test]
fn shift_and_alt_are_told_apart() {
    let shifted = KeyEvent::new(KeyCode::Char('Q'), KeyModifiers::SHIFT);
    assert!(char('Q').is(&shifted) && !char('q').is(&shifted));
    assert!(!char('q').is(&KeyEvent::new(KeyCode::Char('q'), KeyModifiers::ALT)));
}
