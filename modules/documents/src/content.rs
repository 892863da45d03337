//! The text of a file, for search. Files come from outside: reading is bounded in size and time, and a reader that
//! panics costs its file's text and nothing else.

use std::{
    io::{Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use bytes::Bytes;
use calamine::{Data, Reader, Xlsx};
use plenum_files::ContentKind;
use quick_xml::events::Event;
use tokio::sync::oneshot;
use zip::ZipArchive;

/// The largest file that is read, bytes.
const LARGEST: usize = 50_000_000;
/// The most that the text part of a document may unpack to, bytes.
const LARGEST_PART: u64 = 64_000_000;
/// The longest text that is kept, characters: a tsvector holds a megabyte.
const LONGEST: usize = 200_000;
/// How long a reader may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Deeply nested objects are read recursively.
const STACK: usize = 64 * 1024 * 1024;

/// The text cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableError {
    /// The file is larger than what is read.
    #[error("the file is too large to be read")]
    TooLarge,
    /// The reader did not come to an end.
    #[error("the file takes too long to be read")]
    TooSlow,
    /// The reader failed or panicked.
    #[error("the file cannot be read: {0}")]
    Broken(String),
}

/// Whether files of this type have a text that can be read.
#[must_use]
pub fn is_readable(content_type: &str) -> bool {
    [ContentKind::Pdf, ContentKind::Docx, ContentKind::Xlsx, ContentKind::Text]
        .iter()
        .any(|kind| kind.media_type() == content_type)
}

/// Reads the text, on a thread of its own.
///
/// # Errors
/// [`UnreadableError`].
pub async fn text(bytes: Bytes, content_type: String) -> Result<String, UnreadableError> {
    if bytes.len() > LARGEST {
        return Err(UnreadableError::TooLarge);
    }
    let (done, outcome) = oneshot::channel();
    let work = move || {
        let read = catch_unwind(AssertUnwindSafe(|| read(&bytes, &content_type)));
        // Nobody waits any more after the time limit.
        done.send(read.unwrap_or_else(|_| Err(UnreadableError::Broken("the reader panicked".to_owned()))))
            .ok();
    };
    std::thread::Builder::new()
        .name("read a document".to_owned())
        .stack_size(STACK)
        .spawn(work)
        .map_err(|error| UnreadableError::Broken(error.to_string()))?;
    match tokio::time::timeout(PATIENCE, outcome).await {
        Ok(Ok(read)) => read.map(|text| bounded(&text)),
        Ok(Err(_)) => Err(UnreadableError::Broken("the reader vanished".to_owned())),
        Err(_) => Err(UnreadableError::TooSlow),
    }
}

fn read(bytes: &[u8], content_type: &str) -> Result<String, UnreadableError> {
    if content_type == ContentKind::Pdf.media_type() {
        pdf_extract::extract_text_from_mem(bytes).map_err(broken)
    } else if content_type == ContentKind::Docx.media_type() {
        docx(bytes)
    } else if content_type == ContentKind::Xlsx.media_type() {
        xlsx(bytes)
    } else {
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }
}

/// Spaces run together, control characters gone, and not longer than what is kept.
fn bounded(text: &str) -> String {
    let mut kept = String::new();
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let mut length = 0;
    for word in words {
        length += word.chars().count() + 1;
        if length > LONGEST {
            break;
        }
        kept.push_str(word);
        kept.push(' ');
    }
    kept.truncate(kept.trim_end().len());
    kept
}

fn broken(error: impl std::fmt::Display) -> UnreadableError {
    UnreadableError::Broken(error.to_string())
}

/// The runs of text of a word processor's document (ECMA-376 part 1 §17.3.3.31), a line for each paragraph.
fn docx(bytes: &[u8]) -> Result<String, UnreadableError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let part = archive.by_name("word/document.xml").map_err(broken)?;
    let mut xml = Vec::new();
    part.take(LARGEST_PART).read_to_end(&mut xml).map_err(broken)?;
    let mut reader = quick_xml::Reader::from_reader(xml.as_slice());
    let mut text = String::new();
    let mut in_run = false;
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) if tag.local_name().as_ref() == "t" => in_run = true,
            Event::End(tag) if tag.local_name().as_ref() == "t" => in_run = false,
            Event::End(tag) if tag.local_name().as_ref() == "p" => text.push('\n'),
            Event::Empty(tag) if matches!(tag.local_name().as_ref(), "tab" | "br") => text.push(' '),
            Event::Text(words) if in_run => text.push_str(words.as_ref()),
            Event::GeneralRef(name) if in_run => text.push(match name.as_ref() {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                _ => ' ',
            }),
            Event::Eof => return Ok(text),
            _ => {}
        }
    }
}

fn xlsx(bytes: &[u8]) -> Result<String, UnreadableError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut text = String::new();
    for name in workbook.sheet_names() {
        let sheet = workbook.worksheet_range(&name).map_err(broken)?;
        text.push_str(&name);
        text.push('\n');
        for cell in sheet.rows().flatten().filter(|cell| !matches!(cell, Data::Empty)) {
            text.push_str(&cell.to_string());
            text.push(' ');
            if text.len() > LONGEST * 4 {
                return Ok(text);
            }
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    #[test]
    fn the_text_of_a_word_document_is_its_runs() {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file("word/document.xml", SimpleFileOptions::default()).expect("an entry begins");
        writer
            .write_all(
                "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Ещё о</w:t><w:tab/><w:t>смете</w:t></w:r></w:p>\
                 <w:p><w:instrText>скрыто</w:instrText><w:r><w:t>Итог</w:t></w:r></w:p></w:body></w:document>"
                    .as_bytes(),
            )
            .expect("it is written");
        let bytes = writer.finish().expect("the archive ends").into_inner();
        assert_eq!(bounded(&docx(&bytes).expect("it reads")), "Ещё о смете Итог");
    }

    #[tokio::test]
    async fn what_does_not_read_costs_only_its_text() {
        for content_type in [ContentKind::Pdf, ContentKind::Docx, ContentKind::Xlsx] {
            let read =
                text(Bytes::from_static(b"%PDF-1.7 nothing"), content_type.media_type().to_owned()).await;
            assert!(matches!(read, Err(UnreadableError::Broken(_))), "{read:?}");
        }
    }

    #[tokio::test]
    async fn a_paper_of_ours_is_read_in_russian() {
        let template = plenum_print::Template {
            name: "text",
            source: "#import \"/official.typ\": *\n#show: official.with(title: \"Проба\", organization: \"О\")\nСмета расходов утверждена",
        };
        let at = chrono::DateTime::UNIX_EPOCH.fixed_offset();
        let pdf = plenum_print::Printer::new().pdf(&template, &serde_json::json!({}), at).expect("it prints");
        let read = text(pdf.into(), "application/pdf".to_owned()).await.expect("it reads");
        assert!(read.contains("Смета расходов утверждена"), "{read}");
    }
}
