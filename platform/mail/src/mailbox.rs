//! Who a letter is from and to.

use std::fmt;
use std::str::FromStr;

use crate::error::InvalidAddress;

/// An e-mail address, with the name of the person or office behind it when that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox(lettre::message::Mailbox);

impl Mailbox {
    /// A mailbox with a name. Line breaks and the like in the name become spaces.
    ///
    /// # Errors
    /// [`InvalidAddress`] when `address` is no address, as `user@host.example`.
    pub fn new(name: Option<&str>, address: &str) -> Result<Mailbox, InvalidAddress> {
        let address = address.trim().parse().map_err(|_| InvalidAddress)?;
        let name = name.map(one_line).filter(|name| !name.is_empty());
        Ok(Mailbox(lettre::message::Mailbox::new(name, address)))
    }

    /// The bare address.
    #[must_use]
    pub fn address(&self) -> &str {
        self.0.email.as_ref()
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The same address under another name.
    #[must_use]
    pub fn named(&self, name: &str) -> Mailbox {
        let name = Some(one_line(name)).filter(|name| !name.is_empty());
        Mailbox(lettre::message::Mailbox::new(name, self.0.email.clone()))
    }

    /// The part of the address after the @.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.email.domain()
    }

    pub(crate) fn inner(&self) -> lettre::message::Mailbox {
        self.0.clone()
    }
}

impl FromStr for Mailbox {
    type Err = InvalidAddress;

    /// Reads `user@host.example` or `Name <user@host.example>`, as a configuration has it.
    fn from_str(text: &str) -> Result<Mailbox, InvalidAddress> {
        match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => Mailbox::new(Some(name.trim().trim_matches('"')), address),
            None => Mailbox::new(None, text),
        }
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} <{}>", self.address()),
            None => f.write_str(self.address()),
        }
    }
}

/// The text without control characters, for a place that holds one line.
pub(crate) fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configured_sender_reads_with_and_without_a_name() {
        for (text, name, address) in [
            ("mail@example.org", None, "mail@example.org"),
            (" Федерация, г. Минск <mail@example.org> ", Some("Федерация, г. Минск"), "mail@example.org"),
            ("\"A <b> c\" <mail@example.org>", Some("A <b> c"), "mail@example.org"),
            ("<mail@example.org>", None, "mail@example.org"),
        ] {
            let mailbox: Mailbox = text.parse().unwrap();
            assert_eq!((mailbox.name(), mailbox.address()), (name, address), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "mail",
            "mail@",
            "@example.org",
            "a b@example.org",
            "a@example.org\r\nBcc: x@y.z",
            "a@b.c, d@e.f",
        ] {
            assert_eq!(Mailbox::new(None, text), Err(InvalidAddress), "{text:?}");
        }
    }

    #[test]
    fn a_name_stays_on_its_line() {
        let mailbox = Mailbox::new(Some("Иван\r\nBcc: x@y.z"), "a@example.org").unwrap();
        assert_eq!(mailbox.name(), Some("Иван Bcc: x@y.z"));
    }
}
