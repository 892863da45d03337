//! Says something in a channel.

use plenum_chat_api::MessageId;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_files::{FileId, Files, FilesError};
use plenum_kernel::AccountId;
use uuid::Uuid;

use super::{mentioned, tell};
use crate::{
    domain::{
        pace, picture,
        text::{self, TextFault},
        words::MessageKind,
    },
    permissions::TakePart,
    store::{
        channels,
        messages::{self, Message},
        participants::{self, Participation},
        parts::{self, Attachment},
    },
};

/// The most files of one message.
pub const MOST_FILES: usize = 10;
/// The most people that one message mentions.
pub const MOST_MENTIONS: usize = 50;

/// What is said.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The sender's own id: sent again, it is the same message.
    pub client_id: Uuid,
    /// The text; may be empty with files.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Complete uploads of the sender.
    pub files: Vec<FileId>,
    /// Participants who are meant.
    pub mentions: Vec<AccountId>,
}

/// Why it was not said.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The text cannot be taken.
    #[error("the text cannot be taken")]
    Text(TextFault),
    /// Too many files or mentions: the path.
    #[error("too many in {0}")]
    TooMany(&'static str),
    /// The sender has no such file.
    #[error("the sender has no such file")]
    File,
    /// The channel has no message that is answered.
    #[error("the channel has no such message to be answered")]
    Reply,
    /// Somebody is mentioned who does not take part.
    #[error("somebody is mentioned who does not take part")]
    Mention,
    /// Too many messages in a short time.
    #[error("too many messages, the next in {wait_s} s")]
    TooFast {
        /// When it may be tried again.
        wait_s: u64,
    },
    /// The object store failed.
    #[error("the object store failed")]
    Objects(#[source] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Says it; sent again under the same id, it is the message that is there.
///
/// # Errors
/// [`SendError`].
pub async fn send_message(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Participation>,
    files: &Files,
    new: NewMessage,
) -> Result<Message, SendError> {
    let Participation { channel, account, .. } = permit.into_resource();
    if let Some(known) = messages::sent_as(tx, channel.id, Some(account), new.client_id).await? {
        return Ok(known);
    }
    let text = text::message("input.text", &new.text, !new.files.is_empty()).map_err(SendError::Text)?;
    if new.files.len() > MOST_FILES {
        return Err(SendError::TooMany("input.files"));
    }
    if new.mentions.len() > MOST_MENTIONS {
        return Err(SendError::TooMany("input.mentions"));
    }
    if let Some(reply) = new.reply_to {
        let answered = messages::by_id(tx, reply).await?;
        answered.filter(|answered| answered.channel == channel.id).ok_or(SendError::Reply)?;
    }
    let mentions = mentioned(tx, channel.id, new.mentions).await?.ok_or(SendError::Mention)?;
    let now = tx.now();
    let (recent, earliest) = participants::posted_since(tx, account, now - pace::WINDOW).await?;
    if let Some(wait_s) = pace::wait_s(recent, earliest, now) {
        return Err(SendError::TooFast { wait_s });
    }
    // Looked at before the channel is locked: others go on talking meanwhile.
    let attachments = look(tx, files, account, new.files).await?;

    channels::lock(tx, channel.id).await?;
    // The same message may have come by another connection while this one waited.
    if let Some(known) = messages::sent_as(tx, channel.id, Some(account), new.client_id).await? {
        return Ok(known);
    }
    let (seq, change) = channels::next_message(tx, channel.id).await?;
    let message = Message {
        id: MessageId::new(),
        channel: channel.id,
        seq,
        change,
        kind: MessageKind::Text,
        author: Some(account),
        client_id: new.client_id,
        text,
        reply_to: new.reply_to,
        session: None,
        at: now,
        edited_at: None,
        deleted: None,
    };
    messages::insert(tx, &message).await?;
    parts::attach(tx, message.id, &attachments).await?;
    parts::mention(tx, &message, &mentions).await?;
    tell(tx, channel.id).await?;
    Ok(message)
}

/// The sender's files, pictures told from what only claims to be one.
async fn look(
    tx: &mut TenantTx,
    files: &Files,
    account: AccountId,
    ids: Vec<FileId>,
) -> Result<Vec<Attachment>, SendError> {
    let mut found: Vec<Attachment> = Vec::new();
    for id in ids {
        if found.iter().any(|file| file.file == id) {
            continue;
        }
        let file = files.own(tx, id, Some(account)).await.map_err(unkept)?;
        let sides = if picture::may_be(&file.content_type, file.size_bytes) {
            let (_, bytes) = files.fetch(tx, id).await.map_err(unkept)?;
            picture::look(&file.content_type, &bytes)
        } else {
            None
        };
        found.push(Attachment::new(file, sides));
    }
    Ok(found)
}

fn unkept(error: FilesError) -> SendError {
    match error {
        FilesError::NotFound => SendError::File,
        FilesError::Store(error) => error.into(),
        other => SendError::Objects(other),
    }
}
