//! Makes, changes and removes a role of the tenant's own.

use std::collections::BTreeSet;

use plenum_authz::Catalogue;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::OwnRoleId;
use plenum_tenancy::{
    permissions::DEFINE,
    store::own_roles::{self, OwnRole},
};
use serde_json::json;

use super::{Denied, begin, whole, within};

/// What a role is to be.
#[derive(Debug, Clone)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) permissions: BTreeSet<String>,
}

/// Makes a role. It may be given anywhere in the tenant, so whoever makes it holds all of it in the whole tenant.
pub(crate) async fn create(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    definition: Definition,
) -> Result<OwnRole, Denied> {
    let place = whole(tx).await?;
    let viewer = begin(tx, DEFINE, &place).await?;
    within(tx, catalogue, &viewer, &definition.permissions, &place, None)?;
    if own_roles::all(tx).await?.len() >= usize::try_from(own_roles::MOST).unwrap_or(usize::MAX) {
        return Err(Denied::TooMany);
    }
    let role = role(OwnRoleId::new(), definition, tx);
    own_roles::insert(tx, &role).await.map_err(name_taken)?;
    let detail = json!({ "name": role.name, "permissions": role.permissions });
    plenum_audit::record(tx, "access.create_role", role.id, detail).await?;
    Ok(role)
}

/// Changes a role for all who hold it. Whoever changes it holds all of what it was and of what it becomes: nobody adds to
/// a role what they lack, nor breaks one that is above them.
pub(crate) async fn change(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    id: OwnRoleId,
    definition: Definition,
) -> Result<OwnRole, Denied> {
    let place = whole(tx).await?;
    let viewer = begin(tx, DEFINE, &place).await?;
    let before = find(tx, id).await?;
    let all = before.permissions.union(&definition.permissions).cloned().collect();
    within(tx, catalogue, &viewer, &all, &place, None)?;
    let role = role(id, definition, tx);
    own_roles::update(tx, &role).await.map_err(name_taken)?;
    let added: Vec<&String> = role.permissions.difference(&before.permissions).collect();
    let removed: Vec<&String> = before.permissions.difference(&role.permissions).collect();
    let detail = json!({ "name": role.name, "was": before.name, "added": added, "removed": removed });
    plenum_audit::record(tx, "access.change_role", id, detail).await?;
    Ok(role)
}

/// Removes a role that nobody holds.
pub(crate) async fn remove(
    tx: &mut TenantTx,
    catalogue: &Catalogue,
    id: OwnRoleId,
) -> Result<OwnRole, Denied> {
    let place = whole(tx).await?;
    let viewer = begin(tx, DEFINE, &place).await?;
    let role = find(tx, id).await?;
    within(tx, catalogue, &viewer, &role.permissions, &place, None)?;
    own_roles::delete(tx, id)
        .await
        .map_err(|error| if error.violates("role_grant_own_role") { Denied::Held } else { error.into() })?;
    plenum_audit::record(tx, "access.remove_role", id, json!({ "name": role.name })).await?;
    Ok(role)
}

async fn find(tx: &mut TenantTx, id: OwnRoleId) -> Result<OwnRole, Denied> {
    own_roles::all(tx).await?.into_iter().find(|role| role.id == id).ok_or(Denied::NotFound)
}

fn role(id: OwnRoleId, definition: Definition, tx: &TenantTx) -> OwnRole {
    let Definition { name, description, permissions } = definition;
    OwnRole { id, name, description, permissions, changed_at: tx.now() }
}

fn name_taken(error: StoreError) -> Denied {
    if error.violates("own_role_name") { Denied::NameTaken } else { error.into() }
}
