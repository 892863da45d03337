//! Makes an organization, and invites its first administrator.

use plenum_access::first_administrator;
use plenum_db::{Access, Db};
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_tenancy::store::{
    deletions,
    tenants::{self, Tenant},
    units::{self, UnitKind},
};
use serde_json::json;

use super::{Denied, inside};

/// What it is to be.
#[derive(Debug, Clone)]
pub(crate) struct NewTenant {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) short_name: String,
    pub(crate) parent: TenantId,
    pub(crate) administrator_email: String,
    pub(crate) administrator_name: String,
}

/// Makes it. Two transactions of different database roles cannot be one: what was begun and not ended (an organization
/// without an apparatus) is ended by doing it again.
pub(crate) async fn create_tenant(db: &Db, actor: AccountId, new: NewTenant) -> Result<Tenant, Denied> {
    let mut directory = db.global(None).await?;
    if deletions::of(directory.conn(), new.parent).await?.is_some() {
        return Err(Denied::ParentEnds);
    }
    let known = tenants::by_slug(&mut directory, &new.slug).await?;
    let parent_of_known = match &known {
        Some(tenant) => tenants::parent(directory.conn(), tenant.id).await?,
        None => None,
    };
    drop(directory);
    let tenant = match known {
        Some(tenant) => {
            let mut tx = inside(db, tenant.id, Access::Read).await?;
            let begun = !units::has_root(&mut tx).await?;
            if !begun || tenant.name != new.name || parent_of_known != Some(new.parent) {
                return Err(Denied::SlugTaken);
            }
            tenant
        }
        None => {
            let tenant = Tenant {
                id: TenantId::new(),
                slug: new.slug,
                name: new.name,
                short_name: new.short_name,
                is_federation: false,
            };
            let detail = json!({ "slug": tenant.slug, "parent": new.parent.global() });
            let mut tx = db.operator_for("federation.create_tenant", actor, tenant.id, detail).await?;
            tenants::insert(&mut tx, &tenant, Some(new.parent)).await.map_err(|error| {
                if error.violates("tenant_slug_key") { Denied::SlugTaken } else { error.into() }
            })?;
            tx.commit().await?;
            tenant
        }
    };
    let mut tx = inside(db, tenant.id, Access::Write).await?;
    let root = units::insert(&mut tx, None, UnitKind::Apparatus, &tenant.short_name).await?;
    let (email, name) = (&new.administrator_email, &new.administrator_name);
    let invitation = first_administrator::invite(&mut tx, root, email, name).await?;
    let detail = json!({ "by": actor.global(), "invitation": invitation.global() });
    plenum_audit::record(&mut tx, "federation.create_tenant", tenant.id, detail).await?;
    tx.commit().await?;
    Ok(tenant)
}
