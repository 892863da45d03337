//! A measure is added to an item: what the resolution will oblige to.

use chrono::NaiveDate;
use plenum_bodies_api::{Measure, MeasureId, MeasureKind};
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_learning_api::LearningRead;
use plenum_tenancy::store::access;
use serde_json::json;

use crate::{
    actions::{Step, tell},
    domain::{
        agenda::{self as rules, TextFault},
        session::SessionState,
    },
    permissions::Record,
    store::{agenda::PlacedItem, measures, sessions},
};

/// The most measures of one item.
const MOST: usize = 50;

/// A measure to be added.
#[derive(Debug, Clone)]
pub struct NewMeasure {
    /// What is to be done.
    pub text: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// How it is carried out.
    pub kind: MeasureKind,
}

/// Why it was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddMeasureError {
    /// The text, or the number of measures, cannot be taken.
    #[error("the measure cannot be taken")]
    Text(TextFault),
    /// The assignee may not enter this organization.
    #[error("the assignee is not of this organization")]
    Assignee,
    /// There is no such course.
    #[error("there is no such course")]
    Course,
    /// Nobody would be trained.
    #[error("no office is named")]
    NoOffice,
    /// It would be due before the session begins.
    #[error("the measure would be due before the session")]
    DueTooEarly,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds the measure until the session is closed.
///
/// # Errors
/// [`AddMeasureError`].
pub async fn add_measure(
    tx: &mut TenantTx,
    permit: Permit<Record, PlacedItem>,
    learning: Option<&dyn LearningRead>,
    new: NewMeasure,
) -> Result<Step, AddMeasureError> {
    let text =
        rules::required("input.text", &new.text, rules::LONGEST_TEXT).map_err(AddMeasureError::Text)?;
    let item = &permit.resource().item;
    let session = sessions::lock(tx, item.session).await?;
    if !matches!(session.state, SessionState::Scheduled | SessionState::Open) {
        return Ok(Step::WrongState);
    }
    if new.due_on.is_some_and(|due| due < session.starts_at.date_naive()) {
        return Err(AddMeasureError::DueTooEarly);
    }
    if measures::of_item(tx, item.id).await?.len() >= MOST {
        return Err(AddMeasureError::Text(TextFault { path: "input.item".into(), reason: "too_long" }));
    }
    match &new.kind {
        MeasureKind::Task { assignee } => {
            if !access::admits(tx, *assignee).await? {
                return Err(AddMeasureError::Assignee);
            }
        }
        MeasureKind::Training { course, offices, .. } => {
            if offices.is_empty() {
                return Err(AddMeasureError::NoOffice);
            }
            let title = match learning {
                Some(learning) => learning.course_title(tx, *course).await?,
                None => None,
            };
            if title.is_none() {
                return Err(AddMeasureError::Course);
            }
        }
    }
    let measure = Measure { id: MeasureId::new(), text, due_on: new.due_on, kind: new.kind };
    measures::insert(tx, item.id, &measure).await?;
    plenum_audit::record(tx, "bodies.add_measure", measure.id, json!({})).await?;
    tell(tx, session.id).await?;
    Ok(Step::Done)
}
