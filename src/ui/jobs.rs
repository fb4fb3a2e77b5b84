//! The jobs at work, as the screens know them: which run, which were asked to stop or wait. Starts nothing itself: it says what is to
//! be done.

use super::message::{Effect, Job, JobId, JobKind};

/// The jobs at work. At most one of each kind counts; what superseded ones still say is dropped.
#[derive(Debug, Default)]
pub struct Jobs {
    last: JobId,
    running: Vec<Running>,
}

/// A job at work.
#[derive(Debug)]
pub struct Running {
    id: JobId,
    pub kind: JobKind,
    /// It was asked to stop.
    pub stopping: bool,
    pub paused: bool,
}

impl Jobs {
    /// Starts a job; one of the same kind that still runs is stopped and forgotten.
    #[must_use]
    pub fn start(&mut self, job: Job) -> Vec<Effect> {
        let kind = job.kind();
        let mut effects = self.abandon(kind);
        self.last += 1;
        let id = self.last;
        self.running.push(Running { id, kind, stopping: false, paused: false });
        effects.push(Effect::Start { id, job });
        effects
    }

    /// All of them, the oldest first.
    #[must_use]
    pub fn all(&self) -> &[Running] {
        &self.running
    }

    #[must_use]
    pub fn is_running(&self, kind: JobKind) -> bool {
        self.id(kind).is_some()
    }

    #[must_use]
    pub fn is_stopping(&self, kind: JobKind) -> bool {
        self.running.iter().any(|running| running.kind == kind && running.stopping)
    }

    #[must_use]
    pub fn any(&self) -> bool {
        !self.running.is_empty()
    }

    #[must_use]
    pub fn id(&self, kind: JobKind) -> Option<JobId> {
        self.running.iter().find(|running| running.kind == kind).map(|running| running.id)
    }

    #[must_use]
    pub fn kind(&self, id: JobId) -> Option<JobKind> {
        self.running.iter().find(|running| running.id == id).map(|running| running.kind)
    }

    /// Stops a kind of job, if it runs, and hears nothing more of it: what it found out is out of date.
    #[must_use]
    pub fn abandon(&mut self, kind: JobKind) -> Vec<Effect> {
        let id = self.id(kind);
        self.running.retain(|running| running.kind != kind);
        id.map(Effect::Cancel).into_iter().collect()
    }

    /// Asks a kind of job to stop, if it runs.
    #[must_use]
    pub fn stop(&mut self, kind: JobKind) -> Vec<Effect> {
        let running = self.running.iter_mut().filter(|running| running.kind == kind);
        running
            .map(|running| {
                running.stopping = true;
                Effect::Cancel(running.id)
            })
            .collect()
    }

    /// Lets a kind of job wait or go on, if it runs.
    #[must_use]
    pub fn pause(&mut self, kind: JobKind, wait: bool) -> Vec<Effect> {
        let running = self.running.iter_mut().filter(|running| running.kind == kind);
        running
            .map(|running| {
                running.paused = wait;
                Effect::Pause(running.id, wait)
            })
            .collect()
    }

    #[must_use]
    pub fn is_paused(&self, kind: JobKind) -> bool {
        self.running.iter().any(|running| running.kind == kind && running.paused)
    }

    pub fn finish(&mut self, id: JobId) {
        self.running.retain(|running| running.id != id);
    }
}
