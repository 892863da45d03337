//! Why a letter did not leave, and whether another attempt makes sense.

use std::path::PathBuf;

use crate::mailbox::one_line;

/// The text is no e-mail address, or no name with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct InvalidAddress;

/// A letter could not be sent, or the outbox not be read. No message holds an address or a password.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address of the mail server cannot be used.
    #[error("the address of the mail server should look like smtps://user:password@host or smtp://host:25")]
    ServerAddress {
        /// What is wrong with it.
        #[source]
        source: lettre::transport::smtp::Error,
    },
    /// The letter itself is wrong; it will never leave.
    #[error("could not write the letter {id}: {reason}")]
    Letter {
        /// The caller's id of the letter.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The mail server refused the letter for good.
    #[error("the mail server refused the letter {id}")]
    Refused {
        /// The caller's id of the letter.
        id: String,
        /// What it said.
        #[source]
        source: lettre::transport::smtp::Error,
    },
    /// The mail server could not be reached, asked to come later, or did not let us in.
    #[error("could not hand the letter {id} to the mail server")]
    NotNow {
        /// The caller's id of the letter.
        id: String,
        /// Why.
        #[source]
        source: lettre::transport::smtp::Error,
    },
    /// The folder of the outbox could not be read or written.
    #[error("could not use the outbox at {}", path.display())]
    Outbox {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl MailError {
    /// Whether another attempt with the same letter is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            MailError::ServerAddress { .. } | MailError::Letter { .. } | MailError::Refused { .. } => true,
            MailError::NotNow { .. } | MailError::Outbox { .. } => false,
        }
    }

    /// What the mail server answered, as a code of three digits; none when the failure was no answer of its.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            MailError::Refused { source, .. } | MailError::NotNow { source, .. } => {
                source.status().map(u16::from)
            }
            _ => None,
        }
    }

    /// The words of the mail server's answer, one line; empty when the failure was no answer of its.
    #[must_use]
    pub fn answer(&self) -> String {
        let (MailError::Refused { source, .. } | MailError::NotNow { source, .. }) = self else {
            return String::new();
        };
        let words = std::error::Error::source(source).map(ToString::to_string).unwrap_or_default();
        one_line(&words)
    }

    /// Whether the letter may have been taken all the same: the conversation broke off, and the mail server's answer
    /// was not heard. An answer, or no connection at all, means that it was not.
    #[must_use]
    pub fn may_have_left(&self) -> bool {
        let MailError::NotNow { source, .. } = self else { return false };
        if source.status().is_some() {
            return false;
        }
        let mut cause = std::error::Error::source(source);
        while let Some(inner) = cause {
            if let Some(io) = inner.downcast_ref::<std::io::Error>() {
                return io.kind() != std::io::ErrorKind::ConnectionRefused;
            }
            cause = inner.source();
        }
        true
    }

    /// Sorts a failure of the SMTP conversation (RFC 5321 §4.2.1: 4yz may be tried again, 5yz not).
    pub(crate) fn smtp(id: &str, source: lettre::transport::smtp::Error) -> MailError {
        let id = id.to_owned();
        // RFC 4954 §6: authentication required, too weak, failed, needs encryption. That is our configuration's
        // fault and not the letter's: it should leave once that is mended.
        let not_let_in = source.status().is_some_and(|code| [530, 534, 535, 538].contains(&u16::from(code)));
        if (source.is_permanent() && !not_let_in) || source.is_client() {
            MailError::Refused { id, source }
        } else {
            MailError::NotNow { id, source }
        }
    }
}
