//! The running jobs as the screens know them. Starts nothing itself.

use super::job::{JobId, Kind};

/// The running jobs, the oldest first.
#[derive(Debug, Default)]
pub struct Jobs {
    last: JobId,
    running: Vec<Running>,
}

/// A running job.
#[derive(Debug)]
pub struct Running {
    pub id: JobId,
    pub kind: &'static Kind,
    /// The screen that started it, by its place; none where the shell did.
    pub(super) owner: Option<usize>,
    pub state: State,
    /// How far it is, in a few words; empty before it says.
    pub progress: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    Paused,
    /// It was asked to stop and has not yet.
    Stopping,
}

impl Jobs {
    pub(super) fn add(&mut self, kind: &'static Kind, owner: Option<usize>) -> JobId {
        self.last += 1;
        let state = State::Running;
        self.running.push(Running { id: self.last, kind, owner, state, progress: String::new() });
        self.last
    }

    pub fn all(&self) -> &[Running] {
        &self.running
    }

    pub fn get(&self, kind: &Kind) -> Option<&Running> {
        self.running.iter().find(|running| running.kind.id == kind.id)
    }

    pub(super) fn get_mut(&mut self, kind: &Kind) -> Option<&mut Running> {
        self.running.iter_mut().find(|running| running.kind.id == kind.id)
    }

    pub fn state(&self, kind: &Kind) -> Option<State> {
        self.get(kind).map(|running| running.state)
    }

    /// The title of a long job that is none of these.
    pub fn long_besides(&self, kinds: &[&Kind]) -> Option<&'static str> {
        let mut others = self.running.iter().map(|job| job.kind).filter(|kind| !kinds.contains(kind));
        others.find(|kind| kind.long).map(|kind| kind.title)
    }

    pub(super) fn remove(&mut self, kind: &Kind) -> Option<Running> {
        self.running.extract_if(.., |running| running.kind.id == kind.id).next()
    }
}
