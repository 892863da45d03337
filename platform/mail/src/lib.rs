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
//! - **Failures say whether to try again**: [`MailError::is_permanent`], and whether the letter may have left all the
//!   same: [`MailError::may_have_left`].
//! - **With a key, every letter is signed** (DKIM, RFC 6376), its unsubscribe headers too.

mod body;
mod dkim;
mod error;
mod html;
mod letter;
mod mailbox;
mod mailer;
mod outbox;
mod report;

pub use body::{Block, Body, Span};
pub use dkim::{Dkim, DkimError};
pub use error::{InvalidAddress, MailError};
pub use letter::{Attachment, Dispatch, Letter, ListHeader, MessageId, Picture};
pub use mailbox::Mailbox;
pub use mailer::Mailer;
pub use outbox::{AttachmentView, LetterSummary, LetterView, Outbox};
pub use report::{Report, ReportAction};
