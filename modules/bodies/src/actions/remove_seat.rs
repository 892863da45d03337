//! Ends a seat, and with it the rights of its office.

use plenum_bodies_api::SeatEnded;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_events::Publish;
use plenum_kernel::TypedId;
use plenum_tenancy::store::grants;
use serde_json::json;

use crate::{
    permissions::Manage,
    store::{
        bodies, roll,
        seats::{self, PlacedSeat},
    },
};

/// Ends the seat; sessions that have not opened no longer call it. What it did before stays.
///
/// # Errors
/// [`StoreError`], also when it has ended already.
pub async fn remove_seat(tx: &mut TenantTx, permit: Permit<Manage, PlacedSeat>) -> Result<(), StoreError> {
    let seat = &permit.resource().seat;
    bodies::lock(tx, seat.body).await?;
    seats::end(tx, seat.id).await?;
    roll::strike(tx, seat.id).await?;
    grants::take_inner(tx, seat.account, "body", seat.body.uuid()).await?;
    tx.publish(&SeatEnded { seat: seat.id, body: seat.body }).await?;
    plenum_audit::record(tx, "bodies.remove_seat", seat.id, json!({})).await
}
