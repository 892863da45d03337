//! Pure rules of dues.

pub mod bank;
pub mod charge;
pub mod csv_text;
pub mod ledger;
pub mod month;
pub mod terms;

/// What is wrong with a field of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The path in the input.
    pub path: &'static str,
    /// A stable word.
    pub reason: &'static str,
}

impl Fault {
    /// A fault of this field.
    #[must_use]
    pub const fn new(path: &'static str, reason: &'static str) -> Self {
        Self { path, reason }
    }
}

/// Trims a text that may be left out; blank is left out.
///
/// # Errors
/// [`Fault`] when it is longer than `longest` characters.
pub fn optional(path: &'static str, text: Option<&str>, longest: usize) -> Result<Option<String>, Fault> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) if text.chars().count() > longest => Err(Fault::new(path, "too_long")),
        Some(text) => Ok(Some(text.to_owned())),
    }
}

/// Trims a text that must be there.
///
/// # Errors
/// [`Fault`] when it is blank or too long.
pub fn required(path: &'static str, text: &str, longest: usize) -> Result<String, Fault> {
    optional(path, Some(text), longest)?.ok_or(Fault::new(path, "empty"))
}
