//! Who gets nothing.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_mailings_api::{MailingListId, SuppressionId};
use plenum_members_api::MemberId;
use plenum_tenancy::store::units;
use uuid::Uuid;

use crate::domain::recipient::Suppressed;

/// An address that gets nothing.
#[derive(Debug, Clone)]
pub struct Suppression {
    /// Its id.
    pub id: SuppressionId,
    /// The address.
    pub address: String,
    /// What the mail server said.
    pub reason: Option<String>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// A bad address with its place: the whole tenant's.
#[derive(Debug, Clone)]
pub struct PlacedSuppression {
    /// The suppression.
    pub suppression: Suppression,
    place: Place,
}

impl Resource for PlacedSuppression {
    type Id = SuppressionId;

    async fn find(tx: &mut TenantTx, id: SuppressionId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query_as!(
            Row,
            "SELECT id, address, reason, at
               FROM mailings.suppression
              WHERE tenant_id = $1 AND id = $2 AND kind = 'bounced'",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(row) = row else { return Ok(None) };
        let root = units::root(tx).await?;
        Ok(Some(Self { suppression: row.into(), place: Place::of_units(&root.path) }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    address: String,
    reason: Option<String>,
    at: DateTime<Utc>,
}

impl From<Row> for Suppression {
    fn from(row: Row) -> Self {
        Self { id: row.id.into(), address: row.address, reason: row.reason, at: row.at }
    }
}

/// Who of these members and addresses gets nothing of a list.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn among(
    tx: &mut TenantTx,
    list: MailingListId,
    members: &[MemberId],
    keys: &[String],
) -> Result<Suppressed, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = members.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        "SELECT kind, member_id, address_key
           FROM mailings.suppression
          WHERE tenant_id = $1
            AND (list_id = $2 OR list_id IS NULL)
            AND (address_key = ANY ($4) OR (kind = 'unsubscribed' AND member_id = ANY ($3)))",
        tenant,
        list.uuid(),
        &ids,
        keys
    )
    .fetch_all(tx.conn())
    .await?;
    let mut suppressed = Suppressed::default();
    for row in rows {
        if row.kind == "bounced" {
            suppressed.bounced.insert(row.address_key);
        } else {
            suppressed.members.extend(row.member_id.map(MemberId::from));
            suppressed.left.insert(row.address_key);
        }
    }
    Ok(suppressed)
}

/// Whether an address left a list.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn has_left(tx: &mut TenantTx, list: MailingListId, key: &str) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM mailings.suppression
                           WHERE tenant_id = $1 AND list_id = $2 AND address_key = $3 AND kind = 'unsubscribed')
               AS "left!""#,
        tenant,
        list.uuid(),
        key
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Takes an address off a list; doing it twice is doing it once.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn leave(
    tx: &mut TenantTx,
    list: MailingListId,
    member: MemberId,
    address: &str,
    key: &str,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO mailings.suppression (tenant_id, id, kind, list_id, member_id, address, address_key, at)
         VALUES ($1, $2, 'unsubscribed', $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING",
        tenant,
        SuppressionId::new().uuid(),
        list.uuid(),
        member.uuid(),
        address,
        key,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts an address and its owner back on a list; doing it twice is doing it once.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn rejoin(
    tx: &mut TenantTx,
    list: MailingListId,
    member: MemberId,
    key: &str,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "DELETE FROM mailings.suppression
          WHERE tenant_id = $1 AND list_id = $2 AND kind = 'unsubscribed' AND (address_key = $3 OR member_id = $4)",
        tenant,
        list.uuid(),
        key,
        member.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Records that an address does not exist; doing it twice is doing it once.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn bounce(
    tx: &mut TenantTx,
    member: MemberId,
    address: &str,
    key: &str,
    reason: &str,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO mailings.suppression (tenant_id, id, kind, member_id, address, address_key, reason, at)
         VALUES ($1, $2, 'bounced', $3, $4, $5, $6, $7)
         ON CONFLICT DO NOTHING",
        tenant,
        SuppressionId::new().uuid(),
        member.uuid(),
        address,
        key,
        reason,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets that an address was bad.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone already.
pub async fn lift(tx: &mut TenantTx, id: SuppressionId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "DELETE FROM mailings.suppression WHERE tenant_id = $1 AND id = $2 AND kind = 'bounced'",
        tenant,
        id.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// A page of addresses, the latest first: those who left a list, or without a list the bad ones.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    list: Option<MailingListId>,
    after: Option<SuppressionId>,
    limit: i64,
) -> Result<Vec<Suppression>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_as!(
        Row,
        "SELECT id, address, reason, at
           FROM mailings.suppression
          WHERE tenant_id = $1
            AND list_id IS NOT DISTINCT FROM $2
            AND ($3::uuid IS NULL OR id < $3)
          ORDER BY id DESC
          LIMIT $4",
        tenant,
        list.map(TypedId::uuid),
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Suppression::from)
    .collect())
}

/// How many left a list, or without a list how many addresses are bad.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(tx: &mut TenantTx, list: Option<MailingListId>) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!"
             FROM mailings.suppression
            WHERE tenant_id = $1 AND list_id IS NOT DISTINCT FROM $2"#,
        tenant,
        list.map(TypedId::uuid)
    )
    .fetch_one(tx.conn())
    .await?)
}
