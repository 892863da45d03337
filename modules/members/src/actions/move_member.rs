//! Has another unit of the tenant keep a record.

use plenum_db::{Permit, TenantTx};
use plenum_events::Publish;
use plenum_kernel::TypedId;
use plenum_members_api::MemberMoved;
use plenum_tenancy::store::units::{self, Unit};
use serde_json::json;

use super::{add_member::SaveError, update_member::locked};
use crate::{
    domain::history::{Detail, Kind},
    permissions::Edit,
    store::{
        history::{self, Fact},
        offices,
        persons::{self, Placed},
    },
};

/// Moves the member; false when they are there already. Offices in the organization of the old unit end.
pub(crate) async fn move_member(
    tx: &mut TenantTx,
    permit: Permit<Edit, Placed>,
    to: Permit<Edit, Unit>,
) -> Result<bool, SaveError> {
    let person = locked(tx, permit.resource().person.id).await?;
    let to = to.resource();
    if person.unit == to.id {
        return Ok(false);
    }
    let from = units::by_id(tx, person.unit).await?.map(|unit| unit.name);
    persons::move_to(tx, person.id, to.id).await?;
    for office in offices::end(tx, person.id, Some(person.unit)).await? {
        let detail = Detail { office: Some(office), label: from.clone(), ..Detail::default() };
        let fact = Fact::new(Kind::OfficeEnded, Some(person.unit.global()), detail);
        history::write(tx, person.id, fact).await?;
    }
    let detail = Detail { from, to: Some(to.name.clone()), ..Detail::named(to.name.clone()) };
    history::write(tx, person.id, Fact::new(Kind::Moved, Some(to.id.global()), detail)).await?;
    tx.publish(&MemberMoved { member: person.id, from: person.unit, to: to.id }).await?;
    let detail = json!({ "from": person.unit.global(), "to": to.id.global() });
    plenum_audit::record(tx, "members.move_member", person.id, detail).await?;
    Ok(true)
}
