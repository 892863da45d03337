//! An account's channels, with what is new in them.

use chrono::{DateTime, Utc};
use plenum_chat_api::ChannelId;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

use super::channels::{self, Channel};

/// More than so many unread messages are not counted.
pub const MOST_UNREAD: i64 = 100;

/// A channel as one participant sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The channel.
    pub channel: Channel,
    /// Whose view it is.
    pub account: AccountId,
    /// Everything up to this message is read.
    pub read_seq: i64,
    /// Whether it stays silent.
    pub muted: bool,
    /// Unread messages of others, at most [`MOST_UNREAD`].
    pub unread: i64,
    /// Unread mentions.
    pub mentions: i64,
}

/// An account's channels, those with the latest words first; or some of them. Direct ones appear with their first
/// message, unless asked for.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(
    tx: &mut TenantTx,
    account: AccountId,
    only: Option<&[ChannelId]>,
    after: Option<(DateTime<Utc>, ChannelId)>,
    limit: i64,
) -> Result<Vec<Seen>, StoreError> {
    let tenant = tx.tenant().uuid();
    let only: Option<Vec<Uuid>> = only.map(|ids| ids.iter().map(|id| id.uuid()).collect());
    let rows = sqlx::query!(
        r#"SELECT c.id, c.kind, c.subject_id, c.unit_id, c.name, c.first_id, c.second_id, c.last_seq, c.last_change,
                  c.last_at, p.read_seq, p.muted,
                  (SELECT count(*)
                     FROM (SELECT
                             FROM chat.message m
                            WHERE m.tenant_id = c.tenant_id
                              AND m.channel_id = c.id
                              AND m.seq > p.read_seq
                              AND m.author_id IS DISTINCT FROM p.account_id
                              AND m.deleted_at IS NULL
                            LIMIT $7) news) AS "unread!",
                  (SELECT count(*)
                     FROM chat.mention m
                    WHERE m.tenant_id = c.tenant_id
                      AND m.account_id = p.account_id
                      AND m.channel_id = c.id
                      AND m.seq > p.read_seq) AS "mentions!"
             FROM chat.participant p
             JOIN chat.channel c ON c.tenant_id = p.tenant_id AND c.id = p.channel_id
            WHERE p.tenant_id = $1
              AND p.account_id = $2
              AND p.left_at IS NULL
              AND (c.id = ANY ($3) OR ($3 IS NULL AND (c.kind <> 'direct' OR c.last_seq > 0)))
              AND ($4::timestamptz IS NULL OR (c.last_at, c.id) < ($4, $5::uuid))
            ORDER BY c.last_at DESC, c.id DESC
            LIMIT $6"#,
        tenant,
        account.uuid(),
        only.as_deref(),
        after.map(|(at, _)| at),
        after.map(|(_, id)| id.uuid()),
        limit,
        MOST_UNREAD
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            let channel = channels::Row {
                id: row.id,
                kind: row.kind,
                subject_id: row.subject_id,
                unit_id: row.unit_id,
                name: row.name,
                first_id: row.first_id,
                second_id: row.second_id,
                last_seq: row.last_seq,
                last_change: row.last_change,
                last_at: row.last_at,
            };
            Ok(Seen {
                channel: channel.try_into()?,
                account,
                read_seq: row.read_seq,
                muted: row.muted,
                unread: row.unread,
                mentions: row.mentions,
            })
        })
        .collect()
}

/// What a list of channels depends on: compared with what it was, it tells which channels have news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The channel's latest change.
    pub last_change: i64,
    /// How far the account has read.
    pub read_seq: i64,
    /// Whether it is silent.
    pub muted: bool,
}

/// The marks of all of an account's channels, at most 2,000.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn marks(tx: &mut TenantTx, account: AccountId) -> Result<Vec<(ChannelId, Mark)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT c.id, c.last_change, p.read_seq, p.muted
           FROM chat.participant p
           JOIN chat.channel c ON c.tenant_id = p.tenant_id AND c.id = p.channel_id
          WHERE p.tenant_id = $1 AND p.account_id = $2 AND p.left_at IS NULL
          ORDER BY c.last_at DESC, c.id DESC
          LIMIT 2000",
        tenant,
        account.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mark = Mark { last_change: row.last_change, read_seq: row.read_seq, muted: row.muted };
            (row.id.into(), mark)
        })
        .collect())
}

/// How many channels have something unread: those that are not silent, and silent ones that mention the account.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn unread_channels(tx: &mut TenantTx, account: AccountId) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!"
             FROM chat.participant p
             JOIN chat.channel c ON c.tenant_id = p.tenant_id AND c.id = p.channel_id
            WHERE p.tenant_id = $1
              AND p.account_id = $2
              AND p.left_at IS NULL
              AND c.last_seq > p.read_seq
              AND (NOT p.muted OR EXISTS (
                      SELECT FROM chat.mention m
                       WHERE m.tenant_id = c.tenant_id
                         AND m.account_id = p.account_id
                         AND m.channel_id = c.id
                         AND m.seq > p.read_seq))
              AND EXISTS (
                      SELECT FROM chat.message m
                       WHERE m.tenant_id = c.tenant_id
                         AND m.channel_id = c.id
                         AND m.seq > p.read_seq
                         AND m.author_id IS DISTINCT FROM p.account_id
                         AND m.deleted_at IS NULL)"#,
        tenant,
        account.uuid()
    )
    .fetch_one(tx.conn())
    .await?)
}
