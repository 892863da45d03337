//! Everything that an organization has, in one file that its own administrators order: a table each as JSON lines with
//! sealed values opened, every stored file, and a manifest.
//!
//! What it is not: a copy for restoring a database, and not the federation's. Only the organization itself orders it.
//!
//! Invariants: what is exported is found in the database's catalogue, so that no table is forgotten; what is left out is
//! named with its reason ([`Contents`]); all tables are read from one snapshot, by pages; no more than some pages and
//! parts of files are in memory; one export runs at a time in an organization; a job that died leaves no half behind once
//! it runs again; the file is removed after [`domain::OFFERED_FOR`].

mod actions;
mod archive;
pub mod domain;
pub mod graphql;
mod jobs;
pub mod permissions;
mod store;

use std::{path::Path, sync::Arc};

use plenum_authz::Text;
use plenum_files::Files;
use plenum_jobs::Worker;
use plenum_vault::SealedTable;

pub use actions::run_export::{RunError, run_export};
pub use store::exports::TenantExportId;

/// Roles and permissions of this crate, for the policy.
pub const POLICY: &str = "p, administrator, exports.tenant\n";

/// A table, and what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// `schema.table`.
    pub table: &'static str,
    /// What a row of it is.
    pub meaning: Text,
}

/// A column that is left out of a table.
#[derive(Debug, Clone, Copy)]
pub struct LeftOut {
    /// `schema.table`.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Why.
    pub reason: Text,
}

/// What is in an export, as whoever knows the modules says it. Tables that are not named here are exported all the same.
#[derive(Clone)]
pub struct Contents {
    /// What stands in the tables.
    pub described: &'static [Described],
    /// Tables that are left out, with the reason as their meaning.
    pub tables_left_out: &'static [Described],
    /// Columns that are left out.
    pub columns_left_out: &'static [LeftOut],
    /// Tables with sealed columns.
    pub sealed: Arc<[Box<dyn SealedTable>]>,
}

/// What exports are made with.
#[derive(Clone)]
pub struct Tools {
    /// Where the file is kept.
    pub files: Files,
    /// What is in it.
    pub contents: Contents,
    /// A folder of this machine, on a disk with room for the largest organization; files there have no name, so that they
    /// vanish with the program.
    pub folder: Arc<Path>,
}

/// Adds the jobs of this crate.
#[must_use]
pub fn register(worker: Worker, tools: Tools) -> Worker {
    let remover = tools.clone();
    worker
        .handle(move |context, job: jobs::RunExport| {
            let tools = tools.clone();
            async move { jobs::run(&context, &tools, job).await }
        })
        .handle(move |context, job: jobs::RemoveExport| {
            let tools = remover.clone();
            async move { jobs::remove(&context, &tools, job).await }
        })
}
