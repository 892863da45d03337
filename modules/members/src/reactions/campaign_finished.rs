//! Letters of a campaign went to members.

use std::sync::Arc;

use plenum_events::{EventContext, Reactions};
use plenum_jobs::JobError;
use plenum_mailings_api::{CampaignFinished, MailingsRead};

use super::told;
use crate::{
    domain::history::{Detail, Kind},
    store::{history, persons},
};

/// Recipients written at once.
const AT_ONCE: i64 = 1000;

pub(super) fn on(all: Reactions, mailings: Arc<dyn MailingsRead>) -> Reactions {
    all.on("members.campaign_finished", move |context, event| {
        let mailings = mailings.clone();
        async move { react(&context, &*mailings, event).await }
    })
}

/// All of them in one transaction: either everybody's history tells of it, or nobody's yet.
async fn react(
    context: &EventContext,
    mailings: &dyn MailingsRead,
    event: CampaignFinished,
) -> Result<(), JobError> {
    let mut tx = context.write().await?;
    if !context.once(&mut tx).await? {
        return Ok(());
    }
    let label = mailings.subject(&mut tx, event.campaign).await?;
    let fact = told(context, Kind::MailingSent, event.campaign, Detail { label, ..Detail::default() });
    let mut after = None;
    loop {
        let page = mailings.recipients(&mut tx, event.campaign, after, AT_ONCE).await?;
        let Some(last) = page.last().copied() else { break };
        let known: Vec<_> = persons::by_ids(&mut tx, &page).await?.into_iter().map(|one| one.id).collect();
        history::write_to_all(&mut tx, &known, &fact).await?;
        after = Some(last);
    }
    Ok(tx.commit().await?)
}
