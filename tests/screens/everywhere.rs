//! What every screen has: help, palette, jobs, messages, settings, quitting, failures, and text that could do harm.

use crate::made_up::*;
use crate::scenes::*;
use xpert::app::train::StartPoint as Start;
use xpert::app::write::Voice;
use xpert::training::{Ending, Event as TrainEvent};
use xpert::ui::harness::Harness;
use xpert::ui::message::{Effect, Job, JobKind, Msg, Report};
use xpert::ui::model::Overlay;
use xpert::ui::screens::Screen;

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];

/// Compares the screen at every size with its pictures.
fn pictures(name: &str, mut harness: impl FnMut(u16, u16) -> Harness) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), harness(width, height).screen());
    }
}

#[test]
fn help_lists_the_keys_of_the_screen_first() {
    pictures("help", |width, height| {
        let mut harness = looked(width, height);
        harness.press("4");
        harness.press("?");
        harness
    });
    let mut harness = looked(80, 24);
    harness.press("?");
    harness.draw();
    assert!(harness.model.scroll_limit > 0);
    harness.press("PgDn");
    assert!(harness.model.scroll > 0);
    harness.press("Esc");
    assert_eq!((harness.model.overlay, harness.model.scroll), (None, 0));
}

#[test]
fn the_palette_finds_a_command_by_a_few_letters_and_does_it() {
    pictures("palette", |width, height| {
        let mut harness = ranked(width, height);
        harness.press(":");
        harness
    });
    let mut harness = ranked(80, 24);
    harness.press(":");
    assert_eq!(harness.model.overlay, Some(Overlay::Palette));
    harness.type_text("scratch");
    assert!(harness.screen().contains("from scratch"));
    harness.press("Enter");
    assert_eq!((harness.model.overlay, &harness.model.screens.train.from), (None, &Start::Scratch));
    harness.press(":");
    harness.type_text("zzzz");
    assert!(harness.screen().contains("Nothing here is called that."));
    harness.press("Enter");
    assert_eq!(harness.model.overlay, Some(Overlay::Palette), "nothing is done");
    harness.press("Esc");
    assert_eq!(harness.model.overlay, None);
}

#[test]
fn the_palette_offers_only_what_makes_sense_now() {
    use xpert::ui::action::Action;
    use xpert::ui::overlays::palette::matches;
    let offered =
        |harness: &Harness, action: Action| matches(&harness.model).iter().any(|(entry, _)| entry.action == action);
    let mut idle = ranked(80, 24);
    idle.press("4");
    assert!(offered(&idle, Action::StartTraining) && !offered(&idle, Action::PauseTraining));
    let busy = training(80, 24);
    assert!(offered(&busy, Action::PauseTraining) && !offered(&busy, Action::StartTraining));
}

#[test]
fn what_is_at_work_is_seen_and_stopped_from_anywhere() {
    let at_work = |width, height| {
        let mut harness = training(width, height);
        harness.press("1");
        harness.press("J");
        harness
    };
    pictures("jobs", at_work);
    let mut harness = at_work(80, 24);
    let id = harness.model.jobs.id(JobKind::Train).unwrap();
    harness.effects.clear();
    harness.press("x");
    assert!(matches!(harness.effects[..], [Effect::Cancel(stopped)] if stopped == id));
    assert!(harness.screen().contains("stopping"));
    harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Stopped))));
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    assert!(harness.screen().contains("Nothing is at work any more."));
}

#[test]
fn a_message_goes_by_itself_unless_it_is_bad() {
    let mut harness = ranked(80, 24);
    harness.press("Enter");
    assert!(harness.screen().contains("Training will start from"));
    for _ in 0..100 {
        harness.deliver(Msg::Tick);
    }
    assert!(harness.model.notice.is_none() && !harness.model.moves(), "nothing moves any more");
    harness.press("4");
    harness.model.status.as_mut().unwrap().base = None;
    harness.press("Enter");
    for _ in 0..1000 {
        harness.deliver(Msg::Tick);
    }
    assert!(harness.screen().contains("b fetches it"));
}

#[test]
fn a_setting_is_changed_seen_and_kept() {
    use xpert::app::doctor::{Check, Health};
    use xpert::ui::message::Setting;
    let check = |name, health, found: &str| Check { name, health, found: found.into(), remedy: None };
    let settings = |width, height| {
        let mut harness = Harness::new(width, height);
        harness.model.screens.settings.themes = ["dark", "light", "mono"].map(str::to_owned).to_vec();
        harness.model.screens.settings.file = "/home/ann/.local/share/xpert/config.toml".into();
        harness.report(JobKind::Look, Report::Looked(Box::default()));
        harness.press("8");
        harness.report(
            JobKind::Check,
            Report::Checked(vec![
                check("machine", Health::Good, "4 threads, 2 900 MiB of 3 800 MiB free"),
                check("base model", Health::Open, "not here yet: `xpert model pull` fetches it"),
                check("library", Health::Bad, "the card of warm is damaged: install XPerT again"),
            ]),
        );
        harness
    };
    pictures("settings", settings);
    let mut harness = settings(80, 24);
    harness.effects.clear();
    harness.press("Right");
    assert!(matches!(&harness.effects[0], Effect::Theme(name) if name == "light"));
    let saved = |harness: &mut Harness| match &harness.started()[..] {
        [(_, Job::Save(setting))] => setting.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(saved(&mut harness), Setting::Theme("light".into()));
    harness.press("Left");
    harness.press("Left");
    assert!(harness.screen().contains("< mono >"), "it goes round");
    harness.started();
    harness.press("Down");
    harness.press("Enter");
    assert_eq!(saved(&mut harness), Setting::Mouse(false));
    harness.press("Down");
    harness.press("Left");
    assert_eq!(saved(&mut harness), Setting::TrainingMemory(Some(4000)));
    harness.press("Right");
    assert_eq!(saved(&mut harness), Setting::TrainingMemory(None), "no limit stands between the most and the least");
    harness.press("Right");
    harness.press("Right");
    harness.started();
    assert!(harness.screen().contains("< at most 500 MiB >"));
    harness.press("Down");
    harness.press("Right");
    assert_eq!(saved(&mut harness), Setting::TrainingMinutes(Some(5.0)));
    harness.model.screens.settings.budget.minutes = Some(12.5);
    harness.press("Right");
    assert_eq!(saved(&mut harness), Setting::TrainingMinutes(Some(20.0)));
    harness.report(JobKind::Save, Report::Failed("config.toml is read-only".into()));
    assert!(harness.screen().contains("config.toml is read-only"));
}

#[test]
fn keys_of_ones_own_are_listened_to_and_shown() {
    use std::sync::Arc;
    use xpert::ui::action::Keymap;
    let mut harness = looked(80, 24);
    let own = [("quit".to_owned(), vec!["Ctrl-Q".to_owned()]), ("help".to_owned(), vec!["F2".to_owned()])];
    harness.model.keymap = Arc::new(Keymap::with(&own.into()).unwrap());
    assert!(harness.screen().ends_with("F2 help  Ctrl-Q quit"), "{}", harness.screen());
    harness.press("q");
    assert!(!harness.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
    harness.press("Ctrl-Q");
    assert!(harness.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
}

#[test]
fn quitting_asks_once_while_a_training_runs_and_waits_for_its_checkpoint() {
    for quit in ["q", "Ctrl-C"] {
        let mut harness = training(80, 24);
        harness.effects.clear();
        harness.press(quit);
        assert_eq!(harness.model.overlay, Some(Overlay::Quit));
        assert!(harness.effects.is_empty());
        harness.press("n");
        assert_eq!(harness.model.overlay, None);
        harness.press(quit);
        insta::allow_duplicates! {
            insta::assert_snapshot!("quit_80x24", harness.screen());
        }
        harness.press("y");
        assert!(matches!(harness.effects[..], [Effect::Cancel(_)]), "{:?}", harness.effects);
        harness.report(JobKind::Train, Report::Training(TrainEvent::Checkpoint { step: 12 }));
        assert!(!harness.effects.iter().any(|effect| matches!(effect, Effect::Quit)), "not before it has ended");
        harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Stopped))));
        assert!(matches!(harness.effects.last(), Some(Effect::Quit)));
    }
}

#[test]
fn an_ending_system_is_obeyed_without_a_question() {
    let mut harness = training(80, 24);
    harness.effects.clear();
    harness.deliver(Msg::Terminate);
    assert!(matches!(harness.effects[..], [Effect::Cancel(_)]));
    harness.report(JobKind::Train, Report::Failed("the disk is full".into()));
    assert!(matches!(harness.effects.last(), Some(Effect::Quit)), "a failed training ends the wait too");
    let mut idle = looked(80, 24);
    idle.effects.clear();
    idle.press("q");
    assert!(matches!(idle.effects[..], [Effect::Quit]));
}

#[test]
fn failures_are_seen_where_they_belong_and_can_be_tried_again() {
    let mut harness = looked(80, 24);
    harness.press("2");
    harness.started();
    harness.press("3");
    harness.report(JobKind::Profile, Report::Failed("the style space is damaged".into()));
    assert!(harness.screen().contains("Measuring the style failed: Style shows why."));
    harness.press("2");
    assert!(harness.screen().contains("the style space is damaged"));
    harness.started();
    harness.press("r");
    assert!(harness.started().iter().any(|(_, job)| matches!(job, Job::Profile)));
}

#[test]
fn reports_of_superseded_jobs_are_dropped() {
    let mut harness = looked(80, 24);
    harness.press("2");
    let stale = harness.model.jobs.id(JobKind::Profile).unwrap();
    harness.report(JobKind::Profile, Report::Profiled(Box::new(profile())));
    harness.deliver(Msg::Job(stale, Report::Failed("too late".into())));
    assert_eq!(harness.model.failures[Screen::Style.index()], None);
    harness.deliver(Msg::Job(999, Report::Written));
    assert!(harness.model.screens.style.profile.is_some());
}

#[test]
fn foreign_text_cannot_reach_the_terminal_raw() {
    let evil = "\x1b[2J\x1b]0;gone\x07\u{202e}abc\r\nnext";
    let mut harness = ranked(80, 24);
    harness.press("5");
    harness.press("Enter");
    harness.type_text("Hi");
    harness.press("Enter");
    harness.report(JobKind::Write, Report::Answering(Voice::Base));
    harness.report(JobKind::Write, Report::Piece(evil.into()));
    let mut screens = harness.screen();
    harness.report(JobKind::Write, Report::Failed(evil.into()));
    screens += &harness.screen();
    harness.press("1");
    harness.press("e");
    harness.deliver(Msg::Paste(evil.into()));
    screens += &harness.screen();
    assert!(!screens.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{screens:?}");
    assert!(screens.contains('\u{241b}'), "it is made visible");
}

#[test]
fn a_window_too_small_says_so_and_comes_back() {
    let mut harness = profiled(80, 24);
    let before = harness.screen();
    harness.resize(20, 5);
    assert!(words(&mut harness).contains("too small"));
    harness.resize(80, 24);
    assert_eq!(harness.screen(), before);
}

#[test]
fn every_key_in_the_command_bar_does_what_it_says() {
    use xpert::ui::action::{bar, resolve};
    let screens: [fn(u16, u16) -> Harness; 6] = [looked, profiled, ranked, training, written, |width, height| {
        let mut harness = looked(width, height);
        harness.press("e");
        harness
    }];
    for make in screens {
        let harness = make(80, 24);
        let offered = bar(&harness.model);
        assert!(!offered.is_empty());
        for (key, name, action) in offered {
            let done = resolve(&harness.model, &key.event()).map(|entry| entry.action);
            assert_eq!(done, Some(action), "{key} {name}");
        }
    }
}

#[test]
fn the_cursor_of_a_field_is_where_typing_goes_on() {
    let mut harness = looked(40, 15);
    harness.press("e");
    harness.type_text("/a/very/long/path/that/does/not/fit/here/\u{65e5}\u{672c}.txt");
    let screen = harness.screen();
    assert!(screen.contains("\u{65e5}\u{672c}.txt"), "{screen}");
}
