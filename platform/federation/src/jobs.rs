//! Letters to the administrators of an organization, and its deletion when the day has come.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use plenum_files::Files;
use plenum_identity::Identity;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::{AccountId, TenantId};
use serde::{Deserialize, Serialize};

use crate::{
    actions::delete_tenant::{Step, administrators, erase_next},
    letters::{self, LetterError},
};

/// After so long what could not be deleted is tried again, for as long as it takes: a deletion that was promised is not
/// given up.
const AGAIN: TimeDelta = TimeDelta::minutes(10);
/// After so long it is looked again whether the jobs of the organization have ended.
const WAITS: TimeDelta = TimeDelta::seconds(30);

/// What the administrators of an organization are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Notice {
    /// It is to be deleted.
    Asked,
    /// It is to be deleted soon.
    Reminder,
    /// It is not to be deleted any more.
    CalledOff,
}

/// Have all administrators of an organization told. A job of the apparatus: those of the organization wait when it is
/// suspended.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Warn {
    /// Of which organization.
    pub(crate) tenant: TenantId,
    /// The day that they are told of; when another one was set since, they are not.
    pub(crate) due_at: DateTime<Utc>,
    /// What they are told.
    pub(crate) notice: Notice,
}

impl Job for Warn {
    const KIND: &'static str = "federation.warn_administrators";
}

/// One letter for each, so that a letter which is sent again is sent to one only.
pub(crate) async fn warn(context: &JobContext, job: Warn) -> Result<(), JobError> {
    let accounts = administrators(&context.db, job.tenant, job.due_at, job.notice).await?;
    let mut tx = context.write("federation").await?;
    for account in accounts {
        let letter = Letter { account, tenant: job.tenant, due_at: job.due_at, notice: job.notice };
        plenum_jobs::enqueue(&mut tx, &letter).await?;
    }
    Ok(tx.commit().await?)
}

/// Tell one administrator.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Letter {
    /// To whom.
    pub(crate) account: AccountId,
    /// Of which organization.
    pub(crate) tenant: TenantId,
    /// The day.
    pub(crate) due_at: DateTime<Utc>,
    /// What.
    pub(crate) notice: Notice,
}

impl Job for Letter {
    const KIND: &'static str = "federation.tell_administrator";
}

pub(crate) async fn write(
    context: &JobContext,
    identity: &Identity,
    zone: Tz,
    job: Letter,
) -> Result<(), JobError> {
    letters::send(identity, zone, context.job, &job).await.map_err(|error| match error {
        LetterError::Mail(error) if error.is_permanent() => JobError::give_up(error),
        LetterError::Address(error) => JobError::give_up(error),
        LetterError::Link(error) => JobError::give_up(error),
        other => JobError::retry(other),
    })
}

/// Delete an organization whose day has come. A job of the apparatus, for those of the organization go with it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Erase {
    /// Which.
    pub(crate) tenant: TenantId,
}

impl Job for Erase {
    const KIND: &'static str = "federation.erase_tenant";
}

pub(crate) async fn erase(context: &JobContext, files: &Files, job: Erase) -> Result<(), JobError> {
    let wait = loop {
        match erase_next(&context.db, files, context.tenant, job.tenant).await {
            Ok(Step::Nothing | Step::Ended) => return Ok(()),
            Ok(Step::Waits) => break WAITS,
            Ok(Step::Closed | Step::Measured | Step::Emptied { .. }) => {}
            Err(error) => {
                tracing::error!(
                    tenant.id = %job.tenant,
                    "could not go on deleting organization {}: {}; it is tried again",
                    job.tenant,
                    with_causes(&error)
                );
                break AGAIN;
            }
        }
    };
    let mut tx = context.write("federation").await?;
    let again = tx.now() + wait;
    plenum_jobs::enqueue_at(&mut tx, &job, again).await?;
    Ok(tx.commit().await?)
}

/// An error with its causes in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
