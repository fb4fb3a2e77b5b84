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

    /// Processor time that this process has taken so far, all cores together, in seconds; zero where the system does not tell.
    pub fn cpu_seconds(&mut self) -> f64 {
        let Some((system, pid)) = &mut self.process else { return 0.0 };
        let what = ProcessRefreshKind::nothing().with_cpu();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[*pid]), true, what);
        system.process(*pid).map_or(0.0, |process| process.accumulated_cpu_time() as f64 / 1000.0)
    }

    /// The most that this process has held at once, in MiB. Linux keeps count; elsewhere it is the largest value that
    /// [`Self::resident_mb`] has returned.
    #[must_use]
    pub fn peak_mb(&self) -> u64 {
        let counted = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| high_water_mb(&status));
        // The count of the system lags behind by some pages.
        counted.unwrap_or(0).max(self.peak)
    }
}

/// The high-water mark in the text of `/proc/self/status`. `getrusage` has one too, but a process that was started by a
/// larger one inherits that one's.
fn high_water_mb(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024)
}

impl Default for MemoryProbe {
    fn default() -> Self {
        Self::new()
    }
}

/// (available, total) memory in MiB, where the system tells: the machine's, or what a control group (a container, a
/// service) leaves of it.
#[must_use]
pub fn memory_mb() -> Option<(u64, u64)> {
    let mut system = System::new().ok()?;
    system.refresh_memory();
    let (mut available, mut total) = (system.available_memory(), system.total_memory());
    let pid = sysinfo::get_current_pid().ok()?;
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, ProcessRefreshKind::nothing());
    if let Some(limits) = system.process(pid).and_then(sysinfo::Process::cgroup_limits) {
        total = total.min(limits.total_memory);
        // Cached files count against a group's limit, but make room when asked.
        available = available.min(limits.total_memory.saturating_sub(limits.rss));
    }
    Some((available / MEGABYTE, total / MEGABYTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_found_among_the_lines_of_the_system() {
        assert_eq!(high_water_mb("Name:\txpert\nVmPeak:\t 9 kB\nVmHWM:\t  614400 kB\nVmRSS:\t1 kB\n"), Some(600));
        assert_eq!(high_water_mb("Name:\txpert\n"), None);
    }

    #[test]
    fn the_peak_is_never_below_what_was_seen() {
        let mut probe = MemoryProbe::new();
        let ballast = std::hint::black_box(vec![1u8; 64 << 20]);
        let seen = probe.resident_mb();
        drop(ballast);
        assert!(probe.peak_mb() >= seen && seen >= 64, "{seen} MiB seen, at most {}", probe.peak_mb());
    }
}
