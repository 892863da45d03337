//! What a letter says, before it has a form.

use url::Url;

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

    fn block(mut self, block: Block) -> Body {
        self.blocks.push(block);
        self
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
