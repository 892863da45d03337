//! The server under the tests.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use nix::{
    sys::signal::kill,
    unistd::{Pid, getpid},
};
use plenum_embedded::{EmbeddedConfig, OWNER, Postgres, SUPERUSER, bootstrap};
use sqlx::{Connection, PgConnection};

/// The environment variable with the data directory of a server that the test run has started; when it is not set,
/// every test process starts a server of its own.
pub const SERVER_DIR: &str = "PLENUM_TEST_PG_DIR";

/// The database of which every test's is a copy.
pub(crate) const TEMPLATE: &str = "plenum_template";

/// Held by whoever works on the template, shared by those who copy it: PostgreSQL refuses to copy a database that
/// somebody is connected to.
pub(crate) const TEMPLATE_LOCK: i64 = 0x7465_6d70;

const PREFIX: &str = "plenum-test-";

/// The server that the tests of this process use.
#[derive(Debug)]
pub struct Server {
    pub(crate) postgres: Postgres,
}

impl Server {
    /// The server, started at the first call.
    ///
    /// # Panics
    /// When it cannot be started: then no test can run.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| {
            // A runtime of its own: the runtime of the test that comes first ends with that test.
            std::thread::spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime can be made").block_on(Self::start())
            })
            .join()
            .expect("the test server starts")
        })
    }

    async fn start() -> Self {
        // Nothing here has to survive, so nothing waits for the disk.
        let settings = [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        let postgres = match std::env::var_os(SERVER_DIR) {
            Some(folder) => {
                let config = EmbeddedConfig { data_dir: PathBuf::from(folder), bin_dir: None, settings };
                Postgres::attach_or_start(config, |_| ()).await.expect("the run's server can be used")
            }
            None => {
                let folder = own_folder();
                let config = EmbeddedConfig { data_dir: folder.join("pg"), bin_dir: None, settings };
                Postgres::start(config, |_| ()).await.expect("a private server starts")
            }
        };
        let server = Self { postgres };
        server.make_template().await;
        server
    }

    async fn make_template(&self) {
        let mut turn = self.superuser().await;
        sqlx::query("SELECT pg_advisory_lock($1)")
            .bind(TEMPLATE_LOCK)
            .execute(&mut turn)
            .await
            .expect("the turn comes");
        bootstrap(&self.postgres, TEMPLATE).await.expect("the template can be made");
        plenum_db::migrate(&self.postgres.url(OWNER, TEMPLATE)).await.expect("the migrations apply");
        turn.close().await.expect("the turn ends");
    }

    pub(crate) async fn superuser(&self) -> PgConnection {
        PgConnection::connect(&self.postgres.url(SUPERUSER, "postgres"))
            .await
            .expect("the test server answers")
    }
}

/// A new folder for this process; those of processes that are gone are removed, for nobody else does.
fn own_folder() -> PathBuf {
    let parent = std::env::temp_dir();
    for entry in fs::read_dir(&parent).expect("the temporary folder can be read").flatten() {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(PREFIX)).and_then(|pid| pid.parse().ok());
        if let Some(pid) = pid
            && pid != getpid().as_raw()
            && kill(Pid::from_raw(pid), None).is_err()
            && !is_served(&entry.path())
        {
            // Another process may be removing it too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let folder = parent.join(format!("{PREFIX}{}", getpid()));
    if folder.exists() {
        // A process that had our number before, and a machine that was switched off.
        fs::remove_dir_all(&folder).expect("an old test folder can be removed");
    }
    fs::create_dir(&folder).expect("a test folder can be made");
    // The server may run as another user, who has to get through.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).expect("our own folder");
    folder
}

/// Whether a server still works in this folder: it ends a moment after its process.
fn is_served(folder: &Path) -> bool {
    fs::read_to_string(folder.join("pg/postmaster.pid"))
        .ok()
        .and_then(|text| text.lines().next()?.trim().parse().ok())
        .is_some_and(|pid| kill(Pid::from_raw(pid), None).is_ok())
}
