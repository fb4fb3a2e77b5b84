//! Made-up results for the screens to show.

use std::sync::Arc;

use xpert::app::select::Selected;
use xpert::app::train::Record;
use xpert::app::write::Voice;
use xpert::engine::Stop;
use xpert::import::{DropReason, FileReport, Scan, ScanProgress, SkipReason};
use xpert::models::Event as FetchEvent;
use xpert::selection::{AxisPair, Candidate, Choice, ChoiceKind};
use xpert::store::{Added, Document, Format, SourceSummary, Summary};
use xpert::style::{Axis, AxisScore, ContrastWord, Estimate, Evidence, Profile};
use xpert::training::{Ending, Event as TrainEvent, Prediction, Preset};
use xpert::ui::message::{JobKind, Report, Status};

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
        base: Some(("SmolLM2-135M-Instruct".into(), "/models/smollm2.gguf".into())),
        wanted: ("SmolLM2-135M-Instruct".into(), "Apache-2.0".into(), 98_362_432),
        record: None,
        unfinished: None,
        problems: Vec::new(),
    }
}

fn document(text: &str) -> Document {
    Document {
        source: "/home/ann/mail/sent.mbox".into(),
        format: Format::Mbox,
        thread: None,
        message_id: None,
        parent_id: None,
        author: None,
        timestamp: None,
        title: None,
        context: None,
        text: text.into(),
        hash: text.len().to_string(),
    }
}

pub fn scan() -> Arc<Scan> {
    let file = |path: &str, format, found, kept| FileReport { path: path.into(), format, charset: None, found, kept };
    Arc::new(Scan {
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
        notes: vec!["the mail has 2 authors: kept that of Ann <ann@example.org>".into()],
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
            drivers: vec![xpert_driver("mean sentence length", "words per sentence", 9.4, 18.2)],
            quotes: vec!["Back at noon, bring the pump!".into()],
            sentence: format!("You write more {low} than the base model: your sentences are half as long."),
        }
    });
    Profile {
        space: "1".into(),
        texts: 52,
        words: 6012,
        missing_words: 0,
        axes: axes.collect(),
        unexplained: Some(0.38),
        steadiness: Some(0.95),
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
        reason: "Like you it is more warm (you +1.5, it +1.2; adds +0.10) than the base.".into(),
        adapter_bytes: 1_900_000,
    };
    Selected {
        space: "made up".into(),
        cautions: Vec::new(),
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
            method: "full (all 30 blocks learn, 2 workers)".into(),
            why: "the fastest way with every block learning; 9000 MiB are to spare on this machine".into(),
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
    ];
    for step in 1..=12 {
        events.push(TrainEvent::Step {
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
            events.push(TrainEvent::Checkpoint { step });
        }
    }
    events
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
    }
}

/// Any of the things a job may report, right or wrong at the moment.
pub fn any_report(number: usize) -> (JobKind, Report) {
    let events = run_events();
    match number % 24 {
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
        15 => (JobKind::Write, Report::Answering(Voice::Base)),
        16 => (
            JobKind::Write,
            Report::Piece("Dear \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} Ann \u{65e5}\u{672c}\n\n".into()),
        ),
        17 => (JobKind::Write, Report::Answered { tokens: 0, tokens_per_s: 0.0, stop: Stop::Length }),
        18 => (JobKind::Write, Report::Written),
        19 => (JobKind::Write, Report::Stopped),
        20 => (JobKind::Write, Report::Failed("the model is damaged\nfetch it again".into())),
        21 => (JobKind::Train, Report::Failed("the disk is full".into())),
        _ => {
            let event = events[number % events.len()].clone();
            (JobKind::Train, Report::Training(event))
        }
    }
}
