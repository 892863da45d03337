//! Where things are, and running programs there.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context as _, bail};

/// The top of the checkout that the command was called in.
pub(crate) fn root() -> PathBuf {
    // Asked at run time: a target folder shared by two checkouts holds the program of either.
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    manifest.ancestors().nth(2).expect("xtask is two levels down").to_path_buf()
}

/// Where cargo puts what it builds.
pub(crate) fn target_dir() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty()) {
        Some(folder) => std::path::absolute(&folder).unwrap_or_else(|_| folder.into()),
        None => root().join("target"),
    }
}

/// Tells the person what is being done.
pub(crate) fn say(text: &str) {
    eprintln!("xtask: {text}");
}

/// A program that runs at the top of the checkout.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    let mut command = program(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    // What `cargo run` tells its program about xtask is not true of what that program builds.
    for (name, _) in env::vars_os() {
        if let Some(name) = name.to_str()
            && (name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
        {
            command.env_remove(name);
        }
    }
    command.env("CARGO_TARGET_DIR", target_dir());
    command
}

/// npm in a folder of the checkout.
pub(crate) fn npm(folder: &str) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(root().join(folder));
    command
}

/// Runs to the end.
///
/// # Errors
/// When it cannot be started or fails.
pub(crate) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("could not start {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs to the end and returns what it printed.
///
/// # Errors
/// When it cannot be started or fails.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("could not start {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} failed ({})", shown(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} printed no text", shown(command)))
}

/// The command as it would be typed.
pub(crate) fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}

/// Whether a program is on the PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH").unwrap_or_default())
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// When anything at or below these places last changed: a removed file shows in its folder's time.
pub(crate) fn newest(places: &[PathBuf]) -> Option<SystemTime> {
    places.iter().filter_map(|place| newest_in(place)).max()
}

fn newest_in(place: &Path) -> Option<SystemTime> {
    let metadata = fs::metadata(place).ok()?;
    let own = metadata.modified().ok();
    if !metadata.is_dir() {
        return own;
    }
    let inside = fs::read_dir(place).ok()?.flatten().filter_map(|entry| newest_in(&entry.path())).max();
    own.max(inside)
}

/// Files below a folder, without installed and built ones.
pub(crate) fn files(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            let name = entry.file_name();
            if ![".git", "node_modules", "target", "dist", "book"].iter().any(|skipped| name == *skipped) {
                found.extend(files(&path, wanted));
            }
        } else if wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use std::{
        fs::File,
        time::{Duration, SystemTime},
    };

    use super::*;

    #[test]
    fn the_newest_file_counts_however_deep() {
        let folder = tempfile::tempdir().expect("a folder");
        let deep = folder.path().join("a/b");
        fs::create_dir_all(&deep).expect("made");
        fs::write(deep.join("old"), "").expect("written");
        fs::write(deep.join("new"), "").expect("written");
        let later = SystemTime::now() + Duration::from_secs(3600);
        File::options()
            .write(true)
            .open(deep.join("new"))
            .and_then(|file| file.set_modified(later))
            .expect("times can be set");
        assert_eq!(newest(&[folder.path().to_path_buf()]), Some(later));
        assert_eq!(newest(&[folder.path().join("missing")]), None);
    }

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        assert_eq!(shown(Command::new("/usr/bin/cargo").args(["test", "--lib"])), "cargo test --lib");
    }
}
