//! One file per verb.

pub mod assign_bank_row;
pub mod charge_member;
pub mod charge_month;
pub mod check_bank_list;
pub mod declare_salary;
pub mod discard_bank_list;
pub mod end_exemption;
pub mod export_statement;
pub mod grant_exemption;
pub mod record_bank_list;
pub mod record_payment;
pub mod reverse_entry;
pub mod set_rate;

use plenum_authz::Action;
use plenum_db::{Permit, PermitError, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_members_api::{Member, MemberId, MembersRead};
use plenum_tenancy::store::units::Unit;

use crate::{domain::month::Month, store::accounts};

/// How many members are worked on in one go.
const AT_ONCE: i64 = 1_000;

/// Finds a member and asks whether the viewer may do `A` in their unit.
///
/// # Errors
/// [`PermitError`]: no such member, forbidden, or the database failed.
pub async fn permit_for<A: Action>(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    id: MemberId,
) -> Result<(Member, Permit<A, Unit>), PermitError> {
    let member = members.by_ids(tx, &[id]).await?.pop();
    let member = member.ok_or(PermitError::NotFound { kind: MemberId::TYPE })?;
    let permit = tx.permit::<A, Unit>(member.unit).await?;
    Ok((member, permit))
}

/// Opens a member's account and locks it: what must not happen twice to one member happens behind this lock.
async fn lock(tx: &mut TenantTx, member: &Member) -> Result<(), StoreError> {
    accounts::open(tx, &[(member.id, member.unit)]).await?;
    accounts::lock(tx, member.id).await
}

/// A month may be charged, and a rate set, up to one ahead of the present.
fn is_too_late(month: Month, today: chrono::NaiveDate) -> bool {
    Month::of(today).and_then(|now| now.later(1)).is_none_or(|next| month > next)
}
