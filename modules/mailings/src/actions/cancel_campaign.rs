//! A campaign is called off.

use plenum_db::{Permit, StoreError, TenantTx};
use serde_json::json;

use super::{Step, tell};
use crate::{
    domain::state::CampaignState,
    permissions::Send,
    store::{
        campaigns::{self, PlacedCampaign},
        deliveries,
    },
};

/// Calls it off: whoever has no letter yet gets none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn cancel_campaign(
    tx: &mut TenantTx,
    permit: Permit<Send, PlacedCampaign>,
) -> Result<Step, StoreError> {
    let Some(mut campaign) = campaigns::lock(tx, permit.resource().campaign.id).await? else {
        return Ok(Step::WrongState);
    };
    if campaign.state == CampaignState::Cancelled {
        return Ok(Step::Done);
    }
    if !campaign.state.is_cancellable() {
        return Ok(Step::WrongState);
    }
    campaign.state = CampaignState::Cancelled;
    campaign.turn += 1;
    campaign.updated_at = tx.now();
    campaign.finished_at = Some(tx.now());
    campaigns::save(tx, &campaign).await?;
    let skipped = deliveries::skip_pending(tx, campaign.id, "cancelled").await?;
    plenum_audit::record(tx, "mailings.cancel_campaign", campaign.id, json!({ "skipped": skipped })).await?;
    tell(tx, campaign.id).await?;
    Ok(Step::Done)
}
