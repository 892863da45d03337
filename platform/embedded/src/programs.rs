//! Where `initdb` and `postgres` are, and of which version.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::EmbeddedError;

/// A folder with the server's programs.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    pub(crate) bin_dir: PathBuf,
    /// Major version, for example `15`; what a cluster's `PG_VERSION` says.
    pub(crate) version: String,
}

impl Programs {
    /// Finds the programs: in `bin_dir` when it is given, else those of the cluster's own version, else the newest
    /// of the distribution, else those on the `PATH`.
    pub(crate) fn find(
        bin_dir: Option<&Path>,
        cluster_version: Option<&str>,
    ) -> Result<Programs, EmbeddedError> {
        let mut looked_in = Vec::new();
        if let Some(folder) = bin_dir {
            if has_programs(folder) {
                return Programs::in_folder(folder);
            }
            looked_in.push(folder.to_path_buf());
            return Err(EmbeddedError::ProgramsNotFound { looked_in });
        }
        let mut packaged = packaged();
        packaged.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        let own = packaged.iter().find(|(version, _)| Some(version.to_string().as_str()) == cluster_version);
        if let Some((_, folder)) = own.or(packaged.first()) {
            return Programs::in_folder(folder);
        }
        looked_in.push("/usr/lib/postgresql".into());
        let path = std::env::var_os("PATH").unwrap_or_default();
        for folder in std::env::split_paths(&path) {
            if has_programs(&folder) {
                return Programs::in_folder(&folder);
            }
        }
        looked_in.push("PATH".into());
        Err(EmbeddedError::ProgramsNotFound { looked_in })
    }

    fn in_folder(folder: &Path) -> Result<Programs, EmbeddedError> {
        let program = folder.join("postgres");
        let output = Command::new(&program)
            .arg("--version")
            .output()
            .map_err(|source| EmbeddedError::Program { program: program.clone(), source })?;
        // "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let version = said
            .split_whitespace()
            .find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
            .map(|word| word.chars().take_while(char::is_ascii_digit).collect())
            .ok_or_else(|| EmbeddedError::Program {
                program,
                source: std::io::Error::other(format!("it does not tell its version: {said:?}")),
            })?;
        Ok(Programs { bin_dir: folder.to_path_buf(), version })
    }

    pub(crate) fn path(&self, program: &str) -> PathBuf {
        self.bin_dir.join(program)
    }
}

fn has_programs(folder: &Path) -> bool {
    folder.join("postgres").is_file() && folder.join("initdb").is_file()
}

/// Folders of Debian's and of the PostgreSQL project's RPM packages, with their major versions.
fn packaged() -> Vec<(u32, PathBuf)> {
    let debian = list("/usr/lib/postgresql").into_iter().filter_map(|folder| {
        let version = folder.file_name()?.to_str()?.parse().ok()?;
        Some((version, folder.join("bin")))
    });
    let rpm = list("/usr").into_iter().filter_map(|folder| {
        let version = folder.file_name()?.to_str()?.strip_prefix("pgsql-")?.parse().ok()?;
        Some((version, folder.join("bin")))
    });
    debian.chain(rpm).filter(|(_, folder)| has_programs(folder)).collect()
}

fn list(folder: &str) -> Vec<PathBuf> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
