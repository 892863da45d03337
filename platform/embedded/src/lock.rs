//! Who owns the data directory: a lock that the kernel lets go when its holder dies, however it dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::libc::O_NOFOLLOW;

use crate::error::EmbeddedError;

/// The held lock. Let go when dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Unlocks by word, not by closing the file alone: a process that was being forked just now holds a copy of the
    /// open file until it executes its program, and flock(2) would count the lock as held until then.
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the lock of the data directory stays until its file is closed");
        }
    }
}

/// What an attempt to take the lock came to.
pub(crate) enum Attempt {
    /// It is ours.
    Taken(Lock),
    /// Another process has it; its id, when it could be read.
    Held(Option<i32>),
}

impl Lock {
    /// Tries to take the lock of this data directory. The file stands beside the directory, since the directory
    /// itself appears only when it is complete.
    pub(crate) fn attempt(data_dir: &Path) -> Result<Attempt, EmbeddedError> {
        let path = beside(data_dir, ".lock");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(O_NOFOLLOW)
            .open(&path)
            .map_err(EmbeddedError::io("open the lock", &path))?;
        match file.try_lock() {
            Ok(()) => {
                note(&mut file).map_err(EmbeddedError::io("write the lock", &path))?;
                Ok(Attempt::Taken(Lock { file }))
            }
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let read = file.read_to_string(&mut text);
                Ok(Attempt::Held(read.ok().and_then(|_| text.trim().parse().ok())))
            }
            Err(TryLockError::Error(source)) => Err(EmbeddedError::io("take the lock", path)(source)),
        }
    }
}

/// Leaves our process id for the message of whoever comes second.
fn note(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

/// The path with something added to its last part.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_let_go_is_free_though_a_forked_process_still_holds_a_copy_of_its_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let data_dir = folder.path().join("pg");
        let Attempt::Taken(lock) = Lock::attempt(&data_dir).expect("an attempt") else {
            panic!("nobody else has the lock");
        };
        let copy = lock.file.try_clone().expect("a copy of the open file, as a fork makes it");
        assert!(matches!(Lock::attempt(&data_dir).expect("an attempt"), Attempt::Held(Some(_))));

        drop(lock);
        assert!(matches!(Lock::attempt(&data_dir).expect("an attempt"), Attempt::Taken(_)));
        drop(copy);
    }
}
