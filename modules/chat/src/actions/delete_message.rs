//! Takes back what was said: by its author, or by those who keep order in the channel.

use plenum_db::{Permit, StoreError, TenantTx};
use serde_json::json;

use super::tell;
use crate::{
    permissions::{MODERATE, TakePart},
    store::{
        channels::{self, Channel},
        messages::{self, Spoken},
        parts,
    },
};

/// Why it stays.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// It is not the caller's to delete.
    #[error("it is not the caller's to delete")]
    NotAllowed,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether the viewer keeps order in a channel.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn may_moderate(tx: &mut TenantTx, channel: &Channel) -> Result<bool, StoreError> {
    if !channel.kind.is_moderated() {
        return Ok(false);
    }
    let place = channel.place(tx).await?;
    Ok(tx.allows(MODERATE, &place))
}

/// Deletes it: its place in the order stays, what it said is gone. Again is no fault.
///
/// # Errors
/// [`DeleteError`].
pub async fn delete_message(tx: &mut TenantTx, permit: Permit<TakePart, Spoken>) -> Result<(), DeleteError> {
    let Spoken { message, participation } = permit.into_resource();
    let own = message.author == Some(participation.account);
    if !own && !may_moderate(tx, &participation.channel).await? {
        return Err(DeleteError::NotAllowed);
    }
    channels::lock(tx, message.channel).await?;
    let now = messages::by_id(tx, message.id).await?;
    if now.is_none_or(|message| message.deleted.is_some()) {
        return Ok(());
    }
    let change = channels::next_change(tx, message.channel).await?;
    messages::erase(tx, message.id, change, participation.account).await?;
    parts::erase(tx, message.id).await?;
    if !own {
        let detail = json!({ "channel": message.channel, "seq": message.seq, "author": message.author });
        plenum_audit::record(tx, "chat.moderate", message.id, detail).await?;
    }
    tell(tx, message.channel).await?;
    Ok(())
}
