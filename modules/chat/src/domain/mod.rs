//! The rules of conversation: pure, each a function of what it is given.

pub mod emoji;
pub mod pace;
pub mod picture;
pub mod search;
pub mod text;
pub mod words;

/// A stored word that the rules do not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} `{word}` is not known")]
pub struct UnknownWord {
    /// What kind of word.
    pub what: &'static str,
    /// The word.
    pub word: String,
}
