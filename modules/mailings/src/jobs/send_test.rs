//! A campaign's letter to whoever writes it.

use plenum_db::Resource;
use plenum_identity::store::accounts;
use plenum_jobs::{JobContext, JobError};
use plenum_kernel::{FileId, TypedId};
use plenum_mail::{Dispatch, Letter, Mailbox};
use plenum_tenancy::store::settings;

use super::SendTest;
use crate::{Tools, actions::preview_campaign, domain::content, letters, store::campaigns::PlacedCampaign};

/// Sends it as the first of the audience would get it; a repeated job sends the same letter under the same id.
pub(crate) async fn send_test(context: &JobContext, tools: &Tools, job: SendTest) -> Result<(), JobError> {
    let mut tx = context.write("mailings.send_test").await?;
    let Some(placed) = PlacedCampaign::find(&mut tx, job.campaign).await? else { return Ok(()) };
    let Some(account) = accounts::by_id(tx.conn(), job.account).await? else { return Ok(()) };
    let first = preview_campaign::sample(&mut tx, tools, &placed).await.ok();
    let reader = match first.and_then(|all| all.into_iter().next()) {
        Some((id, _)) => tools.members.by_ids(&mut tx, &[id]).await?.pop(),
        None => None,
    };
    let person = preview_campaign::person(&mut tx, reader.as_ref()).await?;
    let draft = &placed.campaign.draft;
    let pictures = preview_campaign::pictures(&mut tx, tools, &draft.blocks).await?;
    let shown = |file: FileId| pictures.get(&file).map(|picture| format!("cid:{}", picture.id));
    let body = content::body_for(&draft.blocks, &person, &shown);
    let subject = format!("[Проба] {}", content::subject_for(&draft.subject, &person));
    let from = settings::correspondence(&mut tx).await?;
    // It belongs to no line of the ledger, so there is nothing to unsubscribe from.
    let url = letters::leave_url(tools, tx.tenant(), TypedId::from_uuid(uuid::Uuid::nil()));
    let letter = Letter {
        id: format!("mailing-test-{}", context.job.uuid().simple()),
        date: tx.now(),
        to: Mailbox::new(Some(&account.display_name), &account.email).map_err(JobError::give_up)?,
        subject,
        body: letters::with_footer(body, &placed.list, url),
        language: from.language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    let dispatch = Dispatch {
        pictures: pictures.into_values().collect(),
        ..Dispatch::of_organization(Some(draft.sender_name.clone()), from.reply_to.as_deref())
    };
    drop(tx);
    match tools.mailer.dispatch(&letter, &dispatch).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => Err(JobError::give_up(error)),
        Err(error) => Err(JobError::retry(error)),
    }
}
