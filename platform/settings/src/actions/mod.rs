//! One file per verb, and what all of them begin with.

pub(crate) mod set_brand;
pub(crate) mod set_languages;
pub(crate) mod set_logo;
pub(crate) mod set_modules;
pub(crate) mod set_sender;

use plenum_db::{Permit, PermitError, TenantTx};
use plenum_tenancy::{
    permissions::SetUp,
    store::units::{self, Unit},
};

/// The right to set the tenant up: one on the whole of it, which a role in one of its units does not give.
pub(crate) type SettingUp = Permit<SetUp, Unit>;

/// Asks for it.
///
/// # Errors
/// [`PermitError`].
pub(crate) async fn permit(tx: &mut TenantTx) -> Result<SettingUp, PermitError> {
    let root = units::root(tx).await?.id;
    tx.permit::<SetUp, Unit>(root).await
}
