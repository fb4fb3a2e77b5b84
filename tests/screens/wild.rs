//! Whatever happens, in whatever order, the screens do not break: keys, pastes, clicks, sizes, and reports of jobs that run or do not.

use std::sync::Arc;

use crate::made_up::*;
use crossterm::event::{KeyModifiers, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use xpert::app::runs::Curve;
use xpert::app::write::Voice;
use xpert::engine::StopReason;
use xpert::import::ScanProgress;
use xpert::models::Event as FetchEvent;
use xpert::store::Added;
use xpert::training::Ending;
use xpert::ui::action::TABLE;
use xpert::ui::harness::Harness;
use xpert::ui::message::{JobKind, Msg, Report, RunChange};

/// What has broken them once is tried for ever: a seed that fails is added here.
const SEEDS: [u64; 4] = [0, 1, 2, 3];
const HAPPENINGS: usize = 100_000;
/// Of so many happenings, one is followed by a look at the screen.
const LOOK_EVERY: usize = 5;

#[derive(Clone, Debug)]
enum Wild {
    Key(String),
    Text(String),
    Report(usize),
    Size(u16, u16),
    /// A click, also where there is no cell.
    Click(u16, u16),
    Wheel(bool),
    Tick,
}

/// Every key that stands for something anywhere, and those that move within a field.
fn keys() -> Vec<String> {
    let mut keys: Vec<String> = TABLE.iter().flat_map(|entry| entry.keys.iter().map(ToString::to_string)).collect();
    keys.extend(["Backspace", "Delete", "Home", "End", "Left", "Right", "é", "漢"].map(str::to_owned));
    keys.sort();
    keys.dedup();
    keys
}

fn happen(harness: &mut Harness, happening: Wild) {
    match happening {
        Wild::Key(key) => harness.press(&key),
        Wild::Text(text) => harness.deliver(Msg::Paste(text)),
        Wild::Report(number) => {
            let (kind, report) = any_report(number);
            if harness.model.jobs.is_running(kind) {
                harness.report(kind, report);
            } else {
                harness.deliver(Msg::Job(u64::MAX, report));
            }
        }
        Wild::Size(width, height) => harness.resize(width, height),
        Wild::Click(column, row) => harness.click(column, row),
        Wild::Wheel(down) => {
            let kind = if down { MouseEventKind::ScrollDown } else { MouseEventKind::ScrollUp };
            harness.deliver(Msg::Mouse(MouseEvent { kind, column: 5, row: 5, modifiers: KeyModifiers::NONE }));
        }
        Wild::Tick => harness.deliver(Msg::Tick),
    }
    // Nobody performs them here.
    harness.effects.clear();
}

/// A screen is drawn into a buffer of just its size: a cell outside it is a panic.
fn look(harness: &mut Harness) {
    let buffer = harness.draw();
    assert!(buffer.content.iter().any(|cell| cell.symbol() != " "), "something is always said");
}

fn wild() -> impl Strategy<Value = Wild> {
    prop_oneof![
        6 => prop::sample::select(keys()).prop_map(Wild::Key),
        1 => any::<String>().prop_map(Wild::Text),
        4 => (0usize..64).prop_map(Wild::Report),
        1 => (1u16..130, 1u16..45).prop_map(|(width, height)| Wild::Size(width, height)),
        2 => (0u16..130, 0u16..45).prop_map(|(column, row)| Wild::Click(column, row)),
        1 => any::<(u16, u16)>().prop_map(|(column, row)| Wild::Click(column, row)),
        1 => any::<bool>().prop_map(Wild::Wheel),
        1 => Just(Wild::Tick),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn short_stories_end_well(happenings in prop::collection::vec(wild(), 1..60)) {
        let mut harness = Harness::new(80, 24);
        for happening in happenings {
            happen(&mut harness, happening);
            look(&mut harness);
        }
    }
}

#[test]
fn long_stories_end_well() {
    let keys = keys();
    std::thread::scope(|scope| {
        for seed in SEEDS {
            let keys = &keys;
            scope.spawn(move || long_story(seed, keys));
        }
    });
}

/// One person at one terminal for [`HAPPENINGS`]. The last things that happened are told where it breaks.
fn long_story(seed: u64, keys: &[String]) {
    let random = &mut StdRng::seed_from_u64(seed);
    let mut harness = Harness::new(80, 24);
    let mut last: Vec<String> = Vec::new();
    for number in 0..HAPPENINGS {
        let happening = any_happening(random, keys);
        last.push(format!("{happening:?}"));
        let tail = last.len().saturating_sub(12);
        last.drain(..tail);
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            happen(&mut harness, happening);
            if number % LOOK_EVERY == 0 {
                look(&mut harness);
            }
        }));
        assert!(told.is_ok(), "seed {seed}, happening {number}: {last:#?}");
    }
}

fn any_happening(random: &mut StdRng, keys: &[String]) -> Wild {
    match random.random_range(0..100) {
        0..54 => Wild::Key(keys.choose(random).expect("there are keys").clone()),
        54..59 => Wild::Click(random.random_range(0..301), random.random_range(0..81)),
        59 => Wild::Wheel(random.random()),
        60..64 => Wild::Text((0..random.random_range(0..12)).map(|_| random.random::<char>()).collect()),
        64..94 => Wild::Report(random.random_range(0..64)),
        94..96 => Wild::Size(random.random_range(1..301), random.random_range(1..81)),
        96 => Wild::Click(random.random(), random.random()),
        _ => Wild::Tick,
    }
}

/// Any of the things a job may report, right or wrong at the moment.
fn any_report(number: usize) -> (JobKind, Report) {
    let events = run_events();
    match number % 42 {
        0 => (JobKind::Look, Report::Looked(Box::new(status()))),
        1 => (JobKind::Look, Report::Looked(Box::default())),
        2 => {
            let progress = ScanProgress { file: "/home/ann/mail".into(), files_done: 0, files_total: 0, texts: 3 };
            (JobKind::Preview, Report::Reading(progress))
        }
        3 => (JobKind::Preview, Report::Found(scan())),
        4 => (JobKind::Preview, Report::Stopped),
        5 => (JobKind::Keep, Report::Kept(Added { added: 2, already_there: 0 })),
        6 => (JobKind::Profile, Report::Profiled(Box::new(profile()))),
        7 => (JobKind::Profile, Report::Profiled(Box::new(too_short()))),
        8 => (JobKind::Select, Report::Selected(Box::new(selected()))),
        9 => (JobKind::Pull, Report::Fetching(FetchEvent::Bytes { done: 5, total: Some(0) })),
        10 => (JobKind::Pull, Report::Fetching(FetchEvent::Note("the hub did not answer".into()))),
        11 => (JobKind::Pull, Report::Fetched("SmolLM2".into())),
        12 => (JobKind::Train, Report::Phase("loading the base model".into())),
        13 => (JobKind::Train, Report::Trained(Box::new(record(Ending::Stopped)))),
        14 => (JobKind::Train, Report::Trained(Box::new(record(Ending::Completed)))),
        15 => (JobKind::Write, Report::Answering(if number.is_multiple_of(2) { Voice::Base } else { Voice::Run(2) })),
        16 => (
            JobKind::Write,
            Report::Piece("Dear \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} Ann \u{65e5}\u{672c}\n\n".into()),
        ),
        17 => (
            JobKind::Write,
            Report::Answered { tokens: 0, tokens_per_s: 0.0, stop: StopReason::Length, left_out: number % 3 },
        ),
        18 => (JobKind::Write, Report::Written),
        19 => (JobKind::Write, Report::Stopped),
        20 => (JobKind::Write, Report::Failed("the model is damaged\nfetch it again".into())),
        21 => (JobKind::Train, Report::Failed("the disk is full".into())),
        22 => (JobKind::Write, Report::Order(vec![Voice::Library("warm".into()), Voice::Base])),
        30 => (JobKind::Preview, Report::Languages(vec![("German", 3), ("French", 1)])),
        29 => (JobKind::Forecast, Report::Forecast(Box::new(forecast()))),
        23 => (JobKind::Score, Report::Scored(scores())),
        24 => (JobKind::Judge, Report::Judged(vec![tally(1, 3)])),
        25 => {
            (JobKind::Conversations, Report::Conversations(if number.is_multiple_of(2) { found() } else { Vec::new() }))
        }
        26 => (JobKind::Conversation, Report::ConversationKept(3)),
        27 => (JobKind::Conversation, Report::Opened(Box::new(conversation()))),
        28 => (JobKind::Conversation, Report::Deleted { id: 3, title: "Say hello to Ann.".into() }),
        31 => (JobKind::Parts, Report::Parted(Box::new(by_source()))),
        32 => (JobKind::Parts, Report::Parted(Box::new(by_time()))),
        33 => (JobKind::Parts, Report::Parted(Box::new(one_source()))),
        38 => {
            (JobKind::Train, Report::Reference(Curve { held_out: vec![(0, f64::NAN), (900, 1e9)], ..Curve::default() }))
        }
        34 => (JobKind::Runs, Report::Runs(runs())),
        35 => (JobKind::Runs, Report::Runs(Arc::default())),
        39 => (JobKind::Look, Report::Looked(Box::new(status_with_runs(&[4, 2])))),
        36 => (JobKind::ChangeRun, Report::RunChanged(RunChange::Use, Box::new(run(2, false)))),
        37 => (JobKind::ChangeRun, Report::RunChanged(RunChange::Delete, Box::new(run(7, false)))),
        _ => {
            let event = events[number % events.len()].clone();
            (JobKind::Train, Report::Training(event))
        }
    }
}
