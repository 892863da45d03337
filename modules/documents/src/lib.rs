//! Paperless document flow: registration, versions, routes, signatures, tasks, exchange between organizations.
//!
//! What it is not: the keeper of bytes (files), of accounts and passwords (identity), of what bodies resolve (bodies).
//!
//! Invariants: a document is registered once, and a journal's numbers have no gap; a signature binds the SHA-256 of the
//! bytes, and any change of a byte or of the record is noticed; a dispatch arrives once.

mod actions;
mod content;
mod desk;
mod domain;
mod graphql;
mod jobs;
mod permissions;
mod reactions;
mod reads;
mod store;
mod verification;

pub use desk::{Desk, Tools};
pub use jobs::register;
pub use reactions::register as react;
pub use reads::DocumentsReads;

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::CATALOGUE;

/// What the API is made of.
pub mod api_parts {
    pub use crate::graphql::{
        DocumentNode, DocumentsMutation, DocumentsQuery, DocumentsSubscription, JournalNode, TaskNode,
    };
}

/// Finds things for `node(id:)`.
pub mod nodes {
    use async_graphql::Context;
    use plenum_documents_api::{DocumentId, JournalId, TaskId};
    use plenum_graph::{Answer, Doors as _};

    use crate::graphql::{self, DocumentNode, JournalNode, TaskNode};

    /// A document.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn document(ctx: &Context<'_>, id: DocumentId) -> Answer<Option<DocumentNode>> {
        graphql::opened_document(&ctx.door(), id).await
    }

    /// A journal.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn journal(ctx: &Context<'_>, id: JournalId) -> Answer<Option<JournalNode>> {
        graphql::journal(ctx, id).await
    }

    /// A task.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn task(ctx: &Context<'_>, id: TaskId) -> Answer<Option<TaskNode>> {
        graphql::task(ctx, id).await
    }
}

/// What setting up a demonstration and tests need: the same actions that the API calls.
pub mod setup {
    pub use crate::{
        actions::{
            Refused,
            add_version::add_version,
            create_document::create_document,
            create_journal::create_journal,
            decide_step::{decide_step, return_for_rework},
            give_resolution::{NewTask, give_resolution},
            move_task::move_task,
            name_substitute::name_substitute,
            register_document::{Registered, register_document},
            send_document::send_document,
            sign_step::sign_step,
            start_route::{NewStep, start_route},
        },
        domain::{
            card::{Kind, State},
            route::Act,
            task::Move,
        },
        permissions::{REGISTER, ROUTE, Register, Routing, SEND, Send, TAKE_PART, TakePart, VIEW},
        store::{
            documents::{Card, Document, Shared},
            journals::{self, Journal},
            steps::{self, OwnStep},
            tasks::{self, SharedTask},
            views::{self, Eyes, Wanted},
        },
    };
}
