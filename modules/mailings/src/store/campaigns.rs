//! Campaigns.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_chat_api::ChannelId;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_mailings_api::{CampaignId, MailingListId};
use plenum_members_api::MemberId;
use serde_json::Value;
use uuid::Uuid;

use super::{from_json, lists, lists::MailingList, to_json, unknown};
use crate::domain::{audience::CampaignAudience, content::ContentBlock, state::CampaignState};

/// What an editor writes of a campaign.
#[derive(Debug, Clone)]
pub struct Draft {
    /// From which list it goes.
    pub list: MailingListId,
    /// The subject.
    pub subject: String,
    /// The name of the sender.
    pub sender_name: String,
    /// The content.
    pub blocks: Vec<ContentBlock>,
    /// Who is meant.
    pub audience: CampaignAudience,
    /// Whether it goes by mail.
    pub by_mail: bool,
    /// To which channels it goes.
    pub channels: Vec<ChannelId>,
}

/// A campaign.
#[derive(Debug, Clone)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Where it stands.
    pub state: CampaignState,
    /// What was written.
    pub draft: Draft,
    /// For when it is scheduled.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// Whose turn it is, see the jobs.
    pub turn: i32,
    /// The last member that was looked at.
    pub expanded_to: Option<MemberId>,
    /// When the ledger was complete.
    pub expanded_at: Option<DateTime<Utc>>,
    /// How many were left out, by reason.
    pub excluded: BTreeMap<String, i64>,
    /// Who made it.
    pub created_by: Option<AccountId>,
    /// Who gave it to be sent.
    pub started_by: Option<AccountId>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed by hand.
    pub updated_at: DateTime<Utc>,
    /// When it began to leave.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was done or called off.
    pub finished_at: Option<DateTime<Utc>>,
}

/// A campaign with its list, for permits.
#[derive(Debug, Clone)]
pub struct PlacedCampaign {
    /// The campaign.
    pub campaign: Campaign,
    /// Its list.
    pub list: MailingList,
}

impl Resource for PlacedCampaign {
    type Id = CampaignId;

    async fn find(tx: &mut TenantTx, id: CampaignId) -> Result<Option<Self>, StoreError> {
        let Some(campaign) = by_id(tx, id).await? else { return Ok(None) };
        let list = lists::by_id(tx, campaign.draft.list).await?;
        Ok(list.map(|list| Self { campaign, list }))
    }

    fn place(&self) -> Place {
        self.list.place()
    }
}

struct Row {
    id: Uuid,
    list_id: Uuid,
    state: String,
    subject: String,
    sender_name: String,
    blocks: Value,
    audience: Value,
    by_mail: bool,
    channels: Vec<Uuid>,
    scheduled_at: Option<DateTime<Utc>>,
    turn: i32,
    expanded_to: Option<Uuid>,
    expanded_at: Option<DateTime<Utc>>,
    excluded: Value,
    created_by: Option<Uuid>,
    started_by: Option<Uuid>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Campaign {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            state: CampaignState::read(&row.state).map_err(unknown)?,
            draft: Draft {
                list: row.list_id.into(),
                subject: row.subject,
                sender_name: row.sender_name,
                blocks: from_json("content", row.blocks)?,
                audience: from_json("audience", row.audience)?,
                by_mail: row.by_mail,
                channels: row.channels.into_iter().map(ChannelId::from).collect(),
            },
            scheduled_at: row.scheduled_at,
            turn: row.turn,
            expanded_to: row.expanded_to.map(MemberId::from),
            expanded_at: row.expanded_at,
            excluded: from_json("excluded", row.excluded)?,
            created_by: row.created_by.map(AccountId::from),
            started_by: row.started_by.map(AccountId::from),
            created_at: row.created_at,
            updated_at: row.updated_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
    }
}

/// One campaign.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, list_id, state, subject, sender_name, blocks, audience, by_mail, channels, scheduled_at, turn,
                expanded_to, expanded_at, excluded, created_by, started_by, created_at, updated_at, started_at,
                finished_at
           FROM mailings.campaign
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Campaign::try_from)
    .transpose()
}

/// One campaign, locked until the end of the transaction: its steps follow one another.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lock(tx: &mut TenantTx, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id FROM mailings.campaign WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    by_id(tx, id).await
}

/// A page of campaigns of these lists, the latest changed first, after a moment and id.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    lists: &[MailingListId],
    state: Option<CampaignState>,
    after: Option<(DateTime<Utc>, CampaignId)>,
    limit: i64,
) -> Result<Vec<Campaign>, StoreError> {
    let tenant = tx.tenant().uuid();
    let lists: Vec<Uuid> = lists.iter().map(|id| id.uuid()).collect();
    sqlx::query_as!(
        Row,
        "SELECT id, list_id, state, subject, sender_name, blocks, audience, by_mail, channels, scheduled_at, turn,
                expanded_to, expanded_at, excluded, created_by, started_by, created_at, updated_at, started_at,
                finished_at
           FROM mailings.campaign
          WHERE tenant_id = $1
            AND list_id = ANY ($2)
            AND ($3::text IS NULL OR state = $3)
            AND ($4::timestamptz IS NULL OR (updated_at, id) < ($4, $5::uuid))
          ORDER BY updated_at DESC, id DESC
          LIMIT $6",
        tenant,
        &lists,
        state.map(CampaignState::as_str),
        after.map(|(at, _)| at),
        after.map(|(_, id)| id.uuid()),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Campaign::try_from)
    .collect()
}

/// Adds a draft.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, id: CampaignId, draft: &Draft) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let author = tx.viewer().account().map(TypedId::uuid);
    let channels: Vec<Uuid> = draft.channels.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "INSERT INTO mailings.campaign (tenant_id, id, list_id, state, subject, sender_name, blocks, audience, by_mail,
                                        channels, created_by, created_at, updated_at)
         VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        tenant,
        id.uuid(),
        draft.list.uuid(),
        draft.subject,
        draft.sender_name,
        to_json(&draft.blocks)?,
        to_json(&draft.audience)?,
        draft.by_mail,
        &channels,
        author,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Writes a draft anew.
///
/// # Errors
/// [`StoreError::Rows`] when it is no draft any more.
pub async fn rewrite(tx: &mut TenantTx, id: CampaignId, draft: &Draft) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let channels: Vec<Uuid> = draft.channels.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        "UPDATE mailings.campaign
            SET list_id = $3, subject = $4, sender_name = $5, blocks = $6, audience = $7, by_mail = $8, channels = $9,
                updated_at = $10
          WHERE tenant_id = $1 AND id = $2 AND state = 'draft'",
        tenant,
        id.uuid(),
        draft.list.uuid(),
        draft.subject,
        draft.sender_name,
        to_json(&draft.blocks)?,
        to_json(&draft.audience)?,
        draft.by_mail,
        &channels,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Moves a campaign on: its state, and everything that goes with it. The row is locked by who calls this.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn save(tx: &mut TenantTx, campaign: &Campaign) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE mailings.campaign
            SET state = $3, scheduled_at = $4, turn = $5, expanded_to = $6, expanded_at = $7, excluded = $8,
                started_by = $9, updated_at = $10, started_at = $11, finished_at = $12
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        campaign.id.uuid(),
        campaign.state.as_str(),
        campaign.scheduled_at,
        campaign.turn,
        campaign.expanded_to.map(TypedId::uuid),
        campaign.expanded_at,
        to_json(&campaign.excluded)?,
        campaign.started_by.map(TypedId::uuid),
        campaign.updated_at,
        campaign.started_at,
        campaign.finished_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
