//! Who may do what in a tenant, and why: the tenant's own roles, the giving and taking of roles, the suspension of access.
//!
//! What it is not: the decision (authz), the tables (tenancy), accounts (identity). It is what an administrator does with
//! them.
//!
//! Invariants: nobody gives, takes or defines more than they hold there, for longer than they hold it, nor gives anything
//! to themselves ([`domain::ceiling`]); a tenant keeps an administrator; what follows from an office or from membership is
//! not taken by hand; every act is recorded with its reason. Acts of a tenant wait for one another, and each looks anew
//! at what its actor holds.

mod actions;
pub mod domain;
pub mod graphql;

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use uuid::Uuid;

/// Tells what the things are called on which roles are held: a body, for example.
#[async_trait]
pub trait Offices: Send + Sync {
    /// The name of the thing of this kind and id; none when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn name(&self, tx: &mut TenantTx, kind: &str, id: Uuid) -> Result<Option<String>, StoreError>;
}
