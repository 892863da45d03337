//! What may be written.

/// The longest name of a role, characters.
pub const LONGEST_NAME: usize = 100;
/// The longest description or reason, characters.
pub const LONGEST_TEXT: usize = 500;

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written.
    Empty,
    /// It is longer than the limit.
    TooLong,
}

impl Fault {
    /// The stable word of the error.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
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
}
