//! A member's declared salary is written down.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_kernel::Money;
use plenum_members_api::Member;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    actions::lock,
    domain::{Fault, month::Month, terms::LARGEST},
    permissions::Manage,
    store::terms::{self, Salary},
};

/// Why it was not written down.
#[derive(Debug, thiserror::Error)]
pub enum DeclareSalaryError {
    /// The sum cannot be one.
    #[error("the salary cannot be taken")]
    Input(Fault),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes it down from a month on; nothing is a salary too.
///
/// # Errors
/// [`DeclareSalaryError`].
pub async fn declare_salary(
    tx: &mut TenantTx,
    permit: Permit<Manage, Unit>,
    member: &Member,
    sum: Money,
    valid_from: Month,
) -> Result<(), DeclareSalaryError> {
    debug_assert_eq!(permit.resource().id, member.unit);
    if sum < Money::ZERO || sum > LARGEST {
        return Err(DeclareSalaryError::Input(Fault::new("input.kopecks", "out_of_range")));
    }
    lock(tx, member).await?;
    terms::insert_salary(tx, member.id, Salary { sum, valid_from }).await?;
    plenum_audit::record(tx, "dues.declare_salary", member.id, json!({ "from": valid_from.to_string() }))
        .await?;
    Ok(())
}
