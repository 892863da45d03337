//! What a member can say in a vote.

use super::UnknownWord;

/// A member's choice in a named open vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// For the motion.
    For,
    /// Against it.
    Against,
    /// Neither.
    Abstained,
}

impl Choice {
    /// Reads the stored form; `None` for one who did not vote.
    ///
    /// # Errors
    /// [`UnknownWord`] for anything else.
    pub fn read(text: &str) -> Result<Option<Self>, UnknownWord> {
        Ok(match text {
            "for" => Some(Self::For),
            "against" => Some(Self::Against),
            "abstained" => Some(Self::Abstained),
            "not_voted" => None,
            other => return Err(UnknownWord { what: "choice", word: other.to_owned() }),
        })
    }

    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::For => "for",
            Self::Against => "against",
            Self::Abstained => "abstained",
        }
    }
}
