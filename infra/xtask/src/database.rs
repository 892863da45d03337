//! The throwaway PostgreSQL, and the answers about queries that are made with it.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdin, Stdio},
    time::SystemTime,
};

use anyhow::{Context as _, bail};

use crate::{
    machine,
    place::{cargo, files, program, root, say, succeed, target_dir},
};

/// A running server; it stops when this is dropped or this process ends in any way.
pub(crate) struct Database {
    child: Child,
    /// The server stops when it is closed.
    input: Option<ChildStdin>,
    /// Its data directory.
    pub(crate) folder: String,
    /// An address of the superuser.
    pub(crate) url: String,
}

impl Database {
    /// Starts `dev`, which has been built.
    ///
    /// # Errors
    /// When the server does not start or the migrations fail.
    pub(crate) fn start(migrated: bool) -> anyhow::Result<Self> {
        let mut command = program(&target_dir().join("debug/dev").to_string_lossy());
        if migrated {
            command.arg("--migrated");
        }
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the throwaway PostgreSQL")?;
        let input = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let (Some(folder), Some(url)) = (lines.next().transpose()?, lines.next().transpose()?) else {
            child.wait()?;
            bail!("the throwaway PostgreSQL did not start");
        };
        Ok(Self { child, input, folder, url })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.input.take();
        // Nothing is lost when it fails: nothing in it was to last.
        self.child.wait().ok();
    }
}

fn build() -> anyhow::Result<()> {
    machine::postgres()?;
    succeed(cargo().args(["build", "--quiet", "--workspace", "--bin", "dev"]))
}

/// Holds a migrated database until Ctrl-C, and tells how to build against it.
///
/// # Errors
/// When it does not start.
pub(crate) fn hold() -> anyhow::Result<()> {
    build()?;
    let mut database = Database::start(true)?;
    say(&format!(
        "in another terminal:\n  export SQLX_OFFLINE=false DATABASE_URL={}\nCtrl-C ends it",
        database.url
    ));
    database.child.wait()?;
    Ok(())
}

/// Renews `.sqlx`: has every checked query asked of a database with all migrations. With `check` nothing is written.
///
/// # Errors
/// When a query is wrong, when the code does not build, or with `check` when `.sqlx` is not what it should be.
pub(crate) fn prepare(check: bool) -> anyhow::Result<()> {
    build()?;
    let database = Database::start(true)?;
    let fresh = target_dir().join("sqlx-fresh");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    touch_queries()?;
    succeed(
        cargo()
            .args(["check", "--quiet", "--workspace", "--all-targets"])
            .env("SQLX_OFFLINE", "false")
            .env("SQLX_OFFLINE_DIR", &fresh)
            .env("DATABASE_URL", &database.url),
    )?;
    drop(database);
    let kept = root().join(".sqlx");
    let (new, old) = (read(&fresh)?, read(&kept)?);
    if new.is_empty() {
        bail!("no query was checked");
    }
    if new == old {
        say(&format!(".sqlx is up to date: {} queries", new.len()));
        return Ok(());
    }
    if check {
        bail!(".sqlx is not what the queries need: run `make prepare` and commit it");
    }
    fs::create_dir_all(&kept)?;
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        fs::remove_file(kept.join(name))?;
    }
    for (name, text) in new.iter().filter(|(name, text)| old.get(*name) != Some(text)) {
        fs::write(kept.join(name), text)?;
    }
    say(&format!("wrote .sqlx: {} queries", new.len()));
    Ok(())
}

/// Cargo does not know that the macros read a database: a changed file is what makes it ask them again.
fn touch_queries() -> anyhow::Result<()> {
    let now = SystemTime::now();
    for folder in ["platform", "modules", "tests", "infra"] {
        for path in
            files(&root().join(folder), &|path| path.extension().is_some_and(|extension| extension == "rs"))
        {
            if has_query(&fs::read_to_string(&path)?) {
                File::options().append(true).open(&path)?.set_modified(now)?;
            }
        }
    }
    Ok(())
}

fn has_query(source: &str) -> bool {
    ["query", "query_as", "query_scalar", "query_file", "query_file_as", "query_file_scalar"]
        .iter()
        .any(|name| source.contains(&format!("{name}!")))
}

fn read(folder: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut answers = BTreeMap::new();
    for path in files(folder, &|path| path.extension().is_some_and(|extension| extension == "json")) {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        answers.insert(name, fs::read(&path).with_context(|| format!("could not read {}", path.display()))?);
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::has_query;

    #[test]
    fn checked_queries_are_told_from_others() {
        assert!(has_query("sqlx::query!(\"SELECT 1\")") && has_query("query_scalar!("));
        assert!(!has_query("sqlx::query(\"SELECT 1\")"));
    }
}
