//! The database and the three roles that Plenum connects as.

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

use crate::error::EmbeddedError;
use crate::postgres::Postgres;

/// The superuser that the cluster is made with. Only [`bootstrap`] and administrators use it.
pub const SUPERUSER: &str = "postgres";

/// Owns the database and its tables, and runs the migrations. No superuser, so that forced row security binds it.
pub const OWNER: &str = "plenum_owner";

/// The application. Owns nothing and cannot go around row security.
pub const APP: &str = "plenum_app";

/// Audited work across tenants. Goes around row security, owns nothing.
pub const OPERATOR: &str = "plenum_operator";

/// Roles with their attributes; set anew each time, so that a change made by hand does not stay.
const ROLES: [(&str, &str); 3] = [
    (OWNER, "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"),
    (APP, "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS"),
    (OPERATOR, "LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION BYPASSRLS"),
];

/// Only one of several processes may do this at a time. Any number that nothing else uses.
const LOCK: i64 = 0x706c_656e_756d;

/// Makes what is missing: the roles [`OWNER`], [`APP`] and [`OPERATOR`], and the database, owned by `OWNER`, closed to
/// everybody else, sorting as Russian does, with the extension `pg_trgm` where the server has it. Safe to repeat.
///
/// # Errors
/// [`EmbeddedError::DatabaseName`] for a name that would need quoting; [`EmbeddedError::Bootstrap`] when the server
/// refuses.
pub async fn bootstrap(server: &Postgres, database: &str) -> Result<(), EmbeddedError> {
    let plain = database.starts_with(|c: char| c.is_ascii_lowercase())
        && database.len() <= 63
        && database.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !plain {
        return Err(EmbeddedError::DatabaseName { name: database.to_owned() });
    }
    let failed = |attempt: &'static str| {
        let database = database.to_owned();
        move |source: sqlx::Error| EmbeddedError::Bootstrap { database, attempt, source }
    };

    let mut connection = PgConnection::connect(&server.url(SUPERUSER, "postgres"))
        .await
        .map_err(failed("connecting to the server"))?;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut connection)
        .await
        .map_err(failed("waiting for its turn"))?;
    create_roles(&mut connection).await.map_err(failed("creating the roles"))?;
    create_database(&mut connection, database).await.map_err(failed("creating the database"))?;

    let mut inside = PgConnection::connect(&server.url(SUPERUSER, database))
        .await
        .map_err(failed("connecting to the database"))?;
    furnish(&mut inside, database).await.map_err(failed("setting the rights in the database"))?;
    // The turn ends with the connection. Closing politely is a courtesy to the server's log.
    let _ = inside.close().await;
    let _ = connection.close().await;
    Ok(())
}

async fn create_roles(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    for (role, attributes) in ROLES {
        let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
            .bind(role)
            .fetch_one(&mut *connection)
            .await?;
        let verb = if exists { "ALTER" } else { "CREATE" };
        run(connection, format!("{verb} ROLE {role} {attributes}")).await?;
    }
    Ok(())
}

async fn create_database(connection: &mut PgConnection, database: &str) -> Result<(), sqlx::Error> {
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(database)
        .fetch_one(&mut *connection)
        .await?;
    if exists {
        return Ok(());
    }
    // A database can sort by ICU since PostgreSQL 15, where the server was built with it.
    let icu: bool = sqlx::query_scalar(
        "SELECT current_setting('server_version_num')::int >= 150000
            AND EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i')",
    )
    .fetch_one(&mut *connection)
    .await?;
    let order = if icu { "LOCALE_PROVIDER icu ICU_LOCALE 'ru-RU'" } else { "" };
    let create = format!(
        "CREATE DATABASE {database} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8' {order}"
    );
    run(connection, create).await
}

async fn furnish(connection: &mut PgConnection, database: &str) -> Result<(), sqlx::Error> {
    let trigrams: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm')")
            .fetch_one(&mut *connection)
            .await?;
    if trigrams {
        run(connection, "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public".to_owned()).await?;
    }
    run(
        connection,
        format!(
            "REVOKE ALL ON DATABASE {database} FROM PUBLIC;
             GRANT CONNECT ON DATABASE {database} TO {APP}, {OPERATOR};
             REVOKE ALL ON SCHEMA public FROM PUBLIC;
             GRANT ALL ON SCHEMA public TO {OWNER};
             GRANT USAGE ON SCHEMA public TO {APP}, {OPERATOR};"
        ),
    )
    .await
}

/// Runs a statement made of constants and a database name that was checked.
async fn run(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
    Ok(())
}
