//! Sets the names of the tenant and its colour.

use plenum_db::{Db, StoreError, TenantTx};
use plenum_kernel::AccountId;
use plenum_tenancy::store::{
    settings::{self, Accent},
    tenants, units,
};
use serde_json::json;

use super::SettingUp;
use crate::domain::colour::{Colour, Shades};

/// What it is to be.
#[derive(Debug, Clone)]
pub(crate) struct Brand {
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) short_name: String,
    pub(crate) accent: Option<Colour>,
}

/// Why it is not set.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetBrandError {
    /// The names stand in the directory, which only the operator's role writes, and there is none.
    #[error("there is no role that writes the directory")]
    NoOperator,
    /// The database failed, or the settings changed meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets it. The names are written by another role of the database, in a transaction of its own, which is the last thing
/// before the caller's commit: when that fails, the names are new all the same, the operator's record tells of it, and
/// doing it again ends it.
pub(crate) async fn set_brand(
    tx: &mut TenantTx,
    permit: SettingUp,
    db: &Db,
    actor: AccountId,
    brand: Brand,
) -> Result<(), SetBrandError> {
    let mut settings = settings::hold(tx, brand.version).await?;
    let id = tx.tenant();
    let before = tenants::by_id(tx.conn(), id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })?;
    settings.accent =
        brand.accent.map(|accent| Accent { chosen: accent.to_string(), shades: Shades::of(accent).kept() });
    settings::save(tx, &settings).await?;
    let renamed = before.name != brand.name || before.short_name != brand.short_name;
    let detail = json!({
        "name": brand.name,
        "shortName": brand.short_name,
        "accent": settings.accent.as_ref().map(|accent| &accent.chosen),
    });
    plenum_audit::record(tx, "tenancy.set_brand", id, detail.clone()).await?;
    if renamed {
        if !db.has_operator() {
            return Err(SetBrandError::NoOperator);
        }
        // The apparatus is called as the organization is, unless somebody called it otherwise.
        if permit.resource().name == before.short_name {
            units::rename(tx, permit.resource().id, &brand.short_name).await?;
        }
        let mut operator = db.operator_for("tenancy.set_brand", actor, id, detail).await?;
        tenants::rename(&mut operator, id, &brand.name, &brand.short_name).await?;
        operator.commit().await?;
    }
    Ok(())
}
