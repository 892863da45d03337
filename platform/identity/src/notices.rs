//! Letters that tell an account's holder what happened to their means of signing in, so that they notice what somebody
//! else does in their name.

use plenum_kernel::Language;
use plenum_mail::{Body, Letter, Mailbox};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use crate::{
    Identity, admit::Visit, browser::BrowserName, letters::LetterError, store::accounts::Account, trail,
};

/// What happened.
#[derive(Debug, Clone)]
pub(crate) enum Notice {
    /// Somebody signed in with a browser that was not known.
    NewBrowser(Visit),
    /// The password was changed.
    PasswordChanged,
    /// An authenticator was added.
    TotpAdded,
    /// The authenticator was removed.
    TotpRemoved,
    /// A passkey was added.
    PasskeyAdded {
        /// How it is called.
        name: String,
    },
    /// A passkey was removed.
    PasskeyRemoved {
        /// How it was called.
        name: String,
    },
    /// A passkey told a counter that it told before: there is a copy of it.
    PasskeyRefused {
        /// How it is called.
        name: String,
    },
    /// The address was changed; the one of before is told.
    EmailChanged {
        /// The address of now.
        to: String,
    },
    /// An operator took all second factors away.
    FactorsRemoved,
    /// The recovery codes were made anew.
    RecoveryCodesRenewed,
    /// The account can be signed in by the provider of an organization.
    ProviderLinked {
        /// Its name.
        organization: String,
    },
    /// It cannot any more.
    ProviderUnlinked {
        /// Its name.
        organization: String,
    },
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// How many are left.
        left: i64,
    },
}

/// Records it, and sends it now.
pub(crate) async fn tell(identity: &Identity, account: &Account, notice: &Notice) -> Result<(), LetterError> {
    if let Some((action, detail)) = act(notice) {
        trail::note(identity, account.id, action, detail).await;
    }
    write(identity, account, notice).await
}

/// Records it, and sends it in a task of its own: what happened has happened, whether or not the mail works.
pub(crate) async fn send(identity: &Identity, account: &Account, notice: Notice) {
    if let Some((action, detail)) = act(&notice) {
        trail::note(identity, account.id, action, detail).await;
    }
    let (identity, account) = (identity.clone(), account.clone());
    tokio::spawn(async move {
        if let Err(error) = write(&identity, &account, &notice).await {
            tracing::error!(account.id = %account.id, "could not tell of a change of sign-in: {error:?}");
        }
    });
}

/// What the record says of it; nothing of a sign-in. Names of passkeys are people's own words and stay out of it.
fn act(notice: &Notice) -> Option<(&'static str, Value)> {
    let action = match notice {
        // Links with providers are recorded in the organization's own audit.
        Notice::NewBrowser(_) | Notice::ProviderLinked { .. } | Notice::ProviderUnlinked { .. } => {
            return None;
        }
        Notice::PasswordChanged => "identity.change_password",
        Notice::TotpAdded => "identity.add_totp",
        Notice::TotpRemoved => "identity.remove_totp",
        Notice::PasskeyAdded { .. } => "identity.add_passkey",
        Notice::PasskeyRemoved { .. } => "identity.remove_passkey",
        Notice::PasskeyRefused { .. } => "identity.refuse_copied_passkey",
        Notice::EmailChanged { .. } => "identity.change_email",
        Notice::FactorsRemoved => "identity.remove_factors",
        Notice::RecoveryCodesRenewed => "identity.renew_recovery_codes",
        Notice::RecoveryCodeUsed { left } => {
            return Some(("identity.use_recovery_code", json!({ "left": left })));
        }
    };
    Some((action, json!({})))
}

async fn write(identity: &Identity, account: &Account, notice: &Notice) -> Result<(), LetterError> {
    let url = Url::parse(&format!("{}/security", identity.public_url)).map_err(|_| LetterError::Address)?;
    let (subject, text) = words(notice, account.language);
    let (product, greeting, button, footer) = match account.language {
        Language::Ru => (
            "Пленум",
            format!("Здравствуйте, {}!", account.display_name),
            "Открыть «Безопасность»",
            "Если это были вы, ничего делать не нужно. Если нет, смените пароль и завершите чужие сеансы на странице \
             «Безопасность».",
        ),
        Language::En => (
            "Plenum",
            format!("Hello, {}!", account.display_name),
            "Open Security",
            "If it was you, there is nothing to do. If not, change your password and end the sessions that are not \
             yours on the page Security.",
        ),
    };
    let to = Mailbox::new(Some(&account.display_name), &account.email).map_err(|_| LetterError::Address)?;
    let letter = Letter {
        id: format!("security-{}", Uuid::now_v7().simple()),
        date: identity.db.clock().now(),
        to,
        subject,
        body: Body::from(product).greeting(greeting).paragraph(text).button(button, url).footer(footer),
        language: account.language,
        attachments: Vec::new(),
        list: Vec::new(),
    };
    identity.mailer.send(&letter).await?;
    Ok(())
}

/// The subject and the sentence.
fn words(notice: &Notice, language: Language) -> (String, String) {
    let (ru, en) = match notice {
        Notice::NewBrowser(visit) => return new_browser(visit, language),
        Notice::PasswordChanged => (
            ("Пароль изменён", "Пароль вашей учётной записи изменён, остальные сеансы завершены.".to_owned()),
            (
                "Your password was changed",
                "The password of your account was changed; other sessions have ended.".to_owned(),
            ),
        ),
        Notice::TotpAdded => (
            (
                "Включены коды из приложения",
                "При входе теперь нужен код из приложения-аутентификатора.".to_owned(),
            ),
            (
                "Authenticator codes are on",
                "From now on, signing in needs a code of your authenticator app.".to_owned(),
            ),
        ),
        Notice::TotpRemoved => (
            (
                "Отключены коды из приложения",
                "Код из приложения-аутентификатора при входе больше не нужен.".to_owned(),
            ),
            (
                "Authenticator codes are off",
                "Signing in does not need a code of your authenticator app any more.".to_owned(),
            ),
        ),
        Notice::PasskeyAdded { name } => (
            (
                "Добавлен ключ входа",
                format!("Теперь в вашу учётную запись можно войти ключом «{name}», без пароля."),
            ),
            (
                "A passkey was added",
                format!(
                    "From now on, your account can be signed in to with the passkey “{name}”, without a password."
                ),
            ),
        ),
        Notice::PasskeyRemoved { name } => (
            ("Удалён ключ входа", format!("Ключ «{name}» больше не подходит к вашей учётной записи.")),
            (
                "A passkey was removed",
                format!("The passkey “{name}” does not sign in to your account any more."),
            ),
        ),
        Notice::PasskeyRefused { name } => (
            (
                "Отклонён ключ входа",
                format!(
                    "Ключ «{name}» не принят: похоже, у него есть копия. Если вы не переносили его на другое \
                     устройство, удалите его на странице «Безопасность» и добавьте новый."
                ),
            ),
            (
                "A passkey was refused",
                format!(
                    "The passkey “{name}” was not accepted: it seems that there is a copy of it. Unless you moved it \
                     to another device, remove it on the page Security and add a new one."
                ),
            ),
        ),
        Notice::EmailChanged { to } => (
            (
                "Адрес для входа изменён",
                format!(
                    "Теперь вы входите по адресу {to}, этот адрес больше не действует. Если это сделали не вы, сразу \
                     обратитесь к администратору вашей организации."
                ),
            ),
            (
                "Your address was changed",
                format!(
                    "You sign in with {to} now; this address is good no more. If it was not you, turn to the \
                     administrator of your organization at once."
                ),
            ),
        ),
        Notice::FactorsRemoved => (
            (
                "Второй фактор снят администратором",
                "Администратор системы удалил ваши ключи, код из приложения и резервные коды и завершил все сеансы. \
                 Войдите с паролем и настройте второй фактор заново."
                    .to_owned(),
            ),
            (
                "An operator removed your second factor",
                "An operator removed your passkeys, authenticator codes and recovery codes and ended all sessions. Sign \
                 in with your password and set a second factor up again."
                    .to_owned(),
            ),
        ),
        Notice::RecoveryCodesRenewed => (
            (
                "Новые резервные коды",
                "Резервные коды созданы заново, прежние больше не действуют.".to_owned(),
            ),
            (
                "New recovery codes",
                "Recovery codes were made anew; those before do not work any more.".to_owned(),
            ),
        ),
        Notice::ProviderLinked { organization } => (
            (
                "Подключён вход через организацию",
                format!(
                    "В вашу учётную запись теперь можно войти через систему входа организации «{organization}»."
                ),
            ),
            (
                "Sign-in by your organization is on",
                format!("Your account can now be signed in by the sign-in system of “{organization}”."),
            ),
        ),
        Notice::ProviderUnlinked { organization } => (
            (
                "Отключён вход через организацию",
                format!("Войти через систему входа организации «{organization}» больше нельзя."),
            ),
            (
                "Sign-in by your organization is off",
                format!("The sign-in system of “{organization}” does not sign you in any more."),
            ),
        ),
        Notice::RecoveryCodeUsed { left } => (
            (
                "Использован резервный код",
                format!("Вместо второго фактора введён резервный код. Осталось кодов: {left}."),
            ),
            (
                "A recovery code was used",
                format!("A recovery code was used instead of the second factor. Codes left: {left}."),
            ),
        ),
    };
    let (subject, text) = match language {
        Language::Ru => ru,
        Language::En => en,
    };
    (subject.to_owned(), text)
}

fn new_browser(visit: &Visit, language: Language) -> (String, String) {
    let browser = BrowserName::of(&visit.browser.user_agent).line();
    let address = &visit.address;
    match language {
        Language::Ru => {
            let browser = if browser.is_empty() { "неизвестный браузер" } else { &browser };
            (
                "Вход с нового устройства".to_owned(),
                format!(
                    "В вашу учётную запись вошли с нового устройства: {browser}, сетевой адрес {address}."
                ),
            )
        }
        Language::En => {
            let browser = if browser.is_empty() { "an unknown browser" } else { &browser };
            (
                "A sign-in from a new device".to_owned(),
                format!(
                    "Somebody signed in to your account from a new device: {browser}, address {address}."
                ),
            )
        }
    }
}
