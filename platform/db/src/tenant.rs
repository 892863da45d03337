//! The tenant transaction.
#![expect(clippy::disallowed_types, reason = "this crate is the only home of the pool")]

use std::{any::Any, future::Future, pin::Pin, sync::Arc};

use chrono::{DateTime, Utc};
use plenum_authz::{Grant, Permission, Place, Policy, Viewer};
use plenum_kernel::{TenantId, TypedId};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use uuid::Uuid;

use crate::{Access, StoreError, baggage::Baggage, connect::whole_begin};

/// The transaction cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The viewer has the permission nowhere in the tenant.
    #[error("the viewer does not hold {permission}")]
    Forbidden {
        /// What was asked for.
        permission: Permission,
        /// Whether the tenant does without the module of it: then nobody holds it.
        off: bool,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is written last in a transaction, just before it commits: what it holds from then on, it holds for the time of
/// the commit only.
pub trait AtCommit: Any + Send {
    /// Writes it.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails; then nothing of the transaction is kept.
    fn write<'a>(
        self: Box<Self>,
        tx: &'a mut TenantTx,
    ) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;
}

/// A transaction inside one tenant, on behalf of one viewer, under one permission. Dropped without
/// [`commit`](Self::commit) it leaves nothing behind.
pub struct TenantTx {
    tx: Transaction<'static, Postgres>,
    viewer: Viewer,
    permission: Permission,
    now: DateTime<Utc>,
    policy: Arc<Policy>,
    baggage: Baggage,
    last: Vec<Box<dyn AtCommit>>,
}

impl TenantTx {
    pub(crate) async fn begin(
        pool: &PgPool,
        viewer: Viewer,
        permission: Permission,
        access: Access,
        now: DateTime<Utc>,
        policy: Arc<Policy>,
        baggage: Baggage,
    ) -> Result<Self, OpenError> {
        let mode = match access {
            Access::Read => "READ ONLY",
            Access::Write => "READ WRITE",
            Access::Snapshot => "ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        // One round trip for all three. Only typed ids are interpolated, never text from outside.
        let begin = format!(
            "BEGIN {mode}; SET LOCAL plenum.tenant_id = '{}'; SET LOCAL plenum.account_id = '{}'",
            viewer.tenant.uuid(),
            viewer.account().map(|id| id.uuid().to_string()).unwrap_or_default(),
        );
        let tx = whole_begin(pool, begin).await?;
        Ok(Self { tx, viewer, permission, now, policy, baggage, last: Vec::new() })
    }

    /// The connection, for stores.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// What the database has its transactions carry of a type: see [`Db::carrying`](crate::Db::carrying).
    #[must_use]
    pub fn carried<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.baggage.get()
    }

    /// On whose behalf.
    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    /// The policy that is asked.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// In which tenant.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.viewer.tenant
    }

    /// The moment at which the transaction was opened: the same for all that it writes.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// May the viewer do this at this place?
    #[must_use]
    pub fn allows(&self, permission: Permission, place: &Place) -> bool {
        self.policy.allows(&self.viewer, permission, place)
    }

    /// Where the viewer was let in to do this: the place of what is asked of taking part and not of the tree of units. A
    /// member of a body may write to any colleague, and signs what another unit laid before them. Without such a role it
    /// is a place at which no act is permitted.
    #[must_use]
    pub fn place_let_in(&self, permission: Permission) -> Place {
        let mut scopes = self.viewer.grants.iter().map(|grant| &grant.scope);
        scopes.find(|scope| self.allows(permission, scope)).cloned().unwrap_or_else(|| Place::of_units(&[]))
    }

    /// The units, all below included, in which the viewer holds the permission that opened this transaction;
    /// `None` when the platform itself acts and nothing is to be filtered.
    #[must_use]
    pub fn granted_units(&self) -> Option<Vec<Uuid>> {
        self.units_granting(self.permission)
    }

    /// The same for another permission, which opens more to some of those who may open the transaction.
    #[must_use]
    pub fn units_granting(&self, permission: Permission) -> Option<Vec<Uuid>> {
        self.viewer.account()?;
        let giving = self.policy.grants_giving(&self.viewer, permission);
        Some(giving.into_iter().filter(|grant| covers_unit(grant)).map(|grant| grant.unit).collect())
    }

    /// Tells listeners on this channel, when and only when the transaction commits.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn signal(&mut self, channel: &str, payload: &str) -> Result<(), StoreError> {
        sqlx::query!("SELECT pg_notify($1, $2)", channel, payload).execute(&mut *self.tx).await?;
        Ok(())
    }

    /// What this transaction writes last, one of each type.
    pub fn at_commit<T: AtCommit + Default>(&mut self) -> &mut T {
        let found = self.last.iter().position(|one| (one.as_ref() as &dyn Any).is::<T>());
        let at = found.unwrap_or_else(|| {
            self.last.push(Box::new(T::default()));
            self.last.len() - 1
        });
        (self.last[at].as_mut() as &mut dyn Any).downcast_mut().expect("the type was looked at")
    }

    /// Keeps everything.
    ///
    /// # Errors
    /// [`StoreError`] when the commit fails; then nothing was kept, or its outcome is unknown.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        for last in std::mem::take(&mut self.last) {
            last.write(&mut self).await?;
        }
        Ok(self.tx.commit().await?)
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// [`StoreError`] when the connection fails; the server then undoes it by itself.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.tx.rollback().await?)
    }
}

/// A grant on one resource inside a unit (a body) does not govern the unit itself.
fn covers_unit(grant: &Grant) -> bool {
    grant.scope.as_str().ends_with(&format!("{}/", grant.unit.simple()))
        && !grant.scope.as_str().contains('-')
}
