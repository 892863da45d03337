//! The master key: from the environment, or a file.

use std::{
    fmt, fs,
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::cipher::KeyBytes;

/// What the key's check value is a digest of.
const CHECK: &[u8] = b"plenum.vault.master";

/// Wraps the data keys. Prints nothing of itself.
pub struct Master(KeyBytes);

impl Master {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(KeyBytes::random())
    }

    /// Reads 64 hexadecimal digits; `None` when the text is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(hex::decode(text.trim()).ok()?);
        KeyBytes::read(&bytes).map(Self)
    }

    /// The 64 hexadecimal digits, for a file or for the environment.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.bytes()))
    }

    /// By this the database knows which master key is meant. The key does not follow from it.
    #[must_use]
    pub fn check_value(&self) -> [u8; 16] {
        let digest = self.0.digest(CHECK);
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        half
    }

    pub(crate) fn key(&self) -> &KeyBytes {
        &self.0
    }
}

impl fmt::Debug for Master {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Master(…)")
    }
}

/// Where the master key is.
#[derive(Debug)]
pub enum MasterSource {
    /// It was given, for example in the environment.
    Given(Master),
    /// In a file, which is made when there is none and the database knows of none.
    File(PathBuf),
}

/// A file with a master key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// It cannot be read or written.
    #[error("could not {attempt} {}", path.display())]
    Io {
        /// What was attempted.
        attempt: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It holds something else.
    #[error("{} does not hold a master key of 64 hexadecimal digits", path.display())]
    Content {
        /// The file.
        path: PathBuf,
    },
}

/// Reads the file; `None` when there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Master>, MasterError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed("read", path, source)),
    };
    if let Ok(about) = fs::metadata(path)
        && about.permissions().mode() & 0o077 != 0
    {
        tracing::warn!("others than its owner may read the master key {}", path.display());
    }
    Master::parse(&text).map(Some).ok_or_else(|| MasterError::Content { path: path.to_owned() })
}

/// Writes a key to a file that is not there yet, readable by its owner only, and waits for the disk: a key that wraps
/// something must not be lost.
pub(crate) fn write(path: &Path, master: &Master) -> Result<(), MasterError> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder).map_err(|source| failed("make the folder of", path, source))?;
    let written = || {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(master.text().as_bytes())?;
        file.sync_all()?;
        fs::File::open(folder)?.sync_all()
    };
    written().map_err(|source| failed("write", path, source))
}

/// Where a new key waits until the database has taken it.
pub(crate) fn waiting(path: &Path) -> PathBuf {
    with_ending(path, "new")
}

/// Where the key from before stays.
pub(crate) fn former(path: &Path) -> PathBuf {
    with_ending(path, "old")
}

/// Puts the new key in its place, beside the one from before. Two that do it at once do it once.
pub(crate) fn promote(path: &Path) -> Result<(), MasterError> {
    let moved = |from: &Path, to: &Path| match fs::rename(from, to) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(failed("rename", from, source)),
        _ => Ok(()),
    };
    if waiting(path).exists() {
        moved(path, &former(path))?;
        moved(&waiting(path), path)?;
    }
    Ok(())
}

/// Removes a key that never came to use.
pub(crate) fn forget_waiting(path: &Path) -> Result<(), MasterError> {
    match fs::remove_file(waiting(path)) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(failed("remove", &waiting(path), source))
        }
        _ => Ok(()),
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

fn failed(attempt: &'static str, path: &Path, source: io::Error) -> MasterError {
    MasterError::Io { attempt, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_key_reads_back_and_only_its_owner_may() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/master.key");
        assert!(read(&path).expect("read").is_none());
        let master = Master::random();
        write(&path, &master).expect("written");
        let back = read(&path).expect("read").expect("it is there");
        assert_eq!(back.check_value(), master.check_value());
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert!(write(&path, &Master::random()).is_err(), "nothing is overwritten");
        assert_eq!(format!("{back:?}"), "Master(…)");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        for text in ["", "abc", &"0".repeat(62), &"g".repeat(64), &"0".repeat(66)] {
            fs::write(&path, text).expect("written");
            assert!(matches!(read(&path), Err(MasterError::Content { .. })), "{text}");
        }
    }
}
