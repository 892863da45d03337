//! A campaign is stopped for now, and goes on.

use plenum_db::{Permit, StoreError, TenantTx};
use serde_json::json;

use super::{Step, tell};
use crate::{
    domain::state::CampaignState,
    jobs::{Expand, SendSlice},
    permissions::Send,
    store::campaigns::{self, PlacedCampaign},
};

/// Stops it; what is in the mail server's hands leaves.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn pause_campaign(
    tx: &mut TenantTx,
    permit: Permit<Send, PlacedCampaign>,
) -> Result<Step, StoreError> {
    let Some(mut campaign) = campaigns::lock(tx, permit.resource().campaign.id).await? else {
        return Ok(Step::WrongState);
    };
    match campaign.state {
        CampaignState::Paused => return Ok(Step::Done),
        CampaignState::Sending => {}
        _ => return Ok(Step::WrongState),
    }
    campaign.state = CampaignState::Paused;
    campaign.turn += 1;
    campaign.updated_at = tx.now();
    campaigns::save(tx, &campaign).await?;
    plenum_audit::record(tx, "mailings.pause_campaign", campaign.id, json!({})).await?;
    tell(tx, campaign.id).await?;
    Ok(Step::Done)
}

/// Lets it go on where it stopped.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn resume_campaign(
    tx: &mut TenantTx,
    permit: Permit<Send, PlacedCampaign>,
) -> Result<Step, StoreError> {
    let Some(mut campaign) = campaigns::lock(tx, permit.resource().campaign.id).await? else {
        return Ok(Step::WrongState);
    };
    match campaign.state {
        CampaignState::Sending => return Ok(Step::Done),
        CampaignState::Paused => {}
        _ => return Ok(Step::WrongState),
    }
    campaign.state = CampaignState::Sending;
    campaign.turn += 1;
    campaign.updated_at = tx.now();
    let (id, turn) = (campaign.id, campaign.turn);
    if campaign.expanded_at.is_some() {
        plenum_jobs::enqueue(tx, &SendSlice { campaign: id, turn }).await?;
    } else {
        plenum_jobs::enqueue(tx, &Expand { campaign: id, turn }).await?;
    }
    campaigns::save(tx, &campaign).await?;
    plenum_audit::record(tx, "mailings.resume_campaign", id, json!({})).await?;
    tell(tx, id).await?;
    Ok(Step::Done)
}
