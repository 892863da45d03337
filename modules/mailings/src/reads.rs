//! What others may ask of this module.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_mailings_api::{CampaignId, ChannelPost, MailingsRead};
use plenum_members_api::MemberId;

use crate::{
    actions::preview_campaign,
    domain::content,
    store::{campaigns, deliveries},
};

/// Campaigns, for other modules.
#[derive(Debug, Clone, Copy, Default)]
pub struct CampaignReads;

#[async_trait]
impl MailingsRead for CampaignReads {
    async fn subject(&self, tx: &mut TenantTx, id: CampaignId) -> Result<Option<String>, StoreError> {
        Ok(campaigns::by_id(tx, id).await?.map(|campaign| campaign.draft.subject))
    }

    async fn post(&self, tx: &mut TenantTx, id: CampaignId) -> Result<Option<ChannelPost>, StoreError> {
        let Some(campaign) = campaigns::by_id(tx, id).await? else { return Ok(None) };
        let Some(author) = campaign.started_by.or(campaign.created_by) else { return Ok(None) };
        // A channel has many readers: personal fields show what stands there when nothing is known.
        let person = preview_campaign::person(tx, None).await?;
        let mut body = content::body_for(&campaign.draft.blocks, &person, &|_| None);
        body.sender = String::new();
        let subject = content::subject_for(&campaign.draft.subject, &person);
        let text = format!("{subject}\n\n{}", body.to_text().trim_end());
        Ok(Some(ChannelPost { author, text }))
    }

    async fn recipients(
        &self,
        tx: &mut TenantTx,
        id: CampaignId,
        after: Option<MemberId>,
        limit: i64,
    ) -> Result<Vec<MemberId>, StoreError> {
        deliveries::members(tx, id, after, limit).await
    }
}
