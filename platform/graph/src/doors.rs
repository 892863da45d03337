//! The doors from a resolver to the database.

use std::{future::Future, sync::Arc};

use async_graphql::Context;
use chrono::TimeDelta;
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db, TenantTx};
use plenum_kernel::AccountId;

use crate::{Answer, Refusal, RequestScope};

/// For how long a proof of the person is good for acts that weigh. OWASP's session management cheat sheet asks for
/// re-authentication and names no figure; ten minutes are a task with what belongs to it.
pub const CONFIRMED_FOR: TimeDelta = TimeDelta::minutes(10);

/// The doors of one caller, apart from a resolver's context: what a subscription keeps for as long as it lives.
#[derive(Clone)]
pub struct Door {
    db: Db,
    scope: Arc<RequestScope>,
}

impl Door {
    /// A read-only transaction in the caller's tenant, under the rights that the caller has now.
    ///
    /// # Errors
    /// A refusal: not signed in, no such tenant, not allowed.
    pub async fn read(&self, permission: Permission) -> Answer<TenantTx> {
        let viewer = self.viewer().await?;
        Ok(self.db.tenant(&viewer, permission, Access::Read).await?)
    }

    /// A writing transaction in the caller's tenant, under the rights that the caller has now.
    ///
    /// # Errors
    /// A refusal: not signed in, no such tenant, not allowed.
    pub async fn write(&self, permission: Permission) -> Answer<TenantTx> {
        let viewer = self.viewer().await?;
        Ok(self.db.tenant(&viewer, permission, Access::Write).await?)
    }

    async fn write_confirmed(&self, permission: Permission) -> Answer<TenantTx> {
        let viewer = self.viewer().await?;
        // Who may not do it anyhow is told so, and not asked for a password first.
        if self.db.policy().allows_somewhere(&viewer, permission) {
            self.confirmed().await?;
        }
        Ok(self.db.tenant(&viewer, permission, Access::Write).await?)
    }

    async fn confirmed(&self) -> Answer<()> {
        let now = self.db.clock().now();
        match self.scope.confirmed_at().await? {
            Some(at) if now - at < CONFIRMED_FOR => Ok(()),
            _ => Err(Refusal::forbidden("confirm")),
        }
    }

    /// The database behind the doors.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Who calls, with the rights that they have now.
    ///
    /// # Errors
    /// A refusal: not signed in, no such tenant.
    pub async fn viewer(&self) -> Answer<Viewer> {
        let signed_in = self.scope.resolve().await?.ok_or_else(Refusal::unauthenticated)?;
        match signed_in.viewer {
            Some(viewer) => Ok(Viewer { request: Some(self.scope.request), ..viewer }),
            None if self.scope.credential().tenant.is_none() => Err(Refusal::invalid("tenant_missing")),
            // A tenant that is not there and one that may not be entered look the same.
            None => Err(Refusal::not_found()),
        }
    }
}

/// Opens transactions for the caller of a field.
pub trait Doors {
    /// A read-only transaction in the caller's tenant.
    fn read(&self, permission: Permission) -> impl Future<Output = Answer<TenantTx>> + Send;

    /// A writing transaction in the caller's tenant; close it with [`Finish::finish`].
    fn write(&self, permission: Permission) -> impl Future<Output = Answer<TenantTx>> + Send;

    /// The same, for an act that weighs: refused as `FORBIDDEN` with the reason `confirm` when the person has not proved
    /// within [`CONFIRMED_FOR`] that it is them.
    fn write_confirmed(&self, permission: Permission) -> impl Future<Output = Answer<TenantTx>> + Send;

    /// The signed-in account, for fields about the account itself.
    fn account(&self) -> impl Future<Output = Answer<AccountId>> + Send;

    /// The same, for what the account is signed in by: refused like [`Doors::write_confirmed`].
    fn account_confirmed(&self) -> impl Future<Output = Answer<AccountId>> + Send;

    /// The doors themselves, to be kept beyond the field.
    fn door(&self) -> Door;

    /// The database, for fields that belong to no tenant.
    fn db(&self) -> &Db;

    /// The request's scope.
    fn scope(&self) -> &RequestScope;
}

impl Doors for Context<'_> {
    async fn read(&self, permission: Permission) -> Answer<TenantTx> {
        self.door().read(permission).await
    }

    async fn write(&self, permission: Permission) -> Answer<TenantTx> {
        self.door().write(permission).await
    }

    async fn account(&self) -> Answer<AccountId> {
        Ok(self.scope().resolve().await?.ok_or_else(Refusal::unauthenticated)?.account)
    }

    async fn write_confirmed(&self, permission: Permission) -> Answer<TenantTx> {
        self.door().write_confirmed(permission).await
    }

    async fn account_confirmed(&self) -> Answer<AccountId> {
        let account = self.account().await?;
        self.door().confirmed().await?;
        Ok(account)
    }

    fn door(&self) -> Door {
        Door { db: self.db().clone(), scope: self.data_unchecked::<Arc<RequestScope>>().clone() }
    }

    fn db(&self) -> &Db {
        self.data_unchecked::<Db>()
    }

    fn scope(&self) -> &RequestScope {
        self.data_unchecked::<Arc<RequestScope>>()
    }
}

/// Closes a writing transaction by the outcome of its action.
pub trait Finish {
    /// Commits what worked, undoes what was refused.
    fn finish<T: Send, E: Into<Refusal> + Send>(
        self,
        outcome: Result<T, E>,
    ) -> impl Future<Output = Answer<T>> + Send;
}

impl Finish for TenantTx {
    async fn finish<T: Send, E: Into<Refusal> + Send>(self, outcome: Result<T, E>) -> Answer<T> {
        match outcome {
            Ok(value) => {
                self.commit().await?;
                Ok(value)
            }
            Err(error) => {
                let refusal = error.into();
                self.rollback().await?;
                Err(refusal)
            }
        }
    }
}
