//! What bytes are, by looking at them and not at what is said of them.
//!
//! The table of signatures is our own: a dozen formats matter here, and what matters most (encryption, what an archive
//! unpacks to, which office format a ZIP holds) a library of magic numbers does not tell.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// The most that an archive may unpack to, bytes: 512 MB.
const MOST_UNPACKED: u64 = 512_000_000;
/// The most that it may grow by, when that is more than [`SMALL`].
const STEEPEST: u64 = 200;
/// What any archive may unpack to, bytes.
const SMALL: u64 = 16_000_000;
/// The most entries.
const MOST_ENTRIES: usize = 10_000;
/// How many archives may lie in one another.
const DEEPEST: u8 = 3;
/// The largest archive inside of an archive that is looked into, bytes.
const LARGEST_INNER: u64 = 64_000_000;

/// What bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentKind {
    /// A PDF document.
    Pdf,
    /// A word processor's document (OOXML).
    Docx,
    /// A workbook (OOXML).
    Xlsx,
    /// A presentation (OOXML).
    Pptx,
    /// An OpenDocument file.
    OpenDocument,
    /// A compound file: the office formats before 2007, or an encrypted OOXML.
    Compound,
    /// A ZIP archive that is none of these.
    Zip,
    /// Another archive: RAR, 7z, gzip, xz, bzip2.
    Archive,
    /// A picture.
    Image(&'static str),
    /// Sound or film.
    Media,
    /// Rich text.
    Rtf,
    /// HTML, XML or SVG.
    Markup,
    /// A program or a script.
    Program,
    /// Plain text.
    Text,
    /// None of the known.
    Unknown,
}

impl ContentKind {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::OpenDocument => "application/vnd.oasis.opendocument",
            Self::Compound => "application/x-ole-storage",
            Self::Zip => "application/zip",
            Self::Image(media_type) => media_type,
            Self::Rtf => "application/rtf",
            Self::Text => "text/plain",
            Self::Archive | Self::Media | Self::Markup | Self::Program | Self::Unknown => {
                "application/octet-stream"
            }
        }
    }
}

/// Why bytes are not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// They are not what the name or the declared type says.
    TypeMismatch,
    /// They can be read only with a password, so nobody can say what they hold.
    Encrypted,
    /// They unpack to more than the limit.
    UnpacksTooFar,
    /// A program.
    Executable,
    /// An archive that does not read.
    Broken,
}

impl Flag {
    /// The stable word: stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TypeMismatch => "type_mismatch",
            Self::Encrypted => "encrypted",
            Self::UnpacksTooFar => "unpacks_too_far",
            Self::Executable => "executable",
            Self::Broken => "broken",
        }
    }
}

/// The finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inspection {
    /// What the bytes are.
    pub kind: ContentKind,
    /// What is wrong with them.
    pub flag: Option<Flag>,
}

impl Inspection {
    /// Whether a browser may show them in place.
    #[must_use]
    pub fn may_be_shown(&self) -> bool {
        self.kind == ContentKind::Pdf && self.flag.is_none()
    }
}

/// Looks at bytes that were sent under a name and a declared media type. Nothing is executed, and nothing unpacked
/// beyond the limits. Takes up to some seconds for a large archive: call it where blocking is allowed.
#[must_use]
pub fn inspect(bytes: &[u8], declared: &str, name: &str) -> Inspection {
    let (kind, found) = look(bytes);
    let flag = found.or_else(|| claims_otherwise(kind, declared, name).then_some(Flag::TypeMismatch));
    Inspection { kind, flag }
}

fn look(bytes: &[u8]) -> (ContentKind, Option<Flag>) {
    let kind = by_signature(bytes);
    match kind {
        ContentKind::Pdf => (kind, pdf_is_encrypted(bytes).then_some(Flag::Encrypted)),
        ContentKind::Zip => measure(bytes),
        // «EncryptedPackage» in UTF-16: an OOXML file with a password ([MS-OFFCRYPTO] §2.3.1).
        ContentKind::Compound => (kind, holds(bytes, &utf16("EncryptedPackage")).then_some(Flag::Encrypted)),
        ContentKind::Program => (kind, Some(Flag::Executable)),
        _ => (kind, None),
    }
}

fn by_signature(bytes: &[u8]) -> ContentKind {
    const SIGNATURES: &[(usize, &[u8], ContentKind)] = &[
        (0, b"PK\x03\x04", ContentKind::Zip),
        (0, b"PK\x05\x06", ContentKind::Zip),
        (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ContentKind::Compound),
        (0, b"Rar!\x1A\x07", ContentKind::Archive),
        (0, b"7z\xBC\xAF\x27\x1C", ContentKind::Archive),
        (0, b"\x1F\x8B", ContentKind::Archive),
        (0, b"\xFD7zXZ\0", ContentKind::Archive),
        (0, b"BZh", ContentKind::Archive),
        (0, b"\x89PNG\r\n\x1A\n", ContentKind::Image("image/png")),
        (0, b"\xFF\xD8\xFF", ContentKind::Image("image/jpeg")),
        (0, b"GIF8", ContentKind::Image("image/gif")),
        (0, b"II*\0", ContentKind::Image("image/tiff")),
        (0, b"MM\0*", ContentKind::Image("image/tiff")),
        (8, b"WEBP", ContentKind::Image("image/webp")),
        (4, b"ftyp", ContentKind::Media),
        (0, b"\x1A\x45\xDF\xA3", ContentKind::Media),
        (0, b"ID3", ContentKind::Media),
        (0, b"OggS", ContentKind::Media),
        (0, b"{\\rtf", ContentKind::Rtf),
        (0, b"MZ", ContentKind::Program),
        (0, b"\x7FELF", ContentKind::Program),
        (0, b"\xCA\xFE\xBA\xBE", ContentKind::Program),
        (0, b"\xCF\xFA\xED\xFE", ContentKind::Program),
        (0, b"#!", ContentKind::Program),
        (0, b"L\0\0\0\x01\x14\x02\0", ContentKind::Program),
    ];
    // Readers take a PDF whose header is a little way in (ISO 32000-2 annex I of its first edition).
    let start = &bytes[..bytes.len().min(1024)];
    if holds(start, b"%PDF-") {
        return ContentKind::Pdf;
    }
    for (at, signature, kind) in SIGNATURES {
        if bytes.get(*at..).is_some_and(|rest| rest.starts_with(signature)) {
            return *kind;
        }
    }
    let Some(text) = readable(bytes) else { return ContentKind::Unknown };
    let head: String =
        text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).chars().take(512).collect();
    let head = head.to_ascii_lowercase();
    let markup = ["<!doctype html", "<html", "<script", "<svg", "<?xml", "<head", "<body", "<iframe"];
    if markup.iter().any(|tag| head.starts_with(tag)) { ContentKind::Markup } else { ContentKind::Text }
}

/// The beginning as text, when the bytes are text: UTF-8, or an 8-bit encoding without control characters.
fn readable(bytes: &[u8]) -> Option<String> {
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    (!sample.iter().any(control)).then(|| String::from_utf8_lossy(sample).into_owned())
}

/// A trailer, or the dictionary of a cross-reference stream, that names an encryption dictionary (ISO 32000-2 §7.6).
fn pdf_is_encrypted(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"/Encrypt";
    let mut rest = bytes;
    while let Some(at) = position(rest, NAME) {
        rest = &rest[at + NAME.len()..];
        let value = rest.iter().copied().find(|byte| !byte.is_ascii_whitespace());
        if matches!(value, Some(b'0'..=b'9' | b'<')) {
            return true;
        }
    }
    false
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    position(bytes, wanted).is_some()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A ZIP: which format it carries, and whether it is within the limits.
fn measure(bytes: &[u8]) -> (ContentKind, Option<Flag>) {
    let mut left = MOST_UNPACKED;
    let steep = (u64::try_from(bytes.len()).unwrap_or(u64::MAX).saturating_mul(STEEPEST)).max(SMALL);
    left = left.min(steep);
    let flag = unpack(bytes, &mut left, 1).err();
    (zip_kind(bytes), flag)
}

fn zip_kind(bytes: &[u8]) -> ContentKind {
    let Ok(archive) = ZipArchive::new(Cursor::new(bytes)) else { return ContentKind::Zip };
    let has = |wanted: &str| archive.index_for_name(wanted).is_some();
    if has("word/document.xml") {
        ContentKind::Docx
    } else if has("xl/workbook.xml") {
        ContentKind::Xlsx
    } else if has("ppt/presentation.xml") {
        ContentKind::Pptx
    } else if has("mimetype") && has("content.xml") {
        ContentKind::OpenDocument
    } else {
        ContentKind::Zip
    }
}

/// Counts what comes out, whatever the archive says of it; archives inside share the allowance.
fn unpack(bytes: &[u8], left: &mut u64, depth: u8) -> Result<(), Flag> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Flag::Broken)?;
    if archive.len() > MOST_ENTRIES {
        return Err(Flag::UnpacksTooFar);
    }
    for index in 0..archive.len() {
        let raw = archive.by_index_raw(index).map_err(|_| Flag::Broken)?;
        if raw.encrypted() {
            return Err(Flag::Encrypted);
        }
        drop(raw);
        let mut entry = archive.by_index(index).map_err(|_| Flag::Broken)?;
        let mut head = Vec::new();
        entry.by_ref().take(4).read_to_end(&mut head).map_err(|_| Flag::Broken)?;
        spend(left, head.len())?;
        if head == b"PK\x03\x04" {
            if depth >= DEEPEST {
                return Err(Flag::UnpacksTooFar);
            }
            let mut inner = head;
            entry.by_ref().take(LARGEST_INNER).read_to_end(&mut inner).map_err(|_| Flag::Broken)?;
            spend(left, inner.len() - 4)?;
            unpack(&inner, left, depth + 1)?;
        }
        let mut buffer = vec![0_u8; 64 * 1024];
        loop {
            let read = entry.read(&mut buffer).map_err(|_| Flag::Broken)?;
            if read == 0 {
                break;
            }
            spend(left, read)?;
        }
    }
    Ok(())
}

fn spend(left: &mut u64, bytes: usize) -> Result<(), Flag> {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    *left = left.checked_sub(bytes).ok_or(Flag::UnpacksTooFar)?;
    Ok(())
}

/// Whether the name's ending or the declared type promises something else.
fn claims_otherwise(kind: ContentKind, declared: &str, name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    contradicts(kind, &ending) || contradicts(kind, ending_of(&declared))
}

/// The ending that a media type stands for; none for those that promise nothing.
fn ending_of(media_type: &str) -> &str {
    match media_type {
        "application/pdf" => "pdf",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/rtf" | "text/rtf" => "rtf",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/tiff" => "tiff",
        "image/webp" => "webp",
        "text/plain" => "txt",
        "text/csv" => "csv",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/vnd.oasis.opendocument.text" => "odt",
        "application/vnd.oasis.opendocument.spreadsheet" => "ods",
        _ => "",
    }
}

fn contradicts(kind: ContentKind, ending: &str) -> bool {
    use ContentKind as Kind;
    let fits = match ending {
        "pdf" => kind == Kind::Pdf,
        // An encrypted one is a compound file.
        "docx" => matches!(kind, Kind::Docx | Kind::Compound),
        "xlsx" => matches!(kind, Kind::Xlsx | Kind::Compound),
        "pptx" => matches!(kind, Kind::Pptx | Kind::Compound),
        "odt" | "ods" | "odp" => kind == Kind::OpenDocument,
        // Old programs wrote RTF and HTML under these names, and Excel opens CSV declared as its own type.
        "doc" => matches!(kind, Kind::Compound | Kind::Rtf),
        "xls" => matches!(kind, Kind::Compound | Kind::Text),
        "ppt" => kind == Kind::Compound,
        "zip" => matches!(kind, Kind::Zip | Kind::Docx | Kind::Xlsx | Kind::Pptx | Kind::OpenDocument),
        "rar" | "7z" | "gz" | "xz" | "bz2" => kind == Kind::Archive,
        "rtf" => kind == Kind::Rtf,
        "png" => kind == Kind::Image("image/png"),
        "jpg" | "jpeg" => kind == Kind::Image("image/jpeg"),
        "gif" => kind == Kind::Image("image/gif"),
        "tif" | "tiff" => kind == Kind::Image("image/tiff"),
        "webp" => kind == Kind::Image("image/webp"),
        "txt" | "csv" | "md" => kind == Kind::Text,
        _ => true,
    };
    !fits
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).expect("an entry begins");
            writer.write_all(bytes).expect("it is written");
        }
        writer.finish().expect("the archive ends").into_inner()
    }

    fn check(bytes: &[u8], declared: &str, name: &str, kind: ContentKind, flag: Option<Flag>) {
        assert_eq!(inspect(bytes, declared, name), Inspection { kind, flag }, "{name} as {declared}");
    }

    #[test]
    fn what_is_what_it_says_is_clean() {
        check(b"%PDF-1.7\n%%EOF", "application/pdf", "a.pdf", ContentKind::Pdf, None);
        check("Привет; мир\n".as_bytes(), "text/csv", "a.csv", ContentKind::Text, None);
        check(b"\x89PNG\r\n\x1A\n...", "image/png", "a.PNG", ContentKind::Image("image/png"), None);
        let docx = zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>")]);
        check(&docx, "application/octet-stream", "a.docx", ContentKind::Docx, None);
        assert!(inspect(b"%PDF-1.7", "application/pdf", "a.pdf").may_be_shown());
    }

    #[test]
    fn what_lies_about_its_type_is_flagged() {
        let lie = Some(Flag::TypeMismatch);
        check(b"<html><script>1</script>", "application/pdf", "a.pdf", ContentKind::Markup, lie);
        check(b"%PDF-1.7", "image/png", "a.png", ContentKind::Pdf, lie);
        check(&zip(&[("a.txt", b"a")]), "", "a.docx", ContentKind::Zip, lie);
        check(b"%PDF-1.7", "text/plain", "letter", ContentKind::Pdf, lie);
        check(b"MZ\x90\0", "application/pdf", "a.pdf", ContentKind::Program, Some(Flag::Executable));
        check(b"#!/bin/sh\nrm", "", "a.txt", ContentKind::Program, Some(Flag::Executable));
        assert!(!inspect(b"%PDF-1.7", "image/png", "a.png").may_be_shown());
    }

    #[test]
    fn what_is_encrypted_is_flagged() {
        let locked = Some(Flag::Encrypted);
        let pdf = b"%PDF-1.7\ntrailer << /Root 1 0 R /Encrypt 7 0 R >>\n%%EOF";
        check(pdf, "application/pdf", "a.pdf", ContentKind::Pdf, locked);
        check(b"%PDF-1.7\n(/EncryptMetadata is a word)", "", "a.pdf", ContentKind::Pdf, None);
        let mut package = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        package.extend(utf16("EncryptedPackage"));
        check(&package, "", "a.docx", ContentKind::Compound, locked);
        // The first bit of the flags of an entry (APPNOTE §4.4.4), in its local and its central header.
        let mut archive = zip(&[("a.txt", b"secret")]);
        archive[6] |= 1;
        let central = position(&archive, b"PK\x01\x02").expect("a central header");
        archive[central + 8] |= 1;
        check(&archive, "", "a.zip", ContentKind::Zip, locked);
    }

    #[test]
    fn what_unpacks_too_far_is_flagged_and_not_unpacked() {
        let far = Some(Flag::UnpacksTooFar);
        let zeros = vec![0_u8; 40_000_000];
        let bomb = zip(&[("zeros", &zeros)]);
        assert!(bomb.len() < 60_000);
        check(&bomb, "", "a.zip", ContentKind::Zip, far);
        let nested = zip(&[("inner.zip", &bomb)]);
        check(&nested, "", "a.zip", ContentKind::Zip, far);
        let mut deep = zip(&[("a", b"a")]);
        for _ in 0..DEEPEST {
            deep = zip(&[("deeper.zip", &deep)]);
        }
        check(&deep, "", "a.zip", ContentKind::Zip, far);
        // Text that packs well, but to a size that harms nobody, is let through.
        check(&zip(&[("zeros", &zeros[..10_000_000])]), "", "a.zip", ContentKind::Zip, None);
    }

    #[test]
    fn a_cut_archive_is_broken() {
        let archive = zip(&[("a.txt", b"some text that is long enough")]);
        check(&archive[..archive.len() - 10], "", "a.zip", ContentKind::Zip, Some(Flag::Broken));
    }
}
