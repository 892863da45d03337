//! Makes a channel silent for oneself, or not.

use plenum_db::{Permit, StoreError, TenantTx};

use super::tell_accounts;
use crate::{
    permissions::TakePart,
    store::participants::{self, Participation},
};

/// Sets it; again changes nothing.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn mute(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Participation>,
    muted: bool,
) -> Result<(), StoreError> {
    let Participation { channel, account, .. } = permit.into_resource();
    participants::mute(tx, channel.id, account, muted).await?;
    tell_accounts(tx, &[account]).await
}
