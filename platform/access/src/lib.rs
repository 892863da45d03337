//! Who may do what in a tenant, and why: the tenant's own roles, the giving and taking of roles, invitations into them,
//! the suspension of access.
//!
//! What it is not: the decision (authz), the tables (tenancy), accounts (identity). It is what an administrator does with
//! them.
//!
//! Invariants: nobody gives, takes or defines more than they hold there, for longer than they hold it, nor gives anything
//! to themselves ([`domain::ceiling`]); a tenant keeps an administrator; what follows from an office or from membership is
//! not taken by hand; every act is recorded with its reason. Acts of a tenant wait for one another, and each looks anew
//! at what its actor holds. An invitation gives nothing before it is accepted, by whom it was sent to, once, and by what
//! its inviter holds at that moment; a link changes nothing by being opened.

mod actions;
pub mod domain;
pub mod first_administrator;
pub mod graphql;
mod jobs;

use std::sync::Arc;

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_identity::Identity;
use plenum_jobs::Worker;
use uuid::Uuid;

/// What this crate works with.
pub struct Tools {
    /// Accounts and letters.
    pub identity: Identity,
    /// Makes the secrets of links.
    pub secret: Arc<[u8]>,
    /// The time zone in which dates are written.
    pub time_zone: chrono_tz::Tz,
}

/// Adds the jobs of this crate.
#[must_use]
pub fn register(worker: Worker, tools: Tools) -> Worker {
    let tools = Arc::new(tools);
    worker.handle(move |context, job: jobs::SendInvitation| {
        let tools = tools.clone();
        async move { jobs::send(&context, &tools, job).await }
    })
}

/// Tells what the things are called on which roles are held: a body, for example.
#[async_trait]
pub trait Offices: Send + Sync {
    /// The name of the thing of this kind and id; none when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn name(&self, tx: &mut TenantTx, kind: &str, id: Uuid) -> Result<Option<String>, StoreError>;
}
