//! Pure rules of mailings.

pub mod audience;
pub mod content;
pub mod markup;
pub mod outcome;
pub mod person;
pub mod recipient;
pub mod state;
pub mod token;

/// A text that cannot be taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFault {
    /// The path in the input.
    pub path: String,
    /// A stable word.
    pub reason: &'static str,
}

impl TextFault {
    /// A fault at a path.
    #[must_use]
    pub fn new(path: impl Into<String>, reason: &'static str) -> Self {
        Self { path: path.into(), reason }
    }
}

/// A text of one line that has to be there.
///
/// # Errors
/// [`TextFault`] when it is empty or too long.
pub fn required(path: &str, text: &str, longest: usize) -> Result<String, TextFault> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(TextFault::new(path, "empty"));
    }
    if text.chars().count() > longest {
        return Err(TextFault::new(path, "too_long"));
    }
    Ok(text)
}
