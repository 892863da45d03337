//! The letter that invites a member to the portal.

use hmac::{Hmac, Mac};
use plenum_identity::{
    store::{accounts, resets},
    token,
};
use plenum_jobs::{JobContext, JobError};
use plenum_kernel::{Language, TypedId};
use plenum_mail::{Body, Dispatch, Letter, Mailbox};
use plenum_tenancy::store::{settings, tenants};
use sha2::Sha256;
use url::Url;

use super::SendInvitation;
use crate::{Tools, store::persons};

/// Sends it: with a link to set a password when the account has none, else with a link to the portal. The secret follows
/// from the job, so that a repeated job sends the same letter with a link that works.
pub(crate) async fn send_invitation(
    context: &JobContext,
    tools: &Tools,
    job: SendInvitation,
) -> Result<(), JobError> {
    let mut tx = context.write("members.send_invitation").await?;
    let person = persons::by_id(&mut tx, job.member).await?;
    // Left, or unlinked meanwhile: nobody to invite.
    let Some((person, account)) = person.and_then(|person| person.account.map(|account| (person, account)))
    else {
        return Ok(());
    };
    let tenant_id = tx.tenant();
    let tenant = tenants::by_id(tx.conn(), tenant_id).await?;
    let account = accounts::by_id(tx.conn(), account).await?;
    let from = settings::correspondence(&mut tx).await?;
    let (Some(tenant), Some(account)) = (tenant, account) else {
        return Err(JobError::GiveUp("the tenant or the account is gone".to_owned()));
    };
    drop(tx);
    let language = from.language_for(account.chosen_language());
    let mut global = context.db.global(None).await?;
    let now = global.now();
    let path = if account.password_hash.is_none() {
        let secret = secret(tools, context);
        resets::insert(&mut global, account.id, &token::hash(&secret)).await?;
        format!("reset-password?token={secret}")
    } else {
        String::new()
    };
    let url = Url::parse(&format!("{}/{path}", tools.cards.public_url)).map_err(JobError::give_up)?;
    let letter = Letter {
        id: format!("invite-{}", context.job.uuid().simple()),
        date: now,
        to: Mailbox::new(Some(&person.full_name()), &account.email).map_err(JobError::give_up)?,
        subject: match language {
            Language::Ru => format!("Личный кабинет члена профсоюза — {}", tenant.short_name),
            Language::En => format!("Your member portal — {}", tenant.short_name),
        },
        body: body(
            &tenant.name,
            &person.full_name(),
            &account.email,
            url,
            account.password_hash.is_none(),
            language,
        ),
        language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    global.commit().await?;
    let dispatch = Dispatch::of_organization(from.sender_name, from.reply_to.as_deref());
    match tools.mailer.dispatch(&letter, &dispatch).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() => Err(JobError::give_up(error)),
        Err(error) => Err(JobError::retry(error)),
    }
}

fn secret(tools: &Tools, context: &JobContext) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&tools.secret).expect("HMAC takes keys of any length");
    mac.update(b"plenum invitation\0");
    mac.update(context.job.uuid().as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn body(organization: &str, name: &str, email: &str, url: Url, is_new: bool, language: Language) -> Body {
    let body = Body::from(organization);
    match (language, is_new) {
        (Language::Ru, true) => body
            .greeting(format!("Здравствуйте, {name}!"))
            .paragraph(
                "Для вас открыт личный кабинет: ваши данные и согласия, электронный членский билет, взносы, обучение, \
                 заседания и документы.",
            )
            .paragraph(format!("Вход — по адресу {email}. Сначала задайте пароль: ссылка действует два часа."))
            .button("Задать пароль и войти", url)
            .footer("Если срок ссылки истёк, нажмите на странице входа «Забыли пароль?» и укажите этот адрес."),
        (Language::Ru, false) => body
            .greeting(format!("Здравствуйте, {name}!"))
            .paragraph(
                "Для вас открыт личный кабинет: ваши данные и согласия, электронный членский билет, взносы, обучение, \
                 заседания и документы.",
            )
            .paragraph(format!("Входите по адресу {email} с вашим прежним паролем."))
            .button("Открыть личный кабинет", url)
            .footer("Если вы не помните пароль, нажмите на странице входа «Забыли пароль?»."),
        (Language::En, true) => body
            .greeting(format!("Hello, {name}!"))
            .paragraph("Your member portal is open: your data and consents, membership card, dues, courses and sessions.")
            .paragraph(format!("You sign in as {email}. Set a password first: the link works for two hours."))
            .button("Set a password and sign in", url)
            .footer("When the link is too old, use “Forgot the password?” on the sign-in page."),
        (Language::En, false) => body
            .greeting(format!("Hello, {name}!"))
            .paragraph("Your member portal is open: your data and consents, membership card, dues, courses and sessions.")
            .paragraph(format!("Sign in as {email} with the password that you have."))
            .button("Open the portal", url)
            .footer("When you do not remember the password, use “Forgot the password?” on the sign-in page."),
    }
}
