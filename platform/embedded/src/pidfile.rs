//! `postmaster.pid`, where a running server tells about itself.
//!
//! Its lines: process id, data directory, start time, port, socket folder, listen address, shared memory key, status
//! (PostgreSQL source, `src/include/utils/pidfile.h`).

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::sys::signal::kill;
use nix::unistd::Pid;

use crate::error::EmbeddedError;

/// A server that is running on the data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) pid: i32,
    pub(crate) port: u16,
    pub(crate) socket_dir: PathBuf,
    /// Whether it takes connections.
    pub(crate) ready: bool,
}

/// The server running on the data directory, if there is one. A leftover file of a dead server is not believed, nor
/// one whose process id has meanwhile gone to some other program: the process must stand in this directory.
pub(crate) fn running(data_dir: &Path) -> Option<Running> {
    let running = parse(&std::fs::read(data_dir.join("postmaster.pid")).ok()?)?;
    let stands_in = std::fs::read_link(format!("/proc/{}/cwd", running.pid)).ok()?;
    (stands_in == data_dir).then_some(running)
}

/// Removes a leftover file whose process id now belongs to another program. PostgreSQL itself removes one whose
/// process is dead, but takes any living process of its user for a server.
pub(crate) fn remove_misleading(data_dir: &Path) -> Result<(), EmbeddedError> {
    let path = data_dir.join("postmaster.pid");
    let Ok(bytes) = std::fs::read(&path) else { return Ok(()) };
    let misleading = match first_line(&bytes) {
        Some(pid) => kill(Pid::from_raw(pid), None).is_ok() && running(data_dir).is_none(),
        None => true,
    };
    if misleading {
        std::fs::remove_file(&path).map_err(EmbeddedError::io("remove", &path))?;
    }
    Ok(())
}

fn first_line(bytes: &[u8]) -> Option<i32> {
    std::str::from_utf8(bytes.split(|byte| *byte == b'\n').next()?).ok()?.trim().parse().ok()
}

fn parse(bytes: &[u8]) -> Option<Running> {
    let pid = first_line(bytes)?;
    let mut lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    // A server writes the file in steps: what it has not said yet, it is not ready for.
    let port =
        lines.nth(3).and_then(|line| std::str::from_utf8(line).ok()).and_then(|line| line.parse().ok());
    let socket_dir = lines.next().unwrap_or_default();
    let ready = lines.nth(2) == Some(b"ready");
    Some(Running {
        pid,
        port: port.unwrap_or_default(),
        socket_dir: PathBuf::from(OsStr::from_bytes(socket_dir)),
        ready: ready && port.is_some() && !socket_dir.is_empty(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str = "4711\n/srv/д б\n1795400000\n5432\n/srv/д б\n\n   1234  0\nready   \n";

    #[test]
    fn a_ready_server_tells_its_socket() {
        let running = parse(READY.as_bytes()).unwrap();
        assert_eq!(running, Running { pid: 4711, port: 5432, socket_dir: "/srv/д б".into(), ready: true });
    }

    #[test]
    fn a_file_written_in_part_is_not_ready() {
        for lines in 1..8 {
            let part: Vec<_> = READY.lines().take(lines).collect();
            let running = parse(part.join("\n").as_bytes()).unwrap();
            assert_eq!(running.ready, lines == 8, "{lines} lines");
        }
        assert_eq!(parse(b""), None);
    }

    #[test]
    fn a_stopping_server_is_not_ready() {
        assert!(!parse(READY.replace("ready   ", "stopping").as_bytes()).unwrap().ready);
    }

    #[test]
    fn a_process_elsewhere_is_no_server() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("postmaster.pid");
        std::fs::write(&file, READY.replace("4711", &std::process::id().to_string())).unwrap();
        assert_eq!(running(folder.path()), None);
        remove_misleading(folder.path()).unwrap();
        assert!(!file.exists());
    }
}
