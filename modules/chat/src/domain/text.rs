//! What a message and a name may say.

/// The longest message, in characters.
pub const LONGEST: usize = 4000;
/// The longest name of a group.
pub const LONGEST_NAME: usize = 120;

/// What is wrong with a text of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFault {
    /// The path in the input.
    pub path: &'static str,
    /// A stable word.
    pub reason: &'static str,
}

/// Cleans a message: line ends are `\n`, other control characters and what turns the direction of writing around are
/// gone, blank ends are cut. It may be empty when it comes with files.
///
/// # Errors
/// [`TextFault`]: `empty` or `too_long`.
pub fn message(path: &'static str, text: &str, may_be_empty: bool) -> Result<String, TextFault> {
    let text: String =
        text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| may_stand(*c)).collect();
    let text = text.trim().to_owned();
    if text.is_empty() && !may_be_empty {
        return Err(TextFault { path, reason: "empty" });
    }
    if text.chars().count() > LONGEST {
        return Err(TextFault { path, reason: "too_long" });
    }
    Ok(text)
}

/// Cleans a name: one line.
///
/// # Errors
/// [`TextFault`]: `empty` or `too_long`.
pub fn name(path: &'static str, text: &str) -> Result<String, TextFault> {
    let text = text.chars().filter(|c| may_stand(*c)).collect::<String>();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(TextFault { path, reason: "empty" });
    }
    if text.chars().count() > LONGEST_NAME {
        return Err(TextFault { path, reason: "too_long" });
    }
    Ok(text)
}

/// Cuts a text that the platform took over from elsewhere to what a message can hold.
#[must_use]
pub fn cut(text: &str) -> String {
    let clean: String = text.replace("\r\n", "\n").chars().filter(|c| may_stand(*c)).collect();
    let clean = clean.trim();
    if clean.chars().count() <= LONGEST {
        return clean.to_owned();
    }
    let mut short: String = clean.chars().take(LONGEST - 1).collect();
    short.push('…');
    short
}

/// U+202A…U+202E and U+2066…U+2069 (Unicode TR9 §2.1–2.4) let a name or a link read other than it is.
fn may_stand(c: char) -> bool {
    c == '\n'
        || c == '\t'
        || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_cleaned() {
        assert_eq!(message("text", "  Да\r\nнет\u{0} \u{202e}\n", false), Ok("Да\nнет".to_owned()));
    }

    #[test]
    fn an_empty_message_needs_a_file() {
        assert_eq!(message("text", " \n ", false), Err(TextFault { path: "text", reason: "empty" }));
        assert_eq!(message("text", " ", true), Ok(String::new()));
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(message("text", &"ё".repeat(LONGEST), false).is_ok());
        assert_eq!(
            message("text", &"ё".repeat(LONGEST + 1), false),
            Err(TextFault { path: "text", reason: "too_long" })
        );
        assert_eq!(cut(&"ё".repeat(LONGEST + 5)).chars().count(), LONGEST);
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(name("name", " Юристы\n ФНПР "), Ok("Юристы ФНПР".to_owned()));
        assert!(name("name", "\n").is_err());
        assert!(name("name", &"я".repeat(LONGEST_NAME + 1)).is_err());
    }
}
