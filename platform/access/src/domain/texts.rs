//! What may be written.

/// The longest name of a role, characters.
pub const LONGEST_NAME: usize = 100;
/// The longest description or reason, characters.
pub const LONGEST_TEXT: usize = 500;
/// The longest name of a person, characters.
pub const LONGEST_PERSON: usize = 300;
/// The longest address (RFC 5321 §4.5.3.1.3 leaves 254 characters between the angle brackets).
const LONGEST_EMAIL: usize = 254;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written.
    Empty,
    /// It is longer than the limit.
    TooLong,
    /// No letter can be sent to it.
    NotAnEmail,
    /// It has signs that addresses of pages have and names do not: it stands in a letter to a stranger.
    NotAName,
}

impl Fault {
    /// The stable word of the error.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::NotAnEmail => "email_invalid",
            Self::NotAName => "not_a_name",
        }
    }
}

/// A name: trimmed, of one line, not empty.
///
/// # Errors
/// [`Fault`].
pub fn name(text: &str) -> Result<String, Fault> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Err(Fault::Empty),
        count if count > LONGEST_NAME => Err(Fault::TooLong),
        _ => Ok(text),
    }
}

/// A person's name: trimmed, of one line, not empty, and nothing that a mail program would make a link of.
///
/// # Errors
/// [`Fault`].
pub fn person(text: &str) -> Result<String, Fault> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Err(Fault::Empty),
        count if count > LONGEST_PERSON => Err(Fault::TooLong),
        _ if text.contains([':', '/', '\\', '@', '<', '>']) || text.to_lowercase().contains("www.") => {
            Err(Fault::NotAName)
        }
        _ => Ok(text),
    }
}

/// An address that a letter can be sent to.
///
/// # Errors
/// [`Fault::NotAnEmail`].
pub fn email(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let parts = text.rsplit_once('@').filter(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && domain.split('.').all(|label| !label.is_empty())
            && !text.contains(|sign: char| sign.is_whitespace() || sign.is_control())
    });
    if parts.is_some() && text.len() <= LONGEST_EMAIL { Ok(text.to_owned()) } else { Err(Fault::NotAnEmail) }
}

/// A text that may be left out: trimmed; nothing is none.
///
/// # Errors
/// [`Fault::TooLong`].
pub fn optional(text: Option<&str>) -> Result<Option<String>, Fault> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > LONGEST_TEXT => Err(Fault::TooLong),
        text => Ok(text.map(str::to_owned)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_and_reasons_may_be_left_out() {
        assert_eq!(name("  Помощник\n казначея "), Ok("Помощник казначея".to_owned()));
        assert_eq!(name(" \n"), Err(Fault::Empty));
        assert_eq!(name(&"я".repeat(101)), Err(Fault::TooLong));
        assert_eq!(optional(Some("  ")), Ok(None));
        assert_eq!(optional(Some(" отпуск ")), Ok(Some("отпуск".to_owned())));
        assert_eq!(optional(Some(&"я".repeat(501))), Err(Fault::TooLong));
    }

    #[test]
    fn a_name_is_no_link_and_an_address_is_one_that_letters_reach() {
        assert_eq!(person("  О’Нил-Петрова\n Анна "), Ok("О’Нил-Петрова Анна".to_owned()));
        for bad in ["Приз: evil.example/win", "http://evil.example", "WWW.evil.example", "a@b.org", "<b>"]
        {
            assert_eq!(person(bad), Err(Fault::NotAName), "{bad}");
        }
        assert_eq!((person(" "), person(&"я".repeat(301))), (Err(Fault::Empty), Err(Fault::TooLong)));
        assert_eq!(email(" a@b.org "), Ok("a@b.org".to_owned()));
        for bad in ["", "a", "@b.org", "a@b", "a@b..org", "a b@c.org", "a@b.org\r\nBcc: c@d.org"] {
            assert_eq!(email(bad), Err(Fault::NotAnEmail), "{bad}");
        }
    }
}
