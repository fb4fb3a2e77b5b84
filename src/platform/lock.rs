//! A file that one holder at a time has, among all programs of this machine. It does not know what is done while it is held.

use std::fs::{File, TryLockError};

/// Held until dropped, or until the process ends, however it ends.
///
/// It is given back in so many words, because closing the file is not enough: another thread that starts a program has a
/// second hold on every open file from the moment the process forks until the program is loaded.
#[derive(Debug)]
pub(crate) struct Lock(File);

impl Lock {
    /// Takes it at once or not at all.
    ///
    /// # Errors
    /// `WouldBlock` where another has it; any other where the file system knows no locks.
    pub(crate) fn take(file: File) -> Result<Self, TryLockError> {
        file.try_lock().map(|()| Self(file))
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing comes next, and gives it back wherever nothing else has the file open.
        drop(self.0.unlock());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_free_again_even_while_a_program_that_is_starting_has_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let open = || File::create(folder.path().join("lock")).expect("made");
        let file = open();
        let inherited = file.try_clone().expect("a second hold on the same open file, as a fork makes one");
        let held = Lock::take(file).expect("nobody has it");
        assert!(matches!(Lock::take(open()), Err(TryLockError::WouldBlock)));
        drop(held);
        drop(Lock::take(open()).expect("free again"));
        drop(inherited);
    }
}
