//! Rules that need no database.

pub mod colour;
pub mod modules;
pub mod sender;

/// The longest name, characters.
pub const LONGEST_NAME: usize = 300;
/// The longest short name, characters.
pub const LONGEST_SHORT_NAME: usize = 60;
/// The longest reason, characters.
pub const LONGEST_REASON: usize = 500;

/// A text of one line: trimmed, not empty, not too long.
///
/// # Errors
/// The stable word of the fault.
pub fn line(text: &str, longest: usize) -> Result<String, &'static str> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Err("empty"),
        count if count > longest => Err("too_long"),
        _ if text.chars().any(is_hidden) => Err("sign"),
        _ => Ok(text),
    }
}

/// Whether a sign is not seen, or turns the order of those around it: it has no place in a name.
pub(crate) fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_that_is_seen() {
        assert_eq!(line("  Союз\n горняков ", 20), Ok("Союз горняков".to_owned()));
        assert_eq!((line(" ", 5), line("длинное", 3)), (Err("empty"), Err("too_long")));
        assert_eq!(line("Союз\u{202e}кинрог", 20), Err("sign"));
    }
}
