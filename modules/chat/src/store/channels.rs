//! Channels.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_chat_api::{ChannelId, ChannelSummary};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId, UnitId};
use plenum_tenancy::store::units;
use uuid::Uuid;

use super::unknown;
use crate::domain::words::ChannelKind;

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// What it is for.
    pub kind: ChannelKind,
    /// The body, unit or course.
    pub subject: Option<Uuid>,
    /// The unit where it is.
    pub unit: Option<UnitId>,
    /// What it is called; a direct one is called after the other person.
    pub name: Option<String>,
    /// The two of a direct one.
    pub pair: Option<(AccountId, AccountId)>,
    /// The number of the latest message.
    pub last_seq: i64,
    /// The number of the latest change.
    pub last_change: i64,
    /// When something was said last.
    pub last_at: DateTime<Utc>,
}

impl Channel {
    /// Of a direct channel: the one who is not this account.
    #[must_use]
    pub fn other_than(&self, account: AccountId) -> Option<AccountId> {
        self.pair.map(|(first, second)| if first == account { second } else { first })
    }

    /// Where it is, for who moderates it: its body, its unit, or the tenant's root.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn place(&self, tx: &mut TenantTx) -> Result<Place, StoreError> {
        let unit = match self.unit {
            Some(unit) => units::by_id(tx, unit).await?,
            None => None,
        };
        let unit = match unit {
            Some(unit) => unit,
            None => units::root(tx).await?,
        };
        let place = Place::of_units(&unit.path);
        Ok(match (self.kind, self.subject) {
            (ChannelKind::Body, Some(body)) => place.inner("body", body),
            _ => place,
        })
    }
}

pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) subject_id: Option<Uuid>,
    pub(super) unit_id: Option<Uuid>,
    pub(super) name: Option<String>,
    pub(super) first_id: Option<Uuid>,
    pub(super) second_id: Option<Uuid>,
    pub(super) last_seq: i64,
    pub(super) last_change: i64,
    pub(super) last_at: DateTime<Utc>,
}

impl TryFrom<Row> for Channel {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            kind: ChannelKind::read(&row.kind).map_err(unknown)?,
            subject: row.subject_id,
            unit: row.unit_id.map(UnitId::from),
            name: row.name,
            pair: row.first_id.zip(row.second_id).map(|(first, second)| (first.into(), second.into())),
            last_seq: row.last_seq,
            last_change: row.last_change,
            last_at: row.last_at,
        })
    }
}

/// One channel.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: ChannelId) -> Result<Option<Channel>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, kind, subject_id, unit_id, name, first_id, second_id, last_seq, last_change, last_at
           FROM chat.channel
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Channel::try_from)
    .transpose()
}

/// Locks a channel until the end of the transaction: messages and changes get their numbers one after another, so that
/// the order is one for all and has no gap.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn lock(tx: &mut TenantTx, id: ChannelId) -> Result<Channel, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, kind, subject_id, unit_id, name, first_id, second_id, last_seq, last_change, last_at
           FROM chat.channel
          WHERE tenant_id = $1 AND id = $2
            FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .ok_or(StoreError::Rows { expected: 1, found: 0 })?
    .try_into()
}

/// The channel of a body, unit or course.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_subject(
    tx: &mut TenantTx,
    kind: ChannelKind,
    subject: Uuid,
) -> Result<Option<Channel>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, kind, subject_id, unit_id, name, first_id, second_id, last_seq, last_change, last_at
           FROM chat.channel
          WHERE tenant_id = $1 AND kind = $2 AND subject_id = $3",
        tenant,
        kind.as_str(),
        subject
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Channel::try_from)
    .transpose()
}

/// The channel of a body, unit or course; made when there is none, and called as it is called now. Whether it was made.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ensure(
    tx: &mut TenantTx,
    kind: ChannelKind,
    subject: Uuid,
    unit: Option<UnitId>,
    name: &str,
) -> Result<(Channel, bool), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let made = sqlx::query!(
        "INSERT INTO chat.channel (tenant_id, id, kind, subject_id, unit_id, name, last_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (tenant_id, kind, subject_id) WHERE subject_id IS NOT NULL DO NOTHING",
        tenant,
        ChannelId::new().uuid(),
        kind.as_str(),
        subject,
        unit.map(TypedId::uuid),
        name,
        now
    )
    .execute(tx.conn())
    .await?
    .rows_affected()
        == 1;
    let mut channel =
        of_subject(tx, kind, subject).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })?;
    if channel.name.as_deref() != Some(name) {
        sqlx::query!(
            "UPDATE chat.channel SET name = $3 WHERE tenant_id = $1 AND id = $2",
            tenant,
            channel.id.uuid(),
            name
        )
        .execute(tx.conn())
        .await?
        .exactly(1)?;
        channel.name = Some(name.to_owned());
    }
    Ok((channel, made))
}

/// The direct channel of two accounts; made when there is none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ensure_direct(
    tx: &mut TenantTx,
    one: AccountId,
    other: AccountId,
) -> Result<Channel, StoreError> {
    let (first, second) = if one.uuid() < other.uuid() { (one, other) } else { (other, one) };
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO chat.channel (tenant_id, id, kind, first_id, second_id, last_at, created_at)
         VALUES ($1, $2, 'direct', $3, $4, $5, $5)
         ON CONFLICT (tenant_id, first_id, second_id) WHERE kind = 'direct' DO NOTHING",
        tenant,
        ChannelId::new().uuid(),
        first.uuid(),
        second.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query_as!(
        Row,
        "SELECT id, kind, subject_id, unit_id, name, first_id, second_id, last_seq, last_change, last_at
           FROM chat.channel
          WHERE tenant_id = $1 AND kind = 'direct' AND first_id = $2 AND second_id = $3",
        tenant,
        first.uuid(),
        second.uuid()
    )
    .fetch_one(tx.conn())
    .await?
    .try_into()
}

/// Adds a group.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert_group(tx: &mut TenantTx, id: ChannelId, name: &str) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO chat.channel (tenant_id, id, kind, name, last_at, created_at)
         VALUES ($1, $2, 'group', $3, $4, $4)",
        tenant,
        id.uuid(),
        name,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Gives a new message its numbers: of the message, and of the change. The channel must be locked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn next_message(tx: &mut TenantTx, id: ChannelId) -> Result<(i64, i64), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let row = sqlx::query!(
        "UPDATE chat.channel
            SET last_seq = last_seq + 1, last_change = last_change + 1, last_at = $3
          WHERE tenant_id = $1 AND id = $2
         RETURNING last_seq, last_change",
        tenant,
        id.uuid(),
        now
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.last_seq, row.last_change))
}

/// Gives a change its number. The channel must be locked.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn next_change(tx: &mut TenantTx, id: ChannelId) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "UPDATE chat.channel
            SET last_change = last_change + 1
          WHERE tenant_id = $1 AND id = $2
         RETURNING last_change",
        tenant,
        id.uuid()
    )
    .fetch_one(tx.conn())
    .await?)
}

/// The channels of these units.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_units(tx: &mut TenantTx, units: &[Uuid]) -> Result<Vec<ChannelId>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "SELECT id
           FROM chat.channel
          WHERE tenant_id = $1 AND kind = 'unit' AND subject_id = ANY ($2)
          ORDER BY id
          LIMIT 1000",
        tenant,
        units
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(ChannelId::from)
    .collect())
}

/// Channels that other modules may know of: of bodies, units and courses; all, one, or that of one body.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn known(
    tx: &mut TenantTx,
    only: Option<ChannelId>,
    of_body: Option<Uuid>,
) -> Result<Vec<ChannelSummary>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        r#"SELECT c.id, c.name AS "name!",
                  (SELECT count(*)
                     FROM chat.participant p
                    WHERE p.tenant_id = c.tenant_id AND p.channel_id = c.id AND p.left_at IS NULL) AS "participants!"
             FROM chat.channel c
            WHERE c.tenant_id = $1
              AND c.kind IN ('body', 'unit', 'course')
              AND ($2::uuid IS NULL OR c.id = $2)
              AND ($3::uuid IS NULL OR (c.kind = 'body' AND c.subject_id = $3))
            ORDER BY c.name, c.id
            LIMIT 1000"#,
        tenant,
        only.map(TypedId::uuid),
        of_body
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ChannelSummary { id: row.id.into(), name: row.name, participants: row.participants })
        .collect())
}
