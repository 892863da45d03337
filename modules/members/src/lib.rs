//! People and memberships: the register, and its import from the files that offices send.
//!
//! What it is not: it does not know who signs in (identity), nor which units there are (tenancy).
//!
//! Invariants: a person (name and date of birth) is on record once in a tenant, a union card belongs to one; an import
//! is added whole or not at all, and imports of one tenant follow one another; a file that cannot be read leaves
//! nothing but the news that it could not.

mod actions;
pub mod domain;
mod graphql;
mod jobs;
mod permissions;
mod reads;
mod store;

use plenum_files::Files;
use plenum_jobs::Worker;

pub use actions::import_file::{ImportFileError, import_file};
pub use reads::{AccountNames, RegisterReads};

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

/// What the API is made of.
pub mod api_parts {
    pub use crate::graphql::{
        MemberImportNode, MemberNode, MembersMutation, MembersQuery, MembersSubscription,
    };
}

/// Finds things for `node(id:)`.
pub mod nodes {
    pub use crate::graphql::{member, member_import};
}

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, files: Files) -> Worker {
    worker.handle(move |context, job: jobs::CommitImport| {
        let files = files.clone();
        async move { jobs::commit(&context, &files, job).await }
    })
}
