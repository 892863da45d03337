//! Reacts to a message with an emoji, or takes the reaction back.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_kernel::TypedId;

use super::tell;
use crate::{
    domain::emoji,
    permissions::TakePart,
    store::{
        channels,
        messages::{self, Spoken},
        parts,
    },
};

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum ReactError {
    /// It is not one emoji.
    #[error("it is not one emoji")]
    NotAnEmoji,
    /// The message has as many different ones as it takes.
    #[error("the message has as many different emoji as it takes")]
    TooMany,
    /// The message is deleted.
    #[error("the message is deleted")]
    Deleted,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets (`on`) or takes back; again changes nothing.
///
/// # Errors
/// [`ReactError`].
pub async fn react(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Spoken>,
    emoji: &str,
    on: bool,
) -> Result<(), ReactError> {
    let Spoken { message, participation } = permit.into_resource();
    if !emoji::is_one(emoji) {
        return Err(ReactError::NotAnEmoji);
    }
    channels::lock(tx, message.channel).await?;
    let now = messages::by_id(tx, message.id).await?;
    if now.is_none_or(|message| message.deleted.is_some()) {
        return Err(ReactError::Deleted);
    }
    let changed = if on {
        let mut there: Vec<String> = parts::reactions(tx, &[message.id.uuid()])
            .await?
            .into_iter()
            .map(|(_, reaction)| reaction.emoji)
            .collect();
        there.sort_unstable();
        there.dedup();
        if there.len() >= emoji::MOST && !there.iter().any(|known| known == emoji) {
            return Err(ReactError::TooMany);
        }
        parts::react(tx, message.id, participation.account, emoji).await?
    } else {
        parts::unreact(tx, message.id, participation.account, emoji).await?
    };
    if changed {
        let change = channels::next_change(tx, message.channel).await?;
        messages::changed(tx, message.id, change).await?;
        tell(tx, message.channel).await?;
    }
    Ok(())
}
