//! The migration runner.

use std::str::FromStr;

use sqlx::{Connection, PgConnection, migrate::Migrator, postgres::PgConnectOptions};

pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// The migrations could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The owner's address is wrong or nobody answers.
    #[error("could not connect to the database as the owner of its tables")]
    Connect(#[source] sqlx::Error),
    /// One of them failed; those before it are kept.
    #[error("could not apply a migration")]
    Apply(#[from] sqlx::migrate::MigrateError),
}

/// Applies the migrations that are not yet applied, in order, as the role that owns the tables. Two servers that
/// start at once wait for each other.
///
/// # Errors
/// [`MigrateError`]; an applied file that was edited since is one too.
pub async fn migrate(owner_url: &str) -> Result<(), MigrateError> {
    let options = PgConnectOptions::from_str(owner_url).map_err(MigrateError::Connect)?;
    let mut connection = PgConnection::connect_with(&options).await.map_err(MigrateError::Connect)?;
    MIGRATIONS.run(&mut connection).await?;
    // A failed goodbye changes nothing: the work is committed.
    connection.close().await.ok();
    Ok(())
}
