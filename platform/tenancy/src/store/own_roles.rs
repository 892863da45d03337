//! Roles that a tenant makes for itself. All of them have one version: grants are decided on by the roles as they were at
//! the version that the same transaction reads, so a change works on every server from its commit on.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use plenum_authz::OwnRoles;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{OwnRoleId, TypedId};
use plenum_live::Topic;
use uuid::Uuid;

/// The most that a tenant makes: a person still oversees them, and casbin looks at each.
pub const MOST: i64 = 200;

const PREFIX: &str = "own:";

/// A role that a tenant made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRole {
    /// Its id.
    pub id: OwnRoleId,
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it allows.
    pub permissions: BTreeSet<String>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
}

/// The name of an own role in grants.
#[must_use]
pub fn key(id: OwnRoleId) -> String {
    format!("{PREFIX}{}", id.uuid())
}

/// Whether this is the name of an own role.
#[must_use]
pub fn is_own(role: &str) -> bool {
    role.starts_with(PREFIX)
}

/// The own role that is meant by a name in grants.
#[must_use]
pub fn id_of(role: &str) -> Option<OwnRoleId> {
    role.strip_prefix(PREFIX).and_then(|id| Uuid::try_parse(id).ok()).map(OwnRoleId::from)
}

/// The tenant's own roles as they are now, from memory when they have not changed since.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn loaded(tx: &mut TenantTx) -> Result<Arc<OwnRoles>, StoreError> {
    let tenant = tx.tenant();
    let version = sqlx::query_scalar!(
        "SELECT version FROM tenancy.own_role_version WHERE tenant_id = $1",
        tenant.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .unwrap_or_default();
    if let Some(own) = tx.policy().own_roles(tenant, version) {
        return Ok(own);
    }
    let roles: BTreeMap<String, BTreeSet<String>> =
        all(tx).await?.into_iter().map(|role| (key(role.id), role.permissions)).collect();
    let own = OwnRoles::load(tenant, version, roles)
        .await
        .map_err(|error| StoreError::Value { what: "own roles", value: error.to_string() })?;
    Ok(tx.policy().keep_own_roles(own))
}

/// All own roles by name, at most [`MOST`].
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut TenantTx) -> Result<Vec<OwnRole>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query!(
        r#"SELECT id, name::text AS "name!", description, permissions, changed_at
             FROM tenancy.own_role
            WHERE tenant_id = $1
            ORDER BY name, id
            LIMIT $2"#,
        tenant,
        MOST
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(|row| OwnRole {
        id: row.id.into(),
        name: row.name,
        description: row.description,
        permissions: row.permissions.into_iter().collect(),
        changed_at: row.changed_at,
    })
    .collect())
}

/// Adds a role.
///
/// # Errors
/// [`StoreError`], violating `own_role_name` when the name is taken.
pub async fn insert(tx: &mut TenantTx, role: &OwnRole) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let permissions: Vec<String> = role.permissions.iter().cloned().collect();
    sqlx::query!(
        "INSERT INTO tenancy.own_role (tenant_id, id, name, description, permissions, created_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $6)",
        tenant,
        role.id.uuid(),
        role.name,
        role.description,
        &permissions,
        role.changed_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    changed(tx).await
}

/// Changes a role: whoever holds it may do this from the commit on.
///
/// # Errors
/// [`StoreError`], violating `own_role_name` when the name is taken.
pub async fn update(tx: &mut TenantTx, role: &OwnRole) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let permissions: Vec<String> = role.permissions.iter().cloned().collect();
    sqlx::query!(
        "UPDATE tenancy.own_role
            SET name = $3, description = $4, permissions = $5, changed_at = $6
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        role.id.uuid(),
        role.name,
        role.description,
        &permissions,
        role.changed_at
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    changed(tx).await
}

/// Removes a role that nobody holds, or will.
///
/// # Errors
/// [`StoreError`], violating `role_grant_own_role` when somebody does.
pub async fn delete(tx: &mut TenantTx, id: OwnRoleId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    // Terms that are over stay as they are in the audit.
    sqlx::query!(
        "DELETE FROM tenancy.role_grant WHERE tenant_id = $1 AND own_role_id = $2 AND valid_until <= $3",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!("DELETE FROM tenancy.own_role WHERE tenant_id = $1 AND id = $2", tenant, id.uuid())
        .execute(tx.conn())
        .await?
        .exactly(1)?;
    changed(tx).await
}

/// Waits for whoever changes roles or grants of the tenant by hand, and keeps others waiting until the commit: what was
/// looked at before a role is given, or the last administrator is let go, stays true.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lock(tx: &mut TenantTx) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid().to_string();
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended('tenancy.roles ' || $1::text, 0))", tenant)
        .execute(tx.conn())
        .await?;
    Ok(())
}

async fn changed(tx: &mut TenantTx) -> Result<(), StoreError> {
    let tenant = tx.tenant();
    sqlx::query!(
        "INSERT INTO tenancy.own_role_version AS v (tenant_id, version) VALUES ($1, nextval('tenancy.role_version'))
         ON CONFLICT (tenant_id) DO UPDATE SET version = excluded.version",
        tenant.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    plenum_live::touch(tx, &Topic::own_roles(tenant)).await
}
