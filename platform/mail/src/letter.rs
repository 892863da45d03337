//! A letter, and its form on the wire.

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{MultiPart, SinglePart};
use plenum_kernel::Language;
use url::Url;

use crate::body::Body;
use crate::error::MailError;
use crate::html;
use crate::mailbox::{Mailbox, one_line};

/// A letter to one reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The caller's id: the same when the same letter is sent again, another for every other letter. 1 to 100 of
    /// `A-Z a-z 0-9 . _ -`, beginning with a letter or digit; for example `notice-<session>-<member>`.
    pub id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// The reader.
    pub to: Mailbox,
    /// The subject, one line.
    pub subject: String,
    /// What it says.
    pub body: Body,
    /// The language of the body, for screen readers and hyphenation.
    pub language: Language,
    /// Files that go along.
    pub attachments: Vec<Attachment>,
    /// Headers of a mailing, for a letter that goes to many.
    pub list: Vec<ListHeader>,
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file's name.
    pub name: String,
    /// The media type, for example `application/pdf`.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// A header that tells mail programs about the mailing (RFC 2369, RFC 2919, RFC 8058).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListHeader {
    /// `List-Id`: which mailing it is, in the form of a domain: `notices.plenum.example`.
    Id(String),
    /// `List-Unsubscribe`: a page for leaving the mailing.
    Unsubscribe(Url),
    /// `List-Unsubscribe` with `List-Unsubscribe-Post`: an address that a POST of the mail program is enough for.
    UnsubscribeOneClick(Url),
    /// `List-Help`: a page that explains the mailing.
    Help(Url),
}

/// How a letter leaves that is sent for somebody, beyond what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dispatch {
    /// The name of the sender, instead of the mailer's own. The address stays the mailer's: its domain signs.
    pub sender_name: Option<String>,
    /// Where answers go (`Reply-To`); the sender when none.
    pub reply_to: Option<Mailbox>,
    /// Where the mail server sends its reports of failure (the return path); the sender when none.
    pub return_path: Option<Mailbox>,
    /// Pictures that the body shows.
    pub pictures: Vec<Picture>,
}

impl Dispatch {
    /// As an organization sends it: in its name, and with answers to its address. An address that is none is left out: a
    /// letter that is answered to the installation is better than one that does not leave.
    #[must_use]
    pub fn of_organization(sender_name: Option<String>, reply_to: Option<&str>) -> Self {
        let reply_to = reply_to.and_then(|address| Mailbox::new(None, address).ok());
        Self { sender_name, reply_to, ..Self::default() }
    }
}

/// A picture that goes along and is shown inside of the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its name in the letter: the body shows it as `cid:<id>`. Letters, digits, dots and hyphens.
    pub id: String,
    /// The media type, for example `image/png`.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// The `Message-ID` that a letter got, with its angle brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(pub(crate) String);

impl MessageId {
    /// As it stands in the header.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for MessageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Letter {
    /// The message on the wire.
    pub(crate) fn compose(
        &self,
        from: &Mailbox,
        dispatch: &Dispatch,
    ) -> Result<(MessageId, Message), MailError> {
        let wrong = |reason: &str| MailError::Letter { id: self.id.clone(), reason: reason.to_owned() };
        if !is_letter_id(&self.id) {
            return Err(wrong(
                "its id should be 1 to 100 Latin letters, digits, dots, hyphens and underscores",
            ));
        }
        let id = MessageId(format!("<{}@{}>", self.id, from.domain()));
        let mut message = Message::builder();
        if let Some(path) = &dispatch.return_path {
            let to = vec![self.to.inner().email];
            let envelope = Envelope::new(Some(path.inner().email), to)
                .map_err(|_| wrong("its return path cannot be written"))?;
            message = message.envelope(envelope);
        }
        let mut message = message
            .from(match &dispatch.sender_name {
                Some(name) => from.named(name).inner(),
                None => from.inner(),
            })
            .to(self.to.inner())
            .subject(one_line(&self.subject))
            .date(self.date.into())
            .message_id(Some(id.0.clone()))
            // No holiday notices in return (RFC 3834 §5).
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
        if let Some(reply_to) = &dispatch.reply_to {
            message = message.reply_to(reply_to.inner());
        }
        for entry in &self.list {
            message = match entry {
                ListHeader::Id(id) => {
                    let plain = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
                    if !plain || !id.contains('.') {
                        return Err(wrong("its List-Id should have the form of a domain"));
                    }
                    message.raw_header(header("List-Id", format!("<{id}>")))
                }
                ListHeader::Unsubscribe(url) => {
                    message.raw_header(header("List-Unsubscribe", format!("<{url}>")))
                }
                ListHeader::UnsubscribeOneClick(url) => message
                    .raw_header(header("List-Unsubscribe", format!("<{url}>")))
                    .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())),
                ListHeader::Help(url) => message.raw_header(header("List-Help", format!("<{url}>"))),
            };
        }

        let (text, page) =
            (self.body.to_text(), html::page(&self.body, &one_line(&self.subject), self.language.code()));
        let forms = if dispatch.pictures.is_empty() {
            MultiPart::alternative_plain_html(text, page)
        } else {
            let mut related = MultiPart::related().singlepart(SinglePart::html(page));
            for picture in &dispatch.pictures {
                let content_type = ContentType::parse(&picture.content_type)
                    .map_err(|_| wrong("the media type of a picture should look like image/png"))?;
                related = related.singlepart(
                    lettre::message::Attachment::new_inline(picture.id.clone())
                        .body(picture.bytes.clone(), content_type),
                );
            }
            MultiPart::alternative().singlepart(SinglePart::plain(text)).multipart(related)
        };
        let content = if self.attachments.is_empty() {
            forms
        } else {
            let mut content = MultiPart::mixed().multipart(forms);
            for attachment in &self.attachments {
                content = content.singlepart(attach(attachment).ok_or_else(|| {
                    wrong("the media type of an attachment should look like application/pdf")
                })?);
            }
            content
        };
        let message = message.multipart(content).map_err(|error| wrong(&error.to_string()))?;
        Ok((id, message))
    }
}

fn attach(attachment: &Attachment) -> Option<SinglePart> {
    let content_type = ContentType::parse(&attachment.content_type).ok()?;
    let name = one_line(&attachment.name);
    Some(lettre::message::Attachment::new(name).body(attachment.bytes.clone(), content_type))
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// Whether the text may be a letter's id. It also becomes part of a file's name.
pub(crate) fn is_letter_id(text: &str) -> bool {
    text.len() <= 100
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        // Two dots in a row are allowed neither in a Message-ID (RFC 5322 §3.6.4) nor, to be safe, in a file's name.
        && !text.contains("..")
        && !text.ends_with('.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}
