//! What a database says of itself, for a report of unsafe settings.

use std::{collections::BTreeSet, str::FromStr};

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

use crate::{ConnectError, migrate::MIGRATIONS};

/// What was found.
#[derive(Debug, Clone)]
pub struct Checkup {
    /// The role that was used.
    pub role: String,
    /// What that role could do and should not, in PostgreSQL's words: `SUPERUSER`, `BYPASSRLS`, `owner of tables` …
    pub powers: Vec<&'static str>,
    /// The server's version as a number: 150018 is 15.18.
    pub version: i32,
    /// Whether committed writes wait for the disk.
    pub fsync: bool,
    /// Whether a page that was half written can be repaired.
    pub full_page_writes: bool,
    /// Whether a commit is answered only when it is on the disk.
    pub synchronous_commit: bool,
    /// Whether the connection comes from another machine.
    pub remote: bool,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// The server's clock.
    pub now: DateTime<Utc>,
    /// Tables of tenants without forced row security or without a policy.
    pub unprotected: Vec<String>,
}

/// Which migrations a database lacks, and which it has that this program does not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Migrations {
    /// How many of this program's were not applied.
    pub pending: usize,
    /// How many applied ones this program does not know: it is older than the database.
    pub unknown: usize,
}

/// Looks at a database with the application's role. Changes nothing, and is not stopped by what it finds.
///
/// # Errors
/// [`ConnectError`] when the address is wrong or nobody answers.
pub async fn checkup(url: &str) -> Result<Checkup, ConnectError> {
    let options =
        PgConnectOptions::from_str(url).map_err(ConnectError::Url)?.application_name("plenum doctor");
    let mut connection = PgConnection::connect_with(&options).await.map_err(ConnectError::Connect)?;
    look(&mut connection).await.map_err(ConnectError::Connect)
}

/// Compares the migrations with those of a database, as the role that owns its tables.
///
/// # Errors
/// [`ConnectError`] when the address is wrong or nobody answers.
pub async fn migrations(owner_url: &str) -> Result<Migrations, ConnectError> {
    let options = PgConnectOptions::from_str(owner_url).map_err(ConnectError::Url)?;
    let mut connection = PgConnection::connect_with(&options).await.map_err(ConnectError::Connect)?;
    let noted =
        sqlx::query_scalar!(r#"SELECT to_regclass('public._sqlx_migrations') IS NOT NULL AS "noted!""#)
            .fetch_one(&mut connection)
            .await
            .map_err(ConnectError::Connect)?;
    let mut applied = BTreeSet::new();
    if noted {
        // Not a checked query: the migrator makes this table itself.
        let versions: Vec<i64> = sqlx::query_scalar("SELECT version FROM public._sqlx_migrations")
            .fetch_all(&mut connection)
            .await
            .map_err(ConnectError::Connect)?;
        applied.extend(versions);
    }
    let ours: BTreeSet<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    Ok(Migrations { pending: ours.difference(&applied).count(), unknown: applied.difference(&ours).count() })
}

async fn look(connection: &mut PgConnection) -> Result<Checkup, sqlx::Error> {
    let row = sqlx::query!(
        r#"SELECT current_user::text AS "role!",
                  rolsuper AS "superuser!", rolbypassrls AS "bypasses!", rolcreaterole AS "roles!",
                  rolcreatedb AS "databases!", rolreplication AS "replicates!",
                  EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS "owns!",
                  EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) AS "belongs!",
                  current_setting('server_version_num')::int AS "version!",
                  current_setting('fsync') = 'on' AS "fsync!",
                  current_setting('full_page_writes') = 'on' AS "full_page_writes!",
                  current_setting('synchronous_commit') <> 'off' AS "synchronous_commit!",
                  coalesce(inet_client_addr() <> inet_server_addr(), false) AS "remote!",
                  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS "encrypted!"
             FROM pg_roles r
            WHERE rolname = current_user"#
    )
    .fetch_one(&mut *connection)
    .await?;
    let powers = [
        (row.superuser, "SUPERUSER"),
        (row.bypasses, "BYPASSRLS"),
        (row.roles, "CREATEROLE"),
        (row.databases, "CREATEDB"),
        (row.replicates, "REPLICATION"),
        (row.owns, "owner of tables"),
        (row.belongs, "member of another role"),
    ];
    let unprotected = sqlx::query_scalar!(
        r#"SELECT n.nspname || '.' || c.relname AS "name!"
             FROM pg_class c
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p')
              AND n.nspname NOT IN ('pg_catalog', 'information_schema')
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                       AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
            ORDER BY 1"#
    )
    .fetch_all(&mut *connection)
    .await?;
    let now =
        sqlx::query_scalar!(r#"SELECT clock_timestamp() AS "now!""#).fetch_one(&mut *connection).await?;
    Ok(Checkup {
        role: row.role,
        powers: powers.into_iter().filter(|(has, _)| *has).map(|(_, name)| name).collect(),
        version: row.version,
        fsync: row.fsync,
        full_page_writes: row.full_page_writes,
        synchronous_commit: row.synchronous_commit,
        remote: row.remote,
        encrypted: row.encrypted,
        now,
        unprotected,
    })
}
