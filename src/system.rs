//! What the machine tells of itself: memory and cores. Knows nothing of models.

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Reads this process's resident memory; kept, since making one is slow against asking it again.
pub struct MemoryProbe {
    /// Absent on a system the library does not know.
    process: Option<(System, Pid)>,
    peak: u64,
}

const MEGABYTE: u64 = 1024 * 1024;

impl MemoryProbe {
    #[must_use]
    pub fn new() -> Self {
        Self { process: System::new().ok().zip(sysinfo::get_current_pid().ok()), peak: 0 }
    }

    /// Resident memory of this process now, in MiB; zero where the system does not tell.
    pub fn resident_mb(&mut self) -> u64 {
        let Some((system, pid)) = &mut self.process else { return 0 };
        let what = ProcessRefreshKind::nothing().with_memory();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[*pid]), true, what);
        let resident = system.process(*pid).map_or(0, |process| process.memory() / MEGABYTE);
        self.peak = self.peak.max(resident);
        resident
    }

    /// The largest value [`Self::resident_mb`] has returned, in MiB.
    #[must_use]
    pub fn peak_mb(&self) -> u64 {
        self.peak
    }
}

impl Default for MemoryProbe {
    fn default() -> Self {
        Self::new()
    }
}

/// (available, total) memory of the machine in MiB, where the system tells.
#[must_use]
pub fn memory_mb() -> Option<(u64, u64)> {
    let mut system = System::new().ok()?;
    system.refresh_memory();
    Some((system.available_memory() / MEGABYTE, system.total_memory() / MEGABYTE))
}
