//! Gives a person a seat in a body, with the rights of the office.

use plenum_bodies_api::{SeatId, SeatTaken};
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_events::Publish;
use plenum_identity::store::accounts;
use plenum_kernel::TypedId;
use plenum_members_api::{MemberId, MembersRead};
use plenum_tenancy::store::{access, grants};
use serde_json::json;

use crate::{
    actions::schedule_session,
    domain::{
        agenda::{self, TextFault},
        office::Office,
    },
    permissions::Manage,
    store::{
        bodies::{self, Body},
        roll,
        seats::{self, Seat},
        sessions,
    },
};

/// Who takes the seat.
#[derive(Debug, Clone)]
pub struct NewSeat {
    /// The person's record in the register, when they were chosen from there.
    pub member: Option<MemberId>,
    /// The person's full name.
    pub full_name: String,
    /// The address: of an account that exists, or of one to be invited.
    pub email: String,
    /// Where the person comes from.
    pub organization: String,
    /// The office.
    pub office: Office,
}

/// Why the seat was not given.
#[derive(Debug, thiserror::Error)]
pub enum AddSeatError {
    /// Some texts cannot be taken.
    #[error("some fields of the seat cannot be taken")]
    Texts(Vec<TextFault>),
    /// The person has a seat in this body.
    #[error("the person has a seat in this body")]
    AlreadyMember,
    /// The body has a chair.
    #[error("the body has a chair")]
    HasChair,
    /// The register has no such record.
    #[error("the register has no such record")]
    NoMember,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Gives the seat. Sessions that have not opened call the new member too.
///
/// # Errors
/// [`AddSeatError`].
pub async fn add_seat(
    tx: &mut TenantTx,
    permit: Permit<Manage, Body>,
    members: &dyn MembersRead,
    new: NewSeat,
) -> Result<Seat, AddSeatError> {
    let mut faults = Vec::new();
    let mut take = |text: Result<String, TextFault>| {
        text.unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        })
    };
    let full_name = take(agenda::required("input.fullName", &new.full_name, 200));
    let organization = take(agenda::required("input.organization", &new.organization, 300));
    let email = take(agenda::email("input.email", &new.email));
    if !faults.is_empty() {
        return Err(AddSeatError::Texts(faults));
    }
    if let Some(member) = new.member
        && members.by_ids(tx, &[member]).await?.is_empty()
    {
        return Err(AddSeatError::NoMember);
    }
    let body = permit.resource();
    bodies::lock(tx, body.id).await?;
    let now = tx.now();
    let account = accounts::find_or_invite(tx.conn(), &email, &full_name, now).await?;
    let seat = Seat {
        id: SeatId::new(),
        body: body.id,
        account,
        member: new.member,
        full_name,
        organization,
        email,
        office: new.office,
    };
    seats::insert(tx, &seat).await.map_err(|error| {
        if error.violates("seat_account") {
            AddSeatError::AlreadyMember
        } else if error.violates("seat_chair") {
            AddSeatError::HasChair
        } else {
            error.into()
        }
    })?;
    access::admit(tx, account).await?;
    let scope = grants::Scope { unit: body.unit, inner: Some(("body", body.id.uuid())) };
    grants::give(tx, account, seat.office.role(), scope).await?;
    for session in sessions::scheduled_of(tx, body.id).await? {
        let added = roll::call(tx, session, body.id).await?;
        schedule_session::enqueue_notices(tx, session, &added).await?;
    }
    tx.publish(&SeatTaken { seat: seat.id, body: body.id }).await?;
    plenum_audit::record(tx, "bodies.add_seat", seat.id, json!({ "office": seat.office.as_str() })).await?;
    Ok(seat)
}
