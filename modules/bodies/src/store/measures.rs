//! Measures of resolutions.

use chrono::NaiveDate;
use plenum_authz::Place;
use plenum_bodies_api::{AgendaItemId, Measure, MeasureId, MeasureKind, Resolution};
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, TypedId};
use plenum_members_api::Office;
use uuid::Uuid;

use crate::{
    domain::tally::Tally,
    store::{agenda::PlacedItem, votes},
};

/// A measure with its item, session and body, for permits.
#[derive(Debug, Clone)]
pub struct PlacedMeasure {
    /// The measure's id.
    pub id: MeasureId,
    /// Its item.
    pub item: PlacedItem,
}

impl Resource for PlacedMeasure {
    type Id = MeasureId;

    async fn find(tx: &mut TenantTx, id: MeasureId) -> Result<Option<Self>, StoreError> {
        let tenant = tx.tenant().uuid();
        let item = sqlx::query_scalar!(
            "SELECT item_id FROM bodies.measure WHERE tenant_id = $1 AND id = $2",
            tenant,
            id.uuid()
        )
        .fetch_optional(tx.conn())
        .await?;
        let Some(item) = item else { return Ok(None) };
        Ok(PlacedItem::find(tx, item.into()).await?.map(|item| Self { id, item }))
    }

    fn place(&self) -> Place {
        self.item.place()
    }
}

struct Row {
    id: Uuid,
    kind: String,
    text: String,
    due_on: Option<NaiveDate>,
    assignee_id: Option<Uuid>,
    course_id: Option<Uuid>,
    offices: Option<Vec<String>>,
    of_primaries: Option<bool>,
}

impl TryFrom<Row> for Measure {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let kind = match (row.assignee_id, row.course_id) {
            (Some(assignee), None) => MeasureKind::Task { assignee: AccountId::from(assignee) },
            (None, Some(course)) => MeasureKind::Training {
                course: course.into(),
                offices: row
                    .offices
                    .unwrap_or_default()
                    .into_iter()
                    .map(read_office)
                    .collect::<Result<_, _>>()?,
                of_primaries: row.of_primaries.unwrap_or_default(),
            },
            _ => return Err(StoreError::Value { what: "kind of a measure", value: row.kind }),
        };
        Ok(Self { id: row.id.into(), text: row.text, due_on: row.due_on, kind })
    }
}

fn read_office(text: String) -> Result<Office, StoreError> {
    serde_json::from_value(serde_json::Value::String(text.clone()))
        .map_err(|_| StoreError::Value { what: "office", value: text })
}

fn office_text(office: &Office) -> String {
    match office {
        Office::Chair => "chair",
        Office::DeputyChair => "deputy_chair",
        Office::Secretary => "secretary",
        Office::Treasurer => "treasurer",
        Office::CommitteeMember => "committee_member",
        Office::AuditMember => "audit_member",
        Office::BodyMember => "body_member",
    }
    .to_owned()
}

/// The measures of an item, in the order in which they were added; at most 100.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_item(tx: &mut TenantTx, item: AgendaItemId) -> Result<Vec<Measure>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, kind, text, due_on, assignee_id, course_id, offices, of_primaries
           FROM bodies.measure
          WHERE tenant_id = $1 AND item_id = $2
          ORDER BY id
          LIMIT 100",
        tenant,
        item.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Measure::try_from)
    .collect()
}

/// Adds a measure to an item.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, item: AgendaItemId, measure: &Measure) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let (kind, assignee, course, offices, of_primaries) = match &measure.kind {
        MeasureKind::Task { assignee } => ("task", Some(assignee.uuid()), None, None, None),
        MeasureKind::Training { course, offices, of_primaries } => (
            "training",
            None,
            Some(course.uuid()),
            Some(offices.iter().map(office_text).collect::<Vec<_>>()),
            Some(*of_primaries),
        ),
    };
    sqlx::query!(
        "INSERT INTO bodies.measure (tenant_id, id, item_id, kind, text, due_on, assignee_id, course_id, offices,
                                     of_primaries, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        tenant,
        measure.id.uuid(),
        item.uuid(),
        kind,
        measure.text,
        measure.due_on,
        assignee,
        course,
        offices.as_deref(),
        of_primaries,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Takes a measure off its item.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn delete(tx: &mut TenantTx, id: MeasureId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!("DELETE FROM bodies.measure WHERE tenant_id = $1 AND id = $2", tenant, id.uuid())
        .execute(tx.conn())
        .await?
        .exactly(1)
}

/// The resolution on an item: its decision, when the last vote on it adopted the motion.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn resolution(tx: &mut TenantTx, item: AgendaItemId) -> Result<Option<Resolution>, StoreError> {
    let Some(PlacedItem { item, .. }) = PlacedItem::find(tx, item).await? else { return Ok(None) };
    let Some(text) = item.decision.clone() else { return Ok(None) };
    let all = votes::of_session(tx, item.session).await?;
    let last = all.iter().rfind(|vote| vote.item == item.id && vote.closed_at.is_some());
    let Some(last) = last.map(|vote| vote.id) else { return Ok(None) };
    let ballots = votes::ballots(tx, item.session).await?;
    let tally = Tally::count(ballots.iter().filter(|ballot| ballot.vote == last).map(|ballot| ballot.choice));
    if !tally.adopted() {
        return Ok(None);
    }
    let measures = of_item(tx, item.id).await?;
    Ok(Some(Resolution { item: item.id, session: item.session, title: item.title, text, measures }))
}
