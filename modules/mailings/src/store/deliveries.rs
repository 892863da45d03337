//! The send ledger.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_jobs::JobId;
use plenum_kernel::TypedId;
use plenum_mailings_api::{CampaignId, DeliveryId};
use plenum_members_api::MemberId;
use uuid::Uuid;

use super::unknown;
use crate::domain::{recipient::Recipient, state::DeliveryState};

/// A line of the ledger.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The campaign.
    pub campaign: CampaignId,
    /// The recipient.
    pub member: MemberId,
    /// Their name, as it was when the ledger was written.
    pub full_name: String,
    /// Their address.
    pub address: String,
    /// The address as it is compared.
    pub key: String,
    /// What became of the letter.
    pub state: DeliveryState,
    /// Why it was not delivered.
    pub reason: Option<String>,
    /// How often it was tried.
    pub attempts: i32,
    /// When it came to its final state.
    pub finished_at: Option<DateTime<Utc>>,
}

struct Row {
    id: Uuid,
    campaign_id: Uuid,
    member_id: Uuid,
    full_name: String,
    address: String,
    address_key: String,
    state: String,
    reason: Option<String>,
    attempts: i32,
    finished_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Delivery {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            campaign: row.campaign_id.into(),
            member: row.member_id.into(),
            full_name: row.full_name,
            address: row.address,
            key: row.address_key,
            state: DeliveryState::read(&row.state).map_err(unknown)?,
            reason: row.reason,
            attempts: row.attempts,
            finished_at: row.finished_at,
        })
    }
}

/// One line.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, campaign_id, member_id, full_name, address, address_key, state, reason, attempts, finished_at
           FROM mailings.delivery
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Delivery::try_from)
    .transpose()
}

/// Writes lines for these recipients; how many. Who has a line already, or whose mailbox has one, gets none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut TenantTx,
    campaign: CampaignId,
    recipients: &[Recipient],
) -> Result<u64, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let ids: Vec<Uuid> = recipients.iter().map(|_| DeliveryId::new().uuid()).collect();
    let members: Vec<Uuid> = recipients.iter().map(|recipient| recipient.member().uuid()).collect();
    let column = |of: fn(&Recipient) -> &str| -> Vec<String> {
        recipients.iter().map(|recipient| of(recipient).to_owned()).collect()
    };
    let done = sqlx::query!(
        "INSERT INTO mailings.delivery (tenant_id, id, campaign_id, member_id, full_name, address, address_key, state,
                                        due_at)
         SELECT $1, r.id, $2, r.member_id, r.full_name, r.address, r.address_key, 'pending', $8
           FROM UNNEST ($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[])
                AS r (id, member_id, full_name, address, address_key)
         ON CONFLICT DO NOTHING",
        tenant,
        campaign.uuid(),
        &ids,
        &members,
        &column(Recipient::full_name),
        &column(Recipient::address),
        &column(Recipient::key),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Takes lines that are due into the hands of a job, at most `limit`; another job's are passed over.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn claim(
    tx: &mut TenantTx,
    campaign: CampaignId,
    job: JobId,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    // ARRAY() is evaluated once; a plain IN may be evaluated for each row, and then takes more than the limit.
    sqlx::query_as!(
        Row,
        "UPDATE mailings.delivery
            SET state = 'sending', job_id = $3, claimed_at = $4, attempts = attempts + 1
          WHERE tenant_id = $1
            AND id = ANY (ARRAY(
                    SELECT id
                      FROM mailings.delivery
                     WHERE tenant_id = $1
                       AND campaign_id = $2
                       AND state = 'pending'
                       AND due_at <= $4
                     ORDER BY due_at, id
                     LIMIT $5
                       FOR UPDATE SKIP LOCKED))
         RETURNING id, campaign_id, member_id, full_name, address, address_key, state, reason, attempts, finished_at",
        tenant,
        campaign.uuid(),
        job.uuid(),
        now,
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Delivery::try_from)
    .collect()
}

/// Whatever an earlier attempt of this job, or a job that died long ago, left in its hands may have left: how many.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn abandon(
    tx: &mut TenantTx,
    campaign: CampaignId,
    job: JobId,
    dead: TimeDelta,
) -> Result<u64, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "UPDATE mailings.delivery
            SET state = 'uncertain', reason = 'interrupted', finished_at = $4
          WHERE tenant_id = $1
            AND campaign_id = $2
            AND state = 'sending'
            AND (job_id = $3 OR claimed_at < $5)",
        tenant,
        campaign.uuid(),
        job.uuid(),
        now,
        now - dead
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// Records what became of a letter that this job had in its hands; false when it was taken out of them meanwhile.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn finish(
    tx: &mut TenantTx,
    id: DeliveryId,
    job: JobId,
    state: DeliveryState,
    reason: Option<&str>,
) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    // What was given up as uncertain while it was under way is known now.
    let done = sqlx::query!(
        "UPDATE mailings.delivery
            SET state = $4, reason = $5, finished_at = $6
          WHERE tenant_id = $1 AND id = $2 AND job_id = $3 AND state IN ('sending', 'uncertain')",
        tenant,
        id.uuid(),
        job.uuid(),
        state.as_str(),
        reason,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a letter back, to be tried again after a pause; an attempt that does not count is taken back.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn put_back(
    tx: &mut TenantTx,
    id: DeliveryId,
    job: JobId,
    wait: TimeDelta,
    counts: bool,
    reason: &str,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE mailings.delivery
            SET state = 'pending', due_at = $4, reason = $5, attempts = attempts - $6, finished_at = NULL
          WHERE tenant_id = $1 AND id = $2 AND job_id = $3 AND state = 'sending'",
        tenant,
        id.uuid(),
        job.uuid(),
        now + wait,
        reason,
        i32::from(!counts)
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Records a bounce that came back by mail; false when the line is not in a state that it can follow.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn bounced(tx: &mut TenantTx, id: DeliveryId, reason: &str) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "UPDATE mailings.delivery
            SET state = 'bounced', reason = $3, finished_at = $4
          WHERE tenant_id = $1 AND id = $2 AND state IN ('sent', 'uncertain')",
        tenant,
        id.uuid(),
        reason,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Skips everything that has not left: the campaign is called off.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn skip_pending(tx: &mut TenantTx, campaign: CampaignId, reason: &str) -> Result<u64, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "UPDATE mailings.delivery
            SET state = 'skipped', reason = $3, finished_at = $4
          WHERE tenant_id = $1 AND campaign_id = $2 AND state = 'pending'",
        tenant,
        campaign.uuid(),
        reason,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// How many lines are in each state.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn counts(
    tx: &mut TenantTx,
    campaign: CampaignId,
) -> Result<Vec<(DeliveryState, i64)>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        r#"SELECT state, count(*) AS "count!"
             FROM mailings.delivery
            WHERE tenant_id = $1 AND campaign_id = $2
            GROUP BY state"#,
        tenant,
        campaign.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| Ok((DeliveryState::read(&row.state).map_err(unknown)?, row.count)))
    .collect()
}

/// What is left to do: when the next letter is due, and whether some are in another job's hands.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn left(
    tx: &mut TenantTx,
    campaign: CampaignId,
) -> Result<(Option<DateTime<Utc>>, bool), StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        r#"SELECT (SELECT min(due_at) FROM mailings.delivery
                    WHERE tenant_id = $1 AND campaign_id = $2 AND state = 'pending') AS next,
                  EXISTS (SELECT FROM mailings.delivery
                           WHERE tenant_id = $1 AND campaign_id = $2 AND state = 'sending') AS "busy!""#,
        tenant,
        campaign.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.next, row.busy))
}

/// How many letters of the tenant left since a moment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sent_since(tx: &mut TenantTx, moment: DateTime<Utc>) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!"
             FROM mailings.delivery
            WHERE tenant_id = $1 AND state = 'sent' AND finished_at > $2"#,
        tenant,
        moment
    )
    .fetch_one(tx.conn())
    .await?)
}

/// A page of the ledger by id, in these states.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    campaign: CampaignId,
    states: &[DeliveryState],
    after: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<Delivery>, StoreError> {
    let tenant = tx.tenant().uuid();
    let states: Vec<String> = states.iter().map(|state| state.as_str().to_owned()).collect();
    sqlx::query_as!(
        Row,
        "SELECT id, campaign_id, member_id, full_name, address, address_key, state, reason, attempts, finished_at
           FROM mailings.delivery
          WHERE tenant_id = $1
            AND campaign_id = $2
            AND (cardinality($3::text[]) = 0 OR state = ANY ($3))
            AND ($4::uuid IS NULL OR id > $4)
          ORDER BY id
          LIMIT $5",
        tenant,
        campaign.uuid(),
        &states,
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Delivery::try_from)
    .collect()
}

/// The members to whom the letter went, by id, after one of them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn members(
    tx: &mut TenantTx,
    campaign: CampaignId,
    after: Option<MemberId>,
    limit: i64,
) -> Result<Vec<MemberId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids = sqlx::query_scalar!(
        "SELECT member_id
           FROM mailings.delivery
          WHERE tenant_id = $1
            AND campaign_id = $2
            AND state IN ('sent', 'uncertain')
            AND ($3::uuid IS NULL OR member_id > $3)
          ORDER BY member_id
          LIMIT $4",
        tenant,
        campaign.uuid(),
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(MemberId::from).collect())
}

/// Takes a letter out of a job's hands before it was tried: it is not to be sent.
///
/// # Errors
/// [`StoreError::Rows`] when it is not in these hands.
pub async fn skip(tx: &mut TenantTx, id: DeliveryId, job: JobId, reason: &str) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE mailings.delivery
            SET state = 'skipped', reason = $4, finished_at = $5
          WHERE tenant_id = $1 AND id = $2 AND job_id = $3 AND state = 'sending'",
        tenant,
        id.uuid(),
        job.uuid(),
        reason,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
