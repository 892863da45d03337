//! The ledger is written before the first letter leaves, a thousand members at a time.

use plenum_jobs::{JobContext, JobError};

use super::{Expand, SendSlice};
use crate::{
    Tools,
    actions::{
        count_audience::{self, AudienceError, CHUNK},
        tell,
    },
    domain::{recipient::Exclusion, state::CampaignState},
    store::{campaigns, deliveries, lists},
};

/// Writes the next part. The cursor moves in the transaction of the lines, so that a repeated job writes none twice.
pub(crate) async fn expand(context: &JobContext, tools: &Tools, job: Expand) -> Result<(), JobError> {
    let mut tx = context.write("mailings.expand").await?;
    let Some(mut campaign) = campaigns::lock(&mut tx, job.campaign).await? else { return Ok(()) };
    if campaign.state != CampaignState::Sending || campaign.turn != job.turn || campaign.expanded_at.is_some()
    {
        return Ok(());
    }
    campaign.turn += 1;
    let mut done = !campaign.draft.by_mail;
    if campaign.draft.by_mail {
        let list = lists::by_id(&mut tx, campaign.draft.list).await?;
        let list = list.ok_or_else(|| JobError::GiveUp("the list is gone".to_owned()))?;
        let register = match count_audience::resolve(&mut tx, tools, &list, &campaign.draft.audience).await {
            Ok(register) => Some(register),
            Err(AudienceError::Store(error)) => return Err(error.into()),
            // A unit or a course is gone since: nobody is meant any more.
            Err(_) => None,
        };
        match register {
            None => done = true,
            Some(register) => {
                let after = campaign.expanded_to;
                let stretch = count_audience::walk(&mut tx, tools, &list, &register, after, CHUNK).await?;
                let mut recipients = Vec::new();
                let mut leave_out = |why: Exclusion, count: i64| {
                    if count > 0 {
                        *campaign.excluded.entry(why.as_str().to_owned()).or_default() += count;
                    }
                };
                for one in stretch.looked_at {
                    match one {
                        Ok(recipient) => recipients.push(recipient),
                        Err(why) => leave_out(why, 1),
                    }
                }
                let written = deliveries::insert(&mut tx, campaign.id, &recipients).await?;
                let twice = i64::try_from(recipients.len()).unwrap_or(i64::MAX)
                    - i64::try_from(written).unwrap_or(i64::MAX);
                leave_out(Exclusion::SameAddress, twice);
                done = stretch.next.is_none();
                campaign.expanded_to = stretch.next.or(campaign.expanded_to);
            }
        }
    }
    let (id, turn) = (campaign.id, campaign.turn);
    if done {
        campaign.expanded_at = Some(tx.now());
        plenum_jobs::enqueue(&mut tx, &SendSlice { campaign: id, turn }).await?;
    } else {
        plenum_jobs::enqueue(&mut tx, &Expand { campaign: id, turn }).await?;
    }
    campaigns::save(&mut tx, &campaign).await?;
    tell(&mut tx, id).await?;
    tx.commit().await?;
    Ok(())
}
