//! Who takes part.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_chat_api::ChannelId;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::MemberId;
use uuid::Uuid;

use super::channels::{self, Channel};
use crate::permissions::TAKE_PART;

/// The viewer's part in a channel. There is none for those who do not take part: for them the channel is not there.
#[derive(Debug, Clone)]
pub struct Participation {
    /// The channel.
    pub channel: Channel,
    /// The viewer.
    pub account: AccountId,
    /// Everything up to this message is read.
    pub read_seq: i64,
    /// Whether it stays silent.
    pub muted: bool,
    place: Place,
}

impl Resource for Participation {
    type Id = ChannelId;

    async fn find(tx: &mut TenantTx, id: ChannelId) -> Result<Option<Self>, StoreError> {
        let Some(account) = tx.viewer().account() else { return Ok(None) };
        let place = tx.place_let_in(TAKE_PART);
        let Some(channel) = channels::by_id(tx, id).await? else { return Ok(None) };
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            "SELECT read_seq, muted
               FROM chat.participant
              WHERE tenant_id = $1 AND channel_id = $2 AND account_id = $3 AND left_at IS NULL",
            tenant,
            id.uuid(),
            account.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        Ok(row.map(|row| Self { channel, account, read_seq: row.read_seq, muted: row.muted, place }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Who.
    pub account: AccountId,
    /// Everything up to this message is read.
    pub read_seq: i64,
    /// Not because of the register or a seat.
    pub by_hand: bool,
}

/// One who is to take part, and because of which record of the register.
pub type Joining = (AccountId, Option<MemberId>);

/// Lets people in; who left before comes back. Those who take part already stay as they are. Returns who is new. What
/// was said before counts as read.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn join(
    tx: &mut TenantTx,
    channel: ChannelId,
    people: &[Joining],
    by_hand: bool,
) -> Result<Vec<AccountId>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let accounts: Vec<Uuid> = people.iter().map(|(account, _)| account.uuid()).collect();
    let members: Vec<Option<Uuid>> = people.iter().map(|(_, member)| member.map(TypedId::uuid)).collect();
    if by_hand {
        sqlx::query!(
            "UPDATE chat.participant SET by_hand = true
              WHERE tenant_id = $1 AND channel_id = $2 AND account_id = ANY ($3) AND left_at IS NULL",
            tenant,
            channel.uuid(),
            &accounts
        )
        .execute(tx.conn())
        .await?;
    }
    let joined = sqlx::query_scalar!(
        "INSERT INTO chat.participant AS p (tenant_id, channel_id, account_id, member_id, by_hand, joined_at, read_seq)
         SELECT c.tenant_id, c.id, n.account_id, n.member_id, $5, $6, c.last_seq
           FROM (SELECT DISTINCT ON (account_id) account_id, member_id
                   FROM unnest($3::uuid[], $4::uuid[]) AS u (account_id, member_id)
                  ORDER BY account_id, member_id) n
           JOIN chat.channel c ON c.tenant_id = $1 AND c.id = $2
         ON CONFLICT (tenant_id, channel_id, account_id) DO UPDATE
            SET left_at = NULL,
                joined_at = EXCLUDED.joined_at,
                member_id = EXCLUDED.member_id,
                by_hand = EXCLUDED.by_hand,
                read_seq = EXCLUDED.read_seq
          WHERE p.left_at IS NOT NULL
         RETURNING account_id",
        tenant,
        channel.uuid(),
        &accounts,
        &members as &[Option<Uuid>],
        by_hand,
        now
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(joined.into_iter().map(AccountId::from).collect())
}

/// Takes people out; their messages stay.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn leave(tx: &mut TenantTx, channel: ChannelId, accounts: &[AccountId]) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let accounts: Vec<Uuid> = accounts.iter().map(|account| account.uuid()).collect();
    sqlx::query!(
        "UPDATE chat.participant SET left_at = $4
          WHERE tenant_id = $1 AND channel_id = $2 AND account_id = ANY ($3) AND left_at IS NULL",
        tenant,
        channel.uuid(),
        &accounts,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who takes part, by account, after one of them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    channel: ChannelId,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Participant>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT account_id, read_seq, by_hand
           FROM chat.participant
          WHERE tenant_id = $1
            AND channel_id = $2
            AND left_at IS NULL
            AND ($3::uuid IS NULL OR account_id > $3)
          ORDER BY account_id
          LIMIT $4",
        tenant,
        channel.uuid(),
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Participant {
            account: row.account_id.into(),
            read_seq: row.read_seq,
            by_hand: row.by_hand,
        })
        .collect())
}

/// How many take part.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(tx: &mut TenantTx, channel: ChannelId) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!"
             FROM chat.participant
            WHERE tenant_id = $1 AND channel_id = $2 AND left_at IS NULL"#,
        tenant,
        channel.uuid()
    )
    .fetch_one(tx.conn())
    .await?)
}

/// How far others than this account have read: the furthest of them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn read_by_others(
    tx: &mut TenantTx,
    channel: ChannelId,
    account: AccountId,
) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT coalesce(max(read_seq), 0) AS "seq!"
             FROM chat.participant
            WHERE tenant_id = $1 AND channel_id = $2 AND account_id <> $3 AND left_at IS NULL"#,
        tenant,
        channel.uuid(),
        account.uuid()
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Which of these accounts take part.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn among(
    tx: &mut TenantTx,
    channel: ChannelId,
    accounts: &[AccountId],
) -> Result<Vec<AccountId>, StoreError> {
    let tenant = tx.tenant().uuid();
    let accounts: Vec<Uuid> = accounts.iter().map(|account| account.uuid()).collect();
    Ok(sqlx::query_scalar!(
        "SELECT account_id
           FROM chat.participant
          WHERE tenant_id = $1 AND channel_id = $2 AND account_id = ANY ($3) AND left_at IS NULL
          ORDER BY account_id
          LIMIT 2000",
        tenant,
        channel.uuid(),
        &accounts
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(AccountId::from)
    .collect())
}

/// Moves the read mark forward; never back, never beyond the latest message. Whether it moved.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn read_up_to(
    tx: &mut TenantTx,
    channel: ChannelId,
    account: AccountId,
    seq: i64,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let moved = sqlx::query!(
        "UPDATE chat.participant p
            SET read_seq = least($4, c.last_seq)
           FROM chat.channel c
          WHERE c.tenant_id = $1
            AND c.id = $2
            AND p.tenant_id = c.tenant_id
            AND p.channel_id = c.id
            AND p.account_id = $3
            AND p.read_seq < least($4, c.last_seq)",
        tenant,
        channel.uuid(),
        account.uuid(),
        seq
    )
    .execute(tx.conn())
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// Makes a channel silent for an account, or not.
///
/// # Errors
/// [`StoreError::Rows`] when the account does not take part.
pub async fn mute(
    tx: &mut TenantTx,
    channel: ChannelId,
    account: AccountId,
    muted: bool,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE chat.participant SET muted = $4
          WHERE tenant_id = $1 AND channel_id = $2 AND account_id = $3 AND left_at IS NULL",
        tenant,
        channel.uuid(),
        account.uuid(),
        muted
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// A member's part in a channel of a unit or a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The channel.
    pub channel: ChannelId,
    /// Whether it is a unit's.
    pub of_unit: bool,
    /// With which account.
    pub account: AccountId,
}

/// Where a member takes part because of the register.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_member(tx: &mut TenantTx, member: MemberId) -> Result<Vec<Membership>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        r#"SELECT p.channel_id, p.account_id, c.kind = 'unit' AS "of_unit!"
             FROM chat.participant p
             JOIN chat.channel c ON c.tenant_id = p.tenant_id AND c.id = p.channel_id
            WHERE p.tenant_id = $1
              AND p.member_id = $2
              AND p.left_at IS NULL
              AND NOT p.by_hand
              AND c.kind IN ('unit', 'course')
            ORDER BY p.channel_id, p.account_id
            LIMIT 10000"#,
        tenant,
        member.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Membership {
            channel: row.channel_id.into(),
            of_unit: row.of_unit,
            account: row.account_id.into(),
        })
        .collect())
}

/// Remembers that a member without an account is to take part.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn await_member(tx: &mut TenantTx, channel: ChannelId, member: MemberId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO chat.awaited (tenant_id, channel_id, member_id) VALUES ($1, $2, $3)
         ON CONFLICT (tenant_id, channel_id, member_id) DO NOTHING",
        tenant,
        channel.uuid(),
        member.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets that a member is awaited; returns where they were.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn arrived(tx: &mut TenantTx, member: MemberId) -> Result<Vec<ChannelId>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "DELETE FROM chat.awaited WHERE tenant_id = $1 AND member_id = $2 RETURNING channel_id",
        tenant,
        member.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(ChannelId::from)
    .collect())
}

/// When an account posted lately: how often since a moment, and when first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn posted_since(
    tx: &mut TenantTx,
    account: AccountId,
    since: DateTime<Utc>,
) -> Result<(i64, Option<DateTime<Utc>>), StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        r#"SELECT count(*) AS "count!", min(at) AS earliest
             FROM chat.message
            WHERE tenant_id = $1 AND author_id = $2 AND at > $3"#,
        tenant,
        account.uuid(),
        since
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.count, row.earliest))
}
