//! Sends the invitation of an organization's first administrator again.

use plenum_access::first_administrator::{self, Resent};
use plenum_db::{Access, Db};
use plenum_kernel::{AccountId, TenantId, TypedId};
use serde_json::json;

use super::{Denied, inside};

/// Sends it with a new link, while nobody has accepted it; the link of before stops working.
pub(crate) async fn resend(db: &Db, actor: AccountId, tenant: TenantId) -> Result<(), Denied> {
    let mut tx = inside(db, tenant, Access::Write).await?;
    match first_administrator::resend(&mut tx).await? {
        Resent::Done => {}
        Resent::NotWaiting => return Err(Denied::NotWaiting),
        Resent::TooMany => return Err(Denied::TooMany),
        Resent::Wait(seconds) => return Err(Denied::Wait(seconds)),
    }
    let detail = json!({ "by": actor.global() });
    plenum_audit::record(&mut tx, "federation.invite_administrator", tenant, detail).await?;
    tx.commit().await?;
    Ok(())
}
