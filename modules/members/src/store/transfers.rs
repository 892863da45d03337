//! Members on their way between organizations: one row on each side, under the same id.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, TypedId, UnitId};
use plenum_members_api::{MemberId, MemberTransferId};
use plenum_tenancy::store::units;
use uuid::Uuid;

use crate::store::persons;

/// Which side this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The member leaves.
    Outgoing,
    /// The member comes.
    Incoming,
}

/// Where a transfer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransferState {
    /// The other side has not decided.
    Requested,
    /// It takes the member over; the record is being copied.
    Accepted,
    /// The record is there.
    Done,
    /// It does not take the member over.
    Refused,
    /// Who asked took it back.
    Cancelled,
}

impl Direction {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Outgoing => "outgoing",
            Self::Incoming => "incoming",
        }
    }
}

impl TransferState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Accepted => "accepted",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A transfer, as one side keeps it.
#[derive(Debug, Clone)]
pub(crate) struct Transfer {
    pub(crate) id: MemberTransferId,
    pub(crate) direction: Direction,
    pub(crate) other: TenantId,
    pub(crate) person: Option<MemberId>,
    pub(crate) full_name: String,
    pub(crate) birth_date: NaiveDate,
    pub(crate) note: Option<String>,
    pub(crate) state: TransferState,
    pub(crate) requested_at: DateTime<Utc>,
    pub(crate) requested_by: Option<AccountId>,
    pub(crate) unit: Option<UnitId>,
    pub(crate) decided_at: Option<DateTime<Utc>>,
    pub(crate) reason: Option<String>,
}

/// A transfer and the unit that governs it: the member's own, or for those who come the root.
#[derive(Debug, Clone)]
pub(crate) struct PlacedTransfer {
    pub(crate) transfer: Transfer,
    place: Place,
}

impl Resource for PlacedTransfer {
    type Id = MemberTransferId;

    async fn find(tx: &mut TenantTx, id: MemberTransferId) -> Result<Option<Self>, StoreError> {
        let Some(transfer) = by_id(tx, id).await? else { return Ok(None) };
        let person = match (transfer.direction, transfer.person) {
            (Direction::Outgoing, Some(person)) => persons::by_id(tx, person).await?,
            _ => None,
        };
        let unit = match person {
            Some(person) => units::by_id(tx, person.unit).await?,
            None => Some(units::root(tx).await?),
        };
        Ok(unit.map(|unit| Self { transfer, place: unit.place() }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    direction: String,
    other_tenant_id: Uuid,
    person_id: Option<Uuid>,
    full_name: String,
    birth_date: NaiveDate,
    note: Option<String>,
    state: String,
    requested_at: DateTime<Utc>,
    requested_by: Option<Uuid>,
    unit_id: Option<Uuid>,
    decided_at: Option<DateTime<Utc>>,
    reason: Option<String>,
}

impl TryFrom<Row> for Transfer {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            direction: match row.direction.as_str() {
                "outgoing" => Direction::Outgoing,
                "incoming" => Direction::Incoming,
                _ => return Err(StoreError::Value { what: "transfer's direction", value: row.direction }),
            },
            other: row.other_tenant_id.into(),
            person: row.person_id.map(MemberId::from),
            full_name: row.full_name,
            birth_date: row.birth_date,
            note: row.note,
            state: match row.state.as_str() {
                "requested" => TransferState::Requested,
                "accepted" => TransferState::Accepted,
                "done" => TransferState::Done,
                "refused" => TransferState::Refused,
                "cancelled" => TransferState::Cancelled,
                _ => return Err(StoreError::Value { what: "transfer's state", value: row.state }),
            },
            requested_at: row.requested_at,
            requested_by: row.requested_by.map(AccountId::from),
            unit: row.unit_id.map(UnitId::from),
            decided_at: row.decided_at,
            reason: row.reason,
        })
    }
}

/// One transfer.
pub(crate) async fn by_id(tx: &mut TenantTx, id: MemberTransferId) -> Result<Option<Transfer>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, direction, other_tenant_id, person_id, full_name, birth_date, note, state, requested_at,
                requested_by, unit_id, decided_at, reason
           FROM members.transfer
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Transfer::try_from)
    .transpose()
}

/// One transfer, locked until the end of the transaction.
pub(crate) async fn lock(tx: &mut TenantTx, id: MemberTransferId) -> Result<Option<Transfer>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id FROM members.transfer WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    by_id(tx, id).await
}

/// The transfer on which a member is.
pub(crate) async fn open_of(tx: &mut TenantTx, person: MemberId) -> Result<Option<Transfer>, StoreError> {
    let tenant = tx.tenant().uuid();
    let id = sqlx::query_scalar!(
        "SELECT id
           FROM members.transfer
          WHERE tenant_id = $1 AND person_id = $2 AND direction = 'outgoing' AND state IN ('requested', 'accepted')",
        tenant,
        person.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    match id {
        Some(id) => by_id(tx, id.into()).await,
        None => Ok(None),
    }
}

/// Keeps one side of a new transfer; again is no fault.
pub(crate) async fn insert(tx: &mut TenantTx, new: &Transfer) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO members.transfer
             (tenant_id, id, direction, other_tenant_id, person_id, full_name, birth_date, note, state, requested_at,
              requested_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'requested', $9, $10)
         ON CONFLICT (tenant_id, id) DO NOTHING",
        tenant,
        new.id.uuid(),
        new.direction.as_str(),
        new.other.uuid(),
        new.person.map(TypedId::uuid),
        new.full_name,
        new.birth_date,
        new.note,
        new.requested_at,
        new.requested_by.map(TypedId::uuid)
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Notes what was decided, by the transaction's viewer.
pub(crate) async fn decide(
    tx: &mut TenantTx,
    id: MemberTransferId,
    state: TransferState,
    unit: Option<UnitId>,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE members.transfer
            SET state = $3, unit_id = $4, reason = $5, decided_at = $6, decided_by = $7
          WHERE tenant_id = $1 AND id = $2 AND state IN ('requested', 'accepted')",
        tenant,
        id.uuid(),
        state.as_str(),
        unit.map(TypedId::uuid),
        reason,
        now,
        tx.viewer().account().map(TypedId::uuid)
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Notes that the record is there.
pub(crate) async fn finish(
    tx: &mut TenantTx,
    id: MemberTransferId,
    person: MemberId,
) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE members.transfer
            SET state = 'done', person_id = $3
          WHERE tenant_id = $1 AND id = $2 AND state = 'accepted'",
        tenant,
        id.uuid(),
        person.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Transfers newest first, after one of them: outgoing ones of members of these units (none is all), incoming ones only
/// when all units are meant.
pub(crate) async fn page(
    tx: &mut TenantTx,
    units: Option<&[Uuid]>,
    direction: Option<Direction>,
    open: Option<bool>,
    after: Option<MemberTransferId>,
    limit: i64,
) -> Result<Vec<Transfer>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT t.id, t.direction, t.other_tenant_id, t.person_id, t.full_name, t.birth_date, t.note, t.state,
                t.requested_at, t.requested_by, t.unit_id, t.decided_at, t.reason
           FROM members.transfer t
           LEFT JOIN members.person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id
          WHERE t.tenant_id = $1
            AND ($2::uuid[] IS NULL OR (t.direction = 'outgoing' AND p.unit_id = ANY ($2)))
            AND ($3::text IS NULL OR t.direction = $3)
            AND ($4::boolean IS NULL OR (t.state IN ('requested', 'accepted')) = $4)
            AND ($5::uuid IS NULL OR t.id < $5)
          ORDER BY t.id DESC
          LIMIT $6",
        tenant,
        units,
        direction.map(Direction::as_str),
        open,
        after.map(TypedId::uuid),
        limit
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Transfer::try_from)
    .collect()
}
