//! Phone numbers and e-mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::{fold, is_dash, tidy};

/// A phone number in E.164 (`+79000000000`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Phone(String);

/// An e-mail address in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Email(String);

impl Phone {
    /// Reads a phone number in a usual spelling; of several numbers in one cell, the first that is right.
    ///
    /// Numbers without a country are Russian: ten digits, or eleven that begin with 7 or 8.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        raw.split([',', ';', '/', '\n']).find_map(Self::parse_one)
    }

    fn parse_one(raw: &str) -> Option<Self> {
        let folded = fold(raw);
        let number = folded.split("доб").next().unwrap_or_default();
        let number = ["тел.", "тел", "моб.", "моб", ":"]
            .iter()
            .fold(number.to_owned(), |text, word| text.replace(word, ""));
        let number = number.trim();
        let is_international = number.starts_with('+');
        let mut digits = String::with_capacity(16);
        for c in number.chars() {
            match c {
                c if c.is_ascii_digit() => digits.push(c),
                c if is_dash(c) || c.is_whitespace() || matches!(c, '(' | ')' | '.' | '+') => {}
                _ => return None,
            }
        }
        let national = match digits.len() {
            10 if !is_international => digits.as_str(),
            11 if digits.starts_with('7') || (digits.starts_with('8') && !is_international) => &digits[1..],
            // E.164 §6.2: at most fifteen digits, and no country code begins with zero.
            8..=15 if is_international && !digits.starts_with('0') => {
                return Some(Self(format!("+{digits}")));
            }
            _ => return None,
        };
        // Area codes of the numbering plan begin with 3 to 9.
        national.starts_with(|c: char| ('3'..='9').contains(&c)).then(|| Self(format!("+7{national}")))
    }

    /// The number in E.164.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Email {
    /// Reads an address. `None` for what could not be delivered to: no name, no domain with a dot, spaces inside.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let address = tidy(raw).to_lowercase();
        let (local, domain) = address.split_once('@')?;
        // RFC 5321 §4.5.3.1: 64 octets before the sign, 255 after it.
        let local_is_right = (1..=64).contains(&local.len())
            && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char));
        let labels: Vec<&str> = domain.split('.').collect();
        let domain_is_right = domain.len() <= 255
            && labels.len() >= 2
            && labels.iter().all(|label| is_domain_label(label))
            && labels
                .last()
                .is_some_and(|top| top.chars().count() >= 2 && !top.chars().all(|c| c.is_ascii_digit()));
        (local_is_right && domain_is_right).then_some(Self(address))
    }

    /// The address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Characters of an unquoted mailbox name (RFC 5322 §3.2.3).
fn is_atom_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// A label of a domain; letters of any script, for domains such as `почта.рф`.
fn is_domain_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.chars().all(|c| c.is_alphanumeric() || c == '-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_phone_spellings_become_one_number() {
        for raw in [
            "+7 (900) 000-00-28",
            "8-900-000-00-28",
            "7 900 000 0028",
            "89000000028",
            "9000000028",
            "8 (900) 000–00–28",
            "тел. 8 900 000 00 28",
            "89000000028, 89000000029",
            "8 900 000-00-28 доб. 12",
        ] {
            assert_eq!(Phone::parse(raw).as_ref().map(Phone::as_str), Some("+79000000028"), "{raw}");
        }
        assert_eq!(Phone::parse("+375 29 123-45-67").as_ref().map(Phone::as_str), Some("+375291234567"));
    }

    #[test]
    fn what_is_no_phone_is_refused() {
        for raw in ["", "12345", "б/н", "нет", "00000000000", "890000000281", "+7 900 000"] {
            assert_eq!(Phone::parse(raw), None, "{raw}");
        }
    }

    #[test]
    fn addresses_are_trimmed_and_lower_cased() {
        assert_eq!(
            Email::parse(" ARTEM.16@EXAMPLE.ORG ").as_ref().map(Email::as_str),
            Some("artem.16@example.org")
        );
        assert!(Email::parse("ivan@почта.рф").is_some());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for raw in [
            "",
            "нет",
            "petrov@",
            "mail.example.org",
            "a b@example.org",
            "a@b",
            "a@@b.ru",
            "a..b@c.ru",
            "@c.ru",
            "a@-b.ru",
            "a@b.1",
            "a@b..ru",
        ] {
            assert_eq!(Email::parse(raw), None, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn a_read_contact_reads_back_as_itself(raw in "[0-9+() а-яa-z@.,-]{0,20}") {
            if let Some(phone) = Phone::parse(&raw) {
                prop_assert_eq!(Phone::parse(phone.as_str()), Some(phone));
            }
            if let Some(email) = Email::parse(&raw) {
                prop_assert_eq!(Email::parse(email.as_str()), Some(email));
            }
        }
    }
}
