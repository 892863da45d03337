//! Mailings to audiences drawn from the register: lists, campaigns, the send ledger, bounces.
//!
//! What it is not: chat (it only tells which channels get a post), nor a counter of opened letters: opening is nobody's
//! business, and nothing in a letter reports it.
//!
//! Invariants: only who consented, has an address, and did not leave the list gets a letter, whatever the criteria say
//! (only `Recipient::admit` makes a line of the ledger); the ledger has one line for each campaign
//! and recipient, and for each mailbox; a letter of which it is not known whether it left is never sent again by itself.

mod actions;
mod domain;
mod graphql;
mod jobs;
mod letters;
mod permissions;
mod public;
mod reads;
mod store;

use std::sync::Arc;

use plenum_bodies_api::BodiesRead;
use plenum_chat_api::ChatRead;
use plenum_db::{StoreError, TenantTx};
use plenum_files::Files;
use plenum_jobs::Worker;
use plenum_learning_api::LearningRead;
use plenum_mail::Mailer;
use plenum_members_api::MembersRead;

pub use actions::record_bounce::Recorded;
pub use domain::token::Signer;
pub use public::{Tokens, router};
pub use reads::CampaignReads;

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::CATALOGUE;

/// What the API is made of.
pub mod api_parts {
    pub use crate::graphql::{
        CampaignNode, DeliveryNode, MailingListNode, MailingsMutation, MailingsQuery, MailingsSubscription,
    };
}

/// Finds things for `node(id:)`.
pub mod nodes {
    pub use crate::graphql::{campaign, delivery, mailing_list};
}

/// What setting up a demonstration needs: the same actions that the API calls.
pub mod setup {
    pub use crate::{
        actions::{
            Step, save_campaign::create_campaign, save_list::create_list, start_campaign::start_campaign,
        },
        domain::{audience::CampaignAudience, content::ContentBlock},
        permissions::{EDIT, Edit, SEND, Send, VIEW},
        store::{
            campaigns::{Draft, PlacedCampaign},
            lists::{MailingList, all as lists},
        },
    };
}

/// What this module works with.
pub struct Tools {
    /// Sends the letters.
    pub mailer: Arc<Mailer>,
    /// Keeps pictures and exports.
    pub files: Files,
    /// The register.
    pub members: Arc<dyn MembersRead>,
    /// Elected bodies.
    pub bodies: Arc<dyn BodiesRead>,
    /// Courses; none while the installation has no learning.
    pub learning: Option<Arc<dyn LearningRead>>,
    /// Channels; none while the installation has no chat.
    pub chat: Option<Arc<dyn ChatRead>>,
    /// Signs links and return paths.
    pub signer: Signer,
    /// Where people reach the server, without a slash at the end.
    pub public_url: Arc<str>,
    /// The domain whose mail server hands returned letters to `plenum bounce`; none when there is no such.
    pub bounce_domain: Option<Arc<str>>,
    /// How many letters an organization may send in a minute; none is no limit.
    pub letters_per_minute: Option<i64>,
}

/// How many letters have left since midnight, UTC.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sent_today(tx: &mut TenantTx) -> Result<i64, StoreError> {
    let midnight = tx.now().date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
    store::deliveries::sent_since(tx, midnight).await
}

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, tools: Arc<Tools>) -> Worker {
    let (for_expand, for_slice, for_test) = (tools.clone(), tools.clone(), tools);
    worker
        .handle(move |context, job| async move { jobs::begin(&context, job).await })
        .handle(move |context, job| {
            let tools = for_expand.clone();
            async move { jobs::expand(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = for_slice.clone();
            async move { jobs::send_slice(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = for_test.clone();
            async move { jobs::send_test(&context, &tools, job).await }
        })
}
