//! What belongs to messages: files, mentions, reactions, earlier texts.

use chrono::{DateTime, Utc};
use plenum_chat_api::MessageId;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_files::{File, FileId};
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

use super::messages::Message;
use crate::domain::picture::Sides;

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its size.
    pub size_bytes: i64,
    /// Of a picture: its sides.
    pub sides: Option<Sides>,
}

impl Attachment {
    /// A file that is sent along.
    #[must_use]
    pub fn new(file: File, sides: Option<Sides>) -> Self {
        Self {
            file: file.id,
            name: file.name,
            content_type: file.content_type,
            size_bytes: file.size_bytes,
            sides,
        }
    }
}

/// Adds the files of a new message.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn attach(tx: &mut TenantTx, message: MessageId, files: &[Attachment]) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    for (index, file) in files.iter().enumerate() {
        let side = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
        sqlx::query!(
            "INSERT INTO chat.attachment (tenant_id, message_id, position, file_id, name, content_type, size_bytes,
                                          width, height)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            tenant,
            message.uuid(),
            i32::try_from(index + 1).unwrap_or(i32::MAX),
            file.file.uuid(),
            file.name,
            file.content_type,
            file.size_bytes,
            file.sides.map(|sides| side(sides.width)),
            file.sides.map(|sides| side(sides.height))
        )
        .execute(tx.conn())
        .await?
        .exactly(1)?;
    }
    Ok(())
}

/// The files of messages, in their order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn attachments(
    tx: &mut TenantTx,
    messages: &[Uuid],
) -> Result<Vec<(MessageId, Attachment)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT message_id, file_id, name, content_type, size_bytes, width, height
           FROM chat.attachment
          WHERE tenant_id = $1 AND message_id = ANY ($2)
          ORDER BY message_id, position
          LIMIT 10000",
        tenant,
        messages
    )
    .fetch_all(tx.conn())
    .await?;
    let side = |side: i32| u32::try_from(side).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|row| {
            let sides = row
                .width
                .zip(row.height)
                .map(|(width, height)| Sides { width: side(width), height: side(height) });
            let file = Attachment {
                file: row.file_id.into(),
                name: row.name,
                content_type: row.content_type,
                size_bytes: row.size_bytes,
                sides,
            };
            (row.message_id.into(), file)
        })
        .collect())
}

/// Sets whom a message mentions.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn mention(tx: &mut TenantTx, message: &Message, accounts: &[AccountId]) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let accounts: Vec<Uuid> = accounts.iter().map(|account| account.uuid()).collect();
    sqlx::query!(
        "DELETE FROM chat.mention WHERE tenant_id = $1 AND message_id = $2 AND account_id <> ALL ($3)",
        tenant,
        message.id.uuid(),
        &accounts
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO chat.mention (tenant_id, message_id, account_id, channel_id, seq)
         SELECT $1, $2, account_id, $4, $5 FROM unnest($3::uuid[]) AS u (account_id)
         ON CONFLICT (tenant_id, message_id, account_id) DO NOTHING",
        tenant,
        message.id.uuid(),
        &accounts,
        message.channel.uuid(),
        message.seq
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whom messages mention.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn mentions(
    tx: &mut TenantTx,
    messages: &[Uuid],
) -> Result<Vec<(MessageId, AccountId)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT message_id, account_id
           FROM chat.mention
          WHERE tenant_id = $1 AND message_id = ANY ($2)
          ORDER BY message_id, account_id
          LIMIT 10000",
        tenant,
        messages
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.message_id.into(), row.account_id.into())).collect())
}

/// Somebody's reaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Who.
    pub account: AccountId,
}

/// Adds a reaction; false when it is there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn react(
    tx: &mut TenantTx,
    message: MessageId,
    account: AccountId,
    emoji: &str,
) -> Result<bool, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let done = sqlx::query!(
        "INSERT INTO chat.reaction (tenant_id, message_id, account_id, emoji, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, message_id, account_id, emoji) DO NOTHING",
        tenant,
        message.uuid(),
        account.uuid(),
        emoji,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes a reaction back; false when it is not there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn unreact(
    tx: &mut TenantTx,
    message: MessageId,
    account: AccountId,
    emoji: &str,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let done = sqlx::query!(
        "DELETE FROM chat.reaction WHERE tenant_id = $1 AND message_id = $2 AND account_id = $3 AND emoji = $4",
        tenant,
        message.uuid(),
        account.uuid(),
        emoji
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The reactions to messages, the earliest first.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn reactions(
    tx: &mut TenantTx,
    messages: &[Uuid],
) -> Result<Vec<(MessageId, Reaction)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT message_id, account_id, emoji
           FROM chat.reaction
          WHERE tenant_id = $1 AND message_id = ANY ($2)
          ORDER BY message_id, at, account_id, emoji
          LIMIT 50000",
        tenant,
        messages
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.message_id.into(), Reaction { emoji: row.emoji, account: row.account_id.into() }))
        .collect())
}

/// What a message said before its edits, the latest first: the text and until when it stood, at most 100.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn revisions(
    tx: &mut TenantTx,
    message: MessageId,
) -> Result<Vec<(String, DateTime<Utc>)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        "SELECT text, replaced_at
           FROM chat.revision
          WHERE tenant_id = $1 AND message_id = $2
          ORDER BY number DESC
          LIMIT 100",
        tenant,
        message.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.text, row.replaced_at)).collect())
}

/// Removes all that belongs to a message that is deleted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn erase(tx: &mut TenantTx, message: MessageId) -> Result<(), StoreError> {
    let (tenant, message) = (tx.tenant().uuid(), message.uuid());
    sqlx::query!("DELETE FROM chat.attachment WHERE tenant_id = $1 AND message_id = $2", tenant, message)
        .execute(tx.conn())
        .await?;
    sqlx::query!("DELETE FROM chat.mention WHERE tenant_id = $1 AND message_id = $2", tenant, message)
        .execute(tx.conn())
        .await?;
    sqlx::query!("DELETE FROM chat.reaction WHERE tenant_id = $1 AND message_id = $2", tenant, message)
        .execute(tx.conn())
        .await?;
    sqlx::query!("DELETE FROM chat.revision WHERE tenant_id = $1 AND message_id = $2", tenant, message)
        .execute(tx.conn())
        .await?;
    Ok(())
}
