//! Does the jobs that `update` asks for, each on a thread of its own, and sends back what they report. A job that panics
//! becomes a failed job. Knows the use cases, not the screens.

mod writing;

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::Haste;
use super::message::{Job, JobId, JobKind, Msg, Report, RunChange, Setting, Status};
use crate::app::log::Watch;
use crate::app::train::{Options, Update};
use crate::app::write::Writer;
use crate::app::{self, AppError, Context};
use crate::import::{ImportOptions, ScanProgress};
use crate::models::Event as FetchEvent;
use crate::platform::cancel::Cancel;

/// Model work recurses through deep computation graphs.
const STACK: usize = 32 * 1024 * 1024;
/// How often the reading of files is told.
const READING_EVERY: Duration = Duration::from_millis(50);
/// How long the end of the program waits for a job that was asked to stop: a training finishes its step, or its
/// validation, and writes its checkpoint; the others look at the signal many times a second.
const PATIENCE_TRAINING: Duration = Duration::from_secs(180);
const PATIENCE: Duration = Duration::from_secs(5);
const PATIENCE_HURRIED: Duration = Duration::from_millis(300);

/// The loaded model with which answers are written, kept between prompts.
type SharedWriter = Arc<Mutex<Option<Writer>>>;

pub struct Runner {
    context: Context,
    /// The file of the user's settings, also while the demo's person is looked at. Whoever holds it writes, so that two settings
    /// changed one after the other are both kept.
    settings: Arc<Mutex<PathBuf>>,
    sender: Sender<Msg>,
    running: HashMap<JobId, Running>,
    writer: SharedWriter,
}

struct Running {
    kind: JobKind,
    cancel: Cancel,
    thread: JoinHandle<()>,
}

impl Runner {
    #[must_use]
    pub fn new(context: Context, settings: PathBuf, sender: Sender<Msg>) -> Self {
        Self {
            context,
            settings: Arc::new(Mutex::new(settings)),
            sender,
            running: HashMap::new(),
            writer: SharedWriter::default(),
        }
    }

    /// Starts a job. Its reports come over the channel; the last of them always comes.
    pub fn start(&mut self, id: JobId, job: Job) {
        self.running.retain(|_, running| !running.thread.is_finished());
        let (kind, cancel, sender) = (job.kind(), Cancel::new(), self.sender.clone());
        let worker = Worker {
            context: self.context.clone(),
            settings: Arc::clone(&self.settings),
            cancel: cancel.clone(),
            writer: Arc::clone(&self.writer),
            // Nobody listens any more once the program is ending; then there is nothing to tell.
            tell: Box::new(move |report| drop(sender.send(Msg::Job(id, report)))),
        };
        let name = format!("{kind:?}").to_lowercase();
        match thread::Builder::new().name(name).stack_size(STACK).spawn(move || worker.run(job)) {
            Ok(thread) => {
                self.running.insert(id, Running { kind, cancel, thread });
            }
            Err(error) => {
                let why = format!("the system gives no more threads ({error}): close other programs and try again");
                drop(self.sender.send(Msg::Job(id, Report::Failed(why))));
            }
        }
    }

    pub fn cancel(&self, id: JobId) {
        if let Some(running) = self.running.get(&id) {
            running.cancel.request();
        }
    }

    pub fn pause(&self, id: JobId, wait: bool) {
        if let Some(running) = self.running.get(&id) {
            running.cancel.set_paused(wait);
        }
    }

    /// Stops everything and waits, within reason, until nothing is half-written.
    pub(super) fn finish(self, haste: Haste) {
        for running in self.running.values() {
            running.cancel.request();
        }
        let asked = Instant::now();
        for running in self.running.into_values() {
            let patience = match (running.kind, haste) {
                (_, Haste::Hurried) => PATIENCE_HURRIED,
                (JobKind::Train, Haste::Patient) => PATIENCE_TRAINING,
                _ => PATIENCE,
            };
            while !running.thread.is_finished() && asked.elapsed() < patience {
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

/// What a job has at hand.
struct Worker {
    context: Context,
    settings: Arc<Mutex<PathBuf>>,
    cancel: Cancel,
    writer: SharedWriter,
    tell: Box<dyn Fn(Report) + Send>,
}

impl Worker {
    fn run(self, job: Job) {
        let watch = Watch::job(job.kind().into());
        let ended = catch_unwind(AssertUnwindSafe(|| self.perform(job)));
        watch.end_of(ended.as_ref().ok());
        let last = match ended {
            Ok(Ok(report)) => report,
            Ok(Err(error)) if error.is_cancelled() => Report::Stopped,
            Ok(Err(error)) => Report::Failed(explain(&error)),
            Err(panic) => {
                // A model that broke half-way is not used again.
                *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = None;
                Report::Failed(internal(panic.as_ref()))
            }
        };
        (self.tell)(last);
    }

    fn perform(&self, job: Job) -> Result<Report, AppError> {
        match job {
            Job::Look => Ok(Report::Looked(Box::new(look(&self.context)))),
            Job::List { folder, hidden } => self.list(folder.as_deref(), hidden),
            Job::Preview { path, options } => self.preview(&path, &options),
            Job::Keep(scan) => Ok(Report::Kept(app::import::keep(&self.context, &scan, &self.cancel)?)),
            Job::Undo => Ok(Report::Undone(app::import::undo_last(&self.context)?)),
            Job::Profile => Ok(Report::Profiled(Box::new(app::profile::profile(&self.context)?))),
            Job::Parts(by) => Ok(Report::Parted(Box::new(app::profile::by(&self.context, by, &self.cancel)?))),
            Job::Select => self.select(),
            Job::Pull => self.pull(),
            Job::Check => Ok(Report::Checked(app::doctor::examine(&self.context, &self.cancel))),
            Job::Save(setting) => self.save(setting),
            Job::Forecast(options) => self.forecast(&options),
            Job::Discard => {
                app::train::discard(&self.context)?;
                Ok(Report::Discarded)
            }
            Job::Train(options) => self.train(&options),
            Job::Write(ask) => self.write(*ask),
            Job::Score(spoken) => self.score(spoken),
            Job::Judge(judgement) => self.judge(judgement),
            Job::Conversations(words) => Ok(Report::Conversations(app::history::find(&self.context, &words)?)),
            Job::Conversation(request) => self.conversation(request),
            Job::Export(selected) => Ok(Report::Exported(app::present::page::write_into(&selected, &here()?)?)),
            Job::Runs => Ok(Report::Runs(Arc::new(app::runs::list(&self.context)?))),
            Job::ChangeRun(number, change) => self.change_run(number, change),
        }
    }

    /// A folder that is closed to us is no failed job: it is said where the folder would be seen.
    fn list(&self, folder: Option<&Path>, hidden: bool) -> Result<Report, AppError> {
        let folder = folder.map(expand_home);
        match app::import::browse(folder.as_deref(), hidden, &self.cancel) {
            Err(error) if error.is_cancelled() => Err(error),
            listed => Ok(Report::Listed(listed.map(Arc::new).map_err(|error| explain(&error)))),
        }
    }

    fn preview(&self, path: &Path, options: &ImportOptions) -> Result<Report, AppError> {
        let mut told: Option<Instant> = None;
        let mut progress = |progress: &ScanProgress| {
            if told.is_none_or(|told| told.elapsed() >= READING_EVERY) {
                told = Some(Instant::now());
                (self.tell)(Report::Reading(progress.clone()));
            }
        };
        let scan = app::import::preview(&[expand_home(path)], options, &self.cancel, &mut progress)?;
        (self.tell)(Report::Languages(app::import::foreign_languages(&scan)?));
        Ok(Report::Found(Arc::new(scan)))
    }

    fn select(&self) -> Result<Report, AppError> {
        let (selected, basis) = app::select::select_with_basis(&self.context)?;
        (self.tell)(Report::Basis(Arc::new(basis)));
        Ok(Report::Selected(Box::new(selected)))
    }

    fn pull(&self) -> Result<Report, AppError> {
        let mut progress = |event: FetchEvent| (self.tell)(Report::Fetching(event));
        let files = app::base::pull(&self.context, &mut progress, &self.cancel)?;
        Ok(Report::Fetched(format!("{} ({})", files.name, files.verified)))
    }

    fn save(&self, setting: Setting) -> Result<Report, AppError> {
        let file = &*self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        match setting {
            Setting::Theme(name) => app::settings::save(file, "theme", Some(name.into()))?,
            Setting::Mouse(listen) => app::settings::save(file, "mouse", Some(listen.into()))?,
            Setting::Guide(wanted) => app::settings::save(file, "guide", Some(wanted.into()))?,
            Setting::TrainingMemory(mebibytes) => {
                let mebibytes = mebibytes.and_then(|mebibytes| i64::try_from(mebibytes).ok());
                app::settings::save(file, "training_memory", mebibytes.map(Into::into))?;
            }
            Setting::TrainingMinutes(minutes) => {
                app::settings::save(file, "training_minutes", minutes.map(Into::into))?;
            }
        }
        Ok(Report::Saved)
    }

    fn forecast(&self, options: &Options) -> Result<Report, AppError> {
        // As for a training: two copies of the weights are too much for a small board.
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let mut report = |phase: &str| (self.tell)(Report::Phase(phase.to_owned()));
        let forecast = app::forecast::forecast(&self.context, options, &self.cancel, &mut report)?;
        Ok(Report::Forecast(Box::new(forecast)))
    }

    fn train(&self, options: &Options) -> Result<Report, AppError> {
        // Training loads weights of its own; two copies are too much for a small board.
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let mut report = |update: Update<'_>| {
            (self.tell)(match update {
                Update::Phase(phase) => Report::Phase(phase.to_owned()),
                Update::Event(event) => Report::Training(event.clone()),
                Update::Reference(run) => Report::Reference(run.curve.clone()),
            });
        };
        Ok(Report::Trained(Box::new(app::train::train(&self.context, options, &self.cancel, &mut report)?)))
    }

    fn change_run(&self, number: u32, change: RunChange) -> Result<Report, AppError> {
        let run = match &change {
            RunChange::Use => app::runs::put_in_use(&self.context, number)?,
            RunChange::Rename(name) => app::runs::rename(&self.context, number, name)?,
            RunChange::Delete => app::runs::delete(&self.context, number)?,
            RunChange::Export => {
                return Ok(Report::RunExported(app::runs::export_into(&self.context, number, &here()?)?.folder));
            }
        };
        Ok(Report::RunChanged(change, Box::new(run)))
    }
}

/// Everything there is to see; what cannot be seen is said and does not hide the rest.
fn look(context: &Context) -> Status {
    let mut status = Status::default();
    let wanted = context.model.as_deref().and_then(|named| context.catalog.find(named));
    let wanted = wanted.unwrap_or_else(|| context.catalog.default_model());
    status.wanted = (wanted.name.clone(), wanted.licence.clone(), wanted.file().bytes);
    let mut problem = |error: &AppError| status.problems.push(explain(error));
    // Merely looking makes no database.
    if context.paths.database().exists() {
        match context.store().and_then(|store| Ok((store.summary()?, store.last_import()?))) {
            Ok((summary, last)) => (status.texts, status.last_import) = (summary, last),
            Err(error) => problem(&error),
        }
    }
    match app::base::locate(context) {
        Ok(files) => status.base = files.map(|files| (files.name, files.source)),
        Err(error) => problem(&error),
    }
    match app::runs::in_use(context) {
        Ok(in_use) => status.in_use = in_use,
        Err(error) => problem(&error),
    }
    match app::runs::numbers(context) {
        Ok(numbers) => status.runs = numbers,
        Err(error) => problem(&error),
    }
    status.unfinished = app::train::unfinished(context);
    status
}

/// The folder that the program was started in.
fn here() -> Result<PathBuf, AppError> {
    std::env::current_dir().map_err(|source| AppError::File { path: PathBuf::from("."), source })
}

/// The error for someone who has keys and no command line in front of them.
fn explain(error: &AppError) -> String {
    match error {
        AppError::NoModel => "The base model is not on this machine yet: Train and Write fetch it on request.".into(),
        AppError::NoTexts => "There are no texts of yours yet: Import takes them in.".into(),
        AppError::NoImports { .. } => {
            "No import is left that could be undone: the texts here are older than that.".into()
        }
        AppError::NoPersonalModel => "You have no model of your own yet: Train makes one.".into(),
        AppError::UnfinishedTraining { started_from, step, steps } => format!(
            "There is a stopped training from {started_from} at step {step} of {steps}: Train resumes it, or starts anew."
        ),
        AppError::NoRun { number } => format!("Run {number} is not there any more."),
        AppError::RunInUse { number } => format!("Run {number} is in use: put another in its place first."),
        other => other.to_string(),
    }
}

/// What a panic said. Where it happened is known to the hook (see `terminal`).
fn internal(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into());
    let place = super::terminal::last_panic().map(|place| format!(" at {place}")).unwrap_or_default();
    format!(
        "XPerT made a mistake of its own ({said}{place}). What you kept before is safe. Please report it. It can be tried again."
    )
}

/// `~/letters` as the shell would read it.
fn expand_home(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), directories::UserDirs::new()) {
        (Ok(rest), Some(user)) => user.home_dir().join(rest),
        _ => path.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    fn runner() -> (Runner, Receiver<Msg>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let context = Context::new(Some(&folder.path().join("data")), None, Some(1)).unwrap();
        let (sender, receiver) = channel();
        (Runner::new(context.clone(), context.paths.settings(), sender), receiver, folder)
    }

    fn last(receiver: &Receiver<Msg>) -> (JobId, Report) {
        loop {
            match receiver.recv_timeout(Duration::from_secs(30)).expect("a job always ends with a report") {
                Msg::Job(id, report) if report.is_last() => return (id, report),
                _ => {}
            }
        }
    }

    #[test]
    fn files_are_previewed_kept_and_seen() {
        let (mut runner, receiver, folder) = runner();
        let letters = folder.path().join("letters");
        std::fs::create_dir(&letters).unwrap();
        std::fs::write(letters.join("one.txt"), "Dear Ann, the roses are out and the gate still squeaks.").unwrap();
        std::fs::write(letters.join("two.txt"), "Too short.").unwrap();
        runner.start(1, Job::Preview { path: letters, options: ImportOptions::default() });
        let (1, Report::Found(scan)) = last(&receiver) else { panic!("no preview") };
        assert_eq!(scan.documents.len(), 1);
        assert!(!runner.context.paths.database().exists(), "a preview keeps nothing");
        runner.start(2, Job::Keep(scan));
        let (2, Report::Kept(added)) = last(&receiver) else { panic!("not kept") };
        assert_eq!(added.added, 1);
        runner.start(3, Job::Look);
        let (3, Report::Looked(status)) = last(&receiver) else { panic!("not looked") };
        assert_eq!((status.texts.texts, status.in_use), (1, None));
        assert_eq!(status.last_import.map(|import| import.texts), Some(1));
        runner.start(4, Job::Undo);
        let (4, Report::Undone(import)) = last(&receiver) else { panic!("not undone") };
        assert_eq!(import.texts, 1);
        runner.start(5, Job::Look);
        let (5, Report::Looked(status)) = last(&receiver) else { panic!("not looked") };
        assert_eq!((status.texts.texts, status.last_import), (0, None));
        runner.start(6, Job::Undo);
        assert!(matches!(last(&receiver), (6, Report::Failed(why)) if why.contains("no texts of yours")));
        runner.finish(Haste::Patient);
    }

    #[test]
    fn a_folder_is_listed_and_what_is_closed_is_said_in_its_place() {
        let (mut runner, receiver, folder) = runner();
        let place = folder.path().join("letters");
        std::fs::create_dir_all(place.join("old")).unwrap();
        std::fs::write(place.join("one.txt"), "Dear Ann").unwrap();
        std::fs::write(place.join(".hidden.txt"), "Dear Ann").unwrap();
        runner.start(1, Job::List { folder: Some(place.clone()), hidden: false });
        let (1, Report::Listed(Ok(listed))) = last(&receiver) else { panic!("not listed") };
        let names: Vec<_> = listed.entries.iter().map(|entry| entry.name.to_str().unwrap()).collect();
        assert_eq!((names, listed.hidden, &listed.path), (vec!["old", "one.txt"], 1, &place));
        runner.start(2, Job::List { folder: Some(place.join("gone")), hidden: false });
        assert!(matches!(last(&receiver), (2, Report::Listed(Err(why))) if why.contains("not there any more")));
        assert!(!runner.context.paths.database().exists(), "looking keeps nothing");
    }

    #[test]
    fn what_fails_says_so_and_names_keys_rather_than_commands() {
        let (mut runner, receiver, folder) = runner();
        let path = folder.path().join("nowhere");
        runner.start(1, Job::Preview { path, options: ImportOptions::default() });
        assert!(matches!(last(&receiver), (1, Report::Failed(why)) if why.contains("does not exist")));
        runner.start(2, Job::Profile);
        assert!(matches!(last(&receiver), (2, Report::Failed(why)) if why.contains("Import takes them in")));
        let error = AppError::UnfinishedTraining { started_from: "warm".into(), step: 3, steps: 9 };
        assert!(!explain(&error).contains("xpert"), "{}", explain(&error));
    }

    #[test]
    fn a_panic_in_a_job_is_a_failed_job() {
        let (sender, receiver) = channel();
        let (runner, _, _folder) = runner();
        let worker = Worker {
            context: runner.context.clone(),
            settings: Arc::clone(&runner.settings),
            cancel: Cancel::new(),
            writer: SharedWriter::default(),
            // The first report, made in the middle of the job, is what breaks; the last one must still come.
            tell: Box::new(move |report| {
                assert!(report.is_last(), "broken on purpose");
                drop(sender.send(report));
            }),
        };
        let path = std::env::current_dir().unwrap().join("Cargo.toml");
        worker.run(Job::Preview { path, options: ImportOptions::default() });
        assert!(matches!(receiver.try_recv(), Ok(Report::Failed(why)) if why.contains("broken on purpose")));
    }

    #[test]
    fn a_cancelled_job_reports_that_it_stopped() {
        let (sender, receiver) = channel();
        let (runner, _, folder) = runner();
        std::fs::write(folder.path().join("a.txt"), "Some words that are long enough to be kept.").unwrap();
        let worker = Worker {
            context: runner.context.clone(),
            settings: Arc::clone(&runner.settings),
            cancel: Cancel::new(),
            writer: SharedWriter::default(),
            tell: Box::new(move |report| drop(sender.send(report))),
        };
        worker.cancel.request();
        worker.run(Job::Preview { path: folder.path().join("a.txt"), options: ImportOptions::default() });
        assert!(matches!(receiver.try_iter().last(), Some(Report::Stopped)));
    }

    #[test]
    fn runs_are_listed_and_changed() {
        let (mut runner, receiver, folder) = runner();
        let mine = folder.path().join("data/mine");
        for place in ["adapter", "runs/1"] {
            let place = mine.join(place);
            std::fs::create_dir_all(&place).unwrap();
            let record = r#"{"started_from":"warm","base":"tiny","ending":"completed","steps":4,"best_step":4,"held_out_before":3.4,
                "held_out_after":3.2,"seconds":1.0,"tokens":9,"parameters":9,"peak_rss_mb":9}"#;
            for (name, text) in
                [("training.json", record), ("adapter_config.json", "{}"), ("adapter_model.safetensors", "")]
            {
                std::fs::write(place.join(name), text).unwrap();
            }
        }
        runner.start(1, Job::ChangeRun(1, RunChange::Rename("First".into())));
        assert!(matches!(last(&receiver), (1, Report::RunChanged(_, run)) if run.title() == "First"));
        runner.start(2, Job::ChangeRun(1, RunChange::Use));
        assert!(matches!(last(&receiver), (2, Report::RunChanged(_, run)) if run.in_use));
        runner.start(3, Job::ChangeRun(1, RunChange::Delete));
        assert!(
            matches!(last(&receiver), (3, Report::Failed(why)) if why.contains("in use") && !why.contains("xpert"))
        );
        runner.start(4, Job::ChangeRun(2, RunChange::Delete));
        assert!(matches!(last(&receiver), (4, Report::RunChanged(_, run)) if run.number == 2));
        runner.start(5, Job::Runs);
        assert!(matches!(last(&receiver), (5, Report::Runs(list)) if list.runs.len() == 1));
    }

    #[test]
    fn a_tilde_is_the_home_folder_and_nothing_else_changes() {
        let home = directories::UserDirs::new().unwrap().home_dir().to_path_buf();
        assert_eq!(expand_home(Path::new("~/mail/sent.mbox")), home.join("mail/sent.mbox"));
        assert_eq!(expand_home(Path::new("~")), home);
        assert_eq!(expand_home(Path::new("/a/~b")), Path::new("/a/~b"));
    }
}
