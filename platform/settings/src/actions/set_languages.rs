//! Sets which languages the tenant speaks.

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::Language;
use plenum_tenancy::store::settings;
use serde_json::json;

use super::SettingUp;

/// Sets them; the first is that of who has not chosen one.
pub(crate) async fn set_languages(
    tx: &mut TenantTx,
    _: SettingUp,
    version: i64,
    language: Language,
    languages: Vec<Language>,
) -> Result<(), StoreError> {
    let mut settings = settings::hold(tx, version).await?;
    let codes: Vec<&str> = languages.iter().map(|one| one.code()).collect();
    let detail = json!({ "language": language.code(), "languages": codes });
    (settings.language, settings.languages) = (language, languages);
    settings::save(tx, &settings).await?;
    let tenant = tx.tenant();
    plenum_audit::record(tx, "tenancy.set_languages", tenant, detail).await
}
