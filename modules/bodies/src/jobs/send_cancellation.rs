//! The news to one member, by mail, that a session is called off.

use plenum_bodies_api::{SeatId, SessionId};
use plenum_db::Resource;
use plenum_identity::store::accounts;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::Language;
use plenum_mail::{Body, Dispatch, Letter, Mailbox};
use plenum_tenancy::store::{settings, tenants};
use serde::{Deserialize, Serialize};

use crate::{
    Tools,
    store::{seats, sessions::Sitting},
};

/// Tell one member that a session is called off.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendCancellation {
    /// The session.
    pub session: SessionId,
    /// The seat.
    pub seat: SeatId,
}

impl Job for SendCancellation {
    const KIND: &'static str = "bodies.send_cancellation";
}

/// Sends the letter with the reason; a repeated job sends the same one under the same message id.
pub(crate) async fn send_cancellation(
    context: &JobContext,
    tools: &Tools,
    job: SendCancellation,
) -> Result<(), JobError> {
    let mut tx = context.write("bodies.send_cancellation").await?;
    let Some(sitting) = Sitting::find(&mut tx, job.session).await? else {
        return Err(JobError::GiveUp("the session is gone".to_owned()));
    };
    let Some(seat) = seats::by_id(&mut tx, job.seat).await? else { return Ok(()) };
    let account = accounts::by_id(tx.conn(), seat.account).await?;
    let from = settings::correspondence(&mut tx).await?;
    let language = from.language_for(account.and_then(|account| account.chosen_language()));
    let tenant_id = tx.tenant();
    let sender = tenants::by_id(tx.conn(), tenant_id).await?.map(|tenant| tenant.name).unwrap_or_default();
    let session = &sitting.session;
    let at = session.starts_at.with_timezone(&tools.time_zone);
    let reason = session.cancel_reason.clone().unwrap_or_default();
    let body = Body::from(sender);
    let (subject, body) = match language {
        Language::Ru => (
            format!("{}: заседание № {} отменено", sitting.body.name, session.number),
            body.greeting(format!("Здравствуйте, {}!", seat.full_name))
                .paragraph(format!("Заседание «{}» отменено.", session.title))
                .facts([
                    ("Было назначено".to_owned(), at.format("%d.%m.%Y, %H:%M").to_string()),
                    ("Причина".to_owned(), reason),
                ]),
        ),
        Language::En => (
            format!("{}: session No. {} is cancelled", sitting.body.name, session.number),
            body.greeting(format!("Hello, {}!", seat.full_name))
                .paragraph(format!("The session “{}” is cancelled.", session.title))
                .facts([
                    ("It was called for".to_owned(), at.format("%Y-%m-%d %H:%M").to_string()),
                    ("Reason".to_owned(), reason),
                ]),
        ),
    };
    let letter = Letter {
        id: format!("cancellation-{}", context.job),
        date: tx.now(),
        to: Mailbox::new(Some(&seat.full_name), &seat.email).map_err(JobError::give_up)?,
        subject,
        body,
        language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    let dispatch = Dispatch::of_organization(from.sender_name, from.reply_to.as_deref());
    tools
        .mailer
        .dispatch(&letter, &dispatch)
        .await
        .map_err(|error| if error.is_permanent() { JobError::give_up(error) } else { JobError::retry(error) })
        .map(|_| ())
}
