//! The content of a campaign: blocks, checked and rendered for one reader.

use plenum_kernel::FileId;
use plenum_mail::{Block, Body};
use serde::{Deserialize, Serialize};

use super::{
    TextFault,
    markup::{self, MarkupFault},
    person::{FieldFault, Person, fill},
};

const MOST_BLOCKS: usize = 100;
const MOST_ITEMS: usize = 50;
const LONGEST_TEXT: usize = 5_000;
const LONGEST_LABEL: usize = 200;
/// The longest subject; mail programs show some seventy characters of it.
pub const LONGEST_SUBJECT: usize = 200;
/// The most pictures of one letter, and their size together: they go along with every letter.
pub const MOST_PICTURES: usize = 5;
/// Bytes of all pictures of a letter together.
pub const LARGEST_PICTURES: i64 = 1_000_000;

/// A part of the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ContentBlock {
    /// A title.
    Heading {
        /// Its text.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its text, with markup.
        text: String,
    },
    /// A list.
    List {
        /// With numbers.
        numbered: bool,
        /// Texts with markup.
        items: Vec<String>,
    },
    /// A button.
    Button {
        /// What it says.
        label: String,
        /// Where it leads.
        url: String,
    },
    /// A picture.
    Image {
        /// The file.
        file: FileId,
        /// What it shows.
        alt: String,
    },
    /// A line across.
    Divider,
}

/// Checks a subject and blocks.
///
/// # Errors
/// Every fault, with its path.
pub fn check(subject: &str, blocks: &[ContentBlock]) -> Result<(), Vec<TextFault>> {
    let mut faults = Vec::new();
    if subject.chars().count() > LONGEST_SUBJECT {
        faults.push(TextFault::new("input.subject", "too_long"));
    }
    if let Err(fault) = fill(subject, &Person::default()) {
        faults.push(name("input.subject", MarkupFault::Field(fault)));
    }
    if blocks.len() > MOST_BLOCKS {
        faults.push(TextFault::new("input.blocks", "too_many"));
    }
    let pictures = blocks.iter().filter(|block| matches!(block, ContentBlock::Image { .. })).count();
    if pictures > MOST_PICTURES {
        faults.push(TextFault::new("input.blocks", "too_many_images"));
    }
    for (at, block) in blocks.iter().enumerate().take(MOST_BLOCKS) {
        check_block(&format!("input.blocks.{at}"), block, &mut faults);
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn check_block(path: &str, block: &ContentBlock, faults: &mut Vec<TextFault>) {
    let mut text = |field: String, text: &str, longest: usize, with_markup: bool| {
        let at = format!("{path}.{field}");
        if text.chars().count() > longest {
            faults.push(TextFault::new(at, "too_long"));
            return;
        }
        let nobody = Person::default();
        let outcome = if with_markup {
            markup::render(text, &nobody).map(|_| ())
        } else {
            fill(text, &nobody).map(|_| ()).map_err(MarkupFault::Field)
        };
        if let Err(fault) = outcome {
            faults.push(name(&at, fault));
        }
    };
    match block {
        ContentBlock::Heading { text: words } => text("text".into(), words, LONGEST_LABEL, false),
        ContentBlock::Paragraph { text: words } => text("text".into(), words, LONGEST_TEXT, true),
        ContentBlock::List { items, .. } => {
            for (at, item) in items.iter().enumerate().take(MOST_ITEMS) {
                text(format!("items.{at}"), item, LONGEST_TEXT, true);
            }
            if items.len() > MOST_ITEMS {
                faults.push(TextFault::new(format!("{path}.items"), "too_many"));
            }
        }
        ContentBlock::Button { label, url } => {
            text("label".into(), label, LONGEST_LABEL, false);
            if label.trim().is_empty() {
                faults.push(TextFault::new(format!("{path}.label"), "empty"));
            }
            if markup::link(url).is_none() {
                faults.push(TextFault::new(format!("{path}.url"), "not_a_link"));
            }
        }
        ContentBlock::Image { alt, .. } => text("alt".into(), alt, LONGEST_LABEL, false),
        ContentBlock::Divider => {}
    }
}

/// The fault as the editor shows it; an unknown field stands in the path by its name.
fn name(path: &str, fault: MarkupFault) -> TextFault {
    match fault {
        MarkupFault::Link => TextFault::new(path, "not_a_link"),
        MarkupFault::Field(FieldFault::Unclosed) => TextFault::new(path, "unclosed_field"),
        MarkupFault::Field(FieldFault::Unknown(name)) => {
            let name: String = name.chars().take(60).collect();
            TextFault::new(format!("{path}.{{{{{name}}}}}"), "unknown_field")
        }
    }
}

/// Whether there is something to read.
#[must_use]
pub fn is_empty(blocks: &[ContentBlock]) -> bool {
    !blocks.iter().any(|block| match block {
        ContentBlock::Heading { text } | ContentBlock::Paragraph { text } => !text.trim().is_empty(),
        ContentBlock::List { items, .. } => items.iter().any(|item| !item.trim().is_empty()),
        ContentBlock::Button { .. } | ContentBlock::Image { .. } => true,
        ContentBlock::Divider => false,
    })
}

/// The subject for a reader. What was checked when it was saved can be filled in; otherwise it stands as it is.
#[must_use]
pub fn subject_for(subject: &str, person: &Person) -> String {
    fill(subject, person).unwrap_or_else(|_| subject.to_owned())
}

/// The content for a reader, in a letter of this organization; `source` tells how a picture is shown.
#[must_use]
pub fn body_for(blocks: &[ContentBlock], person: &Person, source: &dyn Fn(FileId) -> Option<String>) -> Body {
    let plain = |text: &str| fill(text, person).unwrap_or_else(|_| text.to_owned());
    let rich = |text: &str| {
        markup::render(text, person).unwrap_or_else(|_| vec![plenum_mail::Span::Text(text.to_owned())])
    };
    blocks.iter().fold(Body::from(person.organization.clone()), |body, block| match block {
        ContentBlock::Heading { text } if !text.trim().is_empty() => body.block(Block::Heading(plain(text))),
        // An empty line in the editor begins a new paragraph.
        ContentBlock::Paragraph { text } => text
            .split("\n\n")
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .fold(body, |body, text| body.block(Block::Rich(rich(text)))),
        ContentBlock::List { numbered, items } => {
            let items: Vec<_> =
                items.iter().filter(|item| !item.trim().is_empty()).map(|item| rich(item)).collect();
            if items.is_empty() { body } else { body.block(Block::RichList { numbered: *numbered, items }) }
        }
        ContentBlock::Button { label, url } => match markup::link(url) {
            Some(url) => body.button(plain(label), url),
            None => body,
        },
        ContentBlock::Image { file, alt } => match source(*file) {
            Some(source) => body.block(Block::Image { source, alt: plain(alt) }),
            None => body,
        },
        ContentBlock::Divider => body.block(Block::Divider),
        ContentBlock::Heading { .. } => body,
    })
}

/// What the bytes really are, when they are a picture that mail programs show.
#[must_use]
pub fn picture_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use plenum_kernel::Language;

    use super::*;

    fn paragraph(text: &str) -> ContentBlock {
        ContentBlock::Paragraph { text: text.to_owned() }
    }

    #[test]
    fn nothing_typed_becomes_html_and_a_reader_finds_their_name() {
        let person = Person {
            given_names: "<b>Анна</b>".to_owned(),
            organization: "Профсоюз".to_owned(),
            ..Person::default()
        };
        let blocks = [
            ContentBlock::Heading { text: "<script>".to_owned() },
            paragraph("Здравствуйте, {{имя_отчество}}!\n\n**Важно:** <img src=x>"),
            ContentBlock::Button {
                label: "Открыть".to_owned(), url: "https://a.example/?a=\"b".to_owned()
            },
        ];
        let body = body_for(&blocks, &person, &|_| None);
        let html = body.to_html("Тема", Language::Ru);
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        assert!(
            html.contains("&lt;b&gt;Анна&lt;/b&gt;") && html.contains("<strong>Важно:</strong>"),
            "{html}"
        );
        assert!(body.to_text().starts_with("<SCRIPT>\n\nЗдравствуйте, <b>Анна</b>!\n\nВажно: <img src=x>"));
    }

    #[test]
    fn every_fault_has_its_path_and_an_unknown_field_its_name() {
        let blocks = [
            paragraph("{{имя}}"),
            paragraph("{{стаж}}"),
            ContentBlock::List { numbered: false, items: vec!["а".into(), "[x](ftp://a)".into()] },
            ContentBlock::Button { label: " ".into(), url: "javascript:1".into() },
        ];
        let faults = check(&"т".repeat(201), &blocks).unwrap_err();
        let faults: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), fault.reason)).collect();
        assert_eq!(
            faults,
            [
                ("input.subject", "too_long"),
                ("input.blocks.1.text.{{стаж}}", "unknown_field"),
                ("input.blocks.2.items.1", "not_a_link"),
                ("input.blocks.3.label", "empty"),
                ("input.blocks.3.url", "not_a_link"),
            ]
        );
        assert_eq!(check("Тема для {{имя}}", &blocks[..1]), Ok(()));
    }

    #[test]
    fn a_picture_is_known_by_its_bytes() {
        assert_eq!(picture_type(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(picture_type(b"<svg onload=alert(1)>"), None);
    }

    #[test]
    fn a_letter_of_lines_is_empty() {
        assert!(is_empty(&[ContentBlock::Divider, paragraph("  ")]) && !is_empty(&[paragraph("а")]));
    }
}
