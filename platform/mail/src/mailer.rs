//! The way out.

use std::path::PathBuf;
use std::time::Duration;

use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::dkim::Dkim;
use crate::error::MailError;
use crate::letter::{Dispatch, Letter, MessageId};
use crate::mailbox::Mailbox;
use crate::outbox::Outbox;

/// Sends letters from one sender. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
    dkim: Option<Dkim>,
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
        // Longer than servers take that look a sender up first, shorter than a job's claim.
        let builder = builder.timeout(Some(Duration::from_secs(30)));
        Ok(Mailer { from, way: Way::Smtp(builder.build()), dkim: None })
    }

    /// Puts letters into a local folder, which is made when it is missing. See [`Outbox`].
    #[must_use]
    pub fn outbox(dir: impl Into<PathBuf>, from: Mailbox) -> Mailer {
        Mailer { from, way: Way::Outbox(Outbox::new(dir)), dkim: None }
    }

    /// Signs every letter with this key.
    #[must_use]
    pub fn signed(mut self, dkim: Dkim) -> Mailer {
        self.dkim = Some(dkim);
        self
    }

    /// Whether the mail server answers now. A folder always does.
    pub async fn is_reachable(&self) -> bool {
        match &self.way {
            Way::Smtp(transport) => transport.test_connection().await.unwrap_or(false),
            Way::Outbox(_) => true,
        }
    }

    /// Whether letters are handed to a mail server, and do not lie in a folder.
    #[must_use]
    pub fn delivers(&self) -> bool {
        matches!(self.way, Way::Smtp(_))
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
        self.dispatch(letter, &Dispatch::default()).await
    }

    /// Sends one letter of a mailing: as [`send`](Self::send), in another's name, with a return path and pictures.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn dispatch(&self, letter: &Letter, dispatch: &Dispatch) -> Result<MessageId, MailError> {
        let (id, message) = letter.compose(&self.from, dispatch)?;
        let bytes = match &self.dkim {
            Some(dkim) => dkim.sign(&message.formatted(), letter.date.timestamp()),
            None => message.formatted(),
        };
        match &self.way {
            Way::Smtp(transport) => {
                let sent = transport.send_raw(message.envelope(), &bytes).await;
                sent.map_err(|error| MailError::smtp(&letter.id, error))?;
            }
            Way::Outbox(outbox) => outbox.put(&letter.id, letter.date, bytes).await?,
        }
        Ok(id)
    }
}
