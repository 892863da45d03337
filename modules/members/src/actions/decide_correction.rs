//! A keeper decides on a correction.

use plenum_db::{Permit, TenantTx};
use plenum_kernel::TypedId;
use serde_json::json;

use super::{
    add_member::{SaveError, Saved},
    update_member::{change, locked},
};
use crate::{
    domain::{
        history::{Detail, Kind},
        record::Draft,
    },
    jobs::TellCorrection,
    permissions::Approve,
    store::{
        corrections::{self, CorrectionState, PlacedCorrection},
        history::{self, Fact},
    },
};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decided {
    /// Decided; the member is told by mail.
    Done,
    /// It was decided before.
    Already,
    /// With it, two records would be of one person.
    Duplicate,
}

/// Changes the record as the member asked.
pub(crate) async fn approve_correction(
    tx: &mut TenantTx,
    permit: Permit<Approve, PlacedCorrection>,
) -> Result<Decided, SaveError> {
    let correction = permit.into_resource().correction;
    if corrections::lock(tx, correction.id).await? != CorrectionState::Pending {
        return Ok(Decided::Already);
    }
    let person = locked(tx, correction.person).await?;
    let changes = match change(tx, &person, Draft::of_changes(&correction.changes)).await {
        Ok((Saved::Done(_) | Saved::Unchanged, changes)) => changes,
        Ok((Saved::Duplicate | Saved::CardTaken, _)) => return Ok(Decided::Duplicate),
        // What was right when it was asked for contradicts what the record says now.
        Err(SaveError::Faults(_)) => return Err(SaveError::Changed),
        Err(error) => return Err(error),
    };
    corrections::decide(tx, correction.id, CorrectionState::Approved, None).await?;
    let detail = Detail { changes, ..Detail::default() };
    let fact = Fact::new(Kind::CorrectionApproved, Some(correction.id.global()), detail);
    history::write(tx, person.id, fact).await?;
    plenum_jobs::enqueue(tx, &TellCorrection { correction: correction.id }).await?;
    plenum_audit::record(tx, "members.approve_correction", correction.id, json!({})).await?;
    Ok(Decided::Done)
}

/// Leaves the record as it is, for a reason that the member is told.
pub(crate) async fn reject_correction(
    tx: &mut TenantTx,
    permit: Permit<Approve, PlacedCorrection>,
    reason: &str,
) -> Result<Decided, SaveError> {
    let correction = permit.into_resource().correction;
    if corrections::lock(tx, correction.id).await? != CorrectionState::Pending {
        return Ok(Decided::Already);
    }
    corrections::decide(tx, correction.id, CorrectionState::Rejected, Some(reason)).await?;
    let detail = Detail { changes: correction.changes, reason: Some(reason.to_owned()), ..Detail::default() };
    let fact = Fact::new(Kind::CorrectionRejected, Some(correction.id.global()), detail);
    history::write(tx, correction.person, fact).await?;
    plenum_jobs::enqueue(tx, &TellCorrection { correction: correction.id }).await?;
    plenum_audit::record(tx, "members.reject_correction", correction.id, json!({})).await?;
    Ok(Decided::Done)
}
