//! What files, the disk, the running server and the database tell.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use plenum_db::{Checkup, Migrations};
use plenum_kernel::{Clock, SystemClock};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{Finding, Severity};
use crate::{
    app::Addresses,
    config::{Config, MasterConfig},
};

/// The oldest server that row security with `NULLS NOT DISTINCT` and ICU databases works with.
const OLDEST: i32 = 150_000;
/// Clocks that differ by more make links and codes expire early or late.
const SKEW: TimeDelta = TimeDelta::seconds(5);
/// How old the last check of the record may be.
const CHECKED: TimeDelta = TimeDelta::days(7);
/// Below this share, or this many bytes, a disk is nearly full.
const FREE_PERCENT: u64 = 5;
const FREE_BYTES: u64 = 1 << 30;
/// How long a running server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Judges the files that hold secrets.
#[must_use]
pub fn files(config: &Config) -> Vec<Finding> {
    let mut paths: Vec<PathBuf> =
        ["secret.key", "turn.key", "plenum.toml"].map(|name| config.data_dir.join(name)).into();
    if let MasterConfig::File(path) = &config.master {
        paths.push(path.clone());
        paths.push(PathBuf::from(format!("{}.old", path.display())));
    }
    paths.extend(config.dkim.iter().map(|dkim| dkim.key.clone()));
    paths.extend(config.tls.iter().map(|tls| tls.key.clone()));
    let open = |path: &PathBuf| fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o077 != 0);
    paths
        .into_iter()
        .filter(open)
        .map(|path| Finding::new("key_file_open", Severity::Danger, [path.display().to_string()]))
        .collect()
}

/// Judges the program that makes films.
pub async fn films(config: &Config) -> Vec<Finding> {
    let version = plenum_meetings::Tool::new(config.ffmpeg.clone()).version().await;
    let missing = Finding::new("films_not_made", Severity::Warning, [config.ffmpeg.display().to_string()]);
    if version.is_none() { vec![missing] } else { Vec::new() }
}

/// Judges the files of the certificate.
#[must_use]
pub fn certificate(config: &Config) -> Vec<Finding> {
    let broken = config.tls.as_ref().and_then(|files| files.load().err());
    broken
        .map(|error| Finding::new("certificate_unusable", Severity::Danger, [format!("{error:#}")]))
        .into_iter()
        .collect()
}

/// How full the disk with the data is.
#[derive(Debug, Clone)]
pub struct Disk {
    /// The folder.
    pub folder: String,
    /// Bytes that may still be written; none when it could not be found out.
    pub free: Option<u64>,
    /// All bytes.
    pub size: u64,
}

impl Disk {
    /// The disk of a folder.
    #[must_use]
    pub fn of(folder: &Path) -> Self {
        let about = nix::sys::statvfs::statvfs(folder).ok();
        let block = about.as_ref().map_or(1, |about| about.fragment_size());
        Self {
            folder: folder.display().to_string(),
            free: about.as_ref().map(|about| about.blocks_available() * block),
            size: about.as_ref().map_or(0, |about| about.blocks() * block),
        }
    }
}

/// Judges a disk.
#[must_use]
pub fn disk(disk: Disk) -> Vec<Finding> {
    match disk.free {
        Some(free) if free < FREE_BYTES || free < disk.size / 100 * FREE_PERCENT => {
            vec![Finding::new("disk_nearly_full", Severity::Danger, [disk.folder, (free >> 20).to_string()])]
        }
        _ => Vec::new(),
    }
}

/// The database, from outside of it.
#[derive(Debug, Clone)]
pub struct Database {
    /// What it says of itself.
    pub checkup: Checkup,
    /// Its migrations; none when the owner's address is not known here.
    pub migrations: Option<Migrations>,
    /// The clock of this machine when that of the database was read.
    pub here: DateTime<Utc>,
}

impl Database {
    /// Looks at it.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn look(addresses: &Addresses) -> anyhow::Result<Self> {
        let before = SystemClock.now();
        let checkup = plenum_db::checkup(&addresses.urls.app).await?;
        let after = SystemClock.now();
        let migrations = match &addresses.owner {
            Some(owner) => Some(plenum_db::migrations(owner).await?),
            None => None,
        };
        Ok(Self { checkup, migrations, here: before + (after - before) / 2 })
    }
}

/// Judges a database.
#[must_use]
pub fn database(found: &Database) -> Vec<Finding> {
    let Database { checkup, migrations, here } = found;
    let mut all = Vec::new();
    let mut add = |bad: bool, code, severity, facts: Vec<String>| {
        if bad {
            all.push(Finding::new(code, severity, facts));
        }
    };
    let powers = vec![checkup.role.clone(), checkup.powers.join(", ")];
    add(!checkup.powers.is_empty(), "role_too_powerful", Severity::Danger, powers);
    let version = vec![(checkup.version / 10_000).to_string(), (OLDEST / 10_000).to_string()];
    add(checkup.version < OLDEST, "postgresql_too_old", Severity::Warning, version);
    for (on, setting) in [(checkup.fsync, "fsync"), (checkup.full_page_writes, "full_page_writes")] {
        add(!on, "durability_off", Severity::Danger, vec![setting.to_owned()]);
    }
    add(!checkup.synchronous_commit, "commits_do_not_wait", Severity::Warning, Vec::new());
    let open = checkup.remote && !checkup.encrypted;
    add(open, "database_in_the_open", Severity::Danger, Vec::new());
    let tables = vec![checkup.unprotected.len().to_string(), checkup.unprotected.join(", ")];
    add(!checkup.unprotected.is_empty(), "row_security_missing", Severity::Danger, tables);
    let skew = (checkup.now - *here).abs();
    add(skew > SKEW, "clocks_differ", Severity::Warning, vec![skew.num_seconds().to_string()]);
    let Migrations { pending, unknown } = migrations.unwrap_or_default();
    add(pending > 0, "migrations_pending", Severity::Warning, vec![pending.to_string()]);
    add(unknown > 0, "program_too_old", Severity::Danger, vec![unknown.to_string()]);
    all
}

/// Judges the record of who did what: what is wrong with it, and when it was last checked; the outer `None` of the
/// latter is that nobody can tell.
#[must_use]
pub fn record(
    broken: Vec<String>,
    last_check: Option<Option<DateTime<Utc>>>,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        broken.into_iter().map(|what| Finding::new("record_broken", Severity::Danger, [what])).collect();
    if let Some(last) = last_check
        && last.is_none_or(|at| now - at > CHECKED)
    {
        let days = last.map_or_else(|| "—".to_owned(), |at| (now - at).num_days().to_string());
        found.push(Finding::new("record_unchecked", Severity::Warning, [days]));
    }
    found
}

/// Judges how many values still wait to be sealed.
#[must_use]
pub fn sealing(behind: i64) -> Vec<Finding> {
    if behind == 0 {
        return Vec::new();
    }
    vec![Finding::new("sealing_behind", Severity::Note, [behind.to_string()])]
}

/// Asks the running server, when there is one here, whether it describes its whole API to anybody.
pub async fn served(config: &Config) -> Vec<Finding> {
    let asked = async {
        let body = r#"{"query":"{__schema{queryType{name}}}"}"#;
        let mut stream = TcpStream::connect(config.listen).await.ok()?;
        let request = format!(
            "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            config.listen,
            body.len()
        );
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        stream.take(64 << 10).read_to_end(&mut answer).await.ok()?;
        Some(String::from_utf8_lossy(&answer).contains("\"queryType\":{\"name\""))
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Some(true)) => vec![Finding::new("api_describes_itself", Severity::Warning, [])],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn healthy() -> Database {
        let now = SystemClock.now();
        let checkup = Checkup {
            role: "plenum_app".to_owned(),
            powers: Vec::new(),
            version: 170_002,
            fsync: true,
            full_page_writes: true,
            synchronous_commit: true,
            remote: true,
            encrypted: true,
            now,
            unprotected: Vec::new(),
        };
        Database { checkup, migrations: Some(Migrations::default()), here: now }
    }

    fn codes(found: &[Finding]) -> Vec<&'static str> {
        found.iter().map(|finding| finding.code).collect()
    }

    #[test]
    fn each_weakness_of_a_database_is_found() {
        assert_eq!(codes(&database(&healthy())), [""; 0]);
        type Spoil = fn(&mut Database);
        let spoilt: [(Spoil, &str); 11] = [
            (|found| found.checkup.powers = vec!["SUPERUSER"], "role_too_powerful"),
            (|found| found.checkup.version = 140_020, "postgresql_too_old"),
            (|found| found.checkup.fsync = false, "durability_off"),
            (|found| found.checkup.full_page_writes = false, "durability_off"),
            (|found| found.checkup.synchronous_commit = false, "commits_do_not_wait"),
            (|found| found.checkup.encrypted = false, "database_in_the_open"),
            (|found| found.checkup.unprotected = vec!["bodies.vote".to_owned()], "row_security_missing"),
            (|found| found.checkup.now += TimeDelta::seconds(9), "clocks_differ"),
            (|found| found.checkup.now -= TimeDelta::seconds(9), "clocks_differ"),
            (|found| found.migrations = Some(Migrations { pending: 1, unknown: 0 }), "migrations_pending"),
            (|found| found.migrations = Some(Migrations { pending: 0, unknown: 1 }), "program_too_old"),
        ];
        for (spoil, code) in spoilt {
            let mut found = healthy();
            spoil(&mut found);
            assert_eq!(codes(&database(&found)), [code]);
        }
        let mut here = healthy();
        (here.checkup.remote, here.checkup.encrypted) = (false, false);
        assert_eq!(codes(&database(&here)), [""; 0], "on one machine nothing has to be encrypted");
    }

    #[test]
    fn a_full_disk_and_a_neglected_record_are_found() {
        let disk_of =
            |free, size| codes(&disk(Disk { folder: "/var".to_owned(), free: Some(free), size })).len();
        assert_eq!((disk_of(500 << 20, 4 << 30), disk_of(40 << 30, 1000 << 30)), (1, 1));
        assert_eq!((disk_of(2 << 30, 4 << 30), disk_of(80 << 30, 1000 << 30)), (0, 0));
        assert!(Disk::of(Path::new("/")).free.is_some_and(|free| free > 0));

        let now = SystemClock.now();
        assert_eq!(codes(&record(Vec::new(), Some(Some(now - TimeDelta::days(6))), now)), [""; 0]);
        assert_eq!(codes(&record(Vec::new(), None, now)), [""; 0]);
        for last in [None, Some(now - TimeDelta::days(8))] {
            assert_eq!(codes(&record(Vec::new(), Some(last), now)), ["record_unchecked"]);
        }
        assert_eq!(codes(&record(vec!["x".to_owned()], None, now)), ["record_broken"]);
        assert_eq!(codes(&sealing(3)), ["sealing_behind"]);
        assert_eq!(codes(&sealing(0)), [""; 0]);
    }

    #[tokio::test]
    async fn a_program_for_films_that_cannot_be_run_is_found() {
        let found = async |program: &'static str| {
            let config =
                Config::load(move |name: &str| (name == "PLENUM_FFMPEG").then(|| program.to_owned()));
            codes(&super::films(&config.expect("settings")).await)
        };
        assert_eq!(found("/nowhere/ffmpeg").await, ["films_not_made"]);
        // One that tells something of itself.
        assert_eq!(found("echo").await, [""; 0]);
    }

    #[test]
    fn a_certificate_that_cannot_be_used_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
        let (certificate, key) = (path("certificate.pem"), path("key.pem"));
        let files = [("PLENUM_TLS_CERT", certificate.clone()), ("PLENUM_TLS_KEY", key.clone())];
        let get =
            move |name: &str| files.iter().find(|(known, _)| *known == name).map(|(_, path)| path.clone());
        let config = Config::load(get).expect("settings");
        assert_eq!(codes(&super::certificate(&config)), ["certificate_unusable"]);
        let pair = rcgen::KeyPair::generate().expect("a key");
        let own = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
        fs::write(&certificate, own.self_signed(&pair).expect("a certificate").pem()).expect("written");
        fs::write(&key, pair.serialize_pem()).expect("written");
        assert_eq!(codes(&super::certificate(&config)), [""; 0]);
        fs::write(&key, rcgen::KeyPair::generate().expect("a key").serialize_pem()).expect("written");
        assert_eq!(codes(&super::certificate(&config)), ["certificate_unusable"]);
    }

    #[test]
    fn a_key_that_others_may_read_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().to_str().expect("UTF-8").to_owned();
        let config =
            Config::load(move |name| (name == "PLENUM_DATA_DIR").then(|| dir.clone())).expect("settings");
        for name in ["secret.key", "turn.key", "master.key", "master.key.old", "plenum.toml"] {
            let path = folder.path().join(name);
            fs::write(&path, "").expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("opened");
            let found = files(&config);
            assert_eq!(codes(&found), ["key_file_open"], "{name}");
            assert!(found[0].facts[0].ends_with(name));
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("closed");
            assert_eq!(codes(&files(&config)), [""; 0]);
        }
    }
}
