//! The web app and the server: built when they are out of date, and started.

use std::{
    fs::{self, File},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::Context as _;

use crate::{
    machine,
    place::{cargo, newest, npm, root, say, succeed, target_dir},
};

/// What the built web app is made from.
const WEB_SOURCES: [&str; 8] = [
    "src",
    "public",
    "scripts",
    "index.html",
    "vite.config.ts",
    "tsconfig.json",
    "package.json",
    "package-lock.json",
];

/// Builds what is out of date and becomes `plenum serve --demo`. Returns only when it cannot.
///
/// # Errors
/// When something cannot be installed, built or started.
pub(crate) fn run() -> anyhow::Result<()> {
    machine::postgres()?;
    // Without it everything runs but the films of recordings, which can be made later.
    if let Err(error) = machine::ffmpeg() {
        say(&format!("{error:#}"));
    }
    let program = build()?;
    // In place of this process: signals and the exit code are the server's.
    let error = Command::new(&program).args(["serve", "--demo"]).exec();
    Err(error).with_context(|| format!("could not start {}", program.display()))
}

/// Builds the web app and the server; returns the server's path in the checkout.
///
/// # Errors
/// When something cannot be installed or built.
pub(crate) fn build() -> anyhow::Result<PathBuf> {
    web()?;
    succeed(cargo().args(["build", "--release", "--package", "plenum-server", "--bin", "plenum"]))?;
    let built = target_dir().join("release/plenum");
    let wanted = root().join("target/release/plenum");
    bring(&built, &wanted)?;
    Ok(wanted)
}

/// Builds the web app unless it is newer than all that it is made from.
///
/// # Errors
/// When its packages cannot be installed or it cannot be built.
pub(crate) fn web() -> anyhow::Result<()> {
    let web = root().join("web");
    let page = web.join("dist/index.html");
    let sources: Vec<PathBuf> = WEB_SOURCES.iter().map(|name| web.join(name)).collect();
    let built = page.metadata().and_then(|metadata| metadata.modified()).ok();
    if built.is_some() && built >= newest(&sources) {
        return Ok(());
    }
    machine::packages("web")?;
    say("building the web app");
    let began = SystemTime::now();
    // Standard output is for what was asked for.
    succeed(npm("web").args(["run", "--silent", "build"]).stdout(std::io::stderr()))?;
    // A source that was saved during the build is newer than the app.
    let page = File::options().write(true).open(&page).context("the build left no web/dist/index.html")?;
    Ok(page.set_modified(began)?)
}

/// Copies a program, unless it is there already. A running one goes on undisturbed under its old inode.
fn bring(built: &Path, wanted: &Path) -> anyhow::Result<()> {
    let ours = fs::metadata(built).with_context(|| format!("there is no {}", built.display()))?;
    if let (Ok(built), Ok(wanted)) = (built.canonicalize(), wanted.canonicalize())
        && built == wanted
    {
        return Ok(());
    }
    if fs::metadata(wanted)
        .is_ok_and(|there| there.len() == ours.len() && there.modified().ok() == ours.modified().ok())
    {
        return Ok(());
    }
    let failed = || format!("could not write {}", wanted.display());
    let half = wanted.with_extension("new");
    fs::create_dir_all(wanted.parent().expect("it is in a folder")).with_context(failed)?;
    fs::copy(built, &half).with_context(failed)?;
    File::options().write(true).open(&half)?.set_modified(ours.modified()?)?;
    fs::rename(&half, wanted).with_context(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_brought_once_and_again_when_it_changes() {
        let folder = tempfile::tempdir().expect("a folder");
        let (built, wanted) = (folder.path().join("elsewhere"), folder.path().join("target/release/plenum"));
        fs::write(&built, "one").expect("written");
        bring(&built, &wanted).expect("brought");
        fs::write(&wanted, "own").expect("written");
        let then = fs::metadata(&built).and_then(|metadata| metadata.modified()).expect("a time");
        File::options().write(true).open(&wanted).and_then(|file| file.set_modified(then)).expect("set");
        bring(&built, &wanted).expect("left alone");
        assert_eq!(fs::read_to_string(&wanted).expect("read"), "own", "an equal one was copied again");
        fs::write(&built, "other").expect("written");
        bring(&built, &wanted).expect("brought");
        assert_eq!(fs::read_to_string(&wanted).expect("read"), "other");
    }
}
