//! Steps of routes.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_documents_api::{DocumentId, StepId};
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

use super::{
    documents::{self, Document},
    unknown,
    views::Eyes,
};
use crate::{
    domain::route::{Act, Place as RoutePlace, StepState},
    permissions,
};

/// A step of a route.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its id.
    pub id: StepId,
    /// The document.
    pub document: DocumentId,
    /// Which start of the route it belongs to.
    pub round: i32,
    /// 1, 2, 3 …; steps of one group go in parallel.
    pub group: i32,
    /// What is asked.
    pub act: Act,
    /// Of whom.
    pub account: AccountId,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: StepState,
    /// When it was done.
    pub acted_at: Option<DateTime<Utc>>,
    /// By whom: the participant or their substitute.
    pub acted_by: Option<AccountId>,
    /// What they said.
    pub comment: String,
}

impl Step {
    /// As the rules see it.
    #[must_use]
    pub fn place(&self) -> RoutePlace {
        RoutePlace { id: self.id, group: self.group, act: self.act, state: self.state }
    }
}

/// A step with its document, for the one whose step it is or who acts for them today; others do not find it.
#[derive(Debug, Clone)]
pub struct OwnStep {
    /// The step.
    pub step: Step,
    /// Its document.
    pub document: Document,
    /// For whom the viewer acts; none when the step is the viewer's own.
    pub on_behalf_of: Option<AccountId>,
    place: Place,
}

impl Resource for OwnStep {
    type Id = StepId;

    async fn find(tx: &mut TenantTx, id: StepId) -> Result<Option<Self>, StoreError> {
        let Some(step) = by_id(tx, id).await? else { return Ok(None) };
        let me = tx.viewer().account();
        let on_behalf_of = if me == Some(step.account) {
            None
        } else if Eyes::of(tx).await?.others().contains(&step.account) {
            Some(step.account)
        } else {
            return Ok(None);
        };
        let Some(document) = documents::by_id(tx, step.document).await? else { return Ok(None) };
        let place = tx.place_let_in(permissions::TAKE_PART);
        Ok(Some(Self { step, document, on_behalf_of, place }))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    document_id: Uuid,
    round: i32,
    group_no: i32,
    act: String,
    account_id: Uuid,
    due_on: Option<NaiveDate>,
    state: String,
    acted_at: Option<DateTime<Utc>>,
    acted_by: Option<Uuid>,
    comment: String,
}

impl TryFrom<Row> for Step {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into(),
            document: row.document_id.into(),
            round: row.round,
            group: row.group_no,
            act: Act::read(&row.act).map_err(unknown)?,
            account: row.account_id.into(),
            due_on: row.due_on,
            state: StepState::read(&row.state).map_err(unknown)?,
            acted_at: row.acted_at,
            acted_by: row.acted_by.map(AccountId::from),
            comment: row.comment,
        })
    }
}

/// The steps of a document, all rounds in order, at most 500.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_document(tx: &mut TenantTx, document: DocumentId) -> Result<Vec<Step>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, document_id, round, group_no, act, account_id, due_on, state, acted_at, acted_by, comment
           FROM documents.step
          WHERE tenant_id = $1 AND document_id = $2
          ORDER BY round, group_no, id
          LIMIT 500",
        tenant,
        document.uuid()
    )
    .fetch_all(tx.conn())
    .await?
    .into_iter()
    .map(Step::try_from)
    .collect()
}

/// One step.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_id(tx: &mut TenantTx, id: StepId) -> Result<Option<Step>, StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query_as!(
        Row,
        "SELECT id, document_id, round, group_no, act, account_id, due_on, state, acted_at, acted_by, comment
           FROM documents.step
          WHERE tenant_id = $1 AND id = $2",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?
    .map(Step::try_from)
    .transpose()
}

/// Adds a step.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, step: &Step) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO documents.step (tenant_id, id, document_id, round, group_no, act, account_id, due_on, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant,
        step.id.uuid(),
        step.document.uuid(),
        step.round,
        step.group,
        step.act.as_str(),
        step.account.uuid(),
        step.due_on,
        step.state.as_str()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Records that somebody did their part.
///
/// # Errors
/// [`StoreError::Rows`] when the step was not asked for.
pub async fn acted(
    tx: &mut TenantTx,
    id: StepId,
    state: StepState,
    by: AccountId,
    comment: &str,
) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE documents.step SET state = $3, acted_at = $4, acted_by = $5, comment = $6
          WHERE tenant_id = $1 AND id = $2 AND state = 'active'",
        tenant,
        id.uuid(),
        state.as_str(),
        now,
        by.uuid(),
        comment
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Changes the state of a step on which nobody acts.
///
/// # Errors
/// [`StoreError::Rows`] when it is gone.
pub async fn set_state(tx: &mut TenantTx, id: StepId, state: StepState) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE documents.step SET state = $3 WHERE tenant_id = $1 AND id = $2 AND acted_at IS NULL",
        tenant,
        id.uuid(),
        state.as_str()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
