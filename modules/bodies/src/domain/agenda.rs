//! What a session's agenda may hold.

/// The most items a session may have.
pub const MOST_ITEMS: usize = 100;
/// The longest title, motion or decision, in characters.
pub const LONGEST_TEXT: usize = 10_000;
/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 500;

/// What is wrong with a text of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFault {
    /// The path in the input.
    pub path: String,
    /// A stable word.
    pub reason: &'static str,
}

/// Trims a required text.
///
/// # Errors
/// [`TextFault`] when it is empty or too long.
pub fn required(path: impl Into<String>, text: &str, longest: usize) -> Result<String, TextFault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextFault { path: path.into(), reason: "empty" });
    }
    if text.chars().count() > longest {
        return Err(TextFault { path: path.into(), reason: "too_long" });
    }
    Ok(text.to_owned())
}

/// Trims a text that may be left out; blank is left out.
///
/// # Errors
/// [`TextFault`] when it is too long.
pub fn optional(
    path: impl Into<String>,
    text: Option<&str>,
    longest: usize,
) -> Result<Option<String>, TextFault> {
    match text.map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => required(path, text, longest).map(Some),
    }
}

/// Trims an address and checks its form, roughly: what is before and after the one `@`.
///
/// # Errors
/// [`TextFault`] when it cannot be one.
pub fn email(path: impl Into<String>, text: &str) -> Result<String, TextFault> {
    let path = path.into();
    let text = required(path.clone(), text, 254)?;
    let well_formed = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain.contains('.')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"()".contains(c))
            && !domain.contains('@')
    });
    if well_formed { Ok(text) } else { Err(TextFault { path, reason: "not_an_email" }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_text() {
        assert_eq!(email("e", " a.b@example.org ").as_deref(), Ok("a.b@example.org"));
        for text in ["", "a", "@b.c", "a@", "a@b", "a@.b", "a@b.", "a b@c.d", "a@b.c@d.e", "<a@b.c>"] {
            assert!(email("e", text).is_err(), "{text}");
        }
    }

    #[test]
    fn blank_is_left_out_and_too_long_is_refused() {
        assert_eq!(optional("x", Some("  "), 5), Ok(None));
        assert_eq!(optional("x", Some("абвгде"), 5).map_err(|fault| fault.reason), Err("too_long"));
        assert_eq!(required("x", " ", 5).map_err(|fault| fault.reason), Err("empty"));
    }
}
