//! Seats of bodies.

use plenum_authz::Place;
use plenum_bodies_api::{BodyId, SeatId, SessionId};
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::MemberId;
use uuid::Uuid;

use super::unknown;
use crate::{domain::office::Office, store::bodies};

/// A seat: one person in one body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// The body.
    pub body: BodyId,
    /// The account of the person who holds it.
    pub account: AccountId,
    /// Their record in the register, when the seat was given to one.
    pub member: Option<MemberId>,
    /// The person's full name.
    pub full_name: String,
    /// Where the person comes from.
    pub organization: String,
    /// The address for notices.
    pub email: String,
    /// The office.
    pub office: Office,
}

/// A seat with the place of its body, for permits.
#[derive(Debug, Clone)]
pub struct PlacedSeat {
    /// The seat.
    pub seat: Seat,
    place: Place,
}

impl Resource for PlacedSeat {
    type Id = SeatId;

    async fn find(tx: &mut TenantTx, id: SeatId) -> Result<Option<Self>, StoreError> {
        let Some(seat) = by_id(tx, id).await? else { return Ok(None) };
        let body = bodies::by_id(tx, seat.body).await?;
        Ok(body.map(|body| Self { seat, place: body.place().clone() }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    body_id: Uuid,
    account_id: Uuid,
    member_id: Option<Uuid>,
    full_name: String,
    organization: String,
    email: String,
    office: String,
}

impl TryFrom<Row> for Seat {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            body: row.body_id.into(),
            account: row.account_id.into(),
            member: row.member_id.map(MemberId::from),
            full_name: row.full_name,
            organization: row.organization,
            email: row.email,
            office: Office::read(&row.office).map_err(unknown)?,
        })
    }
}

/// One seat that has not ended.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: SeatId) -> Result<Option<Seat>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, body_id, account_id, member_id, full_name, organization, email, office
           FROM bodies.seat
          WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Seat::try_from)
    .transpose()
}

/// One seat, ended or not.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn ever(tx: &mut TenantTx, id: SeatId) -> Result<Option<Seat>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, body_id, account_id, member_id, full_name, organization, email, office
           FROM bodies.seat
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Seat::try_from)
    .transpose()
}

/// The seats of a body that have not ended: by office, then by name.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_body(tx: &mut TenantTx, body: BodyId) -> Result<Vec<Seat>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, body_id, account_id, member_id, full_name, organization, email, office
           FROM bodies.seat
          WHERE tenant_id = $1 AND body_id = $2 AND ended_at IS NULL
          ORDER BY array_position(ARRAY['chair', 'deputy_chair', 'secretary', 'member'], office), full_name, id
          LIMIT 2000",
        tenant,
        body.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Seat::try_from)
    .collect()
}

/// The seats on a session's roll, ended since or not, in the same order.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_session(tx: &mut TenantTx, session: SessionId) -> Result<Vec<Seat>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT s.id, s.body_id, s.account_id, s.member_id, s.full_name, s.organization, s.email, s.office
           FROM bodies.roll r
           JOIN bodies.seat s ON s.tenant_id = r.tenant_id AND s.id = r.seat_id
          WHERE r.tenant_id = $1 AND r.session_id = $2
          ORDER BY array_position(ARRAY['chair', 'deputy_chair', 'secretary', 'member'], s.office), s.full_name, s.id
          LIMIT 2000",
        tenant,
        session.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Seat::try_from)
    .collect()
}

/// Adds a seat.
///
/// # Errors
/// [`StoreError`], violating `seat_account` when the person has one, `seat_chair` when there is a chair.
pub async fn insert(tx: &mut TenantTx, seat: &Seat) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO bodies.seat (tenant_id, id, body_id, account_id, member_id, full_name, organization, email, office,
                                  elected_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        tenant,
        seat.id.uuid(),
        seat.body.uuid(),
        seat.account.uuid(),
        seat.member.map(TypedId::uuid),
        seat.full_name,
        seat.organization,
        seat.email,
        seat.office.as_str(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Ends a seat.
///
/// # Errors
/// [`StoreError::Rows`] when it has ended already.
pub async fn end(tx: &mut TenantTx, id: SeatId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE bodies.seat SET ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
