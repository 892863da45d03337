//! The way out.

use std::path::PathBuf;

use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::error::MailError;
use crate::letter::{Letter, MessageId};
use crate::mailbox::Mailbox;
use crate::outbox::Outbox;

/// Sends letters from one sender. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Outbox(Outbox),
}

impl Mailer {
    /// Sends through a mail server: `smtps://user:password@host`, `smtp://host:587?tls=required` (STARTTLS), or
    /// `smtp://host:25` without encryption. Does not connect yet.
    ///
    /// # Errors
    /// [`MailError::ServerAddress`] when `url` is none of these.
    pub fn smtp(url: &str, from: Mailbox) -> Result<Mailer, MailError> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|source| MailError::ServerAddress { source })?;
        Ok(Mailer { from, way: Way::Smtp(builder.build()) })
    }

    /// Puts letters into a local folder, which is made when it is missing. See [`Outbox`].
    #[must_use]
    pub fn outbox(dir: impl Into<PathBuf>, from: Mailbox) -> Mailer {
        Mailer { from, way: Way::Outbox(Outbox::new(dir)) }
    }

    /// The sender.
    #[must_use]
    pub fn from(&self) -> &Mailbox {
        &self.from
    }

    /// Sends one letter. That it returns means that the mail server took it over (or that it lies in the folder),
    /// not that it was read.
    ///
    /// # Errors
    /// [`MailError::Letter`] and [`MailError::Refused`] for good; [`MailError::NotNow`] and [`MailError::Outbox`] when
    /// it may be tried again: [`MailError::is_permanent`].
    pub async fn send(&self, letter: &Letter) -> Result<MessageId, MailError> {
        let (id, message) = letter.compose(&self.from)?;
        match &self.way {
            Way::Smtp(transport) => {
                transport.send(message).await.map_err(|error| MailError::smtp(&letter.id, error))?;
            }
            Way::Outbox(outbox) => outbox.put(&letter.id, letter.date, message.formatted()).await?,
        }
        Ok(id)
    }
}
