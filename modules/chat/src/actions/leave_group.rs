//! Leaves a group.

use plenum_db::{Permit, TenantTx};

use super::{create_group::GroupError, tell, tell_accounts};
use crate::{
    domain::words::ChannelKind,
    permissions::TakePart,
    store::participants::{self, Participation},
};

/// Leaves it: what was said stays with the others.
///
/// # Errors
/// [`GroupError::NotAGroup`]: one leaves a body or a unit by leaving it, not its channel.
pub async fn leave_group(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Participation>,
) -> Result<(), GroupError> {
    let Participation { channel, account, .. } = permit.into_resource();
    if channel.kind != ChannelKind::Group {
        return Err(GroupError::NotAGroup);
    }
    participants::leave(tx, channel.id, &[account]).await?;
    tell_accounts(tx, &[account]).await?;
    tell(tx, channel.id).await?;
    Ok(())
}
