//! Work done after the request: writing the ledger, sending, the test letter.

mod expand;
mod send_slice;
mod send_test;

use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::AccountId;
use plenum_mailings_api::CampaignId;
use serde::{Deserialize, Serialize};

use crate::{actions::start_campaign, domain::state::CampaignState, store::campaigns};

pub(crate) use expand::expand;
pub(crate) use send_slice::send_slice;
pub(crate) use send_test::send_test;

macro_rules! turns {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Serialize, Deserialize)]
        pub struct $name {
            /// The campaign.
            pub campaign: CampaignId,
            /// The job does its work only while it is the campaign's turn.
            pub turn: i32,
        }

        impl Job for $name {
            const KIND: &'static str = $kind;
        }
    )+};
}

turns! {
    /// Let a campaign begin whose time has come.
    Begin = "mailings.begin";
    /// Write the next part of the ledger.
    Expand = "mailings.expand";
    /// Send a few letters.
    SendSlice = "mailings.send_slice";
}

/// Send a campaign's letter to whoever writes it.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendTest {
    /// The campaign.
    pub campaign: CampaignId,
    /// To whom.
    pub account: AccountId,
}

impl Job for SendTest {
    const KIND: &'static str = "mailings.send_test";
}

/// Lets a scheduled campaign begin, unless it was called off or given another time.
pub(crate) async fn begin(context: &JobContext, job: Begin) -> Result<(), JobError> {
    let mut tx = context.write("mailings.begin").await?;
    let Some(mut campaign) = campaigns::lock(&mut tx, job.campaign).await? else { return Ok(()) };
    if campaign.state != CampaignState::Scheduled || campaign.turn != job.turn {
        return Ok(());
    }
    start_campaign::begin(&mut tx, &mut campaign).await?;
    crate::actions::tell(&mut tx, campaign.id).await?;
    tx.commit().await?;
    Ok(())
}
