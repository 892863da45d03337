//! What a letter says, before it has a form.

use plenum_kernel::Language;
use url::Url;

use crate::mailbox::one_line;

/// The content of a letter, in the reader's language. Texts are plain: what looks like HTML is shown as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// Who writes, shown at the top: the organization's name.
    pub sender: String,
    /// "Dear …," on a line of its own.
    pub greeting: Option<String>,
    /// What follows, in this order.
    pub blocks: Vec<Block>,
    /// Small print at the end, a line each: why the reader gets this letter, whom to ask.
    pub footer: Vec<String>,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// Names and values: when, where, what.
    Facts(Vec<(String, String)>),
    /// A list with bullets.
    List(Vec<String>),
    /// A list with numbers: an agenda.
    Numbered(Vec<String>),
    /// The thing to do.
    Button {
        /// What it says.
        label: String,
        /// Where it leads. In the text form it stands there itself.
        url: Url,
    },
    /// A title between paragraphs.
    Heading(String),
    /// A paragraph with bold words and links.
    Rich(Vec<Span>),
    /// A list whose items have bold words and links.
    RichList {
        /// With numbers instead of bullets.
        numbered: bool,
        /// The items.
        items: Vec<Vec<Span>>,
    },
    /// A picture, as wide as the letter at most.
    Image {
        /// `cid:…` for a picture that goes along ([`crate::Picture`]), or `data:` for a preview.
        source: String,
        /// What it shows, for those who do not see it.
        alt: String,
    },
    /// A line across.
    Divider,
}

/// A stretch of text of one kind. Texts are plain: what looks like HTML is shown as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Ordinary words.
    Text(String),
    /// Bold words.
    Bold(String),
    /// A link.
    Link {
        /// What it says.
        text: String,
        /// Where it leads.
        url: Url,
    },
}

/// The spans as plain text; a link is followed by its address.
fn plain(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text(text) | Span::Bold(text) => text.clone(),
            Span::Link { text, url } => format!("{text} ({url})"),
        })
        .collect()
}

impl Body {
    /// An empty letter from this sender.
    #[must_use]
    pub fn from(sender: impl Into<String>) -> Body {
        Body { sender: sender.into(), ..Body::default() }
    }

    /// With a greeting.
    #[must_use]
    pub fn greeting(mut self, text: impl Into<String>) -> Body {
        self.greeting = Some(text.into());
        self
    }

    /// With another paragraph.
    #[must_use]
    pub fn paragraph(self, text: impl Into<String>) -> Body {
        self.block(Block::Paragraph(text.into()))
    }

    /// With names and values.
    #[must_use]
    pub fn facts(self, facts: impl IntoIterator<Item = (String, String)>) -> Body {
        self.block(Block::Facts(facts.into_iter().collect()))
    }

    /// With a list.
    #[must_use]
    pub fn list(self, items: impl IntoIterator<Item = String>) -> Body {
        self.block(Block::List(items.into_iter().collect()))
    }

    /// With a numbered list.
    #[must_use]
    pub fn numbered(self, items: impl IntoIterator<Item = String>) -> Body {
        self.block(Block::Numbered(items.into_iter().collect()))
    }

    /// With a button.
    #[must_use]
    pub fn button(self, label: impl Into<String>, url: Url) -> Body {
        self.block(Block::Button { label: label.into(), url })
    }

    /// With another line of small print.
    #[must_use]
    pub fn footer(mut self, line: impl Into<String>) -> Body {
        self.footer.push(line.into());
        self
    }

    /// With another part.
    #[must_use]
    pub fn block(mut self, block: Block) -> Body {
        self.blocks.push(block);
        self
    }

    /// The HTML form, a whole page. Show it in a sandboxed frame only.
    #[must_use]
    pub fn to_html(&self, subject: &str, language: Language) -> String {
        crate::html::page(self, &one_line(subject), language.code())
    }

    /// The plain text form.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.greeting.clone());
        for block in &self.blocks {
            parts.push(match block {
                Block::Paragraph(text) => text.clone(),
                Block::Facts(facts) => {
                    let lines = facts.iter().map(|(name, value)| format!("{name}: {value}"));
                    lines.collect::<Vec<_>>().join("\n")
                }
                Block::List(items) => {
                    items.iter().map(|item| format!("• {item}")).collect::<Vec<_>>().join("\n")
                }
                Block::Numbered(items) => {
                    let lines = items.iter().enumerate().map(|(i, item)| format!("{}. {item}", i + 1));
                    lines.collect::<Vec<_>>().join("\n")
                }
                Block::Button { label, url } => format!("{label}:\n{url}"),
                Block::Heading(text) => text.to_uppercase(),
                Block::Rich(spans) => plain(spans),
                Block::RichList { numbered, items } => {
                    let lines = items.iter().enumerate().map(|(at, item)| match numbered {
                        true => format!("{}. {}", at + 1, plain(item)),
                        false => format!("• {}", plain(item)),
                    });
                    lines.collect::<Vec<_>>().join("\n")
                }
                Block::Image { alt, .. } => format!("[{alt}]"),
                Block::Divider => "* * *".to_owned(),
            });
        }
        // "-- " sets the signature apart (RFC 3676 §4.3).
        let mut footer = vec!["-- ".to_owned()];
        footer.extend((!self.sender.is_empty()).then(|| self.sender.clone()));
        footer.extend(self.footer.iter().cloned());
        if footer.len() > 1 {
            parts.push(footer.join("\n"));
        }
        parts.join("\n\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rich_blocks_read_by_themselves_too() {
        let url: Url = "https://plenum.example/a".parse().unwrap();
        let spans = vec![
            Span::Text("Подробности ".into()),
            Span::Link { text: "на сайте".into(), url },
            Span::Bold("!".into()),
        ];
        let body = Body::default()
            .block(Block::Heading("Важное".into()))
            .block(Block::Rich(spans.clone()))
            .block(Block::RichList { numbered: true, items: vec![spans] })
            .block(Block::Divider)
            .block(Block::Image { source: "cid:1".into(), alt: "Зал заседаний".into() });
        let line = "Подробности на сайте (https://plenum.example/a)!";
        assert_eq!(body.to_text(), format!("ВАЖНОЕ\n\n{line}\n\n1. {line}\n\n* * *\n\n[Зал заседаний]\n"));
    }

    #[test]
    fn the_text_form_reads_by_itself() {
        let body = Body::from("Совет")
            .greeting("Здравствуйте, Анна!")
            .paragraph("Приглашаем на заседание.")
            .facts([("Когда".into(), "23 ноября, 10:00".into())])
            .numbered(["О смете".into(), "Разное".into()])
            .button("Войти", "https://plenum.example/s/1?a=1&b=2".parse().unwrap())
            .footer("Письмо отправлено автоматически.");
        let expected = "Здравствуйте, Анна!\n\nПриглашаем на заседание.\n\nКогда: 23 ноября, 10:00\n\n\
            1. О смете\n2. Разное\n\nВойти:\nhttps://plenum.example/s/1?a=1&b=2\n\n\
            -- \nСовет\nПисьмо отправлено автоматически.\n";
        assert_eq!(body.to_text(), expected);
    }
}
