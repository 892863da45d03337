//! Work that is too long for one transaction.

use std::sync::Arc;

use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::UnitId;
use plenum_members_api::{MemberId, MembersRead};
use serde::{Deserialize, Serialize};

use crate::actions::keep_participants;

/// Let the members of a unit and of all below it into the unit's channel.
#[derive(Debug, Serialize, Deserialize)]
pub struct FillUnitChannel {
    /// The unit.
    pub unit: UnitId,
    /// Those up to this one are in.
    pub after: Option<MemberId>,
}

impl Job for FillUnitChannel {
    const KIND: &'static str = "chat.fill_unit_channel";
}

/// Lets some in, and leaves the rest to the next job. Again, it finds them in.
pub(crate) async fn fill_unit_channel(
    context: &JobContext,
    members: &Arc<dyn MembersRead>,
    job: FillUnitChannel,
) -> Result<(), JobError> {
    let mut tx = context.write(FillUnitChannel::KIND).await?;
    let next = keep_participants::fill_unit(&mut tx, &**members, job.unit, job.after).await?;
    if next.is_some() {
        plenum_jobs::enqueue(&mut tx, &FillUnitChannel { unit: job.unit, after: next }).await?;
    }
    tx.commit().await?;
    Ok(())
}
