//! Roles given.

use plenum_authz::{Grant, Place};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId, UnitId};
use uuid::Uuid;

/// Where a role is given: a unit and all below it, or one resource of that unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The unit.
    pub unit: UnitId,
    /// The resource, for example `("body", id)`; none for the whole unit.
    pub inner: Option<(&'static str, Uuid)>,
}

/// The grants of an account in the tenant.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(tx: &mut TenantTx, account: AccountId) -> Result<Vec<Grant>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        r#"SELECT g.role, g.unit_id, g.inner_kind, g.inner_id,
                  (SELECT array_agg(c.ancestor_id ORDER BY c.distance DESC)
                     FROM tenancy.unit_closure c
                    WHERE c.tenant_id = g.tenant_id AND c.descendant_id = g.unit_id) AS "path!"
             FROM tenancy.role_grant g
            WHERE g.tenant_id = $1 AND g.account_id = $2
            ORDER BY g.id"#,
        tenant,
        account.uuid()
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let place = Place::of_units(&row.path);
            let scope = match (row.inner_kind, row.inner_id) {
                (Some(kind), Some(id)) => place.inner(&kind, id),
                _ => place,
            };
            Grant::lasting(row.role, scope, row.unit_id)
        })
        .collect())
}

/// Gives a role; again is no fault. The account must have been admitted.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn give(tx: &mut TenantTx, account: AccountId, role: &str, scope: Scope) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO tenancy.role_grant (tenant_id, id, account_id, role, unit_id, inner_kind, inner_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, account_id, role, unit_id, inner_id) DO NOTHING",
        tenant,
        Uuid::now_v7(),
        account.uuid(),
        role,
        scope.unit.uuid(),
        scope.inner.map(|(kind, _)| kind),
        scope.inner.map(|(_, id)| id),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes away a role that an account holds in a unit; one that is not held is no fault.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(tx: &mut TenantTx, account: AccountId, role: &str, unit: UnitId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "DELETE FROM tenancy.role_grant
          WHERE tenant_id = $1 AND account_id = $2 AND role = $3 AND unit_id = $4 AND inner_id IS NULL",
        tenant,
        account.uuid(),
        role,
        unit.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes all roles away that an account holds on one resource, for example on a body.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take_inner(
    tx: &mut TenantTx,
    account: AccountId,
    kind: &'static str,
    id: Uuid,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "DELETE FROM tenancy.role_grant
          WHERE tenant_id = $1 AND account_id = $2 AND inner_kind = $3 AND inner_id = $4",
        tenant,
        account.uuid(),
        kind,
        id
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
