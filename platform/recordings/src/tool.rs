//! ffmpeg, run with care.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::film::FilmError;

/// So much of what it complains of is told.
const COMPLAINT_MAX_BYTES: usize = 2_000;
/// What takes longer for one piece of work, beside its own length ten times over, hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// Where ffmpeg is.
#[derive(Debug, Clone)]
pub struct Tool(PathBuf);

impl Tool {
    /// Takes its path; a bare name is looked for as a shell does.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// Its version, when it can be run: the first line of what it tells of itself.
    pub async fn version(&self) -> Option<String> {
        let output = Command::new(&self.0).arg("-version").stdin(Stdio::null()).output().await.ok()?;
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines().next().filter(|_| output.status.success()).map(str::to_owned)
    }

    /// Does a piece of work that is about so long as what is played; files are named from `folder`.
    pub(crate) async fn run<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        plays: Duration,
        arguments: &[A],
    ) -> Result<(), FilmError> {
        // Nice: rooms come first. It reads no files but those that are named, and nothing from the network.
        let mut command = Command::new("nice");
        command
            .args(["-n", "15"])
            .arg(&self.0)
            .args(["-nostdin", "-hide_banner", "-loglevel", "error", "-y"])
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let child = command.spawn().map_err(FilmError::Tool)?;
        let limit = PATIENCE + plays * 10;
        let output = tokio::time::timeout(limit, child.wait_with_output())
            .await
            .map_err(|_| FilmError::Hangs(limit))?
            .map_err(FilmError::Tool)?;
        if output.status.success() {
            return Ok(());
        }
        let told = &output.stderr[output.stderr.len().saturating_sub(COMPLAINT_MAX_BYTES)..];
        Err(FilmError::Failed(output.status, String::from_utf8_lossy(told).trim().to_owned()))
    }
}
