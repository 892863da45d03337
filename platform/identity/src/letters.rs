//! Letters with links.

use plenum_kernel::Language;
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

/// What a letter of invitation says.
#[derive(Debug, Clone)]
pub struct InvitationLetter {
    /// Names the letter: sent again, it is the same one.
    pub id: String,
    /// The address.
    pub email: String,
    /// How the person is called.
    pub name: String,
    /// The language.
    pub language: Language,
    /// The organization's name.
    pub organization: String,
    /// The organization's name in addresses.
    pub slug: String,
    /// The role, and where it holds.
    pub role: String,
    /// Who invites; none is the federation, which makes an organization with its first administrator.
    pub inviter: Option<String>,
    /// The last day of the role, in words; none is without an end.
    pub until: Option<String>,
    /// Until when the link works, in words.
    pub expires: String,
    /// The secret of the link.
    pub secret: String,
    /// In whose name it is sent.
    pub from: Correspondence,
}

impl Identity {
    /// Sends a letter of invitation.
    ///
    /// # Errors
    /// [`LetterError`].
    pub async fn invite_by_letter(&self, invitation: &InvitationLetter) -> Result<(), LetterError> {
        let url = format!("{}/invitation/{}?token={}", self.public_url, invitation.slug, invitation.secret);
        let url = Url::parse(&url).map_err(|_| LetterError::Address)?;
        let letter = Letter {
            id: invitation.id.clone(),
            date: self.db.clock().now(),
            to: Mailbox::new(Some(&invitation.name), &invitation.email).map_err(|_| LetterError::Address)?,
            subject: match invitation.language {
                Language::Ru => format!("Приглашение: {}", invitation.organization),
                Language::En => format!("An invitation: {}", invitation.organization),
            },
            body: invitation_body(invitation, url),
            language: invitation.language,
            attachments: Vec::new(),
            list: Vec::new(),
        };
        let from = &invitation.from;
        let dispatch = Dispatch::of_organization(from.sender_name.clone(), from.reply_to.as_deref());
        self.mailer.dispatch(&letter, &dispatch).await?;
        Ok(())
    }
}

fn invitation_body(invitation: &InvitationLetter, url: Url) -> Body {
    let InvitationLetter { name, organization, role, expires, .. } = invitation;
    match invitation.language {
        Language::Ru => Body::from("Пленум")
            .greeting(format!("Здравствуйте, {name}!"))
            .paragraph(match &invitation.inviter {
                Some(inviter) => format!("{inviter} приглашает вас в организацию «{organization}»."),
                None => format!("Организация «{organization}» создана в «Пленуме», и вас приглашают её вести."),
            })
            .paragraph(match &invitation.until {
                Some(until) => format!("Ваша роль: {role}, по {until}."),
                None => format!("Ваша роль: {role}."),
            })
            .button("Открыть приглашение", url)
            .footer(format!(
                "Ссылка действует до {expires} и один раз. Если вы не ждали этого письма, ничего делать не нужно: без \
                 вашего согласия ничего не изменится."
            )),
        Language::En => Body::from("Plenum")
            .greeting(format!("Hello, {name}!"))
            .paragraph(match &invitation.inviter {
                Some(inviter) => format!("{inviter} invites you to the organization {organization}."),
                None => format!("The organization {organization} was made in Plenum, and you are invited to lead it."),
            })
            .paragraph(match &invitation.until {
                Some(until) => format!("Your role: {role}, until {until}."),
                None => format!("Your role: {role}."),
            })
            .button("Open the invitation", url)
            .footer(format!(
                "The link works until {expires}, and only once. If you did not expect this letter, there is nothing to \
                 do: nothing changes without your consent."
            )),
    }
}
