//! What a training run is planned from: its texts and batches, its settings, and what it takes. Nothing here trains.

use xpert::engine::Sequence;
use xpert::platform::digest::sha256;
use xpert::training::batches::{Cursor, distribute, micro_batches, next_batch};
use xpert::training::duplicates::groups;
use xpert::training::examples::MIN_TEXTS;
use xpert::training::plan::{MAX_STEPS, MIN_STEPS};
use xpert::training::{Example, Plan, Preset, Split, TrainingError};

fn sequences(lengths: &[usize]) -> Vec<Sequence> {
    (0u32..).zip(lengths).map(|(i, &n)| Sequence { ids: vec![i; n], reply_start: 1 }).collect()
}

#[test]
fn each_epoch_has_every_sequence_once() {
    let data = sequences(&[10; 12]);
    let mut cursor = Cursor::default();
    let mut seen = Vec::new();
    while cursor.epoch == 0 && cursor.position < 12 {
        seen.extend(next_batch(&data, 30, 7, &mut cursor));
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..12).collect::<Vec<_>>());
}

#[test]
fn a_restored_cursor_gives_the_same_batches() {
    let data = sequences(&[5, 9, 14, 3, 8, 8, 21]);
    let mut cursor = Cursor::default();
    for _ in 0..5 {
        let _ = next_batch(&data, 20, 3, &mut cursor);
    }
    let mut again = cursor;
    assert_eq!(next_batch(&data, 20, 3, &mut cursor), next_batch(&data, 20, 3, &mut again));
    assert_eq!(cursor, again);
}

#[test]
fn a_step_never_has_a_sequence_twice() {
    let data = sequences(&[5, 5]);
    assert_eq!(next_batch(&data, 1000, 1, &mut Cursor::default()).len(), 2);
}

#[test]
fn shares_are_balanced_and_complete() {
    let data = sequences(&[100, 60, 50, 10]);
    let shares = distribute(&data, &[0, 1, 2, 3], 2);
    let weights: Vec<usize> = shares.iter().map(|s| s.iter().map(|i| data[*i].ids.len()).sum()).collect();
    assert_eq!(weights.iter().sum::<usize>(), 220);
    assert!(weights.iter().all(|w| *w >= 100));
    assert_eq!(distribute(&data, &[2], 4).len(), 1);
}

#[test]
fn micro_batches_stay_under_their_limit_unless_one_sequence_exceeds_it() {
    let data = sequences(&[300, 100, 200, 400, 600]);
    assert_eq!(micro_batches(&data, &[0, 1, 2, 3, 4], 500), vec![&[0, 1][..], &[2], &[3], &[4]]);
}

const LETTER: &str = "Dear Sam, thank you for the lovely evening on Friday, and for the soup, which was the best I have \
    had this winter. We must do it again before the snow is gone. Give my love to the children and to the dog.";

fn same(a: &str, b: &str) -> bool {
    groups(&[a, b]) == [0, 0]
}

#[test]
fn light_edits_quotes_and_copies_are_duplicates() {
    assert!(same(LETTER, &LETTER.to_uppercase().replace(',', " ;")));
    assert!(same(LETTER, &LETTER.replace("Dear Sam", "Hello Ann").replace("Friday", "Sunday")));
    let quoted =
        format!("I agree with every word of it and have nothing to add but this: {LETTER} So there it is again.");
    assert!(same(&LETTER[..120], &quoted), "a text within a longer one");
    assert!(same("Yes, please!", "yes please"));
    assert!(same("?!", "?!") && !same("?!", "..."));
}

#[test]
fn texts_with_only_a_common_phrase_or_greeting_are_distinct() {
    assert!(!same(LETTER, "Dear Sam, thank you for the parcel. It came this morning and nothing in it was broken."));
    assert!(!same("Thanks, see you soon", "Thanks, see you tomorrow"));
    assert!(!same(LETTER, ""));
}

#[test]
fn duplicates_are_transitive() {
    let words: Vec<String> = (0..60).map(|i| format!("word{i}")).collect();
    let part = |from: usize| words[from..from + 30].join(" ");
    // Each shares two thirds with the next, but the first shares nothing with the last.
    assert_eq!(groups(&[&part(0), &part(8), &part(16), &part(30), "something else"]), [0, 0, 0, 3, 4]);
}

fn example(i: usize) -> Example {
    let key = sha256(i.to_string().as_bytes());
    Example { key, prompt: Some(format!("r{i}")), reply: format!("t{i}") }
}

#[test]
fn importing_more_texts_keeps_each_on_its_side() {
    let small = Split::of((0..60).map(example).collect()).unwrap();
    let large = Split::of((0..600).map(example).collect()).unwrap();
    assert!(small.held_out.iter().all(|e| large.held_out.contains(e)));
    assert!(small.train.iter().all(|e| large.train.contains(e)));
    let share = large.held_out.len() as f64 / 600.0;
    assert!((0.08..0.17).contains(&share), "{share}");
}

#[test]
fn a_document_imported_twice_counts_once() {
    let twice: Vec<Example> = (0..20).chain(0..20).map(example).collect();
    let split = Split::of(twice).unwrap();
    assert_eq!(split.train.len() + split.held_out.len(), 20);
}

#[test]
fn near_duplicates_are_never_on_both_sides() {
    let letter = |i: usize| {
        let words: Vec<String> = (0..40).map(|k| format!("w{}", (i / 3) * 50 + k)).collect();
        format!("Number {i}: {}", words.join(" "))
    };
    let examples = (0..120).map(|i| Example { reply: letter(i), ..example(i) }).collect();
    let split = Split::of(examples).unwrap();
    assert!(split.moved > 0 && !split.held_out.is_empty());
    assert_eq!(split.train.len() + split.held_out.len(), 120);
    for held in &split.held_out {
        let body = |example: &Example| example.reply.split_once(": ").unwrap().1.to_owned();
        assert!(split.train.iter().all(|train| body(train) != body(held)));
    }
    let one = Split::of((0..20).map(|i| Example { reply: letter(0), ..example(i) }).collect());
    assert!(matches!(one, Err(TrainingError::TooFewTexts { found: 1, .. })));
}

#[test]
fn both_sides_have_texts_however_few_there_are() {
    for offset in 0..200 {
        let split = Split::of((offset..offset + MIN_TEXTS).map(example).collect()).unwrap();
        assert!(!split.train.is_empty() && !split.held_out.is_empty());
    }
    assert!(matches!(Split::of(vec![example(1)]), Err(TrainingError::TooFewTexts { found: 1, .. })));
}

#[test]
fn the_rate_rises_to_its_peak_and_decays_to_a_tenth() {
    let plan = Plan { steps: 100, warm_up: 5, learning_rate: 1e-3, ..Plan::default() };
    assert!((plan.learning_rate_at(1) - 2e-4).abs() < 1e-12);
    assert!((plan.learning_rate_at(5) - 1e-3).abs() < 1e-12);
    assert!((plan.learning_rate_at(100) - 1e-4).abs() < 1e-12);
    let falling: Vec<f64> = (5..=100).map(|step| plan.learning_rate_at(step)).collect();
    assert!(falling.windows(2).all(|pair| pair[1] < pair[0]));
}

#[test]
fn a_run_of_four_steps_has_one_warm_up_step() {
    let plan = Plan { steps: 4, ..Plan::default() };
    assert!((plan.learning_rate_at(1) - plan.learning_rate).abs() < 1e-12);
}

#[test]
fn default_steps_follow_the_amount_of_text_within_limits() {
    assert_eq!(Plan::default_steps(100, 768), MIN_STEPS);
    assert_eq!(Plan::default_steps(12_800, 768), 50);
    assert_eq!(Plan::default_steps(10_000_000, 768), MAX_STEPS);
}

#[test]
fn presets_have_one_name_and_the_former_one_is_still_read() {
    for (preset, name) in Preset::ALL.into_iter().zip(["full", "checkpointed", "last-layers"]) {
        assert_eq!((preset.to_string().as_str(), name.parse()), (name, Ok(preset)));
        assert_eq!(serde_json::to_value(preset).unwrap(), name);
        assert_eq!(serde_json::from_value::<Preset>(name.into()).unwrap(), preset);
    }
    assert_eq!("board".parse(), Ok(Preset::LastLayers));
    assert_eq!(serde_json::from_str::<Preset>("\"board\"").unwrap(), Preset::LastLayers);
    assert_eq!("fast".parse::<Preset>(), Err("presets are full, checkpointed, last-layers".into()));
}
