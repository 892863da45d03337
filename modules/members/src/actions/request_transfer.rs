//! Asks another organization to take a member over.

use plenum_db::{Permit, TenantTx};
use plenum_kernel::{TenantId, TypedId};
use plenum_members_api::{Consent, MemberTransferId};
use plenum_tenancy::store::tenants::{self, Tenant};
use serde_json::json;

use super::{add_member::SaveError, update_member::locked};
use crate::{
    domain::history::{Detail, Kind},
    jobs::TellTransfer,
    permissions::Transfer as TransferAct,
    store::{
        history::{self, Fact},
        persons::Placed,
        transfers::{self, Direction, Transfer, TransferState},
    },
};

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Requested {
    /// The other organization is asked.
    Done(MemberTransferId),
    /// The member's consent is not on record: the data may not be handed on.
    NoConsent,
    /// One is under way.
    Already(MemberTransferId),
    /// There is no such organization in the tree, or it is this one.
    NoSuchOrganization {
        /// It is this one.
        same: bool,
    },
}

/// Asks. Both sides see it; the other one sees no more than the name and the date of birth until it has taken over.
pub(crate) async fn request_transfer(
    tx: &mut TenantTx,
    permit: Permit<TransferAct, Placed>,
    to: TenantId,
    note: Option<String>,
) -> Result<Requested, SaveError> {
    if to == tx.tenant() {
        return Ok(Requested::NoSuchOrganization { same: true });
    }
    let Some(other) = neighbour(tx, to).await? else {
        return Ok(Requested::NoSuchOrganization { same: false });
    };
    let person = locked(tx, permit.resource().person.id).await?;
    if let Some(open) = transfers::open_of(tx, person.id).await? {
        return Ok(Requested::Already(open.id));
    }
    if person.consent != Consent::Given {
        return Ok(Requested::NoConsent);
    }
    let transfer = Transfer {
        id: MemberTransferId::new(),
        direction: Direction::Outgoing,
        other: other.id,
        person: Some(person.id),
        full_name: person.full_name(),
        birth_date: person.birth_date,
        note,
        state: TransferState::Requested,
        requested_at: tx.now(),
        requested_by: tx.viewer().account(),
        unit: None,
        decided_at: None,
        reason: None,
    };
    transfers::insert(tx, &transfer).await?;
    let detail = Detail { to: Some(other.name), ..Detail::default() };
    let fact = Fact::new(Kind::TransferRequested, Some(transfer.id.global()), detail);
    history::write(tx, person.id, fact).await?;
    plenum_jobs::enqueue(tx, &TellTransfer { transfer: transfer.id }).await?;
    let detail = json!({ "member": person.id.global(), "to": other.id.global() });
    plenum_audit::record(tx, "members.request_transfer", transfer.id, detail).await?;
    Ok(Requested::Done(transfer.id))
}

/// Another organization of the same tree.
async fn neighbour(tx: &mut TenantTx, id: TenantId) -> Result<Option<Tenant>, plenum_db::StoreError> {
    let own = tx.tenant();
    Ok(tenants::of_tree(tx.conn(), own).await?.into_iter().find(|tenant| tenant.id == id))
}
