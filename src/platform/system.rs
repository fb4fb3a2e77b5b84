//! Memory and processor time, of this process and of the machine. Knows nothing of models.

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// Reads this process's resident memory. Keep one: creating it is slow compared to reading.
pub struct MemoryProbe {
    /// Absent on systems that the library does not support.
    process: Option<(System, Pid)>,
    peak: u64,
}

const MIB: u64 = 1024 * 1024;

impl MemoryProbe {
    pub fn new() -> Self {
        Self { process: System::new().ok().zip(sysinfo::get_current_pid().ok()), peak: 0 }
    }

    /// Resident memory of this process, MiB; zero where the system does not report it.
    pub fn resident_mb(&mut self) -> u64 {
        let Some((system, pid)) = &mut self.process else { return 0 };
        let what = ProcessRefreshKind::nothing().with_memory();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[*pid]), true, what);
        let resident = system.process(*pid).map_or(0, |process| process.memory() / MIB);
        self.peak = self.peak.max(resident);
        resident
    }

    /// Processor time of this process so far, all cores together, in seconds; zero where the system does not report it.
    pub fn cpu_seconds(&mut self) -> f64 {
        let Some((system, pid)) = &mut self.process else { return 0.0 };
        let what = ProcessRefreshKind::nothing().with_cpu();
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[*pid]), true, what);
        system.process(*pid).map_or(0.0, |process| process.accumulated_cpu_time() as f64 / 1000.0)
    }

    /// Peak resident memory of this process, MiB. Linux records it; elsewhere it is the largest value that
    /// [`Self::resident_mb`] has returned.
    pub fn peak_mb(&self) -> u64 {
        let recorded = std::fs::read_to_string("/proc/self/status").ok().and_then(|status| high_water_mb(&status));
        // The system's record lags behind by some pages.
        recorded.unwrap_or(0).max(self.peak)
    }
}

/// The high-water mark in the text of `/proc/self/status`. `getrusage` has one too, but a process inherits it from a
/// larger parent.
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

/// (available, total) memory in MiB, where the system reports it: the machine's, or less under the limit of a control
/// group (a container, a service).
pub fn memory_mb() -> Option<(u64, u64)> {
    let mut system = System::new().ok()?;
    system.refresh_memory();
    let (mut available, mut total) = (system.available_memory(), system.total_memory());
    let pid = sysinfo::get_current_pid().ok()?;
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, ProcessRefreshKind::nothing());
    if let Some(limits) = system.process(pid).and_then(sysinfo::Process::cgroup_limits) {
        total = total.min(limits.total_memory);
        // Cached files count against a group's limit, but are evicted when needed.
        available = available.min(limits.total_memory.saturating_sub(limits.rss));
    }
    Some((available / MIB, total / MIB))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_parsed_from_the_status_file() {
        assert_eq!(high_water_mb("Name:\txpert\nVmPeak:\t 9 kB\nVmHWM:\t  614400 kB\nVmRSS:\t1 kB\n"), Some(600));
        assert_eq!(high_water_mb("Name:\txpert\n"), None);
    }
}
