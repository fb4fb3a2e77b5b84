//! Train: what is set up and what it would take, a training as it is watched, stopped, resumed and finished.

use std::sync::Arc;

use super::made_up::{forecast, library, record, run, run_events, selected, status, status_with_runs};
use super::scenes::{open, pictures, words};
use crate::harness::Harness;
use xpert::app::context::Budget;
use xpert::app::forecast::Forecast;
use xpert::app::runs::Curve;
use xpert::app::train::{Effort, Options, SAMPLE_PROMPT, StartPoint};
use xpert::models::Event as FetchEvent;
use xpert::training::{Ending, Event as TrainEvent};
use xpert::ui::screens::train::{Discard, EarlierCurve, Estimate, Estimating, Progress, State, Train, Training};
use xpert::ui::shell::data::{FetchBase, Fetching, Look, Select};
use xpert::ui::shell::effect::{Effect, Event, Request, ScreenId};
use xpert::ui::shell::shared::Status;
use xpert::ui::shell::state::Act;

fn go(harness: &mut Harness, screen: ScreenId) {
    let key = harness.shell.shared.keymap.key(&format!("show-{}", screen.0.to_lowercase()));
    harness.press(&key);
}

/// On Train after the first look, which found this.
fn with(found: Status, width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(found);
    go(&mut harness, ScreenId::TRAIN);
    if harness.shell.shared.runs::<Select>() {
        harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
    }
    harness.started();
    harness
}

fn before(width: u16, height: u16) -> Harness {
    with(status(), width, height)
}

fn estimated(width: u16, height: u16) -> Harness {
    let mut harness = before(width, height);
    harness.press("c");
    for phase in ["loading the base model", "measuring this machine"] {
        harness.tell::<Estimate>(Estimating::Phase(phase.into()));
    }
    harness.finish::<Estimate>(Estimating::Done(Arc::new(forecast())));
    harness
}

fn training(width: u16, height: u16) -> Harness {
    let mut harness = before(width, height);
    harness.press("Enter");
    harness.tell::<Training>(Progress::Phase("loading the base model".into()));
    run_events().into_iter().for_each(|event| harness.tell::<Training>(Progress::Event(event)));
    harness
}

fn unfinished() -> Status {
    Status { unfinished: Some(("warm".into(), 10, 40)), ..status() }
}

/// A training that was stopped before the program was started.
fn stopped(width: u16, height: u16) -> Harness {
    let mut harness = open(width, height);
    harness.finish::<Look>(unfinished());
    go(&mut harness, ScreenId::TRAIN);
    harness.finish::<EarlierCurve>(run(2, false).curve);
    harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
    harness.started();
    harness
}

fn done(width: u16, height: u16) -> Harness {
    let mut harness = training(width, height);
    harness.started();
    harness.finish::<Training>(Progress::Done(Box::new(record(Ending::Completed))));
    harness.finish::<Look>(status_with_runs(&[1]));
    harness.started();
    harness
}

/// The options of the training that was started.
fn options(harness: &mut Harness) -> Options {
    harness.started_as::<Training>().0.clone()
}

fn starts_nothing(harness: &mut Harness, key: &str) {
    harness.started();
    harness.press(key);
    harness.expect_started(&[]);
}

#[test]
fn before_a_training_one_sees_what_is_set_up() {
    pictures("train_before", before);
    pictures("train_again", |width, height| {
        let mut harness = open(width, height);
        harness.finish::<Look>(status_with_runs(&[3]));
        go(&mut harness, ScreenId::TRAIN);
        harness.finish::<Select>((Arc::new(selected()), Arc::new(library().1)));
        harness.finish::<EarlierCurve>(run(3, true).curve);
        harness
    });
}

#[test]
fn a_training_is_set_up_row_by_row() {
    let mut harness = before(80, 24);
    let start = |harness: &Harness| harness.shell.shared.start.clone();
    harness.press("Right");
    assert_eq!(start(&harness), StartPoint::Library("warm".into()));
    harness.press("Left");
    harness.press("Left");
    assert_eq!(start(&harness), StartPoint::Scratch, "from the first to the last");
    assert!(harness.screen().contains("< from scratch >"));
    harness.press("a");
    assert_eq!(start(&harness), StartPoint::Auto);
    harness.press("s");
    assert_eq!(start(&harness), StartPoint::Scratch);
    harness.press("Down");
    harness.press("Right");
    assert!(harness.screen().contains("< thorough: twice the steps >"));
    harness.press("+");
    harness.press("+");
    harness.press("-");
    assert!(harness.screen().contains("10 steps, or fewer"));
    harness.press("-");
    assert!(harness.screen().contains("thorough"), "below the fewest is what the effort says");
    harness.shell.shared.budget = Budget { memory_mb: Some(800), minutes: Some(20.0) };
    assert!(
        words(&mut harness).contains("at most 800 MiB") && words(&mut harness).contains("at most 20 min of training")
    );
    harness.press("Enter");
    let options = options(&mut harness);
    assert_eq!((options.from, options.steps), (StartPoint::Scratch, None));
    assert_eq!((options.effort, options.memory_mb, options.minutes), (Effort::Thorough, Some(800), Some(20.0)));
    assert_eq!(options.sample.as_deref(), Some(SAMPLE_PROMPT));
    assert!(!options.resume && !options.restart);
}

#[test]
fn what_each_start_would_take_is_estimated_when_asked_for() {
    pictures("train_estimated", estimated);
    assert!(
        words(&mut estimated(80, 24)).contains("an earlier run needed 18 steps to reach the loss at which warm:0.50")
    );
    let mut harness = before(80, 24);
    harness.press("s");
    harness.press("c");
    assert_eq!(harness.started_as::<Estimate>().0.from, StartPoint::Scratch);
    harness.tell::<Estimate>(Estimating::Phase("loading the base model".into()));
    harness.tell::<Estimate>(Estimating::Phase("measuring this machine".into()));
    insta::assert_snapshot!("train_estimating_80x24", harness.screen());
    let screen = words(&mut harness);
    assert!(screen.contains("✓ loading the base model") && screen.contains("measuring this machine ..."), "{screen}");
    starts_nothing(&mut harness, "c");
    harness.finish::<Estimate>(Estimating::Done(Arc::new(forecast())));
    assert!(harness.shell.shared.forecast.is_some(), "others can read it");
    let screen = words(&mut harness);
    for said in
        ["starting point held-out loss steps time memory energy", "from scratch 3.989 57 4 min 11 s 1,085 MiB 3.1 Wh"]
    {
        assert!(screen.contains(said), "{said}: {screen}");
    }
    // Where the machine does not report its power, there is no column for it.
    harness.resize(120, 40);
    harness.press("c");
    harness.finish::<Estimate>(Estimating::Done(Arc::new(Forecast { watts: None, ..forecast() })));
    let screen = words(&mut harness);
    assert!(screen.contains("does not report its power") && !screen.contains("energy"), "{screen}");
    // What was estimated for other settings is no estimate.
    harness.press("+");
    assert!(harness.shell.shared.forecast.is_none());
}

#[test]
fn an_estimate_that_fails_says_why_and_one_can_be_stopped() {
    let mut harness = before(80, 24);
    harness.press("c");
    harness.fail::<Estimate>("There is too little text to train on.");
    assert!(words(&mut harness).contains("There is too little text to train on."));
    harness.press("c");
    harness.press("x");
    harness.stopped::<Estimate>();
    assert!(words(&mut harness).contains("The estimate was stopped."), "{}", harness.screen());
}

#[test]
fn a_training_is_refused_with_what_to_do() {
    let refused = |harness: &mut Harness, said: &str| {
        starts_nothing(harness, "Enter");
        let screen = words(harness);
        assert!(screen.contains(said), "{said}: {screen}");
    };
    let mut harness = with(Status { base: None, ..status() }, 80, 24);
    refused(&mut harness, "b downloads it");
    harness.press("b");
    harness.expect_started(&["fetch-base"]);
    harness.tell::<FetchBase>(Fetching::Event(FetchEvent::Source("the Hugging Face hub".into())));
    let bytes = FetchEvent::Bytes { done: 49_181_216, total: Some(98_362_432) };
    harness.tell::<FetchBase>(Fetching::Event(bytes));
    insta::assert_snapshot!("train_downloading_80x24", harness.screen());
    refused(&mut harness, "still downloading");
    harness.fail::<FetchBase>("No source has the base model.");
    assert!(words(&mut harness).contains("No source has the base model. r try again"), "{}", harness.screen());
    harness.press("b");
    harness.finish::<FetchBase>(Fetching::Done("SmolLM2-135M-Instruct (verified)".into()));
    harness.expect_started(&["fetch-base", "look"]);
    let mut harness = before(80, 24);
    harness.press("c");
    refused(&mut harness, "stop it with x, then train");
    let mut harness = with(Status { texts: Default::default(), ..status() }, 80, 24);
    starts_nothing(&mut harness, "Enter");
    harness.apply(Effect::Request(Request::Train { steps: None }));
    assert!(words(&mut harness).contains("There are no texts to learn from yet"));
}

#[test]
fn a_training_is_watched() {
    pictures("train_starting", |width, height| {
        let mut harness = before(width, height);
        harness.press("Enter");
        harness.tell::<Training>(Progress::Phase("loading the base model".into()));
        harness
    });
    pictures("train_running", training);
    let mut harness = training(80, 40);
    assert_eq!(harness.shell.shared.jobs.all()[0].progress, "12/40, 1:12 left", "for the status line");
    let screen = words(&mut harness);
    for said in
        ["Training from warm", "step 12 of 40", "1 min 12 s", "143 tokens/s", "912 MiB of 1,090 MiB planned", "62 °C"]
    {
        assert!(screen.contains(said), "{said}: {screen}");
    }
    let curve = Curve { held_out: vec![(0, 3.9), (10, 3.7), (20, 3.5), (40, 3.4)], ..Curve::default() };
    assert!(!screen.contains("from scratch"));
    harness.tell::<Training>(Progress::Reference(curve));
    assert!(harness.screen().contains("from scratch, earlier"));
}

#[test]
fn what_the_model_writes_stands_below_the_curve_or_in_its_place() {
    pictures("train_samples", |width, height| {
        let mut harness = training(width, height);
        harness.press("v");
        harness
    });
    let mut harness = training(80, 24);
    assert!(!harness.screen().contains("Tea at mine"));
    harness.press("v");
    let screen = words(&mut harness);
    assert!(screen.contains("base model Dear Sam,") && screen.contains("step 10 Sam! You saved my day."), "{screen}");
    harness.finish::<Training>(Progress::Done(Box::new(record(Ending::Completed))));
    assert!(harness.screen().contains("Tea at mine"), "a finished training keeps what it wrote");
    // The samples answer what was last asked.
    let mut harness = before(80, 24);
    harness.apply(Effect::Emit(Event::Prompted("Say hello to Ann.".into())));
    harness.press("Enter");
    assert_eq!(options(&mut harness).sample.as_deref(), Some("Say hello to Ann."));
}

#[test]
fn a_training_waits_and_continues_by_the_same_key() {
    let mut harness = training(80, 24);
    let id = harness.running::<Training>();
    for (wait, said) in [(true, "Paused at step 12; p continues"), (false, "Training from warm")] {
        harness.acts.clear();
        harness.press("p");
        assert!(matches!(harness.acts[..], [Act::Pause(paused, waits)] if paused == id && waits == wait));
        assert!(harness.screen().contains(said), "{}", harness.screen());
    }
}

#[test]
fn a_stopped_training_is_resumed_with_its_curve() {
    pictures("train_stopped", stopped);
    let mut harness = training(80, 24);
    let id = harness.running::<Training>();
    harness.press("x");
    assert!(harness.acts.iter().any(|act| matches!(act, Act::Cancel(stopped) if *stopped == id)));
    assert!(harness.screen().contains("Stopping: the checkpoint is being saved"));
    harness.started();
    harness.finish::<Training>(Progress::Done(Box::new(record(Ending::Stopped))));
    assert_eq!(harness.started()[0].kind().id, "look", "what is there is looked at again");
    harness.finish::<Look>(unfinished());
    assert!(harness.screen().contains("Stopped; a checkpoint is saved."));
    harness.press("Enter");
    assert!(options(&mut harness).resume);
    resumed(&mut harness);
    // After a new start of the program the curve comes from the disk.
    let mut harness = stopped(80, 24);
    let screen = words(&mut harness);
    assert!(screen.contains("Training from warm was stopped at step 10 of 40") && screen.contains("held-out texts"));
    harness.press("r");
    assert!(options(&mut harness).resume);
    let mut curve = run(2, false).curve;
    curve.held_out = vec![(0, 3.41), (5, 3.31), (10, 3.21), (12, 3.2)];
    harness.tell::<Training>(Progress::Earlier(curve));
    resumed(&mut harness);
}

/// The training continues from step 10, with the curve up to there.
fn resumed(harness: &mut Harness) {
    let mut start = run_events().into_iter().find(|event| matches!(event, TrainEvent::Started { .. }));
    if let Some(TrainEvent::Started { done, .. }) = &mut start {
        *done = 10;
    }
    harness.tell::<Training>(Progress::Event(start.expect("a training starts")));
    let run = harness.screen_of::<Train>().run().expect("it is watched");
    assert_eq!(
        (run.curve.losses.len(), run.curve.held_out.len(), run.step),
        (10, 3, 10),
        "what came later is taken again"
    );
}

#[test]
fn a_stopped_training_is_lost_only_on_purpose() {
    let mut harness = stopped(80, 24);
    harness.press("D");
    insta::assert_snapshot!("train_discard_80x24", harness.screen());
    harness.type_text("disc");
    starts_nothing(&mut harness, "Enter");
    harness.press("Esc");
    harness.press("D");
    harness.type_text("discard");
    harness.press("Enter");
    harness.expect_started(&["discard-training"]);
    harness.finish::<Discard>(());
    harness.expect_started(&["look"]);
    harness.finish::<Look>(status());
    assert!(harness.screen().contains("The stopped run was discarded."));
    assert!(matches!(harness.screen_of::<Train>().state, State::Idle));
    // To start over asks, too.
    let mut harness = stopped(80, 24);
    harness.press("n");
    harness.expect_started(&[]);
    harness.press("Enter");
    let options = options(&mut harness);
    assert!(options.restart && !options.resume);
}

#[test]
fn a_finished_training_is_not_replaced_by_one_key() {
    pictures("train_done", done);
    let mut harness = done(80, 24);
    starts_nothing(&mut harness, "Enter");
    assert!(words(&mut harness).contains("run 1, which stays under Runs"), "{}", harness.screen());
    harness.press("Enter");
    options(&mut harness);
}

#[test]
fn a_training_that_fails_leaves_what_there_is() {
    let mut harness = training(80, 24);
    harness.started();
    harness.fail::<Training>("The disk is full.");
    assert_eq!(harness.started()[0].kind().id, "look");
    harness.finish::<Look>(unfinished());
    let screen = words(&mut harness);
    assert!(screen.contains("The disk is full.") && screen.contains("its checkpoint is saved"), "{screen}");
    harness.press("r");
    assert!(options(&mut harness).resume);
    harness.fail::<Training>("The disk is full.");
    assert!(matches!(harness.screen_of::<Train>().state, State::Stopped));
}

#[test]
fn a_start_chosen_meanwhile_is_for_the_next_training() {
    let mut harness = stopped(80, 24);
    harness.apply(Effect::ChooseStart(StartPoint::Scratch));
    assert!(words(&mut harness).contains("this starting point is for a new one (n on Train)"), "{}", harness.screen());
}

#[test]
fn the_guide_starts_with_its_own_number_of_steps_or_resumes() {
    let mut harness = before(80, 24);
    harness.apply(Effect::Request(Request::Train { steps: Some(17) }));
    assert_eq!(options(&mut harness).steps, Some(17));
    harness.apply(Effect::Request(Request::Train { steps: Some(17) }));
    harness.expect_started(&[]);
    let mut harness = stopped(80, 24);
    harness.apply(Effect::Request(Request::Train { steps: None }));
    assert!(options(&mut harness).resume);
}
