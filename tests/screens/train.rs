//! Train beside its curve: what each start would take, and what the model writes by now.

use crate::made_up::*;
use crate::scenes::*;
use xpert::app::context::Budget;
use xpert::app::runs::Curve;
use xpert::app::train::StartPoint as Start;
use xpert::training::Ending;
use xpert::ui::harness::Harness;
use xpert::ui::message::{Job, JobKind, Report};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 15)];

/// Compares the screen at every size with its pictures.
fn pictures(name: &str, mut harness: impl FnMut(u16, u16) -> Harness) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), harness(width, height).screen());
    }
}

/// Before a training, with what each start would take.
fn foreseen(width: u16, height: u16) -> Harness {
    let mut harness = ranked(width, height);
    harness.press("4");
    harness.press("c");
    harness.report(JobKind::Forecast, Report::Phase("measuring this machine".into()));
    harness.report(JobKind::Forecast, Report::Forecast(Box::new(forecast())));
    harness
}

#[test]
fn what_each_start_would_take_is_measured_when_asked_for() {
    pictures("train_costs", foreseen);
    assert!(words(&mut foreseen(80, 24)).contains("an earlier run needed 18 steps to be where warm:0.50"));
    let mut harness = ranked(80, 24);
    harness.press("4");
    harness.press("s");
    harness.started();
    harness.press("c");
    let jobs = harness.started();
    assert!(matches!(&jobs[..], [(_, Job::Forecast(options))] if options.from == Start::Scratch), "{jobs:?}");
    harness.report(JobKind::Forecast, Report::Phase("measuring this machine".into()));
    assert!(words(&mut harness).contains("measuring this machine ..."));
    harness.press("c");
    assert!(harness.started().is_empty(), "once is enough");
    harness.report(JobKind::Forecast, Report::Forecast(Box::new(forecast())));
    let shown = words(&mut harness);
    assert!(shown.contains("from scratch") && shown.contains("3.99 57 steps 4 min 11 s 1085 MiB 3.1 Wh"), "{shown}");
    assert!(shown.contains("Energy: time x 44.5 W, as the machine told when this was measured."), "{shown}");
    harness.press("c");
    let unknown = xpert::app::forecast::Forecast { watts: None, ..forecast() };
    harness.report(JobKind::Forecast, Report::Forecast(Box::new(unknown)));
    let shown = words(&mut harness);
    assert!(shown.contains("does not tell what power it draws") && !shown.contains("Wh "), "{shown}");
}

#[test]
fn the_curve_of_an_earlier_run_from_scratch_stands_behind_this_one() {
    let mut harness = training(80, 24);
    assert!(!harness.screen().contains("from scratch"));
    let curve = Curve { held_out: vec![(0, 3.9), (10, 3.7), (20, 3.5), (30, 3.42), (40, 3.4)], ..Curve::default() };
    harness.report(JobKind::Train, Report::Reference(curve));
    insta::assert_snapshot!("train_reference", harness.screen());
    assert!(harness.screen().contains("from scratch"));
}

#[test]
fn a_forecast_that_cannot_be_made_says_why() {
    let mut harness = ranked(80, 24);
    harness.press("4");
    harness.press("c");
    harness.report(JobKind::Forecast, Report::Failed("there is too little text to train on".into()));
    assert!(words(&mut harness).contains("there is too little text to train on"));
    harness.press("c");
    harness.press("x");
    harness.report(JobKind::Forecast, Report::Stopped);
    assert!(words(&mut harness).contains("Looking ahead was stopped."), "{}", harness.screen());
}

#[test]
fn what_the_model_writes_by_now_stands_beside_the_curve_or_in_its_place() {
    pictures("train_samples", |width, height| {
        let mut harness = training(width, height);
        harness.press("v");
        harness
    });
    let mut harness = training(80, 24);
    assert!(!harness.screen().contains("Tea at mine"));
    harness.press("v");
    let shown = words(&mut harness);
    assert!(shown.contains("base: Dear Sam,") && shown.contains("step 10: Sam! You saved my day."), "{shown}");
    assert!(shown.contains("61 °C") || shown.contains("62 °C"), "{shown}");
    harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Completed))));
    assert!(harness.screen().contains("step 10:"), "a finished run keeps what it wrote");

    // The samples answer what was last asked; the limits are those of Settings.
    let mut harness = written(80, 24);
    harness.model.screens.settings.budget = Budget { memory_mb: Some(800), minutes: Some(20.0) };
    harness.press("4");
    harness.started();
    harness.press("Enter");
    let jobs = harness.started();
    let [(_, Job::Train(options))] = &jobs[..] else { panic!("{jobs:?}") };
    assert_eq!(options.sample.as_deref(), Some("Say hello to Ann."));
    assert_eq!((options.memory_mb, options.minutes), (Some(800), Some(20.0)));
}
