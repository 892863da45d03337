//! The data directory: making it, and writing its settings anew before each start.

use std::fmt::Write as _;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::libc::O_NOFOLLOW;
use sha2::{Digest, Sha256};

use crate::account::Account;
use crate::bootstrap::{APP, OPERATOR, OWNER, SUPERUSER};
use crate::error::EmbeddedError;
use crate::lock::beside;
use crate::process;
use crate::programs::Programs;

/// Names the socket file and nothing else, since nothing listens on a network.
pub(crate) const PORT: u16 = 5432;

/// `sockaddr_un.sun_path` holds 108 bytes with the final zero (unix(7)).
const LONGEST_SOCKET_PATH: usize = 107;

/// What the server writes before its log collector runs.
pub(crate) const START_LOG: &str = "start.log";

/// Where the server writes its log, inside the data directory.
pub(crate) const LOG_DIR: &str = "log";

/// The major version that made the data directory; `None` when there is none, or an empty folder.
pub(crate) fn version(data_dir: &Path) -> Result<Option<String>, EmbeddedError> {
    match std::fs::read_to_string(data_dir.join("PG_VERSION")) {
        Ok(version) => Ok(Some(version.trim().to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let Ok(mut entries) = data_dir.read_dir() else { return Ok(None) };
            match entries.next() {
                None => Ok(None),
                Some(_) => Err(EmbeddedError::NotACluster { data_dir: data_dir.to_path_buf() }),
            }
        }
        Err(error) => Err(EmbeddedError::io("read the version of", data_dir)(error)),
    }
}

/// Makes the cluster under a temporary name and renames it when it is complete, so that an interruption at any
/// moment leaves either no data directory or a whole one. The caller holds the lock, so that a folder of the
/// temporary name can only be a leftover.
pub(crate) fn create(data_dir: &Path, programs: &Programs, account: &Account) -> Result<(), EmbeddedError> {
    let making = beside(data_dir, ".new");
    if making.symlink_metadata().is_ok() {
        std::fs::remove_dir_all(&making).map_err(EmbeddedError::io("remove the leftover", &making))?;
    }
    DirBuilder::new().mode(0o700).create(&making).map_err(EmbeddedError::io("create", &making))?;
    account.own(&making)?;

    let program = programs.path("initdb");
    let mut command = Command::new(&program);
    command
        .arg("--pgdata")
        .arg(&making)
        .args(["--username", SUPERUSER, "--auth", "peer", "--encoding", "UTF8"])
        // Sorting is the database's affair (ICU); this locale has the right letters for every alphabet and is
        // built into the C library, so that it is there without any package of locales.
        .args(["--locale", "C.UTF-8", "--data-checksums", "--no-instructions"]);
    process::prepare(&mut command, account);
    let output = command.output().map_err(|source| EmbeddedError::Program { program, source })?;
    if !output.status.success() {
        let detail = last_lines(&output.stderr);
        return Err(EmbeddedError::Initdb { data_dir: data_dir.to_path_buf(), detail });
    }

    std::fs::rename(&making, data_dir).map_err(EmbeddedError::io("name the finished", data_dir))?;
    let parent = data_dir.parent().unwrap_or(Path::new("/"));
    let synced = std::fs::File::open(parent).and_then(|folder| folder.sync_all());
    synced.map_err(EmbeddedError::io("write out", parent))
}

/// Writes the settings, the access rules and the map of users. They are ours and written before each start; what an
/// administrator adds goes to `local.conf` beside them.
pub(crate) fn configure(
    data_dir: &Path,
    socket_dir: &Path,
    account: &Account,
    settings: &[(String, String)],
) -> Result<(), EmbeddedError> {
    let note = "# Written by Plenum before each start.";

    let mut conf = format!("{note} Settings of your own go to local.conf.\n");
    let socket_dir = socket_dir.to_string_lossy();
    let port = PORT.to_string();
    // The list form: a name in double quotes may hold spaces.
    let socket_dirs = format!("\"{socket_dir}\"");
    let ours: &[(&str, &str)] = &[
        ("listen_addresses", ""),
        ("unix_socket_directories", &socket_dirs),
        ("unix_socket_permissions", "0700"),
        ("port", &port),
        ("max_connections", "100"),
        ("shared_buffers", "256MB"),
        ("effective_cache_size", "1GB"),
        ("maintenance_work_mem", "64MB"),
        // The default of 4 supposes rotating disks.
        ("random_page_cost", "1.1"),
        // The queries are short: compiling them costs more than it gains.
        ("jit", "off"),
        // Nothing committed is lost.
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("wal_compression", "on"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("datestyle", "iso, ymd"),
        ("lc_messages", "C"),
        // A file for each day of the week, overwritten a week later.
        ("logging_collector", "on"),
        ("log_directory", LOG_DIR),
        ("log_filename", "postgresql-%a.log"),
        ("log_file_mode", "0600"),
        ("log_rotation_age", "1d"),
        ("log_rotation_size", "0"),
        ("log_truncate_on_rotation", "on"),
        ("log_line_prefix", "%m [%p] %u@%d "),
        ("log_lock_waits", "on"),
        ("log_checkpoints", "off"),
        // Statements and their values are personal data: errors are logged without them.
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
    ];
    let theirs = settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in ours.iter().copied().chain(theirs) {
        let value = value.replace('\\', "\\\\").replace('\'', "''").replace('\n', "\\n");
        writeln!(conf, "{name} = '{value}'").expect("a String takes everything");
    }
    conf.push_str("include_if_exists 'local.conf'\n");

    let hba = format!("{note}\nlocal all all peer map=plenum\n");

    let mut ident = format!("{note}\n");
    let mut callers = vec![account.caller.as_str()];
    if account.name != account.caller {
        callers.push(&account.name);
    }
    for caller in callers {
        let caller = caller.replace('"', "\"\"");
        for role in [SUPERUSER, OWNER, APP, OPERATOR] {
            writeln!(ident, "plenum \"{caller}\" {role}").expect("a String takes everything");
        }
    }

    for (name, text) in [("postgresql.conf", conf), ("pg_hba.conf", hba), ("pg_ident.conf", ident)] {
        replace(&data_dir.join(name), &text, account)?;
    }
    Ok(())
}

/// Writes a file under another name and renames it: a server that reads it meanwhile sees the old or the new one.
fn replace(path: &Path, text: &str, account: &Account) -> Result<(), EmbeddedError> {
    let writing = beside(path, ".new");
    let file = create_file(&writing);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(EmbeddedError::io("write", &writing))?;
    account.own(&writing)?;
    std::fs::rename(&writing, path).map_err(EmbeddedError::io("replace", path))
}

/// An empty private file. Root must not follow a link that the server's user may have laid here.
pub(crate) fn create_file(path: &Path) -> std::io::Result<std::fs::File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).custom_flags(O_NOFOLLOW).open(path)
}

/// The folder of the socket: the data directory itself, which is private already; a short private folder when the
/// path would be too long for a socket, or when a name in it cannot stand in the list of folders or in a URL.
pub(crate) fn socket_dir(data_dir: &Path, account: &Account) -> Result<PathBuf, EmbeddedError> {
    let socket = data_dir.join(format!(".s.PGSQL.{PORT}"));
    let plain = data_dir.to_str().is_some_and(|text| !text.contains(['"', '\n', '\r']));
    if plain && socket.as_os_str().len() <= LONGEST_SOCKET_PATH {
        return Ok(data_dir.to_path_buf());
    }
    let digest = Sha256::digest(data_dir.as_os_str().as_bytes());
    let digits: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let name = format!("plenum-{}-{digits}", account.uid);
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|_| !account.switch);
    let parents = [runtime, Some(PathBuf::from("/run")), Some(std::env::temp_dir()), Some("/tmp".into())];
    let mut refused = None;
    for parent in parents.into_iter().flatten() {
        let folder = parent.join(&name);
        if folder.as_os_str().len() + ".s.PGSQL.".len() + 5 > LONGEST_SOCKET_PATH {
            continue;
        }
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => {
                account.own(&folder)?;
                return Ok(folder);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let found =
                    folder.symlink_metadata().map_err(EmbeddedError::io("look at", folder.clone()))?;
                let private = found.is_dir() && found.uid() == account.uid && found.mode() & 0o777 == 0o700;
                if private {
                    return Ok(folder);
                }
                return Err(EmbeddedError::SocketFolder { folder, uid: account.uid });
            }
            Err(error) => refused = Some((folder, error)),
        }
    }
    let (folder, error) = refused.unwrap_or_else(|| {
        (PathBuf::from("/tmp"), std::io::Error::other("no folder with a path short enough for a socket"))
    });
    Err(EmbeddedError::io("create the socket's folder", folder)(error))
}

/// The last lines of what a program said, for an error message.
pub(crate) fn last_lines(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let lines: Vec<_> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return "it said nothing".to_owned();
    }
    lines[lines.len().saturating_sub(5)..].join(" | ")
}
