//! Suspends an organization, gives it back, and limits what it uses.

use plenum_db::{Access, Db};
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_live::Topic;
use plenum_tenancy::store::tenants::{self, Limits};
use serde_json::{Value, json};

use super::{Denied, inside};

/// Suspends it: from the commit on nobody enters, and what is open ends, on every server.
pub(crate) async fn suspend(
    db: &Db,
    actor: AccountId,
    tenant: TenantId,
    reason: Option<String>,
) -> Result<(), Denied> {
    let detail = json!({ "reason": reason });
    let mut tx = db.operator_for("federation.suspend_tenant", actor, tenant, detail.clone()).await?;
    if !tenants::suspend(&mut tx, tenant, reason.as_deref()).await? {
        return Err(Denied::Already);
    }
    // What everybody of the organization watches.
    plenum_live::touch_across(&mut tx, &Topic::own_roles(tenant)).await?;
    tx.commit().await?;
    record(db, actor, tenant, "federation.suspend_tenant", detail).await
}

/// Gives it back.
pub(crate) async fn resume(db: &Db, actor: AccountId, tenant: TenantId) -> Result<(), Denied> {
    let mut tx = db.operator_for("federation.resume_tenant", actor, tenant, json!({})).await?;
    if !tenants::resume(&mut tx, tenant).await? {
        return Err(Denied::Already);
    }
    tx.commit().await?;
    record(db, actor, tenant, "federation.resume_tenant", json!({})).await
}

/// Limits what it uses from now on; what it uses already stays.
pub(crate) async fn limit(db: &Db, actor: AccountId, tenant: TenantId, limits: Limits) -> Result<(), Denied> {
    let detail = json!({
        "storageBytes": limits.storage_bytes,
        "lettersDaily": limits.letters_daily,
        "participants": limits.participants,
    });
    let mut tx = db.operator_for("federation.limit_tenant", actor, tenant, detail.clone()).await?;
    tenants::limit(&mut tx, tenant, limits).await?;
    tx.commit().await?;
    record(db, actor, tenant, "federation.limit_tenant", detail).await
}

/// In the organization's own record: both sides see what was done.
pub(super) async fn record(
    db: &Db,
    actor: AccountId,
    tenant: TenantId,
    action: &'static str,
    mut detail: Value,
) -> Result<(), Denied> {
    detail["by"] = json!(actor.global());
    let mut tx = inside(db, tenant, Access::Write).await?;
    plenum_audit::record(&mut tx, action, tenant, detail).await?;
    tx.commit().await?;
    Ok(())
}
