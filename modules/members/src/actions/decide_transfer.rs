//! Decides on a transfer: who asked takes it back, who was asked accepts or refuses.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_members_api::MemberTransferId;
use plenum_tenancy::store::{tenants, units::Unit};
use serde_json::json;

use crate::{
    domain::{
        history::{Detail, Kind},
        names::NameKey,
    },
    jobs::{TakeOver, TellTransfer},
    permissions::Transfer as TransferAct,
    store::{
        history::{self, Fact},
        persons::{self, MemberState},
        transfers::{self, Direction, PlacedTransfer, Transfer, TransferState},
    },
};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decided {
    /// Decided.
    Done,
    /// It was decided before.
    Already,
    /// This person is on record here.
    Duplicate,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecideError {
    /// It is the other side's to decide this.
    #[error("the other organization decides this")]
    WrongSide,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn open(
    tx: &mut TenantTx,
    id: MemberTransferId,
    side: Direction,
) -> Result<Option<Transfer>, DecideError> {
    let transfer = transfers::lock(tx, id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })?;
    if transfer.direction != side {
        return Err(DecideError::WrongSide);
    }
    Ok(Some(transfer).filter(|transfer| transfer.state == TransferState::Requested))
}

/// Takes the request back.
pub(crate) async fn cancel_transfer(
    tx: &mut TenantTx,
    permit: Permit<TransferAct, PlacedTransfer>,
) -> Result<Decided, DecideError> {
    let id = permit.resource().transfer.id;
    let Some(transfer) = open(tx, id, Direction::Outgoing).await? else { return Ok(Decided::Already) };
    transfers::decide(tx, id, TransferState::Cancelled, None, None).await?;
    if let Some(person) = transfer.person {
        let other = tenants::by_id(tx.conn(), transfer.other).await?.map(|tenant| tenant.name);
        let detail = Detail { to: other, ..Detail::default() };
        history::write(tx, person, Fact::new(Kind::TransferCancelled, Some(id.global()), detail)).await?;
    }
    plenum_jobs::enqueue(tx, &TellTransfer { transfer: id }).await?;
    plenum_audit::record(tx, "members.cancel_transfer", id, json!({})).await?;
    Ok(Decided::Done)
}

/// Takes the member over into a unit: the record and its history follow by a job.
pub(crate) async fn accept_transfer(
    tx: &mut TenantTx,
    permit: Permit<TransferAct, PlacedTransfer>,
    unit: Permit<TransferAct, Unit>,
) -> Result<Decided, DecideError> {
    let id = permit.resource().transfer.id;
    let Some(transfer) = open(tx, id, Direction::Incoming).await? else { return Ok(Decided::Already) };
    let twin = persons::twin(tx, &NameKey::of(&transfer.full_name), transfer.birth_date).await?;
    if twin.is_some_and(|twin| twin.state == MemberState::Active) {
        return Ok(Decided::Duplicate);
    }
    let unit = unit.resource().id;
    transfers::decide(tx, id, TransferState::Accepted, Some(unit), None).await?;
    plenum_jobs::enqueue(tx, &TakeOver { transfer: id }).await?;
    plenum_audit::record(tx, "members.accept_transfer", id, json!({ "unit": unit.global() })).await?;
    Ok(Decided::Done)
}

/// Refuses, for a reason that the other side is told.
pub(crate) async fn refuse_transfer(
    tx: &mut TenantTx,
    permit: Permit<TransferAct, PlacedTransfer>,
    reason: &str,
) -> Result<Decided, DecideError> {
    let id = permit.resource().transfer.id;
    if open(tx, id, Direction::Incoming).await?.is_none() {
        return Ok(Decided::Already);
    }
    transfers::decide(tx, id, TransferState::Refused, None, Some(reason)).await?;
    plenum_jobs::enqueue(tx, &TellTransfer { transfer: id }).await?;
    plenum_audit::record(tx, "members.refuse_transfer", id, json!({})).await?;
    Ok(Decided::Done)
}
