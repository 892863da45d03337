//! Letters about the deletion of an organization, to its administrators.

use chrono_tz::Tz;
use plenum_db::StoreError;
use plenum_identity::{Identity, store::accounts};
use plenum_jobs::JobId;
use plenum_kernel::Language;
use plenum_mail::{Body, InvalidAddress, Letter as Mail, MailError, Mailbox};
use plenum_tenancy::store::tenants;
use url::Url;

use crate::jobs::{Letter, Notice};

/// The letter was not sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LetterError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The mail failed.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The address cannot be written.
    #[error(transparent)]
    Address(#[from] InvalidAddress),
    /// The link cannot be written.
    #[error("the public address cannot be written into a letter")]
    Link(#[from] url::ParseError),
}

/// What stands in a letter.
struct Words {
    subject: String,
    greeting: String,
    text: String,
    advice: &'static str,
    button: &'static str,
    sender: &'static str,
}

/// Writes to one administrator; the same letter when the job runs again.
pub(crate) async fn send(
    identity: &Identity,
    zone: Tz,
    job: JobId,
    letter: &Letter,
) -> Result<(), LetterError> {
    let mut tx = identity.db.global(None).await?;
    let Some(account) = accounts::by_id(tx.conn(), letter.account).await? else { return Ok(()) };
    let Some(tenant) = tenants::by_id(tx.conn(), letter.tenant).await? else { return Ok(()) };
    let now = tx.now();
    drop(tx);
    let day = letter.due_at.with_timezone(&zone);
    let words = match account.language {
        Language::Ru => {
            russian(letter.notice, &tenant.name, &account.display_name, &day.format("%d.%m.%Y").to_string())
        }
        Language::En => {
            english(letter.notice, &tenant.name, &account.display_name, &day.format("%Y-%m-%d").to_string())
        }
    };
    let page = match letter.notice {
        Notice::CalledOff => String::new(),
        Notice::Asked | Notice::Reminder => "admin/export".to_owned(),
    };
    let url = Url::parse(&format!("{}/t/{}/{page}", identity.public_url, tenant.slug))?;
    let body = Body::from(words.sender)
        .greeting(words.greeting)
        .paragraph(words.text)
        .paragraph(words.advice)
        .button(words.button, url);
    let mail = Mail {
        id: format!("deletion-{job}"),
        date: now,
        to: Mailbox::new(Some(&account.display_name), &account.email)?,
        subject: words.subject,
        body,
        language: account.language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    identity.mailer.send(&mail).await?;
    Ok(())
}

fn russian(notice: Notice, organization: &str, name: &str, day: &str) -> Words {
    let (subject, text, advice, button) = match notice {
        Notice::Asked => (
            format!("Организация будет удалена {day}: {organization}"),
            format!(
                "Федерация назначила удаление организации «{organization}» на {day}. До этого дня всё работает как обычно; \
                 затем удаляется всё, что в ней есть: люди, документы, беседы, взносы, файлы."
            ),
            "Выгрузите данные организации: один архив со всеми записями и файлами. Удаление может отменить федерация, \
             до этого дня: если это ошибка, свяжитесь с ней.",
            "Выгрузить данные",
        ),
        Notice::Reminder => (
            format!("Осталась неделя: организация будет удалена {day}"),
            format!(
                "Организация «{organization}» будет удалена {day}, со всем, что в ней есть. Вернуть данные будет нельзя."
            ),
            "Если вы ещё не выгрузили данные, сделайте это сейчас. Удаление может отменить только федерация.",
            "Выгрузить данные",
        ),
        Notice::CalledOff => (
            format!("Удаление отменено: {organization}"),
            format!("Федерация отменила удаление организации «{organization}», назначенное на {day}."),
            "Всё осталось как было, ничего делать не нужно.",
            "Открыть организацию",
        ),
    };
    Words {
        subject, greeting: format!("Здравствуйте, {name}!"), text, advice, button, sender: "Пленум"
    }
}

fn english(notice: Notice, organization: &str, name: &str, day: &str) -> Words {
    let (subject, text, advice, button) = match notice {
        Notice::Asked => (
            format!("The organization will be deleted on {day}: {organization}"),
            format!(
                "The federation has set the deletion of the organization {organization} for {day}. Until that day everything \
                 works as usual; then all that is in it is deleted: people, documents, conversations, dues, files."
            ),
            "Export the organization's data: one archive with all records and files. The federation can call the deletion \
             off until that day: if it is a mistake, turn to it.",
            "Export the data",
        ),
        Notice::Reminder => (
            format!("One week left: the organization will be deleted on {day}"),
            format!(
                "The organization {organization} will be deleted on {day}, with all that is in it. The data cannot be \
                 brought back."
            ),
            "If you have not exported the data yet, do it now. Only the federation can call the deletion off.",
            "Export the data",
        ),
        Notice::CalledOff => (
            format!("The deletion was called off: {organization}"),
            format!(
                "The federation has called off the deletion of the organization {organization} set for {day}."
            ),
            "Everything is as it was, there is nothing to do.",
            "Open the organization",
        ),
    };
    Words { subject, greeting: format!("Hello, {name}!"), text, advice, button, sender: "Plenum" }
}
