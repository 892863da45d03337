//! Corrects what one has said; what it said before is kept.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};

use super::{mentioned, send_message::MOST_MENTIONS, tell};
use crate::{
    domain::{
        text::{self, TextFault},
        words::MessageKind,
    },
    permissions::TakePart,
    store::{
        channels,
        messages::{self, Spoken},
        parts,
    },
};

/// Why it was not corrected.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The text cannot be taken.
    #[error("the text cannot be taken")]
    Text(TextFault),
    /// Too many mentions.
    #[error("too many are mentioned")]
    TooMany,
    /// Somebody is mentioned who does not take part.
    #[error("somebody is mentioned who does not take part")]
    Mention,
    /// Somebody else said it.
    #[error("somebody else said it")]
    NotAuthor,
    /// It is deleted.
    #[error("it is deleted")]
    Deleted,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Corrects it; the same text again changes nothing.
///
/// # Errors
/// [`EditError`].
pub async fn edit_message(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Spoken>,
    text: &str,
    mentions: Vec<AccountId>,
) -> Result<(), EditError> {
    let Spoken { message, participation } = permit.into_resource();
    if message.author != Some(participation.account) || message.kind != MessageKind::Text {
        return Err(EditError::NotAuthor);
    }
    if mentions.len() > MOST_MENTIONS {
        return Err(EditError::TooMany);
    }
    let has_files = !parts::attachments(tx, &[message.id.uuid()]).await?.is_empty();
    let text = text::message("text", text, has_files).map_err(EditError::Text)?;
    let mentions = mentioned(tx, message.channel, mentions).await?.ok_or(EditError::Mention)?;
    channels::lock(tx, message.channel).await?;
    // As it is now that nobody else can change it.
    let message = messages::by_id(tx, message.id).await?.ok_or(EditError::Deleted)?;
    if message.deleted.is_some() {
        return Err(EditError::Deleted);
    }
    if message.text == text {
        return Ok(());
    }
    let change = channels::next_change(tx, message.channel).await?;
    messages::rewrite(tx, message.id, change, &text).await?;
    parts::mention(tx, &message, &mentions).await?;
    tell(tx, message.channel).await?;
    Ok(())
}
