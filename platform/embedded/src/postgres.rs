//! The running server: started by us, or found running.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use nix::sys::signal::Signal;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::time::{Instant, sleep, timeout};

use crate::account::Account;
use crate::cluster;
use crate::error::EmbeddedError;
use crate::lock::{Attempt, Lock};
use crate::pidfile::{self, Running};
use crate::process::{self, Exit};
use crate::programs::Programs;

/// How often the server's own notes are looked at while waiting.
const GLANCE: Duration = Duration::from_millis(10);

/// How long an orderly stop may take before open work is broken off, and that before the server is killed.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait until the server of another process takes connections.
const ATTACH_PATIENCE: Duration = Duration::from_secs(120);

/// How long the remaining children of a killed server may take to notice.
const CHILDREN_PATIENCE: Duration = Duration::from_secs(15);

/// What to start, and where.
#[derive(Debug, Clone, Default)]
pub struct EmbeddedConfig {
    /// The PostgreSQL data directory. It and its parents are made when they are missing.
    pub data_dir: PathBuf,
    /// The folder with `initdb` and `postgres`. When `None`: those of the data's version, else the newest of
    /// `/usr/lib/postgresql/*/bin`, else those on the `PATH`.
    pub bin_dir: Option<PathBuf>,
    /// Settings of `postgresql.conf` over ours, as names and values.
    pub settings: Vec<(String, String)>,
}

/// What the start is doing, for telling a waiting person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// There is no data yet: a cluster is made (about a second).
    Creating,
    /// A server whose owner died is being stopped.
    StoppingOrphan,
    /// The server starts; after a crash it also recovers.
    Starting,
    /// Another process owns the server; waiting until it takes connections.
    Attaching,
    /// It takes connections.
    Ready,
}

/// A PostgreSQL server that takes connections.
///
/// An owned server is stopped by [`Postgres::stop`]. When the value is dropped without that, or the process ends in
/// any way, the server stops by itself in an orderly manner, but nobody waits for it.
#[derive(Debug)]
pub struct Postgres {
    data_dir: PathBuf,
    running: Running,
    owned: Option<Owned>,
}

/// What only the owner of a server has.
#[derive(Debug)]
struct Owned {
    exit: Exit,
    pid: i32,
    // Let go after the server has ended, so that the next owner finds a stopped one.
    _lock: Lock,
}

impl Drop for Owned {
    fn drop(&mut self) {
        if self.exit.borrow().is_none() {
            process::stop(self.pid, Signal::SIGINT);
        }
    }
}

impl Postgres {
    /// Starts the server, and makes its data directory before when there is none. Returns when it takes
    /// connections; recovery after a crash may take its time.
    ///
    /// # Errors
    /// [`EmbeddedError::AlreadyRunning`] when another process owns the data directory; every other variant but
    /// `DatabaseName` and `Bootstrap` when its condition is met.
    pub async fn start(
        config: EmbeddedConfig,
        progress: impl Fn(Step) + Send + Sync,
    ) -> Result<Postgres, EmbeddedError> {
        let data_dir = place(&config.data_dir)?;
        match Lock::attempt(&data_dir)? {
            Attempt::Taken(lock) => start_owned(config, data_dir, lock, &progress).await,
            Attempt::Held(owner) => Err(EmbeddedError::AlreadyRunning { data_dir, owner }),
        }
    }

    /// Connects to the server that another process runs on the data directory, or starts one when nobody does. For
    /// command-line tools, which work with and without a running Plenum.
    ///
    /// # Errors
    /// As [`Postgres::start`]; `AlreadyRunning` when the other process does not get its server ready in two minutes.
    pub async fn attach_or_start(
        config: EmbeddedConfig,
        progress: impl Fn(Step) + Send + Sync,
    ) -> Result<Postgres, EmbeddedError> {
        let data_dir = place(&config.data_dir)?;
        let give_up = Instant::now() + ATTACH_PATIENCE;
        let mut told = false;
        loop {
            // Asked anew each time: the owner may end while we wait, and then it is our turn to start.
            let owner = match Lock::attempt(&data_dir)? {
                Attempt::Taken(lock) => return start_owned(config, data_dir, lock, &progress).await,
                Attempt::Held(owner) => owner,
            };
            if !told {
                progress(Step::Attaching);
                told = true;
            }
            if let Some(running) = pidfile::running(&data_dir).filter(|running| running.ready) {
                progress(Step::Ready);
                return Ok(Postgres { data_dir, running, owned: None });
            }
            if Instant::now() > give_up {
                return Err(EmbeddedError::AlreadyRunning { data_dir, owner });
            }
            sleep(GLANCE).await;
        }
    }

    /// The folder with the server's socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        &self.running.socket_dir
    }

    /// The number in the socket's name. Nothing listens on a network.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.running.port
    }

    /// The server's process id.
    #[must_use]
    pub fn pid(&self) -> i32 {
        self.running.pid
    }

    /// The URL of a database over the socket, as sqlx and libpq read it.
    #[must_use]
    pub fn url(&self, role: &str, database: &str) -> String {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let host = encode(&self.running.socket_dir.to_string_lossy());
        format!("postgres://{}@{host}:{}/{}", encode(role), self.running.port, encode(database))
    }

    /// Whether this process started the server and will stop it.
    #[must_use]
    pub fn owned(&self) -> bool {
        self.owned.is_some()
    }

    /// Waits until the server ends, which it does not do by itself: for supervision. `None` for a server that
    /// another process owns, whose status is not ours to know. May be dropped and called again.
    pub async fn exited(&mut self) -> Option<ExitStatus> {
        match &mut self.owned {
            Some(owned) => wait(&mut owned.exit).await,
            None => {
                while pidfile::running(&self.data_dir).is_some_and(|now| now.pid == self.running.pid) {
                    sleep(GLANCE * 20).await;
                }
                None
            }
        }
    }

    /// Stops an owned server and waits for its end: orderly, then breaking off open work, then by force. A server
    /// of another process is left running.
    ///
    /// # Errors
    /// [`EmbeddedError::DoesNotStop`] when even force does not help.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        let Some(mut owned) = self.owned else { return Ok(()) };
        for signal in [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGKILL] {
            if owned.exit.borrow().is_none() {
                process::stop(owned.pid, signal);
            }
            if timeout(PATIENCE, wait(&mut owned.exit)).await.is_ok() {
                return Ok(());
            }
            tracing::warn!(postgres.pid = owned.pid, "PostgreSQL does not stop after {signal}");
        }
        Err(EmbeddedError::DoesNotStop { data_dir: self.data_dir, pid: self.running.pid })
    }
}

/// The absolute path of the data directory without symbolic links, with its parents made.
fn place(data_dir: &Path) -> Result<PathBuf, EmbeddedError> {
    let absolute = std::path::absolute(data_dir).map_err(EmbeddedError::io("find", data_dir))?;
    if let Ok(existing) = absolute.canonicalize() {
        return Ok(existing);
    }
    let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Err(EmbeddedError::NotACluster { data_dir: absolute });
    };
    std::fs::create_dir_all(parent).map_err(EmbeddedError::io("create", parent))?;
    let parent = parent.canonicalize().map_err(EmbeddedError::io("find", parent))?;
    Ok(parent.join(name))
}

async fn start_owned(
    config: EmbeddedConfig,
    data_dir: PathBuf,
    lock: Lock,
    progress: &(impl Fn(Step) + Send + Sync),
) -> Result<Postgres, EmbeddedError> {
    let account = Account::for_data(&data_dir)?;
    account.check_reach(data_dir.parent().unwrap_or(Path::new("/")))?;
    let version = cluster::version(&data_dir)?;
    let programs = Programs::find(config.bin_dir.as_deref(), version.as_deref())?;
    let lock = match version {
        Some(data) if data != programs.version => {
            return Err(EmbeddedError::WrongVersion { data_dir, data, programs: programs.version });
        }
        Some(_) => {
            stop_orphan(&data_dir, progress).await?;
            lock
        }
        None => {
            progress(Step::Creating);
            let (data_dir, programs, account) = (data_dir.clone(), programs.clone(), account.clone());
            // The lock goes along: if the caller gives up, the work goes on until it is done, and nobody else may
            // begin before.
            let create = move || cluster::create(&data_dir, &programs, &account).map(|()| lock);
            tokio::task::spawn_blocking(create).await.expect("creating a cluster does not panic")?
        }
    };
    progress(Step::Starting);
    pidfile::remove_misleading(&data_dir)?;
    let socket_dir = cluster::socket_dir(&data_dir, &account)?;
    cluster::configure(&data_dir, &socket_dir, &account, &config.settings)?;

    let began = Instant::now();
    loop {
        let (owned, running) = match launch(&data_dir, &programs, &account).await? {
            Launch::Ready(pid, exit, running) => (Owned { exit, pid, _lock: lock }, running),
            // A killed server's children notice it within a second or so, and hold its memory until then.
            Launch::Failed(detail)
                if detail.contains("shared memory block") && began.elapsed() < CHILDREN_PATIENCE =>
            {
                sleep(GLANCE * 10).await;
                continue;
            }
            Launch::Failed(detail) => {
                let log = data_dir.join(cluster::LOG_DIR);
                return Err(EmbeddedError::Start { data_dir, detail, log });
            }
        };
        progress(Step::Ready);
        tracing::info!(postgres.pid = owned.pid, "PostgreSQL {} is ready", programs.version);
        return Ok(Postgres { data_dir, running, owned: Some(owned) });
    }
}

enum Launch {
    Ready(i32, Exit, Running),
    /// It ended; its last words.
    Failed(String),
}

/// Starts the server once and waits until it is ready or has ended.
async fn launch(data_dir: &Path, programs: &Programs, account: &Account) -> Result<Launch, EmbeddedError> {
    let start_log = data_dir.join(cluster::START_LOG);
    let words = cluster::create_file(&start_log).map_err(EmbeddedError::io("create", &start_log))?;
    account.own(&start_log)?;
    let program = programs.path("postgres");
    let mut command = Command::new(&program);
    command.arg("-D").arg(data_dir);
    let second = words.try_clone().map_err(EmbeddedError::io("open", &start_log))?;
    command.stdout(words).stderr(second);
    process::prepare(&mut command, account);

    let (pid, mut exit) = process::spawn(command, &program).await?;
    // Until it is handed over: a caller who gives up leaves no server behind.
    let mut starting = StopOnDrop(Some(pid));
    loop {
        if let Some(running) = pidfile::running(data_dir).filter(|found| found.pid == pid && found.ready) {
            starting.0 = None;
            return Ok(Launch::Ready(pid, exit, running));
        }
        if timeout(GLANCE, wait(&mut exit)).await.is_ok() {
            starting.0 = None;
            let said = std::fs::read(&start_log).unwrap_or_default();
            return Ok(Launch::Failed(cluster::last_lines(&said)));
        }
    }
}

struct StopOnDrop(Option<i32>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            process::stop(pid, Signal::SIGINT);
        }
    }
}

/// Waits for the end of a child.
async fn wait(exit: &mut Exit) -> Option<ExitStatus> {
    let ended = exit.wait_for(Option::is_some).await;
    *ended.expect("the supervising thread tells the end before it ends itself")
}

/// Ends a server whose owner is dead: we hold the lock, so that it is nobody's. The kernel has told it to stop; this
/// waits for that, and insists where needed.
async fn stop_orphan(data_dir: &Path, progress: &(impl Fn(Step) + Send + Sync)) -> Result<(), EmbeddedError> {
    let Some(orphan) = pidfile::running(data_dir) else { return Ok(()) };
    progress(Step::StoppingOrphan);
    for signal in [Signal::SIGINT, Signal::SIGQUIT, Signal::SIGKILL] {
        process::stop(orphan.pid, signal);
        let give_up = Instant::now() + PATIENCE;
        while Instant::now() < give_up {
            if pidfile::running(data_dir).is_none() {
                return Ok(());
            }
            sleep(GLANCE).await;
        }
    }
    Err(EmbeddedError::DoesNotStop { data_dir: data_dir.to_path_buf(), pid: orphan.pid })
}
