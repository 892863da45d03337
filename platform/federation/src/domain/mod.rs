//! What an organization may be called, and how long before it is deleted that is told.

use chrono::TimeDelta;

/// From the day on which a deletion is asked for to the day on which everything is deleted. A calendar month is what the
/// apparatus of a union needs to meet, to decide where its papers go and to take its export.
pub const NOTICE: TimeDelta = TimeDelta::days(30);
/// So long before, the administrators are told once more.
pub const REMINDED_BEFORE: TimeDelta = TimeDelta::days(7);

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
        _ => Ok(text),
    }
}

/// A reason: trimmed, with its lines, not empty, not too long.
///
/// # Errors
/// The stable word of the fault.
pub fn reason(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err("empty"),
        count if count > LONGEST_REASON => Err("too_long"),
        _ => Ok(text.to_owned()),
    }
}

/// A name in addresses: Latin letters, digits and hyphens, a letter first, 2 to 41 signs.
///
/// # Errors
/// The stable word of the fault.
pub fn slug(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let sign = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
    let fits = (2..=41).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(sign);
    if fits { Ok(text.to_owned()) } else { Err("not_a_slug") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_addresses_are_plain() {
        for good in ["ab", "metal-9", "a1-"] {
            assert_eq!(slug(good), Ok(good.to_owned()));
        }
        for bad in ["", "a", "9a", "-a", "Metal", "мет", "a b", "a/b", &"a".repeat(42)] {
            assert_eq!(slug(bad), Err("not_a_slug"), "{bad}");
        }
    }

    #[test]
    fn lines_are_looked_at() {
        assert_eq!(line("  Союз\n горняков ", 20), Ok("Союз горняков".to_owned()));
        assert_eq!((line(" ", 5), line("длинное", 3)), (Err("empty"), Err("too_long")));
        assert_eq!(reason(" слита\nс другой "), Ok("слита\nс другой".to_owned()));
        assert_eq!((reason(" \n"), reason(&"д".repeat(501))), (Err("empty"), Err("too_long")));
    }
}
