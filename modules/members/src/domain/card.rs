//! Numbers of union cards.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::{fold, tidy};

/// The number of a union card, as it is shown. It holds at least one digit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardNumber(String);

/// A card number as it is compared: case and spaces make no difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CardKey(String);

impl CardNumber {
    /// Reads a card number. `None` when there is no digit in it: "б/н" and dashes say that there is no card,
    /// and must not make two people holders of the same one.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        let tidied = tidy(raw);
        tidied.chars().any(|c| c.is_ascii_digit()).then_some(Self(tidied))
    }

    /// The number as it is shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number as it is compared.
    #[must_use]
    pub fn key(&self) -> CardKey {
        CardKey(fold(&self.0).replace(' ', ""))
    }
}

impl CardKey {
    /// The key as text, to be stored under a unique index.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_and_case_make_no_other_card() {
        let left = CardNumber::parse(" АБ 48-11-0000001 ").expect("has digits");
        let right = CardNumber::parse("аб48-11–0000001").expect("has digits");
        assert_eq!(left.key(), right.key());
        assert_eq!(left.as_str(), "АБ 48-11-0000001");
    }

    #[test]
    fn words_for_no_card_are_no_card() {
        for raw in ["", "б/н", "—", "нет"] {
            assert_eq!(CardNumber::parse(raw), None, "{raw}");
        }
    }
}
