//! The notice of a session to one member, by mail.

use chrono_tz::Tz;
use plenum_bodies_api::{NoticeSent, SeatId, SessionId};
use plenum_db::Resource;
use plenum_events::Publish;
use plenum_identity::{store::accounts, token};
use plenum_jobs::{Job, JobContext, JobError};
use plenum_kernel::Language;
use plenum_live::Topic;
use plenum_mail::{Body, Dispatch, Letter, Mailbox};
use plenum_tenancy::store::{settings, tenants};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    Tools,
    domain::session::SessionState,
    store::{
        agenda::{self, AgendaItem},
        roll, seats,
        sessions::Sitting,
    },
};

/// Send one member the notice of a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendNotice {
    /// The session.
    pub session: SessionId,
    /// The seat.
    pub seat: SeatId,
}

impl Job for SendNotice {
    const KIND: &'static str = "bodies.send_notice";
}

/// Sends it, with the agenda and a personal link. A repeated job sends the same letter under the same message id, and
/// none at all once it is recorded as sent.
pub(crate) async fn send_notice(
    context: &JobContext,
    tools: &Tools,
    job: SendNotice,
) -> Result<(), JobError> {
    let mut tx = context.write("bodies.send_notice").await?;
    let Some(sitting) = Sitting::find(&mut tx, job.session).await? else {
        return Err(JobError::GiveUp("the session is gone".to_owned()));
    };
    let called =
        roll::notices(&mut tx, job.session).await?.into_iter().find(|notice| notice.seat == job.seat);
    let seat = seats::by_id(&mut tx, job.seat).await?;
    // Struck off the roll, sent already, or called off meanwhile: nothing to send.
    let (Some(called), Some(seat)) = (called, seat) else { return Ok(()) };
    if called.sent_at.is_some() || sitting.session.state == SessionState::Cancelled {
        return Ok(());
    }
    let account = accounts::by_id(tx.conn(), seat.account).await?;
    let from = settings::correspondence(&mut tx).await?;
    let language = from.language_for(account.and_then(|account| account.chosen_language()));
    let tenant_id = tx.tenant();
    let tenant = tenants::by_id(tx.conn(), tenant_id)
        .await?
        .ok_or_else(|| JobError::GiveUp("the tenant is gone".to_owned()))?;
    // The tenant stands before the secret, so that the link alone says where to look.
    let secret = format!("{}.{}", tenant.slug, token::generate());
    let url = Url::parse(&format!("{}/n/{secret}", tools.public_url)).map_err(JobError::give_up)?;
    let items = agenda::of_session(&mut tx, job.session).await?;
    let letter = Letter {
        id: format!("notice-{}", context.job),
        date: tx.now(),
        to: Mailbox::new(Some(&seat.full_name), &seat.email).map_err(JobError::give_up)?,
        subject: subject(&sitting, language, tools.time_zone),
        body: body(&sitting, &items, &seat.full_name, &tenant.name, url, language, tools.time_zone),
        language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    roll::set_token(&mut tx, job.session, job.seat, &token::hash(&secret)).await?;
    roll::sent(&mut tx, job.session, job.seat).await?;
    tx.publish(&NoticeSent { session: job.session, seat: job.seat }).await?;
    let topic = Topic::of(tenant_id, job.session);
    plenum_live::touch(&mut tx, &topic).await?;
    // Sent before the commit: a letter too many is better than one that is believed sent and is not.
    let dispatch = Dispatch::of_organization(from.sender_name, from.reply_to.as_deref());
    tools.mailer.dispatch(&letter, &dispatch).await.map_err(|error| {
        if error.is_permanent() { JobError::give_up(error) } else { JobError::retry(error) }
    })?;
    tx.commit().await?;
    Ok(())
}

fn subject(sitting: &Sitting, language: Language, zone: Tz) -> String {
    let at = sitting.session.starts_at.with_timezone(&zone);
    match language {
        Language::Ru => format!(
            "{}: заседание № {} — {}",
            sitting.body.name,
            sitting.session.number,
            at.format("%d.%m.%Y, %H:%M")
        ),
        Language::En => format!(
            "{}: session No. {} — {}",
            sitting.body.name,
            sitting.session.number,
            at.format("%Y-%m-%d %H:%M")
        ),
    }
}

fn body(
    sitting: &Sitting,
    items: &[AgendaItem],
    name: &str,
    organization: &str,
    url: Url,
    language: Language,
    zone: Tz,
) -> Body {
    let at = sitting.session.starts_at.with_timezone(&zone);
    let agenda = items.iter().map(|item| match &item.speaker {
        Some(speaker) => format!("{} ({speaker})", item.title),
        None => item.title.clone(),
    });
    let body = Body::from(organization);
    match language {
        Language::Ru => body
            .greeting(format!("Здравствуйте, {name}!"))
            .paragraph(format!("Приглашаем вас на заседание: {}.", sitting.session.title))
            .facts([
                ("Орган".to_owned(), sitting.body.name.clone()),
                ("Начало".to_owned(), format!("{} ({zone})", at.format("%d.%m.%Y, %H:%M"))),
                ("Форма".to_owned(), "видеоконференция".to_owned()),
            ])
            .paragraph("Повестка дня:")
            .numbered(agenda)
            .button("Открыть заседание", url)
            .footer("Ссылка личная: по ней отмечается, что извещение получено. Для входа нужен ваш пароль."),
        Language::En => body
            .greeting(format!("Hello, {name}!"))
            .paragraph(format!("You are invited to a session: {}.", sitting.session.title))
            .facts([
                ("Body".to_owned(), sitting.body.name.clone()),
                ("Start".to_owned(), format!("{} ({zone})", at.format("%Y-%m-%d %H:%M"))),
                ("Form".to_owned(), "by video".to_owned()),
            ])
            .paragraph("Agenda:")
            .numbered(agenda)
            .button("Open the session", url)
            .footer("The link is personal: it records that the notice was received. Your password is needed to enter."),
    }
}
