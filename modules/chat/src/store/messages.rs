//! Messages.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_bodies_api::SessionId;
use plenum_chat_api::{ChannelId, MessageId};
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

use super::{participants::Participation, unknown};
use crate::domain::words::MessageKind;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The channel.
    pub channel: ChannelId,
    /// Its place in the order: 1, 2, 3 …
    pub seq: i64,
    /// The channel's change at which it came to be as it is.
    pub change: i64,
    /// Where it comes from.
    pub kind: MessageKind,
    /// Who wrote it; none when the platform says it.
    pub author: Option<AccountId>,
    /// The sender's own id of it.
    pub client_id: Uuid,
    /// What it says: plain text. Empty when deleted.
    pub text: String,
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// Of a notice: the session and its beginning.
    pub session: Option<(SessionId, DateTime<Utc>)>,
    /// When it was posted.
    pub at: DateTime<Utc>,
    /// When it was edited last.
    pub edited_at: Option<DateTime<Utc>>,
    /// When it was deleted, and by whom.
    pub deleted: Option<(DateTime<Utc>, AccountId)>,
}

/// A message of a channel in which the viewer takes part.
#[derive(Debug, Clone)]
pub struct Spoken {
    /// The message.
    pub message: Message,
    /// The viewer's part in its channel.
    pub participation: Participation,
}

impl Resource for Spoken {
    type Id = MessageId;

    async fn find(tx: &mut TenantTx, id: MessageId) -> Result<Option<Self>, StoreError> {
        let Some(message) = by_id(tx, id).await? else { return Ok(None) };
        let participation = Participation::find(tx, message.channel).await?;
        Ok(participation.map(|participation| Self { message, participation }))
    }

    fn place(&self) -> Place {
        self.participation.place()
    }
}

struct Row {
    id: Uuid,
    channel_id: Uuid,
    seq: i64,
    change: i64,
    kind: String,
    author_id: Option<Uuid>,
    client_id: Uuid,
    text: String,
    reply_to: Option<Uuid>,
    session_id: Option<Uuid>,
    starts_at: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
    edited_at: Option<DateTime<Utc>>,
    deleted_at: Option<DateTime<Utc>>,
    deleted_by: Option<Uuid>,
}

impl TryFrom<Row> for Message {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            channel: row.channel_id.into(),
            seq: row.seq,
            change: row.change,
            kind: MessageKind::read(&row.kind).map_err(unknown)?,
            author: row.author_id.map(AccountId::from),
            client_id: row.client_id,
            text: row.text,
            reply_to: row.reply_to.map(MessageId::from),
            session: row.session_id.map(SessionId::from).zip(row.starts_at),
            at: row.at,
            edited_at: row.edited_at,
            deleted: row.deleted_at.zip(row.deleted_by.map(AccountId::from)),
        })
    }
}

fn read(rows: Vec<Row>) -> Result<Vec<Message>, StoreError> {
    rows.into_iter().map(Message::try_from).collect()
}

/// One message.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: MessageId) -> Result<Option<Message>, StoreError> {
    Ok(by_ids(tx, &[id]).await?.pop())
}

/// These messages, at most 1,000.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_ids(tx: &mut TenantTx, ids: &[MessageId]) -> Result<Vec<Message>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, channel_id, seq, change, kind, author_id, client_id, text, reply_to, session_id, starts_at, at,
                edited_at, deleted_at, deleted_by
           FROM chat.message
          WHERE tenant_id = $1 AND id = ANY ($2)
          ORDER BY id
          LIMIT 1000",
        tenant,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    read(rows)
}

/// The message that an author sent under an id of their own.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sent_as(
    tx: &mut TenantTx,
    channel: ChannelId,
    author: Option<AccountId>,
    client_id: Uuid,
) -> Result<Option<Message>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, channel_id, seq, change, kind, author_id, client_id, text, reply_to, session_id, starts_at, at,
                edited_at, deleted_at, deleted_by
           FROM chat.message
          WHERE tenant_id = $1 AND channel_id = $2 AND author_id IS NOT DISTINCT FROM $3 AND client_id = $4",
        tenant,
        channel.uuid(),
        author.map(TypedId::uuid),
        client_id
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Message::try_from)
    .transpose()
}

/// A part of the conversation, in its order: the earliest after a place, or the latest before one, or the latest of all.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    channel: ChannelId,
    after: Option<i64>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let tenant = tx.tenant().uuid();
    if let Some(after) = after {
        let rows = sqlx::query_as!(
            Row,
            "SELECT id, channel_id, seq, change, kind, author_id, client_id, text, reply_to, session_id, starts_at,
                    at, edited_at, deleted_at, deleted_by
               FROM chat.message
              WHERE tenant_id = $1 AND channel_id = $2 AND seq > $3 AND ($4::bigint IS NULL OR seq < $4)
              ORDER BY seq
              LIMIT $5",
            tenant,
            channel.uuid(),
            after,
            before,
            limit
        )
        .fetch_all(tx.conn())
        .await?;
        return read(rows);
    }
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, channel_id, seq, change, kind, author_id, client_id, text, reply_to, session_id, starts_at, at,
                edited_at, deleted_at, deleted_by
           FROM chat.message
          WHERE tenant_id = $1 AND channel_id = $2 AND ($3::bigint IS NULL OR seq < $3)
          ORDER BY seq DESC
          LIMIT $4",
        tenant,
        channel.uuid(),
        before,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    let mut messages = read(rows)?;
    messages.reverse();
    Ok(messages)
}

/// What changed after a change, in the order of the changes; a message that changed twice is told of once, as it is.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn changed_after(
    tx: &mut TenantTx,
    channel: ChannelId,
    after: i64,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, channel_id, seq, change, kind, author_id, client_id, text, reply_to, session_id, starts_at, at,
                edited_at, deleted_at, deleted_by
           FROM chat.message
          WHERE tenant_id = $1 AND channel_id = $2 AND change > $3
          ORDER BY change
          LIMIT $4",
        tenant,
        channel.uuid(),
        after,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    read(rows)
}

/// The latest message of each of these channels.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn latest_of(tx: &mut TenantTx, channels: &[ChannelId]) -> Result<Vec<Message>, StoreError> {
    let tenant = tx.tenant().uuid();
    let channels: Vec<Uuid> = channels.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as!(
        Row,
        "SELECT m.id, m.channel_id, m.seq, m.change, m.kind, m.author_id, m.client_id, m.text, m.reply_to,
                m.session_id, m.starts_at, m.at, m.edited_at, m.deleted_at, m.deleted_by
           FROM chat.channel c
           JOIN chat.message m ON m.tenant_id = c.tenant_id AND m.channel_id = c.id AND m.seq = c.last_seq
          WHERE c.tenant_id = $1 AND c.id = ANY ($2)
          ORDER BY m.id
          LIMIT 1000",
        tenant,
        &channels
    )
    .fetch_all(tx.conn())
    .await?;
    read(rows)
}

/// Messages that hold all words of a query (PostgreSQL's `tsquery`), in channels where an account takes part, the
/// latest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn search(
    tx: &mut TenantTx,
    account: AccountId,
    channel: Option<ChannelId>,
    query: &str,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        Row,
        "SELECT m.id, m.channel_id, m.seq, m.change, m.kind, m.author_id, m.client_id, m.text, m.reply_to,
                m.session_id, m.starts_at, m.at, m.edited_at, m.deleted_at, m.deleted_by
           FROM chat.message m
           JOIN chat.participant p
             ON p.tenant_id = m.tenant_id AND p.channel_id = m.channel_id AND p.account_id = $2 AND p.left_at IS NULL
          WHERE m.tenant_id = $1
            AND ($3::uuid IS NULL OR m.channel_id = $3)
            AND m.search @@ to_tsquery('russian', $4)
            AND ($5::uuid IS NULL OR m.id < $5)
          ORDER BY m.id DESC
          LIMIT $6",
        tenant,
        account.uuid(),
        channel.map(TypedId::uuid),
        query,
        before.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    read(rows)
}

/// Adds a message that has its numbers.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, message: &Message) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO chat.message (tenant_id, id, channel_id, seq, change, kind, author_id, client_id, text, reply_to,
                                   session_id, starts_at, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        tenant,
        message.id.uuid(),
        message.channel.uuid(),
        message.seq,
        message.change,
        message.kind.as_str(),
        message.author.map(TypedId::uuid),
        message.client_id,
        message.text,
        message.reply_to.map(TypedId::uuid),
        message.session.map(|(session, _)| session.uuid()),
        message.session.map(|(_, at)| at),
        message.at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Replaces the text of a message that is not deleted, and keeps what it said before.
///
/// # Errors
/// [`StoreError::Rows`] when it is deleted or gone.
pub async fn rewrite(tx: &mut TenantTx, id: MessageId, change: i64, text: &str) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO chat.revision (tenant_id, message_id, number, text, replaced_at)
         SELECT m.tenant_id, m.id,
                1 + (SELECT count(*)::integer
                       FROM chat.revision r
                      WHERE r.tenant_id = m.tenant_id AND r.message_id = m.id),
                m.text, $3
           FROM chat.message m
          WHERE m.tenant_id = $1 AND m.id = $2 AND m.deleted_at IS NULL",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    sqlx::query!(
        "UPDATE chat.message SET change = $3, text = $4, edited_at = $5
          WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL",
        tenant,
        id.uuid(),
        change,
        text,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Empties a message: what it said, before its edits too, is gone.
///
/// # Errors
/// [`StoreError::Rows`] when it is deleted already.
pub async fn erase(tx: &mut TenantTx, id: MessageId, change: i64, by: AccountId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE chat.message SET change = $3, text = '', deleted_at = $4, deleted_by = $5
          WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL",
        tenant,
        id.uuid(),
        change,
        now,
        by.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Marks a message as changed: something that belongs to it did.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn changed(tx: &mut TenantTx, id: MessageId, change: i64) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE chat.message SET change = $3 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        change
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
