//! Conversations: channels of bodies, units and courses, of groups and of two people, and their messages.
//!
//! What it is not: it does not know who sits in a body, who is on record in a unit or who learns (it asks, and is told),
//! and it sends no mail.
//!
//! Invariants: who takes no part in a channel finds neither it nor its messages; the messages of a channel are numbered
//! 1, 2, 3 … without a gap, in one order for all; a message sent again under the same id is the same message; every
//! change of a channel has a number, so that who was away asks for what came after the last one they have; what is
//! deleted is gone, only its place stays.

mod actions;
mod conversation;
mod domain;
mod ensure;
mod graphql;
mod jobs;
mod permissions;
mod reactions;
mod reads;
mod store;

use std::sync::Arc;

use plenum_jobs::Worker;
use plenum_members_api::MembersRead;

pub use ensure::ensure_body_channels;
pub use reactions::{on_bodies, on_learning, on_mailings, on_members};
pub use reads::ChatReads;

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::CATALOGUE;

/// What the API is made of.
pub mod api_parts {
    pub use crate::graphql::{ChannelNode, ChatMutation, ChatQuery, ChatSubscription, MessageNode};
}

/// Finds things for `node(id:)`.
pub mod nodes {
    use async_graphql::Context;
    use plenum_chat_api::{ChannelId, MessageId};
    use plenum_graph::Answer;

    use crate::graphql::{self, ChannelNode, MessageNode};

    /// A channel.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn channel(ctx: &Context<'_>, id: ChannelId) -> Answer<Option<ChannelNode>> {
        graphql::channel(ctx, id).await
    }

    /// A message.
    ///
    /// # Errors
    /// Refusals of the door.
    pub async fn message(ctx: &Context<'_>, id: MessageId) -> Answer<Option<MessageNode>> {
        graphql::message(ctx, id).await
    }
}

/// What setting up a demonstration needs: the same actions that the API and the reactions call.
pub mod setup {
    pub use crate::{
        actions::{
            keep_participants::keep_body,
            mark_read::mark_read,
            open_direct::{OpenDirectError, open_direct},
            react::{ReactError, react},
            send_message::{NewMessage, SendError, send_message},
        },
        permissions::{TAKE_PART, TakePart},
        store::{
            messages::{Message, Spoken, sent_as as said_as},
            participants::Participation,
        },
    };
}

/// Tells the worker how this module's jobs are done.
#[must_use]
pub fn register(worker: Worker, members: Arc<dyn MembersRead>) -> Worker {
    worker.handle(move |context, job: jobs::FillUnitChannel| {
        let members = members.clone();
        async move { jobs::fill_unit_channel(&context, &members, job).await }
    })
}
