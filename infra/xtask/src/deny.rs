//! What other people's code the program is made of: licences, bans, sources, and known weaknesses.
//!
//! cargo-deny does the checking by `deny.toml`. Known weaknesses come from a database (RustSec) that lies on GitHub; it
//! is never fetched from here: `cargo deny fetch db` brings a copy where there is a network, and a copy that is there is
//! read.

use std::{env, fs, path::PathBuf, process::Command};

use crate::place::{cargo, program, say, succeed};

/// The version is fixed: a newer one may judge otherwise.
const VERSION: &str = "0.20.2";

/// Checks the dependencies.
///
/// # Errors
/// When cargo-deny cannot be installed, or finds something.
pub(crate) fn check() -> anyhow::Result<()> {
    let deny = installed()?;
    // It judges what is built for other systems, too, which no build here has brought.
    succeed(cargo().args(["fetch", "--locked", "--quiet"]))?;
    let run = |what: &[&str]| {
        let mut command = program(&deny.to_string_lossy());
        succeed(command.args(["--offline", "--log-level", "error", "check"]).args(what))
    };
    run(&["bans", "licenses", "sources"])?;
    // cargo-deny leaves a lock beside the copies, also where it found none.
    let has_copy = |folder: PathBuf| {
        fs::read_dir(folder).is_ok_and(|copies| copies.flatten().any(|entry| entry.path().is_dir()))
    };
    if advisories().is_some_and(has_copy) {
        run(&["advisories"])
    } else {
        say(
            "known weaknesses were not checked: `cargo deny fetch db` brings the database where there is a network",
        );
        Ok(())
    }
}

/// Where cargo-deny keeps copies of databases.
fn advisories() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")))?;
    Some(home.join("advisory-dbs"))
}

/// Sees to cargo-deny: compiled once, into a folder that all checkouts share.
fn installed() -> anyhow::Result<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
    let folder =
        cache.unwrap_or_else(env::temp_dir).join("plenum/tools").join(format!("cargo-deny-{VERSION}"));
    let deny = folder.join("bin/cargo-deny");
    if deny.is_file() {
        return Ok(deny);
    }
    say(&format!("installing cargo-deny {VERSION}, which takes some minutes, once"));
    let target = folder.join("target");
    // Not optimized: compiling would take longer than all checks.
    let arguments =
        ["install", "cargo-deny", "--locked", "--debug", "--quiet", "--version", VERSION, "--root"];
    let mut command: Command = cargo();
    succeed(command.args(arguments).arg(&folder).env("CARGO_TARGET_DIR", &target))?;
    fs::remove_dir_all(&target).ok();
    Ok(deny)
}
