//! Work in the background.

use plenum_db::{Resource, TenantTx};
use plenum_dues_api::ChargeRunId;
use plenum_jobs::{Job, JobContext, JobError};
use serde::{Deserialize, Serialize};

use crate::{Tools, actions::charge_month::carry_out, store::runs::PlacedRun};

/// Charge a month, as was asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ChargeMonth {
    pub(crate) run: ChargeRunId,
}

impl Job for ChargeMonth {
    const KIND: &'static str = "dues.charge_month";
}

/// Charges in one transaction; a repeated job finds that it is done.
pub(crate) async fn charge_month(
    context: &JobContext,
    tools: &Tools,
    job: ChargeMonth,
) -> Result<(), JobError> {
    let mut tx: TenantTx = context.write("dues.charge_month").await?;
    if PlacedRun::find(&mut tx, job.run).await?.is_none() {
        return Err(JobError::GiveUp("the charging or its unit is gone".to_owned()));
    }
    let today = tools.today(&tx);
    carry_out(&mut tx, &*tools.members, job.run, today).await?;
    tx.commit().await?;
    Ok(())
}
