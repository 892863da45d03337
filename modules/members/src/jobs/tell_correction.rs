//! The letter that tells a member what became of a correction.

use plenum_identity::store::accounts;
use plenum_jobs::{JobContext, JobError};
use plenum_kernel::{Language, TypedId};
use plenum_mail::{Body, Dispatch, Letter, Mailbox};
use plenum_tenancy::store::{settings, tenants};

use super::TellCorrection;
use crate::{
    Tools,
    store::{
        corrections::{self, CorrectionState},
        persons,
    },
};

/// Sends it to the account's address: the one on record may be what was wrong.
pub(crate) async fn tell_correction(
    context: &JobContext,
    tools: &Tools,
    job: TellCorrection,
) -> Result<(), JobError> {
    let mut tx = context.write("members.tell_correction").await?;
    let Some(correction) = corrections::by_id(&mut tx, job.correction).await? else {
        return Err(JobError::GiveUp("the correction is gone".to_owned()));
    };
    let Some(person) = persons::by_id(&mut tx, correction.person).await? else { return Ok(()) };
    // Without an account there is nobody to tell.
    let Some(account) = person.account else { return Ok(()) };
    let tenant_id = tx.tenant();
    let tenant = tenants::by_id(tx.conn(), tenant_id).await?;
    let account = accounts::by_id(tx.conn(), account).await?;
    let from = settings::correspondence(&mut tx).await?;
    let (Some(tenant), Some(account)) = (tenant, account) else {
        return Err(JobError::GiveUp("the tenant or the account is gone".to_owned()));
    };
    let language = from.language_for(account.chosen_language());
    let (name, reason) = (person.full_name(), correction.reason.unwrap_or_default());
    let body = Body::from(&tenant.name);
    let (subject, body) = match (correction.state, language) {
        (CorrectionState::Pending, _) => return Ok(()),
        (CorrectionState::Approved, Language::Ru) => (
            "Ваши данные исправлены",
            body.greeting(format!("Здравствуйте, {name}!"))
                .paragraph("Исправление, о котором вы просили, внесено в вашу учётную карточку."),
        ),
        (CorrectionState::Rejected, Language::Ru) => (
            "Исправление данных отклонено",
            body.greeting(format!("Здравствуйте, {name}!"))
                .paragraph("Исправление, о котором вы просили, не внесено.")
                .paragraph(format!("Причина: {reason}")),
        ),
        (CorrectionState::Approved, Language::En) => (
            "Your data are corrected",
            body.greeting(format!("Hello, {name}!")).paragraph("Your record now says what you asked for."),
        ),
        (CorrectionState::Rejected, Language::En) => (
            "Your correction was not taken",
            body.greeting(format!("Hello, {name}!"))
                .paragraph("Your record was not changed.")
                .paragraph(format!("The reason: {reason}")),
        ),
    };
    let letter = Letter {
        id: format!("correction-{}", correction.id.uuid().simple()),
        date: tx.now(),
        to: Mailbox::new(Some(&name), &account.email).map_err(JobError::give_up)?,
        subject: subject.to_owned(),
        body,
        language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    drop(tx);
    let dispatch = Dispatch::of_organization(from.sender_name, from.reply_to.as_deref());
    match tools.mailer.dispatch(&letter, &dispatch).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => Err(JobError::give_up(error)),
        Err(error) => Err(JobError::retry(error)),
    }
}
