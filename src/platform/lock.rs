//! A file lock: one holder at a time among all processes of this machine. Does not know what it protects.

use std::fs::{File, TryLockError};

/// Held until dropped, or until the process ends, however it ends.
///
/// It is released explicitly, because closing the file is not enough: while another thread starts a program, the
/// forked child shares every open file until the new program is loaded.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Takes the lock without waiting.
    ///
    /// # Errors
    /// `WouldBlock` when another process or handle holds it; other errors when the file system does not support locks.
    pub(crate) fn try_acquire(file: File) -> Result<Self, TryLockError> {
        file.try_lock().map(|()| Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The file is closed next, which also releases the lock unless something else has the file open.
        drop(self.0.unlock());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_one_holder_and_is_released_even_while_a_child_process_shares_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || File::create(folder.path().join("lock")).expect("created");
        let file = open();
        let inherited = file.try_clone().expect("a second handle of the same open file, as a fork makes one");
        let held = Lock::try_acquire(file).expect("not held");
        assert!(matches!(Lock::try_acquire(open()), Err(TryLockError::WouldBlock)));
        drop(held);
        drop(Lock::try_acquire(open()).expect("released"));
        drop(inherited);
    }
}
