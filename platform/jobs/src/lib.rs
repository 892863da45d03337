//! Work done after the transaction that asked for it.
//!
//! [`enqueue`] writes in the caller's transaction, so a job exists exactly when its cause does. The [`Worker`]
//! claims jobs tenant by tenant, each under the tenant's own row security, and each tenant by turns, so that a busy
//! one does not starve the others. Delivery is at least once: a handler that ran but died before saying so runs
//! again, and must be idempotent. The jobs of a suspended tenant wait until it is resumed.

mod queue;
mod worker;

pub use queue::{Job, JobId, enqueue, enqueue_at, in_hand};
pub use worker::{JobContext, JobError, Worker};
