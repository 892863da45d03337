//! A folder of letters instead of a mail server: one `.eml` file per letter, which any mail program opens, and which
//! the development mailbox shows.
//!
//! A file is called by the letter's moment and id, so that names sort by time; it appears under its name only when
//! it is complete.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use mail_parser::{Address, Message, MessageParser, MimeHeaders};

use crate::error::MailError;
use crate::letter::is_letter_id;

/// The folder.
#[derive(Debug, Clone)]
pub struct Outbox {
    dir: PathBuf,
}

/// A letter in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterSummary {
    /// Its id in the outbox; ids sort by time.
    pub id: String,
    /// The sender, as `Name <address>`.
    pub from: String,
    /// The reader, as `Name <address>`.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// When it was written.
    pub date: Option<DateTime<Utc>>,
}

/// A whole letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterView {
    /// What a list shows of it.
    pub summary: LetterSummary,
    /// The plain text form.
    pub text: String,
    /// The HTML form. Show it in a sandboxed frame only.
    pub html: Option<String>,
    /// The files.
    pub attachments: Vec<AttachmentView>,
}

/// A file of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentView {
    /// The file's name.
    pub name: String,
    /// The media type.
    pub content_type: String,
    /// The content.
    pub bytes: Vec<u8>,
}

impl Outbox {
    /// The outbox in this folder, which need not exist yet.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Outbox {
        Outbox { dir: dir.into() }
    }

    /// The newest letters, newest first: at most `limit`, and only those before the letter `before` when it is given.
    ///
    /// # Errors
    /// [`MailError::Outbox`] when the folder cannot be read. That there is none yet is an empty list.
    pub async fn list(&self, limit: usize, before: Option<&str>) -> Result<Vec<LetterSummary>, MailError> {
        let (outbox, before) = (self.clone(), before.map(str::to_owned));
        blocking(move || {
            let mut ids = outbox.ids()?;
            ids.sort_unstable_by(|one, other| other.cmp(one));
            let ids = ids.into_iter().filter(|id| before.as_ref().is_none_or(|before| id < before));
            let letters = ids.take(limit).map(|id| {
                let bytes = outbox.bytes(&id)?;
                Ok(bytes.and_then(|bytes| Some(summary(id, &MessageParser::default().parse(&bytes)?))))
            });
            letters.filter_map(Result::transpose).collect()
        })
        .await
    }

    /// One letter; `None` when there is none of this id, which also goes for what is no id at all.
    ///
    /// # Errors
    /// [`MailError::Outbox`] when it cannot be read.
    pub async fn read(&self, id: &str) -> Result<Option<LetterView>, MailError> {
        let (outbox, id) = (self.clone(), id.to_owned());
        blocking(move || {
            let bytes = outbox.bytes(&id)?;
            Ok(bytes.and_then(|bytes| Some(view(id, &MessageParser::default().parse(&bytes)?))))
        })
        .await
    }

    /// Writes a letter, once: a letter of the same id that is there already stays.
    pub(crate) async fn put(&self, id: &str, date: DateTime<Utc>, message: Vec<u8>) -> Result<(), MailError> {
        let (outbox, id) = (self.clone(), id.to_owned());
        blocking(move || {
            DirBuilder::new().recursive(true).mode(0o700).create(&outbox.dir).map_err(failed(&outbox.dir))?;
            if outbox.ids()?.iter().any(|known| letter_id(known) == Some(&id)) {
                return Ok(());
            }
            let name = format!("{}-{id}", date.format("%Y%m%dT%H%M%S%6fZ"));
            // A leading dot keeps it out of every list.
            let writing = outbox.dir.join(format!(".{name}-{}", std::process::id()));
            let written =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&writing);
            let written = written.and_then(|mut file| {
                file.write_all(&message)?;
                file.sync_all()
            });
            written.map_err(failed(&writing))?;
            fs::rename(&writing, outbox.path(&name)).map_err(failed(&writing))
        })
        .await
    }

    /// The ids of all letters, in no order.
    fn ids(&self) -> Result<Vec<String>, MailError> {
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&self.dir)(error)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed(&self.dir))?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".eml"));
            ids.extend(id.filter(|id| letter_id(id).is_some()).map(str::to_owned));
        }
        Ok(ids)
    }

    fn bytes(&self, id: &str) -> Result<Option<Vec<u8>>, MailError> {
        if letter_id(id).is_none() {
            return Ok(None);
        }
        let path = self.path(id);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path)(error)),
        }
    }

    fn path(&self, id: &str) -> PathBuf {
        self.dir.join(format!("{id}.eml"))
    }
}

/// The caller's id in an id of the outbox, which is the moment, a hyphen and that. `None` for what is no such id, so
/// that no text from outside ever becomes another path.
fn letter_id(id: &str) -> Option<&str> {
    let (moment, letter) = id.split_once('-')?;
    let moment = moment.strip_suffix('Z')?;
    let plain = moment.len() == "20261123T102500000000".len()
        && moment.chars().enumerate().all(|(at, c)| if at == 8 { c == 'T' } else { c.is_ascii_digit() });
    (plain && is_letter_id(letter)).then_some(letter)
}

fn summary(id: String, message: &Message<'_>) -> LetterSummary {
    let date = message.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0));
    LetterSummary {
        id,
        from: person(message.from()),
        to: person(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date,
    }
}

fn view(id: String, message: &Message<'_>) -> LetterView {
    let attachments = message.attachments().map(|part| AttachmentView {
        name: part.attachment_name().unwrap_or_default().to_owned(),
        content_type: part.content_type().map_or_else(
            || "application/octet-stream".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream")),
        ),
        bytes: part.contents().to_vec(),
    });
    LetterView {
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html: message.body_html(0).map(|html| html.into_owned()),
        attachments: attachments.collect(),
        summary: summary(id, message),
    }
}

fn person(address: Option<&Address<'_>>) -> String {
    let Some(first) = address.and_then(Address::first) else { return String::new() };
    let address = first.address().unwrap_or_default();
    first.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> MailError + use<> {
    let path = path.to_path_buf();
    move |source| MailError::Outbox { path, source }
}

/// Runs work on files where blocking is allowed.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MailError> + Send + 'static,
) -> Result<T, MailError> {
    tokio::task::spawn_blocking(work).await.expect("the work does not panic and is not cancelled")
}
