//! The life of a federation's organizations, as the administrators of its apparatus steer it: made, suspended, limited,
//! deleted.
//!
//! What it is not: a way into an organization. Administrators of the federation see how large an organization is and
//! whether it is well, in numbers ([`Usage`]), and never what is in it; whoever is to see more is given a role there by
//! the organization itself.
//!
//! Invariants: only the federation's own apparatus acts, and only on organizations of its own tree; every act is by the
//! operator's database role and noted with its actor ([`plenum_db::Db::operator_for`]), and recorded in the audit of both
//! organizations; what is suspended is closed at once, for subscriptions and rooms too; what is deleted is deleted after
//! a notice, wholly, and leaves a tombstone. See decisions 0014 and 0015.

mod actions;
pub mod domain;
pub mod graphql;
mod jobs;
mod letters;
pub mod permissions;

pub use actions::delete_tenant::{EraseError, Step, erase_next};

use std::sync::Arc;

use async_trait::async_trait;
use chrono_tz::Tz;
use plenum_db::{StoreError, TenantTx};
use plenum_files::Files;
use plenum_identity::Identity;
use plenum_jobs::Worker;

/// Roles and permissions of this crate, for the policy.
pub const POLICY: &str = "p, administrator, federation.oversee\n";

/// What an organization uses of what can be counted without looking into it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// People on record.
    pub members: i64,
    /// Accounts that may enter.
    pub accounts: i64,
    /// Bytes of all files.
    pub storage_bytes: i64,
    /// Letters of mailings that left since midnight, UTC.
    pub letters_today: i64,
    /// People in video rooms now.
    pub participants: i64,
}

/// Counts what modules keep; the server asks each of them.
#[async_trait]
pub trait Gauges: Send + Sync {
    /// The numbers of the transaction's tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn read(&self, tx: &mut TenantTx) -> Result<Usage, StoreError>;
}

/// Adds the jobs of this crate; in letters, days are those of the zone.
#[must_use]
pub fn register(worker: Worker, identity: Identity, files: Files, zone: Tz) -> Worker {
    let writer = Arc::new(identity);
    worker
        .handle(|context, job: jobs::Warn| async move { jobs::warn(&context, job).await })
        .handle(move |context, job: jobs::Letter| {
            let identity = writer.clone();
            async move { jobs::write(&context, &identity, zone, job).await }
        })
        .handle(move |context, job: jobs::Erase| {
            let files = files.clone();
            async move { jobs::erase(&context, &files, job).await }
        })
}
