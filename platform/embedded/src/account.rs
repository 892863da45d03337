//! Which user of the machine the server runs as.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::{Uid, User, geteuid};

use crate::error::EmbeddedError;

/// The user that the server runs as, and the one that we run as.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    /// Whether we are root and the child has to become that user.
    pub(crate) switch: bool,
    /// The user that we run as: the one who connects.
    pub(crate) caller: String,
}

impl Account {
    /// An ordinary user runs the server himself. Root runs it as the owner of the existing data directory, and as
    /// `postgres` when there is none.
    pub(crate) fn for_data(data_dir: &Path) -> Result<Account, EmbeddedError> {
        let owner = data_dir.metadata().ok().map(|metadata| metadata.uid());
        let ours = geteuid();
        if !ours.is_root() {
            if let Some(owner) = owner
                && owner != ours.as_raw()
            {
                return Err(EmbeddedError::NotOurs { data_dir: data_dir.to_path_buf(), owner });
            }
            let user = by_uid(ours)?;
            return Ok(Account::new(&user, false, user.name.clone()));
        }
        let user = match owner {
            Some(uid) if uid != 0 => by_uid(Uid::from_raw(uid))?,
            _ => User::from_name("postgres").ok().flatten().ok_or(EmbeddedError::NoServerAccount)?,
        };
        let caller = by_uid(ours)?.name;
        Ok(Account::new(&user, true, caller))
    }

    fn new(user: &User, switch: bool, caller: String) -> Account {
        Account { name: user.name.clone(), uid: user.uid.as_raw(), gid: user.gid.as_raw(), switch, caller }
    }

    /// Makes the command run as this user. Supplementary groups go too: the standard library drops them.
    pub(crate) fn apply(&self, command: &mut Command) {
        if self.switch {
            command.gid(self.gid).uid(self.uid);
        }
    }

    /// Gives a file or folder that root made to this user.
    pub(crate) fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        if self.switch {
            std::os::unix::fs::lchown(path, Some(self.uid), Some(self.gid))
                .map_err(EmbeddedError::io("change the owner of", path))?;
        }
        Ok(())
    }

    /// Checks that the user can get to the folder, which must exist, by sending somebody there.
    pub(crate) fn check_reach(&self, folder: &Path) -> Result<(), EmbeddedError> {
        if !self.switch {
            return Ok(());
        }
        let mut command = Command::new("/bin/true");
        command.current_dir(folder).stdin(Stdio::null());
        self.apply(&mut command);
        match command.status() {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                Err(EmbeddedError::Unreachable { folder: self.obstacle(folder), user: self.name.clone() })
            }
            Err(error) => Err(EmbeddedError::io("enter", folder)(error)),
        }
    }

    /// The first folder on the way whose mode keeps the user out.
    fn obstacle(&self, folder: &Path) -> PathBuf {
        let mut way: Vec<_> = folder.ancestors().collect();
        way.reverse();
        let closed = way.into_iter().find(|step| {
            let Ok(metadata) = step.metadata() else { return true };
            let bit = if metadata.uid() == self.uid {
                0o100
            } else if metadata.gid() == self.gid {
                0o010
            } else {
                0o001
            };
            metadata.mode() & bit == 0
        });
        closed.unwrap_or(folder).to_path_buf()
    }
}

fn by_uid(uid: Uid) -> Result<User, EmbeddedError> {
    User::from_uid(uid).ok().flatten().ok_or(EmbeddedError::NamelessUser { uid: uid.as_raw() })
}

/// Whether a data directory at this place could be used: for choosing a default before anything is made. Only for
/// root it can fail, when a parent folder keeps the server's user out (a home directory usually does).
///
/// # Errors
/// [`EmbeddedError::Unreachable`] names the folder; [`EmbeddedError::NoServerAccount`] when root has no user to run
/// the server as.
pub fn check_reachable(data_dir: &Path) -> Result<(), EmbeddedError> {
    let absolute = std::path::absolute(data_dir).map_err(EmbeddedError::io("find", data_dir))?;
    let existing = absolute.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("/"));
    Account::for_data(&absolute)?.check_reach(existing)
}
