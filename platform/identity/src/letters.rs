//! Letters with links.

use plenum_kernel::{AccountId, Language};
use plenum_mail::{Body, Dispatch, Letter, MailError, Mailbox};
use plenum_tenancy::store::settings::Correspondence;
use url::Url;

use crate::{
    Identity,
    store::{accounts, resets},
    token,
};

/// The letter was not sent.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] plenum_db::StoreError),
    /// The mail failed.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The account's address or the link cannot be written.
    #[error("the account's address or the public address cannot be written into a letter")]
    Address,
}

/// Sends a link for a new password, when there is such an account.
pub(crate) async fn send_reset(identity: &Identity, email: &str) -> Result<(), LetterError> {
    let mut tx = identity.db.global(None).await?;
    let Some(account) = accounts::by_email(tx.conn(), email).await? else { return Ok(()) };
    let secret = token::generate();
    resets::insert(&mut tx, account.id, &token::hash(&secret)).await?;
    let now = tx.now();
    tx.commit().await?;
    let url = Url::parse(&format!("{}/reset-password?token={secret}", identity.public_url))
        .map_err(|_| LetterError::Address)?;
    let (subject, greeting, text, button, footer) = match account.language {
        Language::Ru => (
            "Новый пароль для входа в «Пленум»",
            format!("Здравствуйте, {}!", account.display_name),
            "Вы попросили задать новый пароль. Ссылка действует два часа и только один раз.",
            "Задать пароль",
            "Если вы об этом не просили, ничего делать не нужно: пароль не изменится.",
        ),
        Language::En => (
            "A new password for Plenum",
            format!("Hello, {}!", account.display_name),
            "You asked to set a new password. The link works for two hours and only once.",
            "Set a password",
            "If it was not you, there is nothing to do: the password stays as it is.",
        ),
    };
    let body = Body::from(match account.language {
        Language::Ru => "Пленум",
        Language::En => "Plenum",
    })
    .greeting(greeting)
    .paragraph(text)
    .button(button, url)
    .footer(footer);
    let to = Mailbox::new(Some(&account.display_name), &account.email).map_err(|_| LetterError::Address)?;
    let letter = Letter {
        // The token's hash names it: one link, one letter.
        id: format!("reset-{}", hex::encode(&token::hash(&secret)[..16])),
        date: now,
        to,
        subject: subject.to_owned(),
        body,
        language: account.language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    identity.mailer.send(&letter).await?;
    Ok(())
}

/// Sends a link that confirms an address: to that address.
pub(crate) async fn send_email_link(
    identity: &Identity,
    account: &accounts::Account,
    email: &str,
    secret: &str,
) -> Result<(), LetterError> {
    let url = Url::parse(&format!("{}/confirm-email?token={secret}", identity.public_url))
        .map_err(|_| LetterError::Address)?;
    let (product, subject, greeting, text, button, footer) = match account.language {
        Language::Ru => (
            "Пленум",
            "Подтвердите адрес электронной почты",
            format!("Здравствуйте, {}!", account.display_name),
            "Этот адрес указали для входа в «Пленум». Ссылка действует сутки и только один раз.",
            "Подтвердить адрес",
            "Если вы об этом не просили, ничего делать не нужно: адрес не изменится.",
        ),
        Language::En => (
            "Plenum",
            "Confirm your e-mail address",
            format!("Hello, {}!", account.display_name),
            "This address was named for signing in to Plenum. The link works for a day and only once.",
            "Confirm the address",
            "If it was not you, there is nothing to do: the address stays as it is.",
        ),
    };
    let to = Mailbox::new(Some(&account.display_name), email).map_err(|_| LetterError::Address)?;
    let letter = Letter {
        id: format!("email-{}", hex::encode(&token::hash(secret)[..16])),
        date: identity.db.clock().now(),
        to,
        subject: subject.to_owned(),
        body: Body::from(product).greeting(greeting).paragraph(text).button(button, url).footer(footer),
        language: account.language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    identity.mailer.send(&letter).await?;
    Ok(())
}

/// Sends somebody who is let into an organization a letter: with a link to set a password when the account has none,
/// else with a link to the organization. Again, it sends another; a link of before stops working.
///
/// # Errors
/// [`LetterError`].
pub async fn invite_by_letter(
    identity: &Identity,
    account: AccountId,
    organization: &str,
    slug: &str,
    from: &Correspondence,
) -> Result<(), LetterError> {
    let mut tx = identity.db.global(None).await?;
    let Some(account) = accounts::by_id(tx.conn(), account).await? else { return Ok(()) };
    let language = from.language_for(account.chosen_language());
    let secret = token::generate();
    let is_new = account.password_hash.is_none();
    let path = if is_new {
        resets::insert(&mut tx, account.id, &token::hash(&secret)).await?;
        format!("reset-password?token={secret}")
    } else {
        format!("t/{slug}/")
    };
    let now = tx.now();
    tx.commit().await?;
    let url = Url::parse(&format!("{}/{path}", identity.public_url)).map_err(|_| LetterError::Address)?;
    let (subject, greeting, text, button, footer) = match language {
        Language::Ru => (
            format!("Вы администратор: {organization}"),
            format!("Здравствуйте, {}!", account.display_name),
            format!("Организация «{organization}» создана в «Пленуме», и вы её администратор."),
            if is_new { "Задать пароль" } else { "Открыть организацию" },
            if is_new {
                "Ссылка действует два часа и один раз. Новую можно получить на странице входа: «Забыли пароль?»."
            } else {
                "Войдите со своим обычным паролем."
            },
        ),
        Language::En => (
            format!("You are an administrator: {organization}"),
            format!("Hello, {}!", account.display_name),
            format!("The organization {organization} was made in Plenum, and you are its administrator."),
            if is_new { "Set a password" } else { "Open the organization" },
            if is_new {
                "The link works for two hours and only once. A new one is sent from the sign-in page: “Forgotten your password?”."
            } else {
                "Sign in with your usual password."
            },
        ),
    };
    let body = Body::from(match language {
        Language::Ru => "Пленум",
        Language::En => "Plenum",
    })
    .greeting(greeting)
    .paragraph(text)
    .button(button, url)
    .footer(footer);
    let letter = Letter {
        id: format!("administrator-{}", hex::encode(&token::hash(&secret)[..16])),
        date: now,
        to: Mailbox::new(Some(&account.display_name), &account.email).map_err(|_| LetterError::Address)?,
        subject,
        body,
        language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    let dispatch = Dispatch::of_organization(from.sender_name.clone(), from.reply_to.as_deref());
    identity.mailer.dispatch(&letter, &dispatch).await?;
    Ok(())
}
