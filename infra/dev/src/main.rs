//! A throwaway PostgreSQL for development and test runs, for as long as somebody holds its standard input open.
//!
//! `dev [--migrated]` makes a cluster in a temporary folder, prints the folder and an address, and removes both when
//! its input ends or it is interrupted. With `--migrated` the address is that of a database with all migrations.
//!
//! What it is not: a place for data. Nothing waits for the disk. It uses no checked query, so that it can be built
//! when the answers in `.sqlx` are missing or stale: preparing them needs it.

use std::{fs, io::Write as _, os::unix::fs::PermissionsExt as _, path::Path};

use anyhow::Context as _;
use plenum_embedded::{EmbeddedConfig, OWNER, Postgres, SUPERUSER, bootstrap};
use sqlx::{Connection as _, PgConnection, migrate::Migrator};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

const DATABASE: &str = "plenum_dev";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let migrated = std::env::args().skip(1).any(|argument| argument == "--migrated");
    let folder =
        tempfile::Builder::new().prefix("plenum-dev-").tempdir().context("could not make a folder")?;
    // The server may run as another user, who has to get through.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    let data_dir = folder.path().join("pg");
    let settings = [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")];
    let config = EmbeddedConfig {
        data_dir: data_dir.clone(),
        bin_dir: std::env::var_os("PLENUM_PG_BIN_DIR").map(Into::into),
        settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
    };
    let server = Postgres::start(config, |_| ()).await.context("could not start PostgreSQL")?;
    let ready = announce(&server, &data_dir, migrated).await;
    if ready.is_ok() {
        released().await?;
    }
    server.stop().await?;
    folder.close().context("could not remove the folder")?;
    ready
}

async fn announce(server: &Postgres, data_dir: &Path, migrated: bool) -> anyhow::Result<()> {
    let mut database = "postgres";
    if migrated {
        database = DATABASE;
        bootstrap(server, database).await?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let migrations = Migrator::new(folder.as_path()).await.context("could not read the migrations")?;
        let mut owner = PgConnection::connect(&server.url(OWNER, database)).await?;
        migrations.run(&mut owner).await.context("could not apply the migrations")?;
        owner.close().await?;
    }
    let mut out = std::io::stdout();
    writeln!(out, "{}\n{}", data_dir.display(), server.url(SUPERUSER, database))?;
    Ok(out.flush()?)
}

/// Waits until nobody needs the server any more.
async fn released() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let (let_go, ended) = oneshot::channel();
    // A thread of its own, which nobody waits for: reading from a terminal cannot be broken off.
    std::thread::spawn(move || {
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).ok();
        let_go.send(()).ok();
    });
    tokio::select! {
        _ = ended => Ok(()),
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminate.recv() => Ok(()),
    }
}
