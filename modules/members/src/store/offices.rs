//! Offices that members hold or held.

use chrono::{DateTime, Utc};
use plenum_bodies_api::{BodyId, SeatId};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use plenum_members_api::{MemberId, Office};
use uuid::Uuid;

use crate::store::audience::office_text;

/// An office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) person: MemberId,
    pub(crate) office: Office,
    pub(crate) unit: UnitId,
    pub(crate) body: Option<BodyId>,
    pub(crate) since: DateTime<Utc>,
    pub(crate) until: Option<DateTime<Utc>>,
}

fn read(text: String) -> Result<Office, StoreError> {
    Ok(match text.as_str() {
        "chair" => Office::Chair,
        "deputy_chair" => Office::DeputyChair,
        "secretary" => Office::Secretary,
        "treasurer" => Office::Treasurer,
        "committee_member" => Office::CommitteeMember,
        "audit_member" => Office::AuditMember,
        "body_member" => Office::BodyMember,
        _ => return Err(StoreError::Value { what: "office", value: text }),
    })
}

/// The offices of these people: those held now first, then the latest ended, at most 100 for each.
pub(crate) async fn of(tx: &mut TenantTx, people: &[MemberId]) -> Result<Vec<Held>, StoreError> {
    let tenant = tx.tenant().uuid();
    let people: Vec<Uuid> = people.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        "SELECT o.person_id, o.office, o.unit_id, o.body_id, o.since, o.until
           FROM UNNEST($2::uuid[]) AS wanted (id)
          CROSS JOIN LATERAL (
                SELECT person_id, office, unit_id, body_id, since, until, id
                  FROM members.office
                 WHERE tenant_id = $1 AND person_id = wanted.id
                 ORDER BY until IS NOT NULL, until DESC, since, id
                 LIMIT 100) o
          ORDER BY o.person_id, o.until IS NOT NULL, o.until DESC, o.since, o.id",
        tenant,
        &people
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Held {
                person: row.person_id.into(),
                office: read(row.office)?,
                unit: row.unit_id.into(),
                body: row.body_id.map(BodyId::from),
                since: row.since,
                until: row.until,
            })
        })
        .collect()
}

/// Appends offices that a register tells of.
pub(crate) async fn insert_imported(
    tx: &mut TenantTx,
    people: &[Uuid],
    units: &[Uuid],
    offices: &[&'static str],
) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let ids: Vec<Uuid> = people.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "INSERT INTO members.office (tenant_id, id, person_id, office, unit_id, since)
         SELECT $1, new.id, new.person_id, new.office, new.unit_id, $6
           FROM UNNEST($2::uuid[], $3::uuid[], $4::text[], $5::uuid[]) AS new (id, person_id, office, unit_id)",
        tenant,
        &ids,
        people,
        offices as &[&'static str],
        units,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(u64::try_from(people.len()).unwrap_or(u64::MAX))
}

/// Notes that a member took a seat; false when it is noted already.
pub(crate) async fn take_seat(
    tx: &mut TenantTx,
    person: MemberId,
    office: Office,
    unit: UnitId,
    (seat, body): (SeatId, BodyId),
    since: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let taken = sqlx::query!(
        "INSERT INTO members.office (tenant_id, id, person_id, office, unit_id, seat_id, body_id, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, seat_id) WHERE seat_id IS NOT NULL DO NOTHING",
        tenant,
        Uuid::now_v7(),
        person.uuid(),
        office_text(office),
        unit.uuid(),
        seat.uuid(),
        body.uuid(),
        since
    )
    .execute(tx.conn())
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Notes that a seat ended; tells whose it was and which office, when it was held until now.
pub(crate) async fn end_seat(
    tx: &mut TenantTx,
    seat: SeatId,
    until: DateTime<Utc>,
) -> Result<Option<(MemberId, Office)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        "UPDATE members.office
            SET until = greatest(since, $3)
          WHERE tenant_id = $1 AND seat_id = $2 AND until IS NULL
         RETURNING person_id, office",
        tenant,
        seat.uuid(),
        until
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(|row| Ok((row.person_id.into(), read(row.office)?))).transpose()
}

/// Ends the offices that a member holds in the organization of a unit (without a unit: all), other than by seats.
pub(crate) async fn end(
    tx: &mut TenantTx,
    person: MemberId,
    unit: Option<UnitId>,
) -> Result<Vec<Office>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let rows = sqlx::query_scalar!(
        "UPDATE members.office
            SET until = greatest(since, $3)
          WHERE tenant_id = $1
            AND person_id = $2
            AND until IS NULL
            AND ($4::uuid IS NULL OR (unit_id = $4 AND seat_id IS NULL))
         RETURNING office",
        tenant,
        person.uuid(),
        now,
        unit.map(TypedId::uuid)
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter().map(read).collect()
}
