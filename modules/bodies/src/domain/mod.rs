//! The rules of proceedings: pure, each a function of what it is given.

pub mod agenda;
pub mod choice;
pub mod office;
pub mod quorum;
pub mod session;
pub mod tally;

/// A stored word that the rules do not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} `{word}` is not known")]
pub struct UnknownWord {
    /// What kind of word.
    pub what: &'static str,
    /// The word.
    pub word: String,
}
