//! Runs a program and tells of each of its file-system calls (ptrace). Linux on x86-64 and AArch64. Does not know which program it is.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use nix::errno::Errno;
use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// A call that can change or secure what is on the disk, about to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub name: &'static str,
    /// The files it is about: of the descriptor, or of the names, as absolute paths.
    pub paths: Vec<PathBuf>,
}

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Code(i32),
    Signal(Signal),
}

/// Where the arguments of a call name files.
#[derive(Clone, Copy)]
enum Names {
    /// The descriptor in the first argument.
    Descriptor,
    /// A path in the first argument.
    Path,
    /// A folder's descriptor and a path, so many arguments in.
    At(usize),
    /// Two paths in the first two arguments.
    Two,
    /// Two pairs of descriptor and path.
    TwoAt,
}

/// The calls that are told of. Reading is not among them.
const CALLS: &[(libc::c_long, &str, Names)] = &[
    (libc::SYS_openat, "openat", Names::At(0)),
    (libc::SYS_write, "write", Names::Descriptor),
    (libc::SYS_pwrite64, "write", Names::Descriptor),
    (libc::SYS_writev, "write", Names::Descriptor),
    (libc::SYS_copy_file_range, "copy", Names::Descriptor),
    (libc::SYS_sendfile, "copy", Names::Descriptor),
    (libc::SYS_ftruncate, "truncate", Names::Descriptor),
    (libc::SYS_fallocate, "allocate", Names::Descriptor),
    (libc::SYS_fsync, "sync", Names::Descriptor),
    (libc::SYS_fdatasync, "sync", Names::Descriptor),
    (libc::SYS_renameat, "rename", Names::TwoAt),
    (libc::SYS_renameat2, "rename", Names::TwoAt),
    (libc::SYS_linkat, "link", Names::TwoAt),
    (libc::SYS_unlinkat, "unlink", Names::At(0)),
    (libc::SYS_mkdirat, "mkdir", Names::At(0)),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_open, "openat", Names::Path),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rename, "rename", Names::Two),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_link, "link", Names::Two),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_unlink, "unlink", Names::Path),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_rmdir, "unlink", Names::Path),
    #[cfg(target_arch = "x86_64")]
    (libc::SYS_mkdir, "mkdir", Names::Path),
];

/// Runs it to its end. `hear` is told of each call before it is made, in the order in which the kernel gets to them.
///
/// # Errors
/// When it cannot be started or traced.
pub fn run(command: &mut Command, mut hear: impl FnMut(&Call)) -> io::Result<Ending> {
    // SAFETY: `traceme` is one system call, which may stand between fork and exec.
    unsafe { command.pre_exec(|| ptrace::traceme().map_err(io::Error::from)) };
    let child = command.spawn()?;
    let first = Pid::from_raw(child.id().cast_signed());
    waitpid(first, Some(WaitPidFlag::__WALL))?;
    let threads = Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_TRACEFORK | Options::PTRACE_O_TRACEVFORK;
    let options = Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_EXITKILL | Options::PTRACE_O_TRACEEXEC | threads;
    ptrace::setoptions(first, options)?;
    ptrace::syscall(first, None)?;
    // Threads that are inside a call.
    let mut inside: Vec<Pid> = Vec::new();
    loop {
        // Only of this thread's children: other tests have theirs.
        let status = waitpid(None, Some(WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD))?;
        let (thread, signal) = match status {
            WaitStatus::Exited(pid, code) if pid == first => return Ok(Ending::Code(code)),
            WaitStatus::Signaled(pid, signal, _) if pid == first => return Ok(Ending::Signal(signal)),
            WaitStatus::PtraceSyscall(pid) => {
                if let Some(at) = inside.iter().position(|thread| *thread == pid) {
                    inside.swap_remove(at);
                } else {
                    inside.push(pid);
                    call_of(pid)?.iter().for_each(&mut hear);
                }
                (pid, None)
            }
            // A new thread stops once before it begins.
            WaitStatus::Stopped(pid, Signal::SIGSTOP) => (pid, None),
            WaitStatus::Stopped(pid, signal) => (pid, Some(signal)),
            WaitStatus::PtraceEvent(pid, ..) => (pid, None),
            WaitStatus::Exited(pid, _) | WaitStatus::Signaled(pid, ..) => {
                inside.retain(|thread| *thread != pid);
                continue;
            }
            _ => continue,
        };
        // It may have been killed meanwhile.
        match ptrace::syscall(thread, signal) {
            Ok(()) | Err(Errno::ESRCH) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The call that a thread begins, where it is one that changes files.
fn call_of(thread: Pid) -> io::Result<Option<Call>> {
    let Some(registers) = alive(ptrace::getregs(thread))? else { return Ok(None) };
    let (number, arguments) = call(&registers);
    let Some((_, name, names)) = CALLS.iter().find(|(known, ..)| *known == number) else { return Ok(None) };
    // Opening a file to read it changes nothing.
    let flags = if matches!(names, Names::Path) { arguments[1] } else { arguments[2] };
    let writes = (libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC) as u64;
    if *name == "openat" && flags & writes == 0 {
        return Ok(None);
    }
    Ok(paths(thread, *names, arguments).map(|paths| Call { name, paths }))
}

/// A result of ptrace about a thread that may be gone.
fn alive<T>(result: nix::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Errno::ESRCH) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The files of a call; none where they are no files of a disk, such as pipes and terminals.
fn paths(thread: Pid, names: Names, arguments: [u64; 6]) -> Option<Vec<PathBuf>> {
    let descriptor = |at: usize| std::fs::read_link(format!("/proc/{thread}/fd/{}", arguments[at] as i32)).ok();
    let named = |at: usize| {
        let folder = if arguments[at] as i32 == libc::AT_FDCWD { here(thread) } else { descriptor(at) };
        Some(folder?.join(string(thread, arguments[at + 1])?))
    };
    let plain = |at: usize| Some(here(thread)?.join(string(thread, arguments[at])?));
    let found = match names {
        Names::Descriptor => vec![descriptor(0)?],
        Names::Path => vec![plain(0)?],
        Names::At(at) => vec![named(at)?],
        Names::Two => vec![plain(0)?, plain(1)?],
        Names::TwoAt => vec![named(0)?, named(2)?],
    };
    let is_file = |path: &PathBuf| path.is_absolute() && !path.starts_with("/dev") && !path.starts_with("/proc");
    found.iter().all(is_file).then_some(found)
}

/// The folder that a thread's relative names begin in.
fn here(thread: Pid) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/{thread}/cwd")).ok()
}

/// A string in the memory of a thread.
fn string(thread: Pid, address: u64) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    use std::os::unix::fs::FileExt;
    let memory = std::fs::File::open(format!("/proc/{thread}/mem")).ok()?;
    let mut bytes = Vec::new();
    let mut piece = [0; 64];
    loop {
        let read = memory.read_at(&mut piece, address + bytes.len() as u64).ok().filter(|read| *read > 0)?;
        match piece[..read].iter().position(|byte| *byte == 0) {
            Some(end) => {
                bytes.extend(&piece[..end]);
                return Some(std::ffi::OsString::from_vec(bytes).into());
            }
            None => bytes.extend(&piece[..read]),
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn call(registers: &libc::user_regs_struct) -> (libc::c_long, [u64; 6]) {
    let r = registers;
    (r.orig_rax.cast_signed(), [r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9])
}

#[cfg(target_arch = "aarch64")]
fn call(registers: &libc::user_regs_struct) -> (libc::c_long, [u64; 6]) {
    let r = &registers.regs;
    (r[8].cast_signed(), [r[0], r[1], r[2], r[3], r[4], r[5]])
}
