//! A database of a test's own.

use std::sync::Arc;

use plenum_authz::Policy;
use plenum_db::{Db, DbUrls};
use plenum_embedded::{APP, OPERATOR, OWNER, SUPERUSER, bootstrap};
use plenum_kernel::Clock;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::server::{Server, TEMPLATE, TEMPLATE_LOCK};

/// A fresh database with all migrations. Removed when dropped.
#[derive(Debug)]
pub struct Database {
    name: String,
}

impl Database {
    /// Makes one.
    ///
    /// # Panics
    /// When the test server does not do it.
    pub async fn fresh() -> Self {
        let server = tokio::task::spawn_blocking(Server::shared).await.expect("the test server starts");
        let name = format!("test_{}", Uuid::now_v7().simple());
        let mut connection = server.superuser().await;
        sqlx::query("SELECT pg_advisory_lock_shared($1)")
            .bind(TEMPLATE_LOCK)
            .execute(&mut connection)
            .await
            .expect("the template is free in the end");
        run(&mut connection, format!("CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")).await;
        drop(connection);
        // The rights on the database itself are not copied.
        bootstrap(&server.postgres, &name).await.expect("the database takes its rights");
        Self { name }
    }

    /// Connects as the application does, with the operator's role beside.
    ///
    /// # Panics
    /// When the test server does not answer.
    pub async fn connect(&self, clock: Arc<dyn Clock>, policy: Arc<Policy>) -> Db {
        let urls = DbUrls { app: self.url(APP), operator: Some(self.url(OPERATOR)) };
        Db::connect(&urls, 8, clock, policy).await.expect("the database answers")
    }

    /// The address for a role: `plenum_embedded::APP` and its like.
    #[must_use]
    pub fn url(&self, role: &str) -> String {
        Server::shared().postgres.url(role, &self.name)
    }

    /// The address for the superuser, whom row security does not bind: for looking behind the curtain.
    #[must_use]
    pub fn superuser_url(&self) -> String {
        self.url(SUPERUSER)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime can be made").block_on(async {
                let mut connection = Server::shared().superuser().await;
                run(&mut connection, drop).await;
            });
        };
        // A database that stays is removed with the server.
        let _ = std::thread::spawn(work).join();
    }
}

/// Runs a statement made of constants and names of our own making.
async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.expect("the test server obeys");
}
