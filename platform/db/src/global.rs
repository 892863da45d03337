//! Transactions outside of tenants.
#![expect(clippy::disallowed_types, reason = "this crate is the only home of the pool")]

use std::any::Any;

use chrono::{DateTime, Utc};
use plenum_kernel::{AccountId, TypedId};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::{StoreError, baggage::Baggage, connect::whole_begin};

/// A transaction on accounts and the directory of tenants. Tenant tables refuse to answer it.
pub struct GlobalTx {
    tx: Transaction<'static, Postgres>,
    now: DateTime<Utc>,
    baggage: Baggage,
}

impl GlobalTx {
    pub(crate) async fn begin(
        pool: &PgPool,
        account: Option<AccountId>,
        now: DateTime<Utc>,
        baggage: Baggage,
    ) -> Result<Self, StoreError> {
        let account = account.map(|id| id.uuid().to_string()).unwrap_or_default();
        // No tenant, said aloud: an empty one is none, and tenant tables answer it with an error.
        let begin = format!(
            "BEGIN READ WRITE; SET LOCAL plenum.tenant_id = ''; SET LOCAL plenum.account_id = '{account}'"
        );
        Ok(Self { tx: whole_begin(pool, begin).await?, now, baggage })
    }

    /// What the database has its transactions carry of a type: see [`Db::carrying`](crate::Db::carrying).
    #[must_use]
    pub fn carried<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.baggage.get()
    }

    /// The connection, for stores.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// The moment at which the transaction was opened.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Keeps everything.
    ///
    /// # Errors
    /// [`StoreError`] when the commit fails.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }
}

/// What is noted of an operator's transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct OperatorAct {
    pub(crate) purpose: &'static str,
    pub(crate) actor: Option<AccountId>,
    pub(crate) subject: Option<String>,
    pub(crate) detail: Option<serde_json::Value>,
}

/// A transaction across tenants with the operator's database role. Its purpose is recorded in
/// `audit.operator_entry` by the same transaction.
pub struct OperatorTx {
    tx: Transaction<'static, Postgres>,
    now: DateTime<Utc>,
}

impl OperatorTx {
    pub(crate) async fn begin(
        pool: &PgPool,
        act: OperatorAct,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut tx = whole_begin(pool, "BEGIN".to_owned()).await?;
        sqlx::query!(
            "INSERT INTO audit.operator_entry (id, at, purpose, actor_id, subject, detail)
             VALUES ($1, $2, $3, $4, $5, $6)",
            Uuid::now_v7(),
            now,
            act.purpose,
            act.actor.map(TypedId::uuid),
            act.subject,
            act.detail
        )
        .execute(&mut *tx)
        .await?;
        Ok(Self { tx, now })
    }

    /// The connection, for stores.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Sends a signal on a channel when the transaction commits.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn signal(&mut self, channel: &str, payload: &str) -> Result<(), StoreError> {
        sqlx::query!("SELECT pg_notify($1, $2)", channel, payload).execute(&mut *self.tx).await?;
        Ok(())
    }

    /// The moment at which the transaction was opened.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Keeps everything, the record of the purpose too.
    ///
    /// # Errors
    /// [`StoreError`] when the commit fails.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit().await?)
    }
}
