//! Whatever happens, in whatever order, the screens do not break: keys, pastes, clicks, sizes, and the ends of jobs that run or do not.

use crossterm::event::{KeyModifiers, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::harness::Harness;
use crate::scenes::{context, open, ranked};
use xpert::ui::shell::runner::Outcome;
use xpert::ui::shell::state::Msg;

/// What has broken them once is tried for ever: a seed that fails is added here.
const SEEDS: [u64; 4] = [0, 1, 2, 3];
const HAPPENINGS: usize = 50_000;
/// Of so many happenings, one is followed by a look at the screen.
const LOOK_EVERY: usize = 5;

#[derive(Clone, Debug)]
enum Wild {
    Key(String),
    Text(String),
    /// The oldest job stops or fails.
    Ended(bool),
    Size(u16, u16),
    /// A click, also where there is no cell.
    Click(u16, u16),
    Wheel(bool),
    Tick,
}

/// Every key that stands for something anywhere, and those that move within a field.
fn keys() -> Vec<String> {
    let keymap = xpert::ui::shipped_keys(&context());
    let mut keys: Vec<String> = keymap.entries().flat_map(|(_, keys)| keys.iter().map(ToString::to_string)).collect();
    keys.extend(["Backspace", "Delete", "Home", "End", "Left", "Right", "é", "漢"].map(str::to_owned));
    keys.sort();
    keys.dedup();
    keys
}

fn happen(harness: &mut Harness, happening: Wild) {
    match happening {
        Wild::Key(key) => harness.press(&key),
        Wild::Text(text) => harness.deliver(Msg::Paste(text)),
        Wild::Ended(fails) => {
            let id = harness.shell.shared.jobs.all().first().map_or(u64::MAX, |job| job.id);
            let outcome = if fails { Outcome::Failed("it \x1b[2J broke".into()) } else { Outcome::Stopped };
            harness.deliver(Msg::Job(id, outcome));
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
    harness.acts.clear();
}

/// A screen is drawn into a buffer of just its size: a cell outside it is a panic.
fn look(harness: &mut Harness) {
    let buffer = harness.draw();
    assert!(buffer.content.iter().any(|cell| cell.symbol() != " "), "something is always said");
    let raw = |symbol: &str| symbol.chars().any(|c| c.is_control() || c == '\u{202e}');
    assert!(!buffer.content.iter().any(|cell| raw(cell.symbol())), "foreign text reaches the terminal escaped");
}

fn wild() -> impl Strategy<Value = Wild> {
    prop_oneof![
        6 => prop::sample::select(keys()).prop_map(Wild::Key),
        1 => any::<String>().prop_map(Wild::Text),
        2 => any::<bool>().prop_map(Wild::Ended),
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
        let mut harness = open(80, 24);
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
    let mut harness = ranked(80, 24);
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
        assert!(told.is_ok(), "seed {seed}, happening {number}, after {last:?}");
    }
}

fn any_happening(random: &mut StdRng, keys: &[String]) -> Wild {
    match random.random_range(0..20) {
        0..=11 => Wild::Key(keys.choose(random).expect("there are keys").clone()),
        12 => Wild::Text(["a\nb", "\x1b[2J", "~/mail", "漢字 \u{202e}"].choose(random).expect("some").to_string()),
        13..=14 => Wild::Ended(random.random()),
        15 => Wild::Size(random.random_range(1..130), random.random_range(1..45)),
        16..=17 => Wild::Click(random.random_range(0..130), random.random_range(0..45)),
        18 => Wild::Wheel(random.random()),
        _ => Wild::Tick,
    }
}
