//! The contract of mailings: ids, events, and what other modules may ask about campaigns.

use async_trait::async_trait;
use plenum_chat_api::ChannelId;
use plenum_db::{StoreError, TenantTx};
use plenum_events::Event;
use plenum_kernel::{AccountId, id_types};
use plenum_members_api::MemberId;
use serde::{Deserialize, Serialize};

id_types! {
    /// A campaign: one mailing to one audience.
    CampaignId = "Campaign";
    /// A list from which a recipient can unsubscribe.
    MailingListId = "MailingList";
    /// One line of the send ledger: one campaign, one recipient.
    DeliveryId = "Delivery";
    /// An address that gets nothing: of one list, or of any.
    SuppressionId = "Suppression";
}

/// What a campaign says in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelPost {
    /// On whose behalf it is posted.
    pub author: AccountId,
    /// What it says: plain text, paragraphs separated by empty lines.
    pub text: String,
}

/// What other modules may ask of mailings, inside their own transaction.
#[async_trait]
pub trait MailingsRead: Send + Sync {
    /// The subject of a campaign; none when the tenant has no such campaign.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn subject(&self, tx: &mut TenantTx, id: CampaignId) -> Result<Option<String>, StoreError>;

    /// What a campaign says in channels.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn post(&self, tx: &mut TenantTx, id: CampaignId) -> Result<Option<ChannelPost>, StoreError>;

    /// The members to whom a campaign's letter went, by id, after one of them, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn recipients(
        &self,
        tx: &mut TenantTx,
        id: CampaignId,
        after: Option<MemberId>,
        limit: i64,
    ) -> Result<Vec<MemberId>, StoreError>;
}

/// A campaign is to be posted in a channel.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChannelPostRequested {
    /// The campaign.
    pub campaign: CampaignId,
    /// The channel.
    pub channel: ChannelId,
}

impl Event for ChannelPostRequested {
    const NAME: &'static str = "mailings.channel_post_requested";
}

/// Every recipient of a campaign has a final state.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CampaignFinished {
    /// The campaign.
    pub campaign: CampaignId,
}

impl Event for CampaignFinished {
    const NAME: &'static str = "mailings.campaign_finished";
}
