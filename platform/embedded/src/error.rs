//! What can go wrong, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why the private PostgreSQL could not be started, attached to, prepared or stopped. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No folder with `postgres` and `initdb` was found.
    #[error(
        "PostgreSQL server programs not found{}: run apt-get install postgresql, or set PLENUM_PG_BIN_DIR to the folder that has initdb and postgres",
        list(.looked_in)
    )]
    ProgramsNotFound {
        /// The folders that were looked into.
        looked_in: Vec<PathBuf>,
    },
    /// A server program could not be run at all.
    #[error("could not run {}", program.display())]
    Program {
        /// The program.
        program: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The data directory was made by another major version than the one found.
    #[error(
        "the data in {} is of PostgreSQL {data}, but the programs found are of PostgreSQL {programs}: install postgresql-{data}, or move the data with pg_upgrade",
        data_dir.display()
    )]
    WrongVersion {
        /// The data directory.
        data_dir: PathBuf,
        /// Major version of the data.
        data: String,
        /// Major version of the programs.
        programs: String,
    },
    /// Root runs Plenum, and the user that the server should run as does not exist.
    #[error(
        "PostgreSQL does not run as root, and there is no user postgres to run it as: run apt-get install postgresql, or start Plenum as an ordinary user"
    )]
    NoServerAccount,
    /// `initdb` needs a name for the user that it runs as.
    #[error(
        "user id {uid} has no name on this machine (no entry in /etc/passwd), and PostgreSQL needs one: add the user, or start Plenum as another"
    )]
    NamelessUser {
        /// The user id.
        uid: u32,
    },
    /// The data directory belongs to somebody else.
    #[error("{} belongs to another user (id {owner}): start Plenum as that user, or choose another PLENUM_DATA_DIR", data_dir.display())]
    NotOurs {
        /// The data directory.
        data_dir: PathBuf,
        /// Who owns it.
        owner: u32,
    },
    /// A parent folder keeps the server's user out.
    #[error("{} must be traversable by user {user}: run chmod o+x on it, or choose another PLENUM_DATA_DIR", folder.display())]
    Unreachable {
        /// The folder that stands in the way.
        folder: PathBuf,
        /// The user that the server runs as.
        user: String,
    },
    /// The folder has something in it that is no PostgreSQL data.
    #[error("{} is neither empty nor a PostgreSQL data directory: choose another PLENUM_DATA_DIR, or move its contents away", data_dir.display())]
    NotACluster {
        /// The folder.
        data_dir: PathBuf,
    },
    /// The folder for the socket exists and is not private to us.
    #[error("{} should be a private folder (mode 0700) of the user id {uid}, but is not: remove it", folder.display())]
    SocketFolder {
        /// The folder.
        folder: PathBuf,
        /// Who should own it.
        uid: u32,
    },
    /// Another Plenum owns the data directory.
    #[error("another Plenum (process {}) already runs on {}: stop it first, or choose another PLENUM_DATA_DIR", id(.owner), data_dir.display())]
    AlreadyRunning {
        /// The data directory.
        data_dir: PathBuf,
        /// The process that owns it, when known.
        owner: Option<i32>,
    },
    /// `initdb` failed.
    #[error("could not create a PostgreSQL cluster in {}: {detail}", data_dir.display())]
    Initdb {
        /// The data directory.
        data_dir: PathBuf,
        /// What `initdb` said.
        detail: String,
    },
    /// The server ended before it was ready.
    #[error("PostgreSQL did not start on {}: {detail} (more in {})", data_dir.display(), log.display())]
    Start {
        /// The data directory.
        data_dir: PathBuf,
        /// The last lines that the server said.
        detail: String,
        /// Where its log is.
        log: PathBuf,
    },
    /// The server neither stopped nor died.
    #[error("PostgreSQL (process {pid}) on {} does not stop: end it by hand", data_dir.display())]
    DoesNotStop {
        /// The data directory.
        data_dir: PathBuf,
        /// The server.
        pid: i32,
    },
    /// A file or folder could not be read or written.
    #[error("could not {attempt} {}", path.display())]
    Io {
        /// What was attempted.
        attempt: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The name is not one that we give to databases.
    #[error("{name:?} is no name for a database: use lower-case Latin letters, digits and _, at most 63")]
    DatabaseName {
        /// The name.
        name: String,
    },
    /// Roles or database could not be made.
    #[error("could not prepare the database {database}: {attempt}")]
    Bootstrap {
        /// The database.
        database: String,
        /// What was attempted.
        attempt: &'static str,
        /// Why not.
        #[source]
        source: sqlx::Error,
    },
}

impl EmbeddedError {
    pub(crate) fn io(
        attempt: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> EmbeddedError {
        let path = path.into();
        move |source| EmbeddedError::Io { attempt, path, source }
    }
}

fn list(folders: &[PathBuf]) -> String {
    if folders.is_empty() {
        return String::new();
    }
    let list: Vec<_> = folders.iter().map(|folder| folder.display().to_string()).collect();
    format!(" (looked in {})", list.join(", "))
}

fn id(owner: &Option<i32>) -> String {
    owner.map_or_else(|| "of unknown id".to_owned(), |pid| pid.to_string())
}
