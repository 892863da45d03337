//! Bodies.

use plenum_authz::Place;
use plenum_bodies_api::BodyId;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use uuid::Uuid;

use super::unknown;
use crate::domain::{
    office::BodyKind,
    quorum::{Comparison, QuorumRule},
};

/// An elected body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Its id.
    pub id: BodyId,
    /// The unit whose body it is.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: BodyKind,
    /// Its quorum rule.
    pub quorum: QuorumRule,
    place: Place,
}

impl Body {
    /// A new body of a unit.
    #[must_use]
    pub fn new(
        unit: &plenum_tenancy::store::units::Unit,
        name: String,
        kind: BodyKind,
        quorum: QuorumRule,
    ) -> Self {
        let id = BodyId::new();
        let place = Place::of_units(&unit.path).inner("body", id.uuid());
        Self { id, unit: unit.id, name, kind, quorum, place }
    }

    /// Where it is: a place of its own inside its unit.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }
}

impl Resource for Body {
    type Id = BodyId;

    async fn find(tx: &mut TenantTx, id: BodyId) -> Result<Option<Self>, StoreError> {
        by_id(tx, id).await
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    unit_id: Uuid,
    name: String,
    kind: String,
    quorum_comparison: String,
    quorum_numerator: i32,
    quorum_denominator: i32,
}

async fn read(tx: &mut TenantTx, row: Row) -> Result<Body, StoreError> {
    let comparison =
        if row.quorum_comparison == "at_least" { Comparison::AtLeast } else { Comparison::MoreThan };
    let quorum = QuorumRule::new(
        comparison,
        u32::try_from(row.quorum_numerator).unwrap_or_default(),
        u32::try_from(row.quorum_denominator).unwrap_or_default(),
    )
    .map_err(|_| StoreError::Value { what: "quorum rule", value: row.id.to_string() })?;
    let unit = plenum_tenancy::store::units::by_id(tx, row.unit_id.into())
        .await?
        .ok_or(StoreError::Value { what: "unit of a body", value: row.unit_id.to_string() })?;
    Ok(Body {
        id: row.id.into(),
        unit: unit.id,
        name: row.name,
        kind: BodyKind::read(&row.kind).map_err(unknown)?,
        quorum,
        place: Place::of_units(&unit.path).inner("body", row.id),
    })
}

/// One body.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: BodyId) -> Result<Option<Body>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, unit_id, name, kind, quorum_comparison, quorum_numerator, quorum_denominator
           FROM bodies.body
          WHERE tenant_id = $1 AND id = $2",
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

/// All bodies of the tenant by name, at most 500: a tenant has a handful.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut TenantTx) -> Result<Vec<Body>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, unit_id, name, kind, quorum_comparison, quorum_numerator, quorum_denominator
           FROM bodies.body
          WHERE tenant_id = $1
          ORDER BY name, id
          LIMIT 500",
        tenant
    )
    .fetch_all(tx.conn())
    .await?;
    let mut bodies = Vec::with_capacity(rows.len());
    for row in rows {
        bodies.push(read(tx, row).await?);
    }
    Ok(bodies)
}

/// Locks a body until the end of the transaction: numbering its sessions, changing its seats.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn lock(tx: &mut TenantTx, id: BodyId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let locked = sqlx::query!(
        "SELECT id FROM bodies.body WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    if locked.is_some() { Ok(()) } else { Err(StoreError::Rows { expected: 1, found: 0 }) }
}

/// Adds a body.
///
/// # Errors
/// [`StoreError`], violating `body_name` when the unit has one of this name.
pub async fn insert(tx: &mut TenantTx, body: &Body) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let comparison = match body.quorum.comparison() {
        Comparison::MoreThan => "more_than",
        Comparison::AtLeast => "at_least",
    };
    sqlx::query!(
        "INSERT INTO bodies.body (tenant_id, id, unit_id, name, kind,
                                  quorum_comparison, quorum_numerator, quorum_denominator, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant,
        body.id.uuid(),
        body.unit.uuid(),
        body.name,
        body.kind.as_str(),
        comparison,
        i32::try_from(body.quorum.numerator()).unwrap_or(i32::MAX),
        i32::try_from(body.quorum.denominator()).unwrap_or(i32::MAX),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
