//! Made-up results for the screens to show.

use std::sync::Arc;

use xpert::app::basis::Basis;
use xpert::app::forecast::{Begin, Forecast};
use xpert::app::profile::{By, Part, Parts};
use xpert::app::runs::Record;
use xpert::app::runs::{Curve, Run, Runs};
use xpert::app::select::Selected;
use xpert::import::{DropReason, FileReport, Scan, SkipReason};
use xpert::selection::{AxisPair, Candidate, Card, Choice, ChoiceKind, Signature, UserStyle, rank};
use xpert::store::{Document, Format, SourceSummary, Summary};
use xpert::style::{Axis, AxisScore, ContrastWord, Estimate, Evidence, Profile, StyleSpace, StyleVector, comparative};
use xpert::training::{Ending, Event as TrainEvent, Prediction, Preset};
use xpert::ui::shell::shared::Status;

const POLES: [(&str, &str); 5] =
    [("concise", "elaborate"), ("casual", "formal"), ("simple", "expert"), ("reserved", "warm"), ("plain", "poetic")];

pub fn status() -> Status {
    Status {
        texts: Summary {
            texts: 52,
            words: 6012,
            sources: vec![SourceSummary {
                source: "/home/ann/mail/sent.mbox".into(),
                format: Format::Mbox,
                texts: 52,
                words: 6012,
            }],
            ..Summary::default()
        },
        last_import: None,
        base: Some(("SmolLM2-135M-Instruct".into(), "/models/smollm2.gguf".into())),
        wanted: ("SmolLM2-135M-Instruct".into(), "Apache-2.0".into(), 98_362_432),
        in_use: None,
        runs: Vec::new(),
        unfinished: None,
        problems: Vec::new(),
    }
}

/// The same with runs of these numbers, of which the first is in use.
pub fn status_with_runs(numbers: &[u32]) -> Status {
    let in_use = numbers.first().map(|&number| (number, record(Ending::Completed)));
    Status { in_use, runs: numbers.to_vec(), ..status() }
}

fn document(text: &str) -> Document {
    Document::new("/home/ann/mail/sent.mbox", Format::Mbox, text)
}

pub fn scan() -> Arc<Scan> {
    let file = |path: &str, format, found, kept| FileReport { path: path.into(), format, charset: None, found, kept };
    Arc::new(Scan {
        hints: Default::default(),
        documents: vec![
            document("See you at noon, then."),
            document("The gate still squeaks, alas, and the roses are out."),
        ],
        dropped: [(DropReason::TooShort, 3), (DropReason::NotMine, 12)].into(),
        skipped: [(SkipReason::Hidden, 1)].into(),
        files: vec![
            file("/home/ann/mail/sent.mbox", Format::Mbox, 17, 2),
            file("/home/ann/mail/notes.md", Format::Markdown, 0, 0),
        ],
        problems: Vec::new(),
        notes: vec!["the mail has 2 authors: only texts by Ann <ann@example.org> are used".into()],
    })
}

#[allow(clippy::cast_precision_loss)]
pub fn profile() -> Profile {
    let axes = POLES.iter().enumerate().map(|(index, (low, high))| {
        let place = 12.0 + 15.0 * index as f64;
        AxisScore {
            axis: Axis {
                id: format!("{low}-{high}"),
                low: (*low).into(),
                high: (*high).into(),
                evidence: Some(Evidence { auc: 0.91, between: "casual and formal sentences".into() }),
            },
            coefficient: (place - 50.0) / 25.0,
            interval: [(place - 58.0) / 25.0, (place - 42.0) / 25.0],
            user_percentile: place,
            user_interval: [place - 8.0, place + 8.0],
            base_percentile: 70.0 - 8.0 * index as f64,
            population: [-1.6, -0.8, 0.0, 0.8, 1.6].map(|place| place + 0.4 * index as f64 - 0.8),
            drivers: vec![xpert_driver("mean sentence length", "words per sentence", 9.4, 18.2)],
            quotes: vec!["Back at noon, bring the pump!".into()],
            sentence: format!("Your writing is {} than the base model's: shorter sentences.", comparative(low)),
        }
    });
    Profile {
        space: "1".into(),
        texts: 52,
        words: 6012,
        missing_words: 0,
        axes: axes.collect(),
        unexplained: Some(0.38),
        stability: Some(0.95),
        contrast_words: vec![
            ContrastWord { word: "honestly".into(), z: 6.1, user: 2.1, base: 0.1 },
            ContrastWord { word: "however".into(), z: -4.0, user: 0.0, base: 1.4 },
        ],
        estimate: Estimate::default(),
    }
}

fn xpert_driver(feature: &str, unit: &str, user: f64, base: f64) -> xpert::style::Driver {
    xpert::style::Driver { feature: feature.into(), unit: unit.into(), user, base, contribution: 0.4 }
}

/// The day of so many weeks after the first of January 2024.
fn week(number: i64) -> i64 {
    1_704_067_200 + number * 7 * 86_400
}

/// A part of the texts that stands at these percentiles.
pub fn part(label: &str, places: [f64; 5], (first, last): (i64, i64)) -> Part {
    let axes = profile().axes.into_iter().zip(places).map(|(score, place)| AxisScore {
        coefficient: (place - 50.0) / 25.0,
        interval: [(place - 58.0) / 25.0, (place - 42.0) / 25.0],
        user_percentile: place,
        user_interval: [place - 8.0, place + 8.0],
        ..score
    });
    Part {
        label: label.into(),
        files: 1,
        texts: 26,
        words: 3006,
        missing_words: 0,
        first: Some(week(first)),
        last: Some(week(last)),
        axes: axes.collect(),
    }
}

/// Three sources that are measured, and one that is too small.
pub fn by_source() -> Parts {
    let mail = part("sent.mbox", [12.0, 71.0, 42.0, 57.0, 72.0], (0, 40));
    let notes = Part { files: 18, ..part("notes/", [44.0, 38.0, 46.0, 57.0, 70.0], (10, 50)) };
    let chat =
        Part { texts: 5, ..part("team-chat-of-the-bicycle-workshop.jsonl", [9.0, 20.0, 30.0, 80.0, 60.0], (60, 70)) };
    let small =
        Part { texts: 3, words: 120, missing_words: 180, axes: Vec::new(), ..part("more.mbox", [0.0; 5], (3, 4)) };
    Parts::of(By::Source, vec![mail, notes, chat, small], 0)
}

pub fn one_source() -> Parts {
    Parts::of(By::Source, vec![part("sent.mbox", [12.0, 71.0, 42.0, 57.0, 72.0], (0, 40))], 0)
}

pub fn small_sources() -> Parts {
    let small = |label| Part { words: 120, missing_words: 180, axes: Vec::new(), ..part(label, [0.0; 5], (0, 1)) };
    Parts::of(By::Source, vec![part("sent.mbox", [12.0; 5], (0, 40)), small("notes/"), small("chat.jsonl")], 0)
}

/// Six spans, over which formality falls.
pub fn by_time() -> Parts {
    let span = |at: i64, places| {
        let span = part("", places, (at * 8, at * 8 + 7));
        Part { label: span.days().unwrap_or_default(), ..span }
    };
    let spans = vec![
        span(0, [12.0, 88.0, 42.0, 57.0, 72.0]),
        span(1, [15.0, 80.0, 38.0, 50.0, 70.0]),
        span(2, [10.0, 66.0, 45.0, 61.0, 75.0]),
        span(3, [18.0, 61.0, 40.0, 66.0, 71.0]),
        span(4, [20.0, 45.0, 44.0, 70.0, 66.0]),
        span(5, [21.0, 31.0, 41.0, 85.0, 69.0]),
    ];
    Parts::of(By::Time, spans, 14)
}

pub fn without_dates() -> Parts {
    Parts::of(By::Time, Vec::new(), 52)
}

pub fn too_few_dates() -> Parts {
    let only = Part { texts: 9, words: 433, ..part("2024-01-01 to 2024-02-05", [12.0; 5], (0, 5)) };
    Parts::of(By::Time, vec![only], 43)
}

pub fn too_short() -> Profile {
    Profile { texts: 3, words: 120, missing_words: 180, axes: Vec::new(), ..profile() }
}

#[allow(clippy::cast_precision_loss)]
pub fn selected() -> Selected {
    let candidate = |id: &str, name: &str, score: f64, probability: f64| Candidate {
        id: id.into(),
        name: name.into(),
        score,
        probability,
        axes: POLES
            .iter()
            .enumerate()
            .map(|(index, (low, high))| AxisPair {
                name: format!("{low}-{high}"),
                low: (*low).into(),
                high: (*high).into(),
                user: 1.5 - 0.6 * index as f64,
                user_interval: [1.2 - 0.6 * index as f64, 1.8 - 0.6 * index as f64],
                model: score * 2.0 - 0.3 * index as f64,
                contribution: score / 6.0,
            })
            .collect(),
        rest: score / 6.0,
        reason: "Like you, it is warmer (you +1.5, it +1.2; adds +0.10) than the base model.".into(),
        adapter_bytes: 1_900_000,
    };
    Selected {
        space: "made up".into(),
        cautions: Vec::new(),
        blended: None,
        explanation: None,
        axes: profile().axes,
        unexplained: Some(0.3),
        contrast_words: profile().contrast_words,
        texts: 52,
        words: 6012,
        candidates: vec![
            candidate("warm", "Warm and friendly", 0.62, 0.91),
            candidate("casual", "Casual chat", 0.41, 0.09),
            candidate("formal", "Formal and courteous", -0.37, 0.0),
        ],
        choice: Choice {
            kind: ChoiceKind::Library,
            id: Some("warm".into()),
            blend: None,
            tie: None,
            missing_words: 0,
            reason: "warm fits best (score 0.62; the closest of 3 models with a probability of 91 %)".into(),
        },
        elapsed_ms: 41.0,
    }
}

#[allow(clippy::cast_precision_loss)]
pub fn run_events() -> Vec<TrainEvent> {
    let mut events = vec![
        TrainEvent::Planned {
            preset: Preset::Full,
            method: "full (all 30 blocks are trained, 2 workers)".into(),
            why: "the fastest way with every block learning; 9,000 MiB are free on this machine".into(),
            steps: 40,
            memory_mb: 1090,
            seconds: 71.0,
            first_step_s: 1.5,
            later_step_s: 1.5,
        },
        TrainEvent::Validation { step: 0, held_out_loss: 3.41, best: true },
        TrainEvent::Started {
            from: "warm".into(),
            steps: 40,
            done: 0,
            train_texts: 44,
            held_out_texts: 8,
            train_tokens: 7100,
            cut: 1,
            moved: 0,
            parameters: 460_800,
            learned: 460_800,
        },
        sample(None, "Dear Sam, I hope this message finds you well. I wanted to thank you for your kind assistance."),
    ];
    for step in 1..=12 {
        events.push(TrainEvent::Step {
            temperature_c: Some(61.5),
            step,
            steps: 40,
            loss: 3.4 - 0.03 * step as f64 + if step % 2 == 0 { 0.08 } else { -0.05 },
            learning_rate: 1e-4,
            tokens: 200,
            seconds: 1.3,
            tokens_per_s: 143.0,
            rss_mb: 912,
            eta_s: (step > 3).then_some(84.0 - step as f64),
        });
        if step % 5 == 0 {
            let held_out_loss = 3.41 - 0.02 * step as f64;
            events.push(TrainEvent::Validation { step, held_out_loss, best: true });
            events.push(sample(Some(step), "Sam! You saved my day. Tea at mine on Sunday?"));
            events.push(TrainEvent::Checkpoint { step });
        }
    }
    events
}

fn sample(step: Option<usize>, text: &str) -> TrainEvent {
    TrainEvent::Sample { step, prompt: "Thank Sam for the lift on Friday.".into(), text: text.into() }
}

pub fn record(ending: Ending) -> Record {
    Record {
        started_from: "warm".into(),
        base: "smollm2-135m-instruct".into(),
        ending,
        steps: 12,
        best_step: 10,
        held_out_before: 3.41,
        held_out_after: 3.21,
        seconds: 75.0,
        tokens: 10_800,
        parameters: 460_800,
        peak_rss_mb: 1120,
        preset: Some(Preset::Full),
        prediction: Some(Prediction { memory_mb: 1090, seconds: 71.0, first_step: 5.2, later_step: 5.2 }),
        finished: None,
        name: None,
        number: None,
        texts: None,
        begun: None,
    }
}

/// What three starts would take; the machine tells its power.
pub fn forecast() -> Forecast {
    let begin = |from: &str, proposed, held_out_loss, memory_mb| Begin {
        from: from.into(),
        proposed,
        held_out_loss,
        steps: 57,
        scratch_needed: proposed.then_some(18),
        method: "full: every block learns".into(),
        prediction: Prediction { memory_mb, seconds: 251.0, first_step: 4.4, later_step: 4.4 },
    };
    Forecast {
        train_texts: 44,
        held_out_texts: 8,
        watts: Some(44.5),
        starts: vec![
            begin("scratch", false, 3.989, 1085),
            begin("warm:0.50+simple:0.19+concise:0.18", true, 3.611, 1102),
            begin("warm", false, 3.67, 1085),
        ],
    }
}

/// A model that a training left.
#[allow(clippy::cast_precision_loss)]
pub fn run(number: u32, in_use: bool) -> Run {
    let steps = 20 * number as usize;
    let fall = 0.12 + 0.05 * f64::from(number);
    let mut curve = Curve::default();
    for step in 1..=steps {
        let loss = 3.36 - fall * (step as f64 / steps as f64) + if step % 2 == 0 { 0.07 } else { -0.06 };
        curve.losses.push((step, loss));
    }
    curve.held_out = (0..=4).map(|at| (steps * at / 4, 3.41 - fall * (at as f64 / 4.0).sqrt())).collect();
    let place = if in_use { "adapter".to_owned() } else { format!("runs/{number}") };
    Run {
        number,
        in_use,
        folder: format!("/home/ann/.local/share/xpert/mine/{place}").into(),
        ended: Some(1_715_860_800 + 86_400 * i64::from(number)),
        bytes: 1_900_000 + 1000 * u64::from(number),
        record: Record {
            steps,
            best_step: steps,
            held_out_after: 3.41 - fall,
            tokens: 200 * steps,
            seconds: 1.3 * steps as f64,
            number: Some(number),
            ..record(Ending::Completed)
        },
        curve,
    }
}

/// Four of them: one with a name, one from a blend of an earlier version, one that was stopped, and the one in use.
pub fn runs() -> Arc<Runs> {
    let mut runs = vec![run(4, true), run(3, false), run(2, false), run(1, false)];
    runs[1].record.ending = Ending::Stopped;
    runs[2].record.name = Some("Letters and mail of the spring".into());
    runs[3].record.started_from = "warm:0.6+simple:0.4".into();
    (runs[3].curve, runs[3].record.preset, runs[3].record.prediction) = (Curve::default(), None, None);
    Arc::new(Runs { runs, problems: Vec::new() })
}

/// How unsure made-up measurements are: a little, or so much that twins cannot be told apart.
const NOISE: f64 = 0.3;
const MUCH_NOISE: f64 = 2.0;

/// A difference with these coefficients on the first axes of the shipped space.
fn estimate(coefficients: &[f32], noise: f64) -> Estimate {
    let space = StyleSpace::shipped().unwrap();
    let nothing = StyleVector::new(vec![0.0; space.direction(0).width()]);
    let axes = coefficients.iter().enumerate();
    let difference = axes.fold(nothing, |sum, (axis, &value)| sum.add_scaled(&space.direction(axis), value));
    Estimate { difference, noise }
}

fn card(id: &str, name: &str, adapter_bytes: u64, coefficients: &[f32]) -> Card {
    let signature = Signature::new(StyleSpace::shipped().unwrap(), estimate(coefficients, NOISE));
    Card {
        id: id.into(),
        name: name.into(),
        summary: format!("Made up for a test: {}.", name.to_lowercase()),
        base: "smollm2-135m-instruct".into(),
        licence: "MIT OR Apache-2.0".into(),
        training_texts: 73,
        training_steps: 40,
        held_out_before: 3.67,
        held_out_after: 3.2,
        probes: 24,
        probe_words: 2187,
        signature,
        adapter_bytes,
        ..Card::default()
    }
}

/// A user and models that selection really ranks, with what blends are worked out from.
fn ranked_by_selection(user: &[f32], noise: f64, cards: Vec<Card>) -> (Selected, Basis) {
    let space = StyleSpace::shipped().unwrap();
    let estimate = estimate(user, noise);
    let coefficients = space.coefficients(&estimate.difference);
    let axes = space.axes().iter().zip(coefficients).map(|(axis, coefficient)| AxisScore {
        axis: axis.clone(),
        coefficient,
        interval: [coefficient - 0.5, coefficient + 0.5],
        ..profile().axes[0].clone()
    });
    let profile = Profile { axes: axes.collect(), estimate, ..profile() };
    let ranked = rank(space, &UserStyle::of(&profile), &cards);
    let basis = Basis::new(&profile, cards);
    let blended = ranked.choice.blend.as_ref().and_then(|blend| basis.predicted(&blend.parts));
    let (candidates, choice) = (ranked.candidates, ranked.choice);
    let selected = Selected { candidates, choice, blended, axes: profile.axes, ..selected() };
    (selected, basis)
}

/// Five models, of which two together come closest.
pub fn library() -> (Selected, Basis) {
    let cards = vec![
        card("warm", "Warm and friendly", 4_938_648, &[-0.5, -0.5, -0.5, 3.0]),
        card("casual", "Casual chat", 4_938_648, &[-0.5, -3.0, -1.0, 0.5]),
        card("formal", "Formal and courteous", 4_938_648, &[1.0, 3.0, 0.5, -0.5]),
        card("concise", "Concise", 2_469_324, &[-3.0, -0.2, 0.3, -0.5]),
        card("expert", "Technical expert", 9_877_296, &[0.5, 1.0, 3.0, -1.0]),
    ];
    ranked_by_selection(&[-0.5, -2.2, -0.6, 2.4], NOISE, cards)
}

/// The same where one model is surely the closest.
pub fn clear_match() -> (Selected, Basis) {
    let (_, basis) = library();
    ranked_by_selection(&[-2.5, 0.0, 0.5, -0.8], NOISE, basis.cards().to_vec())
}

/// Two models that cannot be told apart.
pub fn tie() -> (Selected, Basis) {
    let mut twins = vec![
        card("warm", "Warm and friendly", 4_938_648, &[-0.5, -0.4, 0.0, 3.0]),
        card("kind", "Kind and gentle", 4_938_648, &[-0.4, -0.5, 0.1, 3.0]),
    ];
    for twin in &mut twins {
        twin.signature.noise = MUCH_NOISE;
    }
    ranked_by_selection(&[-0.5, -0.5, 0.1, 2.8], MUCH_NOISE, twins)
}

/// No model is close.
pub fn no_match() -> (Selected, Basis) {
    let (_, basis) = library();
    ranked_by_selection(&[0.5, 0.0, -3.0, -1.5], NOISE, basis.cards().to_vec())
}

/// The user of [`library`] with no library at all.
pub fn no_library() -> (Selected, Basis) {
    ranked_by_selection(&[1.0], NOISE, Vec::new())
}

/// A library of so many models, from the closest to the farthest.
#[allow(clippy::cast_precision_loss)]
pub fn large_library(count: usize) -> Selected {
    let template = selected();
    let candidate = |at: usize| Candidate {
        id: format!("model-{at}"),
        name: format!("Voice {at}"),
        score: 0.9 - at as f64 / count as f64,
        adapter_bytes: 1_000_000 + (at as u64 * 7919) % 1000,
        ..template.candidates[0].clone()
    };
    let choice = Choice { id: Some("model-0".into()), ..template.choice.clone() };
    Selected { candidates: (0..count).map(candidate).collect(), choice, ..selected() }
}
