//! What the machine needs: installed when it is missing, and only then.

use std::{
    env, fs,
    io::IsTerminal as _,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use crate::place::{cargo, npm, on_path, output, root, say, succeed, target_dir};

/// The oldest Node.js on which the web's tools run.
const NODE: (u32, u32) = (20, 19);

/// Sees to the programs of a PostgreSQL server.
pub(crate) fn postgres() -> anyhow::Result<()> {
    if env::var_os("PLENUM_PG_BIN_DIR").is_some() || has_postgres() {
        return Ok(());
    }
    install(&["postgresql"])?;
    if !has_postgres() {
        bail!(
            "there is still no PostgreSQL server after the installation; PLENUM_PG_BIN_DIR may name its folder"
        );
    }
    Ok(())
}

/// As `platform/embedded` looks for them.
fn has_postgres() -> bool {
    let packaged = ["/usr/lib/postgresql", "/usr"].into_iter().flat_map(|folder| {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"))
    });
    let packaged = packaged.filter(|folder| {
        folder.starts_with("/usr/lib/postgresql") || folder.to_string_lossy().starts_with("/usr/pgsql-")
    });
    let path = env::var_os("PATH").unwrap_or_default();
    packaged
        .chain(env::split_paths(&path))
        .any(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
}

/// Sees to ffmpeg, which makes films of recordings.
pub(crate) fn ffmpeg() -> anyhow::Result<()> {
    if env::var_os("PLENUM_FFMPEG").is_some() || on_path("ffmpeg").is_some() {
        return Ok(());
    }
    install(&["ffmpeg"])
}

/// Sees to NATS, by which several servers speak with one another.
pub(crate) fn nats() -> anyhow::Result<()> {
    // Debian keeps it where the PATH of most people does not lead.
    let is_there = on_path("nats-server").is_some() || Path::new("/usr/sbin/nats-server").is_file();
    if is_there { Ok(()) } else { install(&["nats-server"]) }
}

/// Sees to pgTAP, in which the checks of the database's catalogue are written.
pub(crate) fn pgtap() -> anyhow::Result<()> {
    let has = |folder: &Path| folder.join("extension/pgtap.control").is_file();
    let packaged = |folder: &str| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    // The server that tests use is the newest one, as `platform/embedded` looks for it.
    let major = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let Some(newest) = packaged("/usr/lib/postgresql").iter().filter_map(major).max() else { return Ok(()) };
    if has(&Path::new("/usr/share/postgresql").join(newest.to_string())) {
        return Ok(());
    }
    install(&[&format!("postgresql-{newest}-pgtap")])
}

/// Sees to Janus, beside which our media server is measured, and to `ip`, which gives both a network of their own.
pub(crate) fn janus() -> anyhow::Result<()> {
    let missing: Vec<&str> = [("janus", "janus"), ("ip", "iproute2"), ("unshare", "util-linux")]
        .into_iter()
        .filter(|(name, _)| on_path(name).is_none())
        .map(|(_, package)| package)
        .collect();
    if missing.is_empty() { Ok(()) } else { install(&missing) }
}

/// Sees to `cargo fuzz`. Its version is fixed.
pub(crate) fn cargo_fuzz() -> anyhow::Result<()> {
    if on_path("cargo-fuzz").is_some() {
        return Ok(());
    }
    say("installing cargo-fuzz 0.13.1");
    succeed(cargo().args(["install", "--quiet", "--locked", "cargo-fuzz@0.13.1"]))
}

/// Sees to `pdftotext`, which reads minutes and certificates in tests.
pub(crate) fn pdftotext() -> anyhow::Result<()> {
    match on_path("pdftotext") {
        Some(_) => Ok(()),
        None => install(&["poppler-utils"]),
    }
}

/// Sees to `smtp-sink`, the mail server of tests. The package brings a server of its own along, which is not needed.
pub(crate) fn smtp_sink() -> anyhow::Result<()> {
    let known = ["/usr/sbin/smtp-sink", "/usr/libexec/postfix/smtp-sink"];
    if known.iter().any(|path| Path::new(path).exists()) {
        return Ok(());
    }
    install(&["postfix"])
}

/// Sees to a Python with dkimpy, which checks signatures in tests, and tells where it is. Its version is fixed.
pub(crate) fn dkimpy() -> anyhow::Result<PathBuf> {
    match env::var_os("PLENUM_DKIM_PYTHON") {
        Some(named) => Ok(named.into()),
        None => python_with("dkimpy", "dkimpy[ed25519]==1.1.8"),
    }
}

/// Sees to a Python with schemathesis, which makes operations up, and tells where it is. Its version is fixed.
pub(crate) fn schemathesis() -> anyhow::Result<PathBuf> {
    python_with("schemathesis", "schemathesis==4.32.0")
}

/// Sees to a Python with aiortc, a client of media that is not ours, and tells where it is. Its version is fixed.
pub(crate) fn aiortc() -> anyhow::Result<PathBuf> {
    match env::var_os("PLENUM_AIORTC") {
        Some(named) => Ok(named.into()),
        None => python_with("aiortc", "aiortc==1.16.0"),
    }
}

/// A Python of its own with one package, in a folder beside what cargo builds.
fn python_with(name: &str, package: &str) -> anyhow::Result<PathBuf> {
    let folder = target_dir().join(name);
    let python = folder.join("bin/python");
    let stamp = folder.join(".installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == package.as_bytes()) {
        return Ok(python);
    }
    if on_path("python3").is_none()
        || output(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_err()
    {
        install(&["python3", "python3-venv"])?;
    }
    say(&format!("installing {package}"));
    succeed(Command::new("python3").args(["-m", "venv"]).arg(&folder).stdout(std::io::stderr()))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package];
    succeed(Command::new(&python).args(pip).stdout(std::io::stderr()))?;
    keep(&stamp, package.as_bytes())?;
    Ok(python)
}

/// Sees to a Chromium for tests, and tells where it is.
pub(crate) fn chromium() -> anyhow::Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    if install(&["chromium"]).is_ok()
        && let Some(found) = find_chromium()
    {
        return Ok(found);
    }
    // Ubuntu has it as a snap only, which tests cannot drive.
    say("no chromium package; trying Playwright's own");
    packages("tests/browser")?;
    let folder = "tests/browser";
    succeed(Command::new("npx").current_dir(root().join(folder)).args([
        "playwright",
        "install",
        "chromium",
    ]))?;
    let script = "console.log(require('@playwright/test').chromium.executablePath())";
    let path = output(Command::new("node").current_dir(root().join(folder)).args(["-e", script]))?;
    let path = PathBuf::from(path.trim());
    if !path.is_file() {
        bail!("there is no Chromium; CHROMIUM may name one");
    }
    Ok(path)
}

fn find_chromium() -> Option<PathBuf> {
    ["chromium", "google-chrome", "chromium-browser"]
        .into_iter()
        .filter_map(on_path)
        .find(|path| !path.canonicalize().is_ok_and(|real| real.ends_with("snap")))
}

/// Installs packages of the distribution without questions.
fn install(names: &[&str]) -> anyhow::Result<()> {
    let what = names.join(" ");
    if on_path("apt-get").is_none() {
        bail!("please install: {what}");
    }
    say(&format!("installing {what}"));
    // Lists that cannot be renewed may still do.
    if let Err(error) = apt(&["update", "--quiet", "--quiet"]) {
        say(&format!("{error:#}"));
    }
    let mut arguments = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    arguments.extend(names);
    apt(&arguments).with_context(|| format!("could not install {what}"))
}

fn apt(arguments: &[&str]) -> anyhow::Result<()> {
    let user = output(Command::new("id").arg("--user"))?;
    let mut command = if user.trim() == "0" {
        Command::new("env")
    } else {
        let mut sudo = Command::new("sudo");
        if !std::io::stdin().is_terminal() {
            sudo.arg("--non-interactive");
        }
        sudo.arg("env");
        sudo
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(arguments);
    if !std::io::stdin().is_terminal() {
        command.stdin(std::process::Stdio::null());
    }
    // Standard output is for what was asked for.
    command.stdout(std::io::stderr());
    succeed(&mut command)
}

/// Sees to the npm packages of a folder: installed anew when the lock differs from the one installed last.
pub(crate) fn packages(folder: &str) -> anyhow::Result<()> {
    let folder_path = root().join(folder);
    let lock = fs::read(folder_path.join("package-lock.json"))
        .with_context(|| format!("could not read {folder}/package-lock.json"))?;
    let stamp = folder_path.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    node()?;
    say(&format!("installing the packages of {folder}"));
    let mut command = npm(folder);
    command.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).stdout(std::io::stderr());
    succeed(&mut command)?;
    keep(&stamp, &lock)
}

fn keep(stamp: &Path, lock: &[u8]) -> anyhow::Result<()> {
    fs::write(stamp, lock).with_context(|| format!("could not write {}", stamp.display()))
}

fn node() -> anyhow::Result<()> {
    let wanted = format!("Node.js {}.{} or later with npm is needed", NODE.0, NODE.1);
    if on_path("npm").is_none() {
        bail!("{wanted}");
    }
    let version = output(Command::new("node").arg("--version")).context(wanted.clone())?;
    if !is_enough(version.trim()) {
        bail!("{wanted}; this is {}", version.trim());
    }
    Ok(())
}

fn is_enough(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= NODE
}

#[cfg(test)]
mod tests {
    use super::is_enough;

    #[test]
    fn an_old_node_is_told_from_a_new_one() {
        assert!(is_enough("v20.19.0") && is_enough("v20.20.2") && is_enough("v22.0.0"));
        assert!(!is_enough("v20.18.9") && !is_enough("v18.20.4") && !is_enough("?"));
    }
}
