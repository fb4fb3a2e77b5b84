//! Every screen in every state at every size, as pictures in `snapshots`: what it looks like with nothing, while its work is under
//! way, with its result, where that failed, and while a training runs. The pictures are documentation: look at each that changes.

use std::sync::Arc;

use crate::made_up::*;
use xpert::app::doctor::{Check, Health};
use xpert::app::write::Voice;
use xpert::engine::StopReason;
use xpert::models::Event as FetchEvent;
use xpert::training::Ending;
use xpert::ui::harness::Harness;
use xpert::ui::message::{JobKind, Report, Status};
use xpert::ui::screens::Screen;

const SIZES: [(u16, u16); 3] = [(40, 15), (80, 24), (120, 40)];

#[derive(Clone, Copy, Debug)]
enum State {
    /// There are no texts.
    Empty,
    /// What it shows is being worked out.
    Loading,
    Loaded,
    Error,
    /// A training is under way.
    Running,
}

const STATES: [State; 5] = [State::Empty, State::Loading, State::Loaded, State::Error, State::Running];

/// The program with this status, on this screen. What it has asked for is under way.
fn on(screen: Screen, there: Status, (width, height): (u16, u16)) -> Harness {
    let mut harness = Harness::new(width, height);
    harness.model.screens.settings.themes = ["default", "dark", "light"].map(str::to_owned).to_vec();
    harness.model.screens.settings.file = "/home/ann/.local/share/xpert/config.toml".into();
    harness.report(JobKind::Look, Report::Looked(Box::new(there)));
    harness.press(&(screen.index() + 1).to_string());
    harness
}

fn report_if(harness: &mut Harness, kind: JobKind, report: Report) {
    if harness.model.jobs.is_running(kind) {
        harness.report(kind, report);
    }
}

/// What is under way gives its result.
fn finish(harness: &mut Harness) {
    report_if(harness, JobKind::Profile, Report::Profiled(Box::new(profile())));
    report_if(harness, JobKind::Select, Report::Selected(Box::new(selected())));
    let found = |name, found: &str| Check { name, health: Health::Good, found: found.into(), remedy: None };
    let checks = vec![found("machine", "4 threads, 2900 MiB of 3800 MiB free"), found("library", "6 models")];
    report_if(harness, JobKind::Check, Report::Checked(checks));
    report_if(harness, JobKind::Runs, Report::Runs(runs()));
}

/// Brings the screen's own work under way, where it is not by being looked at.
fn begin_own(harness: &mut Harness, screen: Screen) {
    match screen {
        Screen::Import => {
            harness.press("e");
            harness.type_text("~/mail/sent.mbox");
            harness.press("Enter");
        }
        Screen::Train => {
            finish(harness);
            harness.press("b");
            let bytes = FetchEvent::Bytes { done: 49_181_216, total: Some(98_362_432) };
            for event in [FetchEvent::Source("the Hugging Face hub".into()), bytes] {
                report_if(harness, JobKind::Pull, Report::Fetching(event));
            }
        }
        Screen::Write => {
            finish(harness);
            harness.press("Enter");
            harness.type_text("Say hello to Ann.");
            harness.press("Enter");
            harness.report(JobKind::Write, Report::Answering(Voice::Base));
        }
        _ => {}
    }
}

fn load(harness: &mut Harness, screen: Screen) {
    match screen {
        Screen::Import => {
            begin_own(harness, screen);
            harness.report(JobKind::Preview, Report::Found(scan()));
        }
        Screen::Train => {
            finish(harness);
            harness.press("Enter");
            run_events().into_iter().for_each(|event| harness.report(JobKind::Train, Report::Training(event)));
            harness.report(JobKind::Train, Report::Trained(Box::new(record(Ending::Completed))));
        }
        Screen::Write => {
            begin_own(harness, screen);
            let done = Report::Answered { tokens: 12, tokens_per_s: 21.5, stop: StopReason::End, left_out: 0 };
            harness.report(JobKind::Write, Report::Piece("Hello Ann, I hope this message finds you well.".into()));
            harness.report(JobKind::Write, done.clone());
            harness.report(JobKind::Write, Report::Answering(Voice::Library("warm".into())));
            harness.report(JobKind::Write, Report::Piece("Ann, lovely! Come by on Saturday?".into()));
            harness.report(JobKind::Write, done);
            harness.report(JobKind::Write, Report::Written);
        }
        _ => finish(harness),
    }
}

fn fail(harness: &mut Harness, screen: Screen) {
    begin_own(harness, screen);
    let (kind, why) = match screen {
        Screen::Import => (JobKind::Preview, "~/mail/sent.mbox does not exist: check the path"),
        Screen::Style => (JobKind::Profile, "the style file axes.toml cannot be used: install XPerT again"),
        Screen::Library | Screen::Explain => (JobKind::Select, "the card of warm is damaged: install XPerT again"),
        Screen::Train => (JobKind::Pull, "no source has the base model: the hub did not answer, and pip is not there"),
        Screen::Write => (JobKind::Write, "the prompt is longer than the model reads (2048 tokens)"),
        Screen::Runs => (JobKind::Runs, "/home/ann/.local/share/xpert/mine/runs: Permission denied (os error 13)"),
        Screen::Settings => (JobKind::Check, "the disk cannot be read"),
    };
    if screen == Screen::Explain {
        report_if(harness, JobKind::Profile, Report::Profiled(Box::new(profile())));
    }
    report_if(harness, kind, Report::Failed(why.into()));
}

fn run_a_training(harness: &mut Harness, screen: Screen) {
    finish(harness);
    harness.press(&(Screen::Train.index() + 1).to_string());
    finish(harness);
    harness.press("Enter");
    run_events().into_iter().for_each(|event| harness.report(JobKind::Train, Report::Training(event)));
    harness.press(&(screen.index() + 1).to_string());
    finish(harness);
}

fn picture(screen: Screen, state: State, size: (u16, u16)) -> String {
    let there = match (state, screen) {
        (State::Empty, _) => Status { texts: Default::default(), ..status() },
        (State::Loading | State::Error, Screen::Train) => Status { base: None, ..status() },
        _ => status(),
    };
    let mut harness = on(screen, there, size);
    match state {
        State::Empty => report_if(&mut harness, JobKind::Runs, Report::Runs(Arc::default())),
        State::Loading => begin_own(&mut harness, screen),
        State::Loaded => load(&mut harness, screen),
        State::Error => fail(&mut harness, screen),
        State::Running => run_a_training(&mut harness, screen),
    }
    harness.screen()
}

#[test]
fn every_screen_in_every_state_at_every_size() {
    for screen in Screen::ALL {
        for state in STATES {
            for (width, height) in SIZES {
                let name = format!("{}_{state:?}_{width}x{height}", screen.name()).to_lowercase();
                insta::assert_snapshot!(name, picture(screen, state, (width, height)));
            }
        }
    }
}

#[test]
fn each_state_is_told_apart_on_each_screen() {
    for screen in Screen::ALL {
        for size in SIZES {
            let pictures: Vec<Arc<str>> = STATES.iter().map(|state| picture(screen, *state, size).into()).collect();
            for (at, one) in pictures.iter().enumerate() {
                // What Settings shows needs no texts, so with none it is as good as loaded or loading.
                let alike = pictures[at + 1..].iter().filter(|other| *other == one).count();
                assert!(
                    alike == 0 || screen == Screen::Settings,
                    "{screen:?} at {size:?}: {:?} looks like another",
                    STATES[at]
                );
            }
        }
    }
}
