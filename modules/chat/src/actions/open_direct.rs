//! Opens the direct channel to a colleague.

use plenum_chat_api::ChannelId;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::AccountId;
use plenum_tenancy::store::access;

use crate::store::{channels, participants};

/// Why it was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenDirectError {
    /// The account may not enter this tenant, or there is none.
    #[error("there is no such colleague")]
    NoColleague,
    /// It is the caller.
    #[error("it is the caller")]
    Yourself,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens it; there is one for two people, whoever opens it and how often.
///
/// # Errors
/// [`OpenDirectError`].
pub async fn open_direct(
    tx: &mut TenantTx,
    viewer: AccountId,
    other: AccountId,
) -> Result<ChannelId, OpenDirectError> {
    if viewer == other {
        return Err(OpenDirectError::Yourself);
    }
    if !access::admits(tx, other).await? {
        return Err(OpenDirectError::NoColleague);
    }
    let channel = channels::ensure_direct(tx, viewer, other).await?;
    participants::join(tx, channel.id, &[(viewer, None), (other, None)], true).await?;
    Ok(channel.id)
}
