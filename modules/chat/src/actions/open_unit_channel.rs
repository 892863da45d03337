//! Opens the channel of a unit.

use plenum_chat_api::ChannelId;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use super::tell_accounts;
use crate::{
    domain::words::ChannelKind,
    jobs::FillUnitChannel,
    permissions::Manage,
    store::{channels, participants},
};

/// Opens it, or finds it open; who opens it takes part. Its members come by a job: there may be many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn open_unit_channel(
    tx: &mut TenantTx,
    permit: Permit<Manage, Unit>,
) -> Result<ChannelId, StoreError> {
    let unit = permit.into_resource();
    let (channel, made) =
        channels::ensure(tx, ChannelKind::Unit, unit.id.uuid(), Some(unit.id), &unit.name).await?;
    if let Some(account) = tx.viewer().account() {
        let joined = participants::join(tx, channel.id, &[(account, None)], true).await?;
        tell_accounts(tx, &joined).await?;
    }
    if made {
        plenum_audit::record(tx, "chat.open_unit_channel", channel.id, json!({ "unit": unit.id })).await?;
        plenum_jobs::enqueue(tx, &FillUnitChannel { unit: unit.id, after: None }).await?;
    }
    Ok(channel.id)
}
