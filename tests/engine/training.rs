//! The training loop on a model small enough for a test: the same losses everywhere and every time, the same whatever is kept
//! in memory, back to the best adapter when the loss runs away, and a stop or a pause that is heard at once.

use std::time::{Duration, Instant};

use candle_core::Device;
use sha2::{Digest, Sha256};
use xpert::engine::{Adapter, Model};
use xpert::platform::cancel::Cancel;
use xpert::training::examples::Encoded;
use xpert::training::{Ending, Event, Example, Method, Outcome, Plan, Split, Trainer, TrainingError};

use crate::tiny;

/// What ten steps come to on x86-64, nats a token. Other processors add up in another order, and agree to float precision.
const TEN_LOSSES: [f64; 10] = [
    6.648914566,
    6.273188464,
    5.352268468,
    4.492732259,
    3.771731101,
    3.325188066,
    3.147026121,
    2.912597080,
    2.785524687,
    2.622452067,
];

fn data(model: &Model) -> Encoded {
    let example = |i: usize| {
        let key = Sha256::digest(i.to_string().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let reply = format!("{} and {} {}", "ab".repeat(3 + i % 7), "cd ef".repeat(1 + i % 4), i * i);
        Example { key, prompt: Some(format!("say {i}")), reply }
    };
    let split = Split::of((0..24).map(example).collect()).expect("enough texts");
    Encoded::new(model, &split, 256).expect("the tokenizer works")
}

fn plan(method: Method) -> Plan {
    Plan {
        method,
        steps: 10,
        tokens_per_step: 300,
        validate_every: 5,
        checkpoint_every: 5,
        patience: None,
        learning_rate: 5e-3,
        ..Plan::default()
    }
}

struct Ran {
    losses: Vec<f64>,
    events: Vec<Event>,
    result: Result<Outcome, TrainingError>,
}

fn run(model: &Model, data: &Encoded, plan: Plan, cancel: &Cancel, each: impl FnMut(&Event)) -> Ran {
    run_with(model, data, plan, None, cancel, each)
}

fn run_with(
    model: &Model,
    data: &Encoded,
    plan: Plan,
    sample: Option<String>,
    cancel: &Cancel,
    mut each: impl FnMut(&Event),
) -> Ran {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let adapter = Adapter::new(&model.config, &plan.shape, plan.seed, &Device::Cpu).expect("an adapter");
    let trainer = Trainer::start(model, "tiny", data, plan, adapter, "scratch", folder.path()).expect("threads");
    let (mut losses, mut events) = (Vec::new(), Vec::new());
    let result = trainer.with_samples(sample).run(cancel, &mut |event| {
        if let Event::Step { loss, .. } = event {
            losses.push(*loss);
        }
        each(event);
        events.push(event.clone());
    });
    Ran { losses, events, result }
}

fn losses(model: &Model, data: &Encoded, method: Method) -> Vec<f64> {
    run(model, data, plan(method), &Cancel::new(), |_| {}).losses
}

#[test]
fn ten_steps_give_the_recorded_losses_and_the_same_bits_every_time() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = tiny::model(home.path());
    let data = data(&model);
    let first = losses(&model, &data, Method::full(2));
    for (step, (loss, recorded)) in first.iter().zip(TEN_LOSSES).enumerate() {
        println!("step {} loss {loss:.9} recorded {recorded:.9}", step + 1);
    }
    assert_eq!(first, losses(&model, &data, Method::full(2)), "a seed decides everything");
    assert_eq!(first.len(), TEN_LOSSES.len());
    for (loss, recorded) in first.iter().zip(TEN_LOSSES) {
        assert!((loss - recorded).abs() < 1e-4 * recorded, "{first:?}");
    }
}

#[test]
fn samples_are_written_when_the_model_is_better_and_change_nothing() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = tiny::model(home.path());
    let data = data(&model);
    let silent = run(&model, &data, plan(Method::full(2)), &Cancel::new(), |_| {});
    let heard = run_with(&model, &data, plan(Method::full(2)), Some("say 3".to_owned()), &Cancel::new(), |_| {});
    assert_eq!(heard.losses, silent.losses);
    let bests = heard.events.iter().filter_map(|event| match event {
        Event::Validation { step: step @ 1.., best: true, .. } => Some(Some(*step)),
        _ => None,
    });
    let bests: Vec<Option<usize>> = std::iter::once(None).chain(bests).collect();
    let samples = heard.events.iter().filter_map(|event| match event {
        Event::Sample { step, prompt, text } => Some((*step, prompt.as_str(), text.clone())),
        _ => None,
    });
    let (steps, texts): (Vec<_>, Vec<_>) = samples.map(|(step, prompt, text)| ((step, prompt), text)).unzip();
    assert_eq!(steps, bests.iter().map(|step| (*step, "say 3")).collect::<Vec<_>>(), "the base first");
    assert!(bests.len() > 1 && texts[0] != texts[1], "{texts:?}");
    assert!(!silent.events.iter().any(|event| matches!(event, Event::Sample { .. })));

    // What cannot be written is said, and the run goes on.
    let long = Some("say ".repeat(400));
    let unable = run_with(&model, &data, plan(Method::full(2)), long, &Cancel::new(), |_| {});
    assert_eq!(unable.losses, silent.losses);
    assert!(
        unable.events.iter().any(|event| matches!(event, Event::Note { text } if text.contains("the sample failed")))
    );
}

#[test]
fn what_is_kept_in_memory_changes_no_loss() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = tiny::model(home.path());
    let data = data(&model);
    assert_eq!(losses(&model, &data, Method::full(2)), losses(&model, &data, Method::checkpointed(2)));
    let last_layer = |cache| losses(&model, &data, Method { cache, ..Method::last_layers(2, &model.config, 1) });
    let kept = last_layer(usize::MAX);
    // Room for some texts, and for none.
    assert_eq!(kept, last_layer(64 * 200));
    assert_eq!(kept, last_layer(0));
}

#[test]
fn a_loss_that_runs_away_leads_back_to_the_best_adapter() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = tiny::model(home.path());
    let data = data(&model);
    let wild = |rate| Plan { learning_rate: rate, validate_every: 2, steps: 30, ..plan(Method::full(1)) };
    let ran = run(&model, &data, wild(20.0), &Cancel::new(), |_| {});
    let returns: Vec<f64> = ran
        .events
        .iter()
        .filter_map(|event| match event {
            Event::RolledBack { learning_rate, .. } => Some(*learning_rate),
            _ => None,
        })
        .collect();
    assert!(!returns.is_empty() && returns[0] == 10.0, "{returns:?}");
    match ran.result {
        Ok(outcome) => assert!(outcome.state.best.held_out_loss <= outcome.state.held_out_before),
        Err(error) => assert!(matches!(error, TrainingError::Diverged { .. }), "{error}"),
    }
    // So wild that no halving helps: it is given up, and says so.
    let hopeless = run(&model, &data, wild(1e20), &Cancel::new(), |_| {});
    let error = hopeless.result.expect_err("nothing can be learned at such a rate");
    assert!(matches!(error, TrainingError::Diverged { .. }), "{error}");
    let explained = xpert::cli::explain(&error.into());
    assert!(explained.contains("--learning-rate"), "{explained}");
}

#[test]
fn a_stop_is_heard_at_once_and_keeps_a_checkpoint() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = tiny::model(home.path());
    let data = data(&model);
    let long = Plan { steps: 100_000, ..plan(Method::full(2)) };
    let cancel = Cancel::new();
    let mut asked = None;
    let ran = run(&model, &data, long.clone(), &cancel, |event| {
        if matches!(event, Event::Step { step: 7, .. }) {
            cancel.request();
            asked = Some(Instant::now());
        }
    });
    // A second is usual; a busy disk takes its time, and one that is not heard goes on for minutes.
    assert!(asked.expect("step 7 came").elapsed() < Duration::from_secs(20));
    let outcome = ran.result.expect("a stop is no failure");
    assert_eq!((outcome.ending, outcome.state.step), (Ending::Stopped, 7));
    // Before the first step there is nothing to keep.
    let cancelled = Cancel::new();
    cancelled.request();
    let error = run(&model, &data, long, &cancelled, |_| {}).result.expect_err("nothing was done");
    assert!(matches!(error, TrainingError::Cancelled(_)));
}

#[test]
fn a_pause_is_no_work() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let model = tiny::model(home.path());
    let data = data(&model);
    let cancel = Cancel::new();
    let pause = Duration::from_millis(1500);
    let began = Instant::now();
    let ran = run(&model, &data, plan(Method::full(2)), &cancel, |event| {
        if matches!(event, Event::Step { step: 5, .. }) {
            cancel.set_paused(true);
            let cancel = cancel.clone();
            std::thread::spawn(move || {
                std::thread::sleep(pause);
                cancel.set_paused(false);
            });
        }
    });
    let took = began.elapsed();
    let outcome = ran.result.expect("it ends");
    assert!(took >= pause);
    assert!(outcome.state.seconds < (took - pause).as_secs_f64() + 0.1, "{} of {took:?}", outcome.state.seconds);
    assert_eq!(ran.losses, losses(&model, &data, Method::full(2)));
}
