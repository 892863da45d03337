//! Units of a tenant.

use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use uuid::Uuid;

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "UnitKind")]
pub enum UnitKind {
    /// The tenant's own office, the root of its tree.
    Apparatus,
    /// A primary organization (PPO).
    Primary,
    /// A shop organization inside a primary one.
    Shop,
    /// A trade-union group.
    Group,
}

impl UnitKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Apparatus => "apparatus",
            Self::Primary => "primary",
            Self::Shop => "shop",
            Self::Group => "group",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        Ok(match text {
            "apparatus" => Self::Apparatus,
            "primary" => Self::Primary,
            "shop" => Self::Shop,
            "group" => Self::Group,
            other => return Err(StoreError::Value { what: "unit kind", value: other.to_owned() }),
        })
    }
}

/// A unit and where it stands in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The unit above; the root has none.
    pub parent: Option<UnitId>,
    /// What it is.
    pub kind: UnitKind,
    /// Its name, unique under its parent.
    pub name: String,
    /// The ids of the root, …, itself.
    pub path: Vec<Uuid>,
}

impl Resource for Unit {
    type Id = UnitId;

    async fn find(tx: &mut TenantTx, id: UnitId) -> Result<Option<Self>, StoreError> {
        by_id(tx, id).await
    }

    fn place(&self) -> Place {
        Place::of_units(&self.path)
    }
}

/// One unit.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: UnitId) -> Result<Option<Unit>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        r#"SELECT u.id, u.parent_id, u.kind, u.name::text AS "name!",
                  (SELECT array_agg(c.ancestor_id ORDER BY c.distance DESC)
                     FROM tenancy.unit_closure c
                    WHERE c.tenant_id = u.tenant_id AND c.descendant_id = u.id) AS "path!"
             FROM tenancy.unit u
            WHERE u.tenant_id = $1 AND u.id = $2"#,
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| {
        Ok(Unit {
            id: row.id.into(),
            parent: row.parent_id.map(UnitId::from),
            kind: UnitKind::read(&row.kind)?,
            name: row.name,
            path: row.path,
        })
    })
    .transpose()
}

/// These units, in any order; at most 1,000 are asked for.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_ids(tx: &mut TenantTx, ids: &[UnitId]) -> Result<Vec<Unit>, StoreError> {
    let tenant = tx.tenant().uuid();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"SELECT u.id, u.parent_id, u.kind, u.name::text AS "name!",
                  (SELECT array_agg(c.ancestor_id ORDER BY c.distance DESC)
                     FROM tenancy.unit_closure c
                    WHERE c.tenant_id = u.tenant_id AND c.descendant_id = u.id) AS "path!"
             FROM tenancy.unit u
            WHERE u.tenant_id = $1 AND u.id = ANY ($2)
            LIMIT 1000"#,
        tenant,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Unit {
                id: row.id.into(),
                parent: row.parent_id.map(UnitId::from),
                kind: UnitKind::read(&row.kind)?,
                name: row.name,
                path: row.path,
            })
        })
        .collect()
}

/// Gives a unit another name.
///
/// # Errors
/// [`StoreError`], also when there is no such unit.
pub async fn rename(tx: &mut TenantTx, id: UnitId, name: &str) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE tenancy.unit SET name = $3 WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid(),
        name
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The root of the tenant's tree.
///
/// # Errors
/// [`StoreError`] when the database fails or the tenant has no root.
pub async fn root(tx: &mut TenantTx) -> Result<Unit, StoreError> {
    let tenant = tx.tenant().uuid();
    let id =
        sqlx::query_scalar!("SELECT id FROM tenancy.unit WHERE tenant_id = $1 AND parent_id IS NULL", tenant)
            .fetch_one(tx.conn())
            .await?;
    by_id(tx, id.into()).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })
}

/// Whether the tenant has an apparatus: one that was begun and not ended has none.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn has_root(tx: &mut TenantTx) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM tenancy.unit WHERE tenant_id = $1 AND parent_id IS NULL) AS "exists!""#,
        tenant
    )
    .fetch_one(tx.conn())
    .await?)
}

/// A page of units by name in natural order, optionally only those right under a parent.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn page(
    tx: &mut TenantTx,
    parent: Option<UnitId>,
    after: Option<(&str, UnitId)>,
    limit: i64,
) -> Result<Vec<Unit>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        r#"SELECT u.id, u.parent_id, u.kind, u.name::text AS "name!",
                  (SELECT array_agg(c.ancestor_id ORDER BY c.distance DESC)
                     FROM tenancy.unit_closure c
                    WHERE c.tenant_id = u.tenant_id AND c.descendant_id = u.id) AS "path!"
             FROM tenancy.unit u
            WHERE u.tenant_id = $1
              AND ($2::uuid IS NULL OR u.parent_id = $2)
              AND ($3::text IS NULL OR (u.name, u.id) > ($3 COLLATE tenancy.natural, $4::uuid))
            ORDER BY u.name, u.id
            LIMIT $5"#,
        tenant,
        parent.map(TypedId::uuid),
        after.map(|(name, _)| name),
        after.map(|(_, id)| id.uuid()),
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Unit {
                id: row.id.into(),
                parent: row.parent_id.map(UnitId::from),
                kind: UnitKind::read(&row.kind)?,
                name: row.name,
                path: row.path,
            })
        })
        .collect()
}

/// How many units the tenant has, the root not counted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn count(tx: &mut TenantTx) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM tenancy.unit WHERE tenant_id = $1 AND parent_id IS NOT NULL"#,
        tenant
    )
    .fetch_one(tx.conn())
    .await?)
}

/// Adds a unit under a parent (none for the root) and its pairs of the closure.
///
/// # Errors
/// [`StoreError`], also when the parent has a unit of this name already.
pub async fn insert(
    tx: &mut TenantTx,
    parent: Option<UnitId>,
    kind: UnitKind,
    name: &str,
) -> Result<UnitId, StoreError> {
    let id = UnitId::new();
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO tenancy.unit (tenant_id, id, parent_id, kind, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        tenant,
        id.uuid(),
        parent.map(TypedId::uuid),
        kind.as_str(),
        name,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    sqlx::query!(
        "INSERT INTO tenancy.unit_closure (tenant_id, ancestor_id, descendant_id, distance)
         SELECT tenant_id, ancestor_id, $2::uuid, distance + 1
           FROM tenancy.unit_closure
          WHERE tenant_id = $1 AND descendant_id = $3
         UNION ALL
         SELECT $1::uuid, $2::uuid, $2::uuid, 0",
        tenant,
        id.uuid(),
        parent.map(TypedId::uuid)
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// The ids of these units and of all below them.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn below(tx: &mut TenantTx, units: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "SELECT DISTINCT descendant_id FROM tenancy.unit_closure WHERE tenant_id = $1 AND ancestor_id = ANY ($2)",
        tenant,
        units
    )
    .fetch_all(tx.conn())
    .await?)
}
