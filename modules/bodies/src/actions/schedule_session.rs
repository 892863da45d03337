//! Calls a session: agenda, roll, and a notice to each member.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_bodies_api::{SeatId, SessionId, SessionScheduled};
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_events::Publish;
use plenum_files::{FileId, Files, FilesError};
use serde_json::json;

use crate::{
    domain::agenda::{self, TextFault},
    jobs::SendNotice,
    permissions::Schedule,
    store::{
        agenda::{self as agenda_store, NewItem},
        bodies::{self, Body},
        roll, sessions,
    },
};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Call {
    /// What the session is called.
    pub title: String,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// Its agenda, in order.
    pub agenda: Vec<NewItem>,
}

/// How it ended, when it was allowed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduled {
    /// Called; the notices are on their way.
    Session(SessionId),
    /// There is nothing on the agenda.
    NoAgenda,
    /// Nobody has a seat in the body.
    NoMembers,
    /// The time is past.
    InThePast,
}

/// Why it was not called.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// Some texts cannot be taken.
    #[error("some fields of the session cannot be taken")]
    Texts(Vec<TextFault>),
    /// A material is not a complete upload of the caller.
    #[error("the material {0} is not there")]
    Material(FileId),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Calls the session.
///
/// # Errors
/// [`ScheduleError`]; then nothing is kept.
pub async fn schedule_session(
    tx: &mut TenantTx,
    permit: Permit<Schedule, Body>,
    files: &Files,
    call: Call,
) -> Result<Scheduled, ScheduleError> {
    if call.agenda.is_empty() {
        return Ok(Scheduled::NoAgenda);
    }
    // A little grace, for a session called "now".
    if call.starts_at < tx.now() - TimeDelta::minutes(10) {
        return Ok(Scheduled::InThePast);
    }
    let (title, agenda) = check(&call)?;
    let account = tx.viewer().account();
    for file in agenda.iter().flat_map(|item| &item.materials) {
        files.own(tx, *file, account).await.map_err(|error| match error {
            FilesError::Store(error) => ScheduleError::Store(error),
            _ => ScheduleError::Material(*file),
        })?;
    }
    let body = permit.resource();
    bodies::lock(tx, body.id).await?;
    let session = sessions::insert(tx, body.id, &title, call.starts_at).await?;
    let called = roll::call(tx, session, body.id).await?;
    if called.is_empty() {
        return Ok(Scheduled::NoMembers);
    }
    agenda_store::insert(tx, session, &agenda).await?;
    enqueue_notices(tx, session, &called).await?;
    tx.publish(&SessionScheduled { session }).await?;
    plenum_audit::record(tx, "bodies.schedule_session", session, json!({ "called": called.len() })).await?;
    Ok(Scheduled::Session(session))
}

/// One job a letter: one address that does not work holds up no other.
pub(super) async fn enqueue_notices(
    tx: &mut TenantTx,
    session: SessionId,
    seats: &[SeatId],
) -> Result<(), StoreError> {
    for seat in seats {
        plenum_jobs::enqueue(tx, &SendNotice { session, seat: *seat }).await?;
    }
    Ok(())
}

fn check(call: &Call) -> Result<(String, Vec<NewItem>), ScheduleError> {
    let mut faults = Vec::new();
    let title = agenda::required("input.title", &call.title, agenda::LONGEST_TITLE)
        .map_err(|fault| faults.push(fault))
        .unwrap_or_default();
    if call.agenda.len() > agenda::MOST_ITEMS {
        faults.push(TextFault { path: "input.agenda".into(), reason: "too_long" });
    }
    let mut items = Vec::with_capacity(call.agenda.len());
    for (index, item) in call.agenda.iter().enumerate() {
        let path = |field: &str| format!("input.agenda.{index}.{field}");
        let checked = agenda::required(path("title"), &item.title, agenda::LONGEST_TITLE).and_then(|title| {
            Ok(NewItem {
                title,
                speaker: agenda::optional(path("speaker"), item.speaker.as_deref(), agenda::LONGEST_TITLE)?,
                draft_decision: agenda::optional(
                    path("draftDecision"),
                    item.draft_decision.as_deref(),
                    agenda::LONGEST_TEXT,
                )?,
                materials: item.materials.clone(),
            })
        });
        match checked {
            Ok(item) => items.push(item),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok((title, items)) } else { Err(ScheduleError::Texts(faults)) }
}
