//! Switches modules off and on.

use plenum_db::{StoreError, TenantTx};
use plenum_tenancy::store::settings;
use serde_json::json;

use super::SettingUp;
use crate::domain::modules::Switched;

/// Switches them: from the commit on, on every server, in what is open too. Nothing is deleted, no role is taken, and what
/// was decided before goes on by itself.
pub(crate) async fn set_modules(
    tx: &mut TenantTx,
    _: SettingUp,
    version: i64,
    switched: Switched,
    reason: Option<String>,
) -> Result<(), StoreError> {
    let mut settings = settings::hold(tx, version).await?;
    let detail = json!({ "before": settings.modules_off, "off": switched.off, "reason": reason });
    (settings.modules_off, settings.refused) = (switched.off, switched.refused);
    settings::save(tx, &settings).await?;
    let tenant = tx.tenant();
    plenum_audit::record(tx, "tenancy.set_modules", tenant, detail).await
}
