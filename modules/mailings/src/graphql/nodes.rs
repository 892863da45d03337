//! Lists, campaigns and lines of the ledger.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_audit::record_read;
use plenum_db::{Resource, TenantTx};
use plenum_graph::{Answer, Doors, Paged, Paging, global, paged};
use plenum_identity::store::accounts;
use plenum_kernel::TypedId;
use plenum_mailings_api::{DeliveryId, SuppressionId};
use serde_json::json;

use super::{
    inputs::{CampaignBlock, MailingAudience},
    tools,
};
use crate::{
    actions::preview_campaign,
    domain::{recipient::Exclusion, state},
    permissions,
    store::{
        campaigns::PlacedCampaign,
        deliveries::{self, Delivery},
        lists::MailingList,
        suppressions::{self, Suppression},
    },
};

/// Where a campaign stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "state::CampaignState")]
pub enum CampaignState {
    /// Being written.
    Draft,
    /// Waits for its time.
    Scheduled,
    /// Letters are leaving.
    Sending,
    /// Stopped for now.
    Paused,
    /// Every recipient has a final state.
    Done,
    /// Called off.
    Cancelled,
}

/// What became of one letter.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "state::DeliveryState")]
pub enum DeliveryState {
    /// Waits for its turn.
    Pending,
    /// In the mail server's hands.
    Sending,
    /// The mail server took it.
    Sent,
    /// Given up after many attempts.
    Failed,
    /// Refused for good, or came back.
    Bounced,
    /// Not sent, for a reason.
    Skipped,
    /// It may have left; it is not sent again.
    Uncertain,
}

/// Why a member of an audience gets no letter.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Exclusion")]
pub enum AudienceExclusionReason {
    /// No consent is on record.
    NoConsent,
    /// No address is on record.
    NoAddress,
    /// They left the list.
    Unsubscribed,
    /// The address does not exist.
    Bounced,
    /// Another member has the same mailbox.
    SameAddress,
}

/// How many were left out for a reason.
#[derive(SimpleObject)]
pub struct AudienceExclusion {
    pub(super) reason: AudienceExclusionReason,
    pub(super) count: i64,
}

/// How many letters are in each state.
#[derive(SimpleObject, Default)]
pub struct DeliveryCounts {
    total: i64,
    pending: i64,
    sending: i64,
    sent: i64,
    failed: i64,
    bounced: i64,
    skipped: i64,
    uncertain: i64,
}

/// A list that recipients can leave.
#[derive(Clone)]
pub struct MailingListNode(pub(crate) MailingList);

#[Object(name = "MailingList")]
impl MailingListNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn description(&self) -> &str {
        &self.0.description
    }
    /// The unit whose list it is: nobody outside of it is addressed.
    async fn unit(&self) -> ID {
        global(self.0.unit.id)
    }
    /// The unit's name.
    async fn unit_name(&self) -> &str {
        &self.0.unit.name
    }
    /// How many addresses left it.
    async fn unsubscribed_count(&self, ctx: &Context<'_>) -> Answer<i64> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        Ok(suppressions::count(&mut tx, Some(self.0.id)).await?)
    }
    /// The addresses that left it, the latest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn unsubscribed(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<SuppressedAddress>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        suppressed(&mut tx, Some(self.0.id), Paging::new(first, after)?).await
    }
}

/// An address that gets nothing.
#[derive(SimpleObject)]
pub struct SuppressedAddress {
    id: ID,
    address: String,
    /// What the mail server said of it.
    reason: Option<String>,
    at: DateTime<Utc>,
}

impl From<Suppression> for SuppressedAddress {
    fn from(suppression: Suppression) -> Self {
        Self {
            id: global(suppression.id),
            address: suppression.address,
            reason: suppression.reason,
            at: suppression.at,
        }
    }
}

pub(super) async fn suppressed(
    tx: &mut TenantTx,
    list: Option<plenum_mailings_api::MailingListId>,
    paging: Paging,
) -> Answer<Paged<SuppressedAddress>> {
    let after = match paging.after.as_deref() {
        Some(cursor) => Some(SuppressionId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
        None => None,
    };
    let rows = suppressions::page(tx, list, after, paging.limit()).await?;
    Ok(paged(&paging, rows.into_iter().map(|row| (row.id.global(), row.into()))))
}

/// A line of the send ledger.
#[derive(Clone)]
pub struct DeliveryNode(pub(crate) Delivery);

#[Object(name = "Delivery")]
impl DeliveryNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    /// The recipient.
    async fn member(&self) -> ID {
        global(self.0.member)
    }
    async fn full_name(&self) -> &str {
        &self.0.full_name
    }
    async fn address(&self) -> &str {
        &self.0.address
    }
    async fn state(&self) -> DeliveryState {
        self.0.state.into()
    }
    /// Why it was not delivered: the mail server's answer, or a stable word of ours.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    async fn attempts(&self) -> i32 {
        self.0.attempts
    }
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
}

/// Somebody who would get the letter.
#[derive(SimpleObject)]
pub struct MailingRecipient {
    member: ID,
    full_name: String,
}

/// What the viewer may do with a campaign.
#[derive(SimpleObject)]
pub struct CampaignAbilities {
    /// Write it.
    edit: bool,
    /// Send it, pause it, call it off.
    send: bool,
}

/// One mailing to one audience.
#[derive(Clone)]
pub struct CampaignNode(pub(crate) PlacedCampaign);

#[Object(name = "Campaign")]
impl CampaignNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.campaign.id)
    }
    async fn state(&self) -> CampaignState {
        self.0.campaign.state.into()
    }
    async fn list(&self) -> MailingListNode {
        MailingListNode(self.0.list.clone())
    }
    async fn subject(&self) -> &str {
        &self.0.campaign.draft.subject
    }
    async fn sender_name(&self) -> &str {
        &self.0.campaign.draft.sender_name
    }
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn blocks(&self) -> Vec<CampaignBlock> {
        self.0.campaign.draft.blocks.iter().map(Into::into).collect()
    }
    async fn audience(&self) -> MailingAudience {
        (&self.0.campaign.draft.audience).into()
    }
    async fn by_mail(&self) -> bool {
        self.0.campaign.draft.by_mail
    }
    /// Channels of chat to which it goes too.
    async fn channels(&self) -> Vec<ID> {
        self.0.campaign.draft.channels.iter().map(|id| global(*id)).collect()
    }
    async fn scheduled_at(&self) -> Option<DateTime<Utc>> {
        self.0.campaign.scheduled_at
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.campaign.created_at
    }
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.campaign.updated_at
    }
    async fn started_at(&self) -> Option<DateTime<Utc>> {
        self.0.campaign.started_at
    }
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.campaign.finished_at
    }
    /// Who wrote it.
    async fn author_name(&self, ctx: &Context<'_>) -> Answer<Option<String>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let Some(author) = self.0.campaign.created_by else { return Ok(None) };
        Ok(accounts::by_id(tx.conn(), author).await?.map(|account| account.display_name))
    }
    /// Whether the ledger is complete: until then its total grows.
    async fn is_ledger_complete(&self) -> bool {
        self.0.campaign.expanded_at.is_some()
    }
    /// Who was left out when the ledger was written, and why.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    async fn excluded(&self) -> Vec<AudienceExclusion> {
        let counts = &self.0.campaign.excluded;
        Exclusion::ALL
            .into_iter()
            .filter_map(|reason| {
                let count = counts.get(reason.as_str()).copied()?;
                Some(AudienceExclusion { reason: reason.into(), count })
            })
            .collect()
    }
    /// How many letters are in each state.
    async fn counts(&self, ctx: &Context<'_>) -> Answer<DeliveryCounts> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let mut counts = DeliveryCounts::default();
        for (state, count) in deliveries::counts(&mut tx, self.0.campaign.id).await? {
            counts.total += count;
            *match state {
                state::DeliveryState::Pending => &mut counts.pending,
                state::DeliveryState::Sending => &mut counts.sending,
                state::DeliveryState::Sent => &mut counts.sent,
                state::DeliveryState::Failed => &mut counts.failed,
                state::DeliveryState::Bounced => &mut counts.bounced,
                state::DeliveryState::Skipped => &mut counts.skipped,
                state::DeliveryState::Uncertain => &mut counts.uncertain,
            } += count;
        }
        Ok(counts)
    }
    /// Lines of the ledger in these states; in all, when none is named.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        #[graphql(default)] states: Vec<DeliveryState>,
    ) -> Answer<Paged<DeliveryNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => Some(DeliveryId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let states: Vec<state::DeliveryState> = states.into_iter().map(Into::into).collect();
        let rows = deliveries::page(&mut tx, self.0.campaign.id, &states, after, paging.limit()).await?;
        drop(tx);
        let campaign = self.0.campaign.id;
        record_read(&ctx.door(), permissions::VIEW, "mailings.read_deliveries", campaign, json!({})).await?;
        Ok(paged(&paging, rows.into_iter().map(|line| (line.id.global(), DeliveryNode(line)))))
    }
    /// Some of those who would get it, for the preview; none when the audience cannot be resolved any more.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn sample(&self, ctx: &Context<'_>) -> Answer<Vec<MailingRecipient>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let sample = match preview_campaign::sample(&mut tx, tools(ctx), &self.0).await {
            Ok(sample) => sample,
            Err(crate::actions::count_audience::AudienceError::Store(error)) => return Err(error.into()),
            Err(_) => Vec::new(),
        };
        let recipients =
            sample.into_iter().map(|(id, full_name)| MailingRecipient { member: global(id), full_name });
        Ok(recipients.collect())
    }
    /// What the viewer may do.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Answer<CampaignAbilities> {
        let tx = ctx.read(permissions::VIEW).await?;
        let place = self.0.place();
        Ok(CampaignAbilities {
            edit: tx.allows(permissions::EDIT, &place),
            send: tx.allows(permissions::SEND, &place),
        })
    }
}
