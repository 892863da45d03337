//! Lists.

use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use plenum_mailings_api::MailingListId;
use plenum_tenancy::store::units::{self, Unit};
use uuid::Uuid;

/// A list from which a recipient can unsubscribe.
#[derive(Debug, Clone)]
pub struct MailingList {
    /// Its id.
    pub id: MailingListId,
    /// The unit whose list it is.
    pub unit: Unit,
    /// What recipients know it as.
    pub name: String,
    /// What it is about, for recipients.
    pub description: String,
}

impl Resource for MailingList {
    type Id = MailingListId;

    async fn find(tx: &mut TenantTx, id: MailingListId) -> Result<Option<Self>, StoreError> {
        by_id(tx, id).await
    }

    fn place(&self) -> Place {
        Place::of_units(&self.unit.path)
    }
}

struct Row {
    id: Uuid,
    unit_id: Uuid,
    name: String,
    description: String,
}

async fn read(tx: &mut TenantTx, row: Row) -> Result<MailingList, StoreError> {
    let unit = units::by_id(tx, UnitId::from(row.unit_id))
        .await?
        .ok_or(StoreError::Value { what: "unit of a list", value: row.unit_id.to_string() })?;
    Ok(MailingList { id: row.id.into(), unit, name: row.name, description: row.description })
}

/// One list.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: MailingListId) -> Result<Option<MailingList>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, unit_id, name, description FROM mailings.list WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    match row {
        Some(row) => Ok(Some(read(tx, row).await?)),
        None => Ok(None),
    }
}

/// All lists of the tenant by name, at most 500: a tenant has a handful.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut TenantTx) -> Result<Vec<MailingList>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, unit_id, name, description
           FROM mailings.list
          WHERE tenant_id = $1
          ORDER BY name, id
          LIMIT 500",
        tenant
    )
    .fetch_all(tx.conn())
    .await?;
    let mut lists = Vec::with_capacity(rows.len());
    for row in rows {
        lists.push(read(tx, row).await?);
    }
    Ok(lists)
}

/// Adds a list.
///
/// # Errors
/// [`StoreError`], violating `list_name` when the unit has one of this name.
pub async fn insert(tx: &mut TenantTx, list: &MailingList) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO mailings.list (tenant_id, id, unit_id, name, description, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        tenant,
        list.id.uuid(),
        list.unit.id.uuid(),
        list.name,
        list.description,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Renames a list.
///
/// # Errors
/// [`StoreError`], violating `list_name` when the unit has another one of this name.
pub async fn update(
    tx: &mut TenantTx,
    id: MailingListId,
    name: &str,
    description: &str,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE mailings.list SET name = $3, description = $4 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        name,
        description
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
