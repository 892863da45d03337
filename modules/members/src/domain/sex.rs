//! A person's sex as registers state it.

use serde::{Deserialize, Serialize};

use super::text::fold;

/// A person's sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// As it is stored: `female` or `male`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }

    /// Reads the usual Russian and English spellings; `None` for anything else.
    #[must_use]
    pub fn parse(raw: &str) -> Option<Self> {
        match fold(raw).trim_end_matches('.') {
            "ж" | "жен" | "женский" | "женщина" | "f" | "female" => Some(Self::Female),
            "м" | "муж" | "мужской" | "мужчина" | "m" | "male" => Some(Self::Male),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_spellings_are_read() {
        assert_eq!(Sex::parse(" жен. "), Some(Sex::Female));
        assert_eq!(Sex::parse("М"), Some(Sex::Male));
        assert_eq!(Sex::parse("да"), None);
    }
}
