//! People and memberships: the register, its import from the files that offices send, the record card with its history,
//! transfers, exports, and the portal in which members see and correct their own data.
//!
//! What it is not: it does not know who signs in (identity), nor which units there are (tenancy).
//!
//! Invariants: a person (name and date of birth) is on record once in a tenant, a union card belongs to one; an import
//! is added whole or not at all, and imports of one tenant follow one another; a file that cannot be read leaves
//! nothing but the news that it could not; consents and the history are only appended; without consent no data go to
//! another organization, and a member goes there exactly once.

mod actions;
mod cards;
pub mod domain;
mod graphql;
mod jobs;
mod permissions;
mod reactions;
mod reads;
pub mod setup;
mod store;

use std::sync::Arc;

use domain::membership_card::CardKey;
use plenum_db::{StoreError, TenantTx};
use plenum_files::Files;
use plenum_jobs::Worker;
use plenum_mail::Mailer;
use plenum_print::Printer;
use plenum_vault::SealedTable;

pub use actions::import_file::{ImportFileError, import_file};
pub use reactions::{Ports, reactions};
pub use reads::{AccountNames, RegisterReads};

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::CATALOGUE;

/// What the API is made of.
pub mod api_parts {
    pub use crate::graphql::{
        CorrectionNode, MemberExportNode, MemberImportNode, MemberNode, MemberTransferNode, MembersMutation,
        MembersQuery, MembersSubscription,
    };
}

/// Finds things for `node(id:)`.
pub mod nodes {
    pub use crate::graphql::{correction, member, member_export, member_import, member_transfer};
}

/// What makes and checks membership cards. The server gives one to the API's context.
#[derive(Clone)]
pub struct Cards {
    /// Signs them.
    pub key: CardKey,
    /// Typesets them.
    pub printer: Printer,
    /// Where the web app is served, without a slash at the end: the start of every link on a card.
    pub public_url: Arc<str>,
    /// The time zone in which dates are written.
    pub time_zone: chrono_tz::Tz,
}

/// What this module's jobs need.
pub struct Tools {
    /// Keeps exports.
    pub files: Files,
    /// Sends letters to members.
    pub mailer: Arc<Mailer>,
    /// Cards, and where the web app is.
    pub cards: Cards,
    /// From it follow the secrets of invitations: 32 random bytes, the same on every server of the installation.
    pub secret: Arc<[u8]>,
}

/// How many people are on record.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn on_record(tx: &mut TenantTx) -> Result<i64, StoreError> {
    store::persons::count(tx, None).await
}

/// What this module keeps sealed.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn SealedTable>> {
    vec![Box::new(store::sealed::Requests), Box::new(store::sealed::Details)]
}

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, tools: Tools) -> Worker {
    let tools = Arc::new(tools);
    let (imports, exports, invitations, corrections) =
        (tools.clone(), tools.clone(), tools.clone(), tools.clone());
    worker
        .handle(move |context, job: jobs::CommitImport| {
            let tools = imports.clone();
            async move { jobs::commit(&context, &tools.files, job).await }
        })
        .handle(move |context, job: jobs::ExportMembers| {
            let tools = exports.clone();
            async move { jobs::export(&context, &tools.files, job).await }
        })
        .handle(move |context, job: jobs::SendInvitation| {
            let tools = invitations.clone();
            async move { jobs::send_invitation(&context, &tools, job).await }
        })
        .handle(move |context, job: jobs::TellCorrection| {
            let tools = corrections.clone();
            async move { jobs::tell_correction(&context, &tools, job).await }
        })
        .handle(|context, job: jobs::TellTransfer| async move {
            actions::carry_transfer::tell(&context, job.transfer).await
        })
        .handle(|context, job: jobs::TakeOver| async move {
            actions::carry_transfer::take_over(&context, job.transfer).await
        })
}
