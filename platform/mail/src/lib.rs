//! Letters and how they leave: by SMTP, or into a local folder that the development mailbox reads. The only home of
//! lettre.
//!
//! A module says what is in a letter (a [`Body`] of paragraphs, lists and buttons, in the reader's language); this
//! crate gives it its form, as plain text and as HTML. It has no words of its own.
//!
//! Invariants:
//! - **Nothing typed becomes HTML or a header.** Texts are escaped, addresses and links are parsed types.
//! - **A retry is recognisable.** The caller gives each letter an id that stays when the job is repeated; it becomes
//!   the `Message-ID`, and the outbox keeps one letter of an id.
//! - **Failures say whether to try again**: [`MailError::is_permanent`].

mod body;
mod error;
mod html;
mod letter;
mod mailbox;
mod mailer;
mod outbox;

pub use body::{Block, Body};
pub use error::{InvalidAddress, MailError};
pub use letter::{Attachment, Letter, ListHeader, MessageId};
pub use mailbox::Mailbox;
pub use mailer::Mailer;
pub use outbox::{AttachmentView, LetterSummary, LetterView, Outbox};
