//! Sets in whose name letters are sent, and where answers go.

use plenum_db::{StoreError, TenantTx};
use plenum_tenancy::store::settings;
use serde_json::json;

use super::SettingUp;

/// Sets it, for letters that are written from now on.
pub(crate) async fn set_sender(
    tx: &mut TenantTx,
    _: SettingUp,
    version: i64,
    name: Option<String>,
    reply_to: Option<String>,
) -> Result<(), StoreError> {
    let mut settings = settings::hold(tx, version).await?;
    let detail = json!({ "name": name, "replyTo": reply_to });
    (settings.sender_name, settings.reply_to) = (name, reply_to);
    settings::save(tx, &settings).await?;
    let tenant = tx.tenant();
    plenum_audit::record(tx, "tenancy.set_sender", tenant, detail).await
}
