//! The screens in full, without a terminal and without an engine: keys go in, effects are looked at, reports are given by
//! hand, and what would be seen is compared with the pictures in `snapshots`.

use crate::made_up::*;
use crate::scenes::*;
use xpert::app::Context;
use xpert::app::demo::{Demo, PROMPTS};
use xpert::app::train::StartPoint as Start;
use xpert::app::write::Voice;
use xpert::import::ImportOptions;
use xpert::models::Event as FetchEvent;
use xpert::store::Added;
use xpert::training::{Ending, Event as TrainEvent};
use xpert::ui::guide::{Guide, Step};
use xpert::ui::harness::Harness;
use xpert::ui::message::{Effect, Job, JobKind, Report, Status};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];

/// Compares the screen at every size with its pictures.
fn pictures(name: &str, mut harness: impl FnMut(u16, u16) -> Harness) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), harness(width, height).screen());
    }
}

#[test]
fn a_newcomer_sees_what_to_do() {
    pictures("import_empty", |width, height| {
        let mut harness = Harness::new(width, height);
        harness.report(JobKind::Look, Report::Looked(Box::default()));
        harness
    });
}

#[test]
fn import_goes_from_typing_to_preview_to_kept() {
    let previewed = |width, height| {
        let mut harness = Harness::new(width, height);
        harness.report(JobKind::Look, Report::Looked(Box::default()));
        harness.started();
        harness.press("Enter");
        harness.type_text("~/mail/sent.mbox");
        assert!(harness.started().is_empty(), "typing starts nothing");
        harness.press("Enter");
        let jobs = harness.started();
        assert!(matches!(&jobs[..], [(_, Job::Preview { path, .. })] if path.as_os_str() == "~/mail/sent.mbox"));
        harness.report(JobKind::Preview, Report::Found(scan()));
        harness
    };
    pictures("import_preview", previewed);
    let mut harness = previewed(80, 24);
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Keep(scan))] if scan.documents.len() == 2));
    harness.report(JobKind::Keep, Report::Kept(Added { added: 1, already_there: 1 }));
    assert!(matches!(&harness.started()[..], [(_, Job::Look)]));
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    insta::assert_snapshot!("import_kept_80x24", harness.screen());
}

#[test]
fn a_preview_can_be_thrown_away() {
    let mut harness = looked(80, 24);
    harness.press("e");
    harness.type_text("notes");
    harness.press("Enter");
    harness.report(JobKind::Preview, Report::Found(scan()));
    harness.started();
    harness.press("Esc");
    assert!(harness.model.screens.import.preview.is_none());
    assert!(harness.started().is_empty(), "nothing is kept");
}

#[test]
fn a_wrong_mapping_is_said_before_anything_is_read() {
    let mut harness = looked(80, 24);
    harness.press("Enter");
    harness.type_text("chats.jsonl");
    harness.press("Tab");
    harness.type_text("body=email");
    harness.press("Enter");
    assert!(harness.started().is_empty());
    assert!(harness.screen().contains("`body` is not a role"));
    for _ in 0..10 {
        harness.press("Backspace");
    }
    harness.type_text("text=email");
    harness.press("Tab");
    harness.type_text("ann@example.org, Ann");
    harness.press("Enter");
    let jobs = harness.started();
    let [(_, Job::Preview { options, .. })] = &jobs[..] else { panic!("{jobs:?}") };
    assert_eq!(options.map.as_ref().map(|map| map.text.as_str()), Some("email"));
    assert_eq!(options.me, ["ann@example.org", "Ann"]);
}

#[test]
fn style_shows_axes_and_what_is_behind_them() {
    pictures("style", profiled);
    let mut harness = profiled(80, 24);
    harness.press("Down");
    assert!(harness.screen().contains("casual or formal"));
    for _ in 0..20 {
        harness.press("Down");
    }
    assert_eq!(harness.model.screens.style.cursor, profile().axes.len() - 1);
}

#[test]
fn too_little_text_is_said_and_not_guessed_over() {
    let mut harness = looked(80, 24);
    harness.press("2");
    harness.report(JobKind::Profile, Report::Profiled(Box::new(too_short())));
    assert!(words(&mut harness).contains("About 180 more words are needed"));
}

#[test]
fn library_ranks_explains_and_takes_a_choice() {
    pictures("library", ranked);
    let mut harness = ranked(80, 24);
    harness.press("Down");
    harness.press("Enter");
    assert_eq!(harness.model.screens.train.from, Start::Library("casual".into()));
    harness.press("4");
    harness.press("Enter");
    assert!(
        matches!(&harness.started()[..], [(_, Job::Train(options))] if options.from == Start::Library("casual".into()))
    );
}

#[test]
fn a_training_waits_and_goes_on_by_the_same_key() {
    let mut harness = training(80, 24);
    let id = harness.model.jobs.id(JobKind::Train).unwrap();
    for (wait, shown) in [(true, "paused at step 12"), (false, "training from warm")] {
        harness.effects.clear();
        harness.press("p");
        assert!(matches!(harness.effects[..], [Effect::Pause(paused, w)] if paused == id && w == wait));
        assert!(harness.screen().contains(shown), "{}", harness.screen());
    }
}

#[test]
fn training_is_watched_stopped_and_resumed() {
    pictures("train_before", |width, height| {
        let mut harness = ranked(width, height);
        harness.press("4");
        harness
    });
    pictures("train_running", training);
    let mut harness = training(80, 24);
    harness.started();
    let id = harness.model.jobs.id(JobKind::Train).unwrap();
    harness.press("x");
    assert!(harness.effects.iter().any(|effect| matches!(effect, Effect::Cancel(cancelled) if *cancelled == id)));
    harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Stopped))));
    assert!(matches!(&harness.started()[..], [(_, Job::Look)]), "what is there is looked at again");
    let mut there = status();
    there.unfinished = Some(("warm".into(), 12, 40));
    harness.report(JobKind::Look, Report::Looked(Box::new(there)));
    assert!(harness.screen().contains("Stopped; a checkpoint is kept."));
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Train(options))] if options.resume && !options.restart));
}

#[test]
fn a_resumed_training_goes_on_with_its_curve() {
    let mut harness = training(80, 24);
    harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Stopped))));
    let mut there = status();
    there.unfinished = Some(("warm".into(), 10, 40));
    harness.report(JobKind::Look, Report::Looked(Box::new(there)));
    harness.press("r");
    let started = |done_before: usize| {
        let start = run_events().into_iter().find(|event| matches!(event, TrainEvent::Started { .. }));
        let mut start = start.expect("a run starts");
        if let TrainEvent::Started { done, .. } = &mut start {
            *done = done_before;
        }
        start
    };
    harness.report(JobKind::Train, Report::Training(started(10)));
    let run = harness.model.screens.train.run.as_ref().unwrap();
    assert_eq!(
        (run.losses.len(), run.held_out.len(), run.step),
        (10, 3, 10),
        "what came after the checkpoint is taken again"
    );
}

#[test]
fn a_stopped_training_is_discarded_only_by_a_typed_word() {
    let stopped = |width, height| {
        let mut harness = ranked(width, height);
        harness.press("4");
        let mut there = status();
        there.unfinished = Some(("warm".into(), 12, 40));
        harness.model.status = Some(there);
        harness.press("D");
        harness
    };
    pictures("confirm", stopped);
    let mut harness = stopped(80, 24);
    harness.type_text("disc");
    harness.press("Enter");
    assert!(harness.started().is_empty() && harness.model.overlay.is_some(), "half a word is none");
    harness.press("Esc");
    assert!(harness.started().is_empty() && harness.model.overlay.is_none());
    harness.press("D");
    harness.type_text("discard");
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Discard)]));
    harness.report(JobKind::Discard, Report::Discarded);
    assert!(matches!(&harness.started()[..], [(_, Job::Look)]));
    assert!(harness.screen().contains("The stopped training is gone."));
}

#[test]
fn a_finished_training_is_not_replaced_by_one_key() {
    let mut harness = training(80, 24);
    harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Completed))));
    harness.report(JobKind::Look, Report::Looked(Box::new(status_with_runs(&[1]))));
    harness.started();
    harness.press("Enter");
    assert!(harness.started().is_empty());
    assert!(words(&mut harness).contains("and this one stays under Runs"));
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Train(_))]));
}

#[test]
fn the_demo_goes_from_step_to_step_by_one_key() {
    let demo =
        Demo { context: context(), writing: "/demo/writing".into(), options: ImportOptions::default(), steps: 17 };
    let mut harness = Harness::with_guide(80, 24, Some(Guide::new(&demo)));
    let step = |harness: &Harness| harness.model.guide.as_ref().unwrap().step;
    harness.press("Enter");
    assert_eq!(harness.started().len(), 1, "only the first look: before it is known what is there, Enter waits");
    let mut nothing = Status { texts: Default::default(), base: None, ..status() };
    harness.report(JobKind::Look, Report::Looked(Box::new(nothing.clone())));
    insta::assert_snapshot!("demo_begin_80x24", harness.screen());
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Pull)]));
    harness.report(JobKind::Pull, Report::Failed("no source has it".into()));
    assert_eq!(step(&harness), Step::FetchBase, "what failed is tried again");
    harness.press("Enter");
    harness.report(JobKind::Pull, Report::Fetched("SmolLM2".into()));
    nothing.base = status().base;
    harness.report(JobKind::Look, Report::Looked(Box::new(nothing)));
    assert_eq!(step(&harness), Step::Preview);
    harness.started();
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Preview { path, .. })] if path.as_os_str() == "/demo/writing"));
    harness.report(JobKind::Preview, Report::Found(scan()));
    harness.press("Esc");
    assert_eq!(step(&harness), Step::Preview, "a preview that was thrown away is made again");
    harness.press("Enter");
    harness.report(JobKind::Preview, Report::Found(scan()));
    insta::assert_snapshot!("demo_keep_80x24", harness.screen());
    harness.started();
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Keep(_))]));
    harness.report(JobKind::Keep, Report::Kept(Added { added: 2, already_there: 0 }));
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.started();
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Profile)]));
    harness.report(JobKind::Profile, Report::Profiled(Box::new(profile())));
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Select)]));
    harness.report(JobKind::Select, Report::Selected(Box::new(selected())));
    harness.resize(40, 15);
    insta::assert_snapshot!("demo_library_40x15", harness.screen());
    harness.press("Enter");
    let jobs = harness.started();
    assert!(
        matches!(&jobs[..], [(_, Job::Train(options))] if options.steps == Some(17) && options.from == Start::Auto)
    );
    harness.press("Enter");
    assert!(harness.started().is_empty(), "a step's work is waited for");
    harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Completed))));
    harness.report(JobKind::Look, Report::Looked(Box::new(status_with_runs(&[1]))));
    harness.started();
    harness.press("Enter");
    let jobs = harness.started();
    let [(_, Job::Write(ask))] = &jobs[..] else { panic!("{jobs:?}") };
    let voices: Vec<&Voice> = ask.voices.iter().map(|(voice, _)| voice).collect();
    assert_eq!((ask.prompt.as_str(), &voices[..]), (PROMPTS[0], &[&Voice::Base, &Voice::Run(1)][..]));
    answer(&mut harness, Voice::Base, "Dear friend.");
    answer(&mut harness, Voice::Run(1), "Right then!");
    harness.report(JobKind::Write, Report::Written);
    assert_eq!(step(&harness), Step::Finished);
    harness.press("Esc");
    assert!(harness.model.guide.is_none());
}

#[test]
fn a_first_run_is_led_from_a_welcome_to_a_model_of_ones_own() {
    let begin = |width, height| {
        let mut harness = Harness::with_guide(width, height, Some(Guide::first_run()));
        let nothing = Status { texts: Default::default(), base: None, ..status() };
        harness.report(JobKind::Look, Report::Looked(Box::new(nothing)));
        harness.started();
        harness
    };
    pictures("first_run", begin);
    let step = |harness: &Harness| harness.model.guide.as_ref().unwrap().step;
    let mut harness = begin(80, 24);
    assert!(words(&mut harness).contains("d shows it all on an invented person, Esc leaves this guide"));
    harness.press("d");
    assert!(matches!(harness.effects.last(), Some(Effect::Demo)));
    harness.press("Enter");
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Pull)]));
    harness.report(JobKind::Pull, Report::Fetched("SmolLM2".into()));
    let there = Status { texts: Default::default(), ..status() };
    harness.report(JobKind::Look, Report::Looked(Box::new(there)));
    harness.press("Enter");
    harness.type_text("~/mail/sent.mbox");
    harness.press("Enter");
    harness.report(JobKind::Preview, Report::Found(scan()));
    harness.press("Enter");
    harness.report(JobKind::Keep, Report::Kept(Added { added: 2, already_there: 0 }));
    harness.report(JobKind::Look, Report::Looked(Box::new(status())));
    harness.press("Enter");
    harness.report(JobKind::Profile, Report::Profiled(Box::new(profile())));
    harness.press("Enter");
    harness.report(JobKind::Select, Report::Selected(Box::new(selected())));
    harness.started();
    harness.press("Enter");
    assert!(matches!(&harness.started()[..], [(_, Job::Train(options))] if options.steps.is_none()));
    harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Completed))));
    harness.report(JobKind::Look, Report::Looked(Box::new(status_with_runs(&[1]))));
    harness.press("Enter");
    harness.type_text("A postcard.");
    harness.press("Enter");
    answer(&mut harness, Voice::Base, "Dear friend.");
    answer(&mut harness, Voice::Run(1), "Right then!");
    harness.report(JobKind::Write, Report::Written);
    assert_eq!(step(&harness), Step::Finished);
    harness.started();
    harness.press("Esc");
    assert!(harness.model.guide.is_none());
    assert!(matches!(&harness.started()[..], [(_, Job::Save(setting))] if format!("{setting:?}") == "Guide(false)"));
}

#[test]
fn a_first_run_goes_on_where_it_was_left_and_is_not_forced_on_anybody() {
    let begin = |there: Status| {
        let mut harness = Harness::with_guide(80, 24, Some(Guide::first_run()));
        harness.report(JobKind::Look, Report::Looked(Box::new(there)));
        harness
    };
    assert_eq!(begin(status()).model.guide.map(|guide| guide.step), Some(Step::Style), "texts and base are there");
    let stopped = Status { unfinished: Some(("warm".into(), 12, 40)), ..status() };
    let mut resumed = begin(stopped);
    assert_eq!(resumed.model.guide.as_ref().map(|guide| guide.step), Some(Step::Train));
    resumed.started();
    resumed.press("Enter");
    let jobs = resumed.started();
    assert!(jobs.iter().any(|(_, job)| matches!(job, Job::Train(options) if options.resume)), "{jobs:?}");
    assert!(begin(status_with_runs(&[1])).model.guide.is_none(), "who has a model knows the way");
    let mut left = begin(Status { texts: Default::default(), ..status() });
    left.press("Esc");
    assert!(left.model.guide.is_none());
    let mut later = begin(status());
    later.press("G");
    assert!(later.model.guide.is_none());
}

#[test]
fn the_demo_goes_on_where_it_was_left() {
    let demo =
        Demo { context: context(), writing: "/demo/writing".into(), options: ImportOptions::default(), steps: 17 };
    let begin = |there: Status| {
        let mut harness = Harness::with_guide(80, 24, Some(Guide::new(&demo)));
        harness.report(JobKind::Look, Report::Looked(Box::new(there)));
        harness.model.guide.map(|guide| guide.step)
    };
    assert_eq!(begin(status()), Some(Step::Style));
    assert_eq!(begin(Status { unfinished: Some(("warm".into(), 12, 17)), ..status() }), Some(Step::Train));
    assert_eq!(begin(status_with_runs(&[1])), Some(Step::Finished));
    assert_eq!(begin(Status { texts: Default::default(), ..status() }), Some(Step::Preview));
}

fn context() -> Context {
    Context::new(Some(std::path::Path::new("/nowhere")), None, Some(1)).unwrap()
}

#[test]
fn a_finished_training_shows_how_it_went() {
    pictures("train_done", |width, height| {
        let mut harness = training(width, height);
        harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Completed))));
        harness
    });
}

#[test]
fn training_says_what_is_missing() {
    let mut harness = Harness::new(80, 24);
    let mut there = status();
    there.base = None;
    harness.report(JobKind::Look, Report::Looked(Box::new(there)));
    harness.press("4");
    harness.started();
    harness.press("Enter");
    assert!(harness.started().is_empty());
    assert!(harness.screen().contains("b fetches it"));
    harness.press("b");
    assert!(matches!(&harness.started()[..], [(_, Job::Pull)]));
    harness.report(JobKind::Pull, Report::Fetching(FetchEvent::Source("the Hugging Face hub".into())));
    harness.report(JobKind::Pull, Report::Fetching(FetchEvent::Bytes { done: 49_181_216, total: Some(98_362_432) }));
    insta::assert_snapshot!("train_fetching_80x24", harness.screen());
    harness.report(JobKind::Pull, Report::Fetched("SmolLM2-135M-Instruct (verified)".into()));
    assert!(matches!(&harness.started()[..], [(_, Job::Look)]));
}
