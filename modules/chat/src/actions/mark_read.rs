//! Remembers how far somebody has read.

use plenum_db::{Permit, StoreError, TenantTx};

use super::{tell, tell_accounts};
use crate::{
    permissions::TakePart,
    store::participants::{self, Participation},
};

/// In larger channels nobody is told who has read: each would wake all others.
const TOLD_AMONG: i64 = 30;

/// Moves the mark forward; never back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn mark_read(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Participation>,
    seq: i64,
) -> Result<(), StoreError> {
    let Participation { channel, account, .. } = permit.into_resource();
    if participants::read_up_to(tx, channel.id, account, seq).await? {
        tell_accounts(tx, &[account]).await?;
        if participants::count(tx, channel.id).await? <= TOLD_AMONG {
            tell(tx, channel.id).await?;
        }
    }
    Ok(())
}
