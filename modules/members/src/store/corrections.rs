//! Corrections that members ask for.

use chrono::{DateTime, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::{CorrectionId, MemberId};
use uuid::Uuid;

use crate::{
    domain::record::Change,
    store::{
        persons::Placed,
        sealed::{self, Request, Stored},
    },
};

/// Where a correction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CorrectionState {
    /// It waits for the keeper.
    Pending,
    /// The fields are changed.
    Approved,
    /// They are not, for a reason.
    Rejected,
}

impl CorrectionState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

/// A correction.
#[derive(Debug, Clone)]
pub(crate) struct Correction {
    pub(crate) id: CorrectionId,
    pub(crate) person: MemberId,
    pub(crate) changes: Vec<Change>,
    pub(crate) note: Option<String>,
    pub(crate) state: CorrectionState,
    pub(crate) requested_at: DateTime<Utc>,
    pub(crate) decided_at: Option<DateTime<Utc>>,
    pub(crate) decided_by: Option<AccountId>,
    pub(crate) reason: Option<String>,
}

/// A correction and the record that it is about.
#[derive(Debug, Clone)]
pub(crate) struct PlacedCorrection {
    pub(crate) correction: Correction,
    pub(crate) placed: Placed,
}

impl Resource for PlacedCorrection {
    type Id = CorrectionId;

    async fn find(tx: &mut TenantTx, id: CorrectionId) -> Result<Option<Self>, StoreError> {
        let Some(correction) = by_id(tx, id).await? else { return Ok(None) };
        let placed = Placed::find(tx, correction.person).await?;
        Ok(placed.map(|placed| Self { correction, placed }))
    }

    fn place(&self) -> Place {
        self.placed.place()
    }
}

struct Row {
    id: Uuid,
    person_id: Uuid,
    changes: Option<serde_json::Value>,
    note: Option<String>,
    request_sealed: Option<Vec<u8>>,
    state: String,
    requested_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: Option<Uuid>,
    reason: Option<String>,
}

impl Row {
    async fn open(self, tx: &mut TenantTx) -> Result<Correction, StoreError> {
        let stored = Stored { changes: self.changes, note: self.note, sealed: self.request_sealed };
        let request = sealed::request(tx, self.person_id, self.id, stored).await?;
        Ok(Correction {
            id: self.id.into(),
            person: self.person_id.into(),
            changes: request.changes,
            note: request.note,
            state: match self.state.as_str() {
                "pending" => CorrectionState::Pending,
                "approved" => CorrectionState::Approved,
                "rejected" => CorrectionState::Rejected,
                _ => return Err(StoreError::Value { what: "correction's state", value: self.state }),
            },
            requested_at: self.requested_at,
            decided_at: self.decided_at,
            decided_by: self.decided_by.map(AccountId::from),
            reason: self.reason,
        })
    }
}

/// One correction.
pub(crate) async fn by_id(tx: &mut TenantTx, id: CorrectionId) -> Result<Option<Correction>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, person_id, changes, note, request_sealed, state, requested_at, decided_at, decided_by, reason
           FROM members.correction
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    match row {
        Some(row) => row.open(tx).await.map(Some),
        None => Ok(None),
    }
}

/// The state, locked until the end of the transaction.
pub(crate) async fn lock(tx: &mut TenantTx, id: CorrectionId) -> Result<CorrectionState, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "SELECT id FROM members.correction WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_one(tx.conn())
    .await?;
    let correction = by_id(tx, id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })?;
    Ok(correction.state)
}

/// Keeps a new one.
pub(crate) async fn insert(
    tx: &mut TenantTx,
    id: CorrectionId,
    person: MemberId,
    changes: &[Change],
    note: Option<&str>,
    by: AccountId,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let request = Request { changes: changes.to_vec(), note: note.map(str::to_owned) };
    let request = sealed::seal_request(tx, person.uuid(), id.uuid(), &request).await?;
    sqlx::query!(
        "INSERT INTO members.correction (tenant_id, id, person_id, request_sealed, state, requested_at, requested_by)
         VALUES ($1, $2, $3, $4, 'pending', $5, $6)",
        tenant,
        id.uuid(),
        person.uuid(),
        request.as_bytes(),
        now,
        by.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Notes what a keeper decided.
pub(crate) async fn decide(
    tx: &mut TenantTx,
    id: CorrectionId,
    state: CorrectionState,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE members.correction
            SET state = $3, decided_at = $4, decided_by = $5, reason = $6
          WHERE tenant_id = $1 AND id = $2 AND state = 'pending'",
        tenant,
        id.uuid(),
        state.as_str(),
        now,
        tx.viewer().account().map(TypedId::uuid),
        reason
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The one that waits, of a member.
pub(crate) async fn pending_of(
    tx: &mut TenantTx,
    person: MemberId,
) -> Result<Option<CorrectionId>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        "SELECT id FROM members.correction WHERE tenant_id = $1 AND person_id = $2 AND state = 'pending'",
        tenant,
        person.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(CorrectionId::from))
}

/// Which corrections are listed.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// Of one member.
    pub(crate) person: Option<MemberId>,
    /// Of members of these units; none is all.
    pub(crate) units: Option<Vec<Uuid>>,
    /// In this state.
    pub(crate) state: Option<CorrectionState>,
}

/// Corrections after one of them: those that wait in their order, others newest first.
pub(crate) async fn page(
    tx: &mut TenantTx,
    listed: &Listed,
    after: Option<CorrectionId>,
    limit: i64,
) -> Result<Vec<Correction>, StoreError> {
    let tenant = tx.tenant().uuid();
    let oldest_first = listed.state == Some(CorrectionState::Pending);
    let rows = sqlx::query_as!(
        Row,
        "SELECT c.id, c.person_id, c.changes, c.note, c.request_sealed, c.state, c.requested_at, c.decided_at,
                c.decided_by, c.reason
           FROM members.correction c
           JOIN members.person p ON p.tenant_id = c.tenant_id AND p.id = c.person_id
          WHERE c.tenant_id = $1
            AND ($2::uuid IS NULL OR c.person_id = $2)
            AND ($3::uuid[] IS NULL OR p.unit_id = ANY ($3))
            AND ($4::text IS NULL OR c.state = $4)
            AND ($5::uuid IS NULL OR CASE WHEN $6::boolean THEN c.id > $5 ELSE c.id < $5 END)
          ORDER BY CASE WHEN $6 THEN c.id END, c.id DESC
          LIMIT $7",
        tenant,
        listed.person.map(TypedId::uuid),
        listed.units.as_deref(),
        listed.state.map(CorrectionState::as_str),
        after.map(TypedId::uuid),
        oldest_first,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    let mut corrections = Vec::with_capacity(rows.len());
    for row in rows {
        corrections.push(row.open(tx).await?);
    }
    Ok(corrections)
}

/// How many wait, of members of these units; none is all.
pub(crate) async fn count_pending(tx: &mut TenantTx, units: Option<&[Uuid]>) -> Result<i64, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!"
             FROM members.correction c
             JOIN members.person p ON p.tenant_id = c.tenant_id AND p.id = c.person_id
            WHERE c.tenant_id = $1 AND c.state = 'pending' AND ($2::uuid[] IS NULL OR p.unit_id = ANY ($2))"#,
        tenant,
        units
    )
    .fetch_one(tx.conn())
    .await?)
}
