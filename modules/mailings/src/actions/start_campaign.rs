//! A campaign is given to be sent: now, or at a time.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_events::Publish;
use plenum_mailings_api::ChannelPostRequested;
use plenum_tenancy::store::tenants;
use serde_json::json;

use super::{Step, count_audience::AudienceError, tell};
use crate::{
    Tools,
    actions::count_audience::{self, count_audience},
    domain::{content, state::CampaignState},
    jobs::{Begin, Expand},
    permissions::Send,
    store::campaigns::{self, Campaign, PlacedCampaign},
};

/// Starts a draft, or changes the time of one that waits.
///
/// # Errors
/// [`AudienceError`].
pub async fn start_campaign(
    tx: &mut TenantTx,
    permit: Permit<Send, PlacedCampaign>,
    tools: &Tools,
    at: Option<DateTime<Utc>>,
) -> Result<Step, AudienceError> {
    let PlacedCampaign { campaign, list } = permit.into_resource();
    let Some(mut campaign) = campaigns::lock(tx, campaign.id).await? else {
        return Err(AudienceError::NotFound);
    };
    if !matches!(campaign.state, CampaignState::Draft | CampaignState::Scheduled) {
        return Ok(Step::WrongState);
    }
    let draft = &campaign.draft;
    if draft.subject.is_empty()
        || content::is_empty(&draft.blocks)
        || (!draft.by_mail && draft.channels.is_empty())
    {
        return Ok(Step::Incomplete);
    }
    if at.is_some_and(|at| at < tx.now() - TimeDelta::minutes(1)) {
        return Ok(Step::InThePast);
    }
    if draft.by_mail {
        let count = count_audience(tx, tools, &list, &draft.audience).await?;
        if count.recipients == 0 {
            return Ok(Step::NoRecipients);
        }
        if over_the_limit(tx, at, count.recipients).await? {
            return Ok(Step::OverDailyLimit);
        }
    } else {
        count_audience::resolve(tx, tools, &list, &draft.audience).await?;
    }
    campaign.started_by = tx.viewer().account();
    campaign.updated_at = tx.now();
    match at.filter(|at| *at > tx.now()) {
        Some(at) => {
            campaign.state = CampaignState::Scheduled;
            campaign.scheduled_at = Some(at);
            campaign.turn += 1;
            plenum_jobs::enqueue_at(tx, &Begin { campaign: campaign.id, turn: campaign.turn }, at).await?;
            campaigns::save(tx, &campaign).await?;
        }
        None => begin(tx, &mut campaign).await?,
    }
    plenum_audit::record(tx, "mailings.start_campaign", campaign.id, json!({ "at": at })).await?;
    tell(tx, campaign.id).await?;
    Ok(Step::Done)
}

/// Whether so many letters exceed what the organization may send on that day. A day to come is looked at as a whole: what
/// else will be sent on it is not known.
async fn over_the_limit(
    tx: &mut TenantTx,
    at: Option<DateTime<Utc>>,
    letters: i64,
) -> Result<bool, StoreError> {
    let Some(limit) = tenants::limits(tx).await?.letters_daily else { return Ok(false) };
    let today = at.is_none_or(|at| at.date_naive() == tx.now().date_naive());
    let sent = if today { crate::sent_today(tx).await? } else { 0 };
    Ok(sent.saturating_add(letters) > limit)
}

/// Lets a campaign begin: its posts are told, and its ledger is written next.
pub(crate) async fn begin(tx: &mut TenantTx, campaign: &mut Campaign) -> Result<(), StoreError> {
    campaign.state = CampaignState::Sending;
    campaign.started_at = Some(tx.now());
    campaign.turn += 1;
    for channel in campaign.draft.channels.clone() {
        tx.publish(&ChannelPostRequested { campaign: campaign.id, channel }).await?;
    }
    plenum_jobs::enqueue(tx, &Expand { campaign: campaign.id, turn: campaign.turn }).await?;
    campaigns::save(tx, campaign).await
}
