//! Says something on behalf of the platform or of another module.

use chrono::{DateTime, Utc};
use plenum_bodies_api::SessionId;
use plenum_chat_api::{ChannelId, MessageId};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::AccountId;
use uuid::Uuid;

use super::tell;
use crate::{
    domain::{text, words::MessageKind},
    store::{
        channels,
        messages::{self, Message},
    },
};

/// What is said.
#[derive(Debug, Clone)]
pub enum Post {
    /// A session was called.
    Session {
        /// The session.
        session: SessionId,
        /// What it is called.
        title: String,
        /// When it begins.
        starts_at: DateTime<Utc>,
    },
    /// A mailing goes to the channel too.
    Mailing {
        /// On whose behalf.
        author: AccountId,
        /// What it says.
        text: String,
    },
}

/// Says it once for the same `key`, however often it is tried.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn post(tx: &mut TenantTx, channel: ChannelId, key: Uuid, post: Post) -> Result<(), StoreError> {
    channels::lock(tx, channel).await?;
    let (kind, author, text, session) = match post {
        Post::Session { session, title, starts_at } => {
            (MessageKind::Session, None, title, Some((session, starts_at)))
        }
        Post::Mailing { author, text } => (MessageKind::Mailing, Some(author), text, None),
    };
    if messages::sent_as(tx, channel, author, key).await?.is_some() {
        return Ok(());
    }
    let (seq, change) = channels::next_message(tx, channel).await?;
    let message = Message {
        id: MessageId::new(),
        channel,
        seq,
        change,
        kind,
        author,
        client_id: key,
        text: text::cut(&text),
        reply_to: None,
        session,
        at: tx.now(),
        edited_at: None,
        deleted: None,
    };
    messages::insert(tx, &message).await?;
    tell(tx, channel).await
}
