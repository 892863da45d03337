//! The only door to SQL: transactions that know for whom they run.
//!
//! [`TenantTx`] cannot be opened without a [`Viewer`](plenum_authz::Viewer) and a named permission, and opening
//! sets the tenant for that transaction; forced row-level security in PostgreSQL backs it. [`GlobalTx`] reaches
//! only what belongs to no tenant (accounts, the directory of tenants). [`OperatorTx`] uses a database role of
//! its own and is always audited. The pool never leaves this crate.
//!
//! Invariants: no tenant set means an error, not an empty result; a read opens a read-only transaction in
//! PostgreSQL; a write asserts the rows that it touched, because under row security an update of a neighbour's
//! row succeeds silently with zero rows.

mod baggage;
pub mod catalogue;
mod checkup;
mod connect;
mod error;
mod global;
mod listen;
mod migrate;
mod permit;
mod tenant;

pub use checkup::{Checkup, Migrations, checkup, migrations};
pub use connect::{Access, ConnectError, Db, DbUrls};
pub use error::{AffectedRows, StoreError};
pub use global::{GlobalTx, OperatorTx};
pub use listen::{Listener, Signal};
pub use migrate::{MigrateError, migrate};
pub use permit::{Permit, PermitError, Resource};
/// Where a [`Resource`] is.
pub use plenum_authz::Place;
pub use sqlx::PgConnection;
pub use tenant::{AtCommit, OpenError, TenantTx};
