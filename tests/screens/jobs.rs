//! Jobs on their threads: what they report, how they fail, how they stop.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use xpert::app::{AppError, Context};
use xpert::platform::cancel::Cancelled;
use xpert::ui::shell::advice::explain;
use xpert::ui::shell::job::{Job, JobId, Kind, Worker};
use xpert::ui::shell::runner::{Outcome, Runner, Shutdown};

#[derive(Debug)]
enum Trial {
    Count,
    Panic,
    Fail,
    Wait,
}

impl Job for Trial {
    type Report = usize;
    const KIND: Kind = Kind { id: "trial", title: "The trial", long: false };

    fn run(&self, worker: &Worker, tell: &dyn Fn(usize)) -> Result<usize, AppError> {
        match self {
            Self::Count => {
                tell(1);
                Ok(2)
            }
            Self::Panic => panic!("broken on purpose"),
            Self::Fail => Err(AppError::NoTexts),
            Self::Wait => {
                while !worker.cancel.is_requested() {
                    thread::sleep(Duration::from_millis(1));
                }
                Err(Cancelled.into())
            }
        }
    }
}

fn runner() -> (Runner, Receiver<(JobId, Outcome)>, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let context = Context::new(Some(&folder.path().join("data")), None, Some(1)).unwrap();
    let (sender, receiver) = channel();
    let settings = context.paths.settings();
    let runner = Runner::new(context, settings, move |id, outcome| drop(sender.send((id, outcome))));
    (runner, receiver, folder)
}

fn last(receiver: &Receiver<(JobId, Outcome)>) -> (JobId, Outcome) {
    loop {
        let heard = receiver.recv_timeout(Duration::from_secs(30)).expect("a job always ends");
        if heard.1.is_last() {
            return heard;
        }
    }
}

#[test]
fn a_job_reports_and_ends() {
    let (mut runner, receiver, _folder) = runner();
    runner.start(7, Arc::new(Trial::Count));
    let said: Vec<usize> = [receiver.recv().unwrap(), receiver.recv().unwrap()]
        .into_iter()
        .map(|(_, outcome)| match outcome {
            Outcome::Report(report) => *report.from::<Trial>().expect("its own report"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(said, [1, 2]);
}

#[test]
fn a_panic_is_a_failed_job_and_the_next_one_runs() {
    let (mut runner, receiver, _folder) = runner();
    runner.start(1, Arc::new(Trial::Panic));
    assert!(matches!(last(&receiver), (1, Outcome::Failed(why)) if why.contains("broken on purpose")));
    runner.start(2, Arc::new(Trial::Count));
    assert!(matches!(last(&receiver), (2, Outcome::Report(_))));
}

#[test]
fn what_fails_says_so() {
    let (mut runner, receiver, _folder) = runner();
    runner.start(1, Arc::new(Trial::Fail));
    assert!(matches!(last(&receiver), (1, Outcome::Failed(why)) if why.contains("on the Import screen")));
}

#[test]
fn a_stopped_job_says_that_it_stopped() {
    let (mut runner, receiver, _folder) = runner();
    runner.start(1, Arc::new(Trial::Wait));
    runner.cancel(1);
    assert!(matches!(last(&receiver), (1, Outcome::Stopped)));
    runner.start(2, Arc::new(Trial::Wait));
    runner.finish(Shutdown::Wait);
    assert!(matches!(last(&receiver), (2, Outcome::Stopped)));
}

#[test]
fn an_error_names_screens_rather_than_commands() {
    let error = AppError::UnfinishedTraining { started_from: "warm".into(), step: 3, steps: 9 };
    assert_eq!(
        explain(&error),
        "There is a stopped training run from warm at step 3 of 9. Resume it on the Train screen, or start over there."
    );
}
