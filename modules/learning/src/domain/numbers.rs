//! Numbers as people write them, exact to six decimal places.

/// One, in millionths.
const ONE: i64 = 1_000_000;

/// Reads `-12,5`, `12.5`, `1 000`: in millionths. None for anything else, for more than six decimal places, and beyond
/// twelve digits before the separator.
#[must_use]
pub fn read(text: &str) -> Option<i64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, part) = digits.split_once([',', '.']).unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && part.is_empty() || whole.len() > 12 || part.len() > 6 {
        return None;
    }
    if !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    let value = whole * ONE + part;
    Some(if negative { -value } else { value })
}

/// Writes it without needless zeros, with a decimal point.
#[must_use]
pub fn write(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, part) = (millionths.unsigned_abs() / 1_000_000, millionths.unsigned_abs() % 1_000_000);
    if part == 0 {
        return format!("{sign}{whole}");
    }
    format!("{sign}{whole}.{}", format!("{part:06}").trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in -999_999_999_999_i64 * 1_000_000..999_999_999_999 * 1_000_000) {
            prop_assert_eq!(read(&write(value)), Some(value));
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(read("12,5"), Some(12_500_000));
        assert_eq!(read(" −1 000 "), Some(-1_000_000_000));
        assert_eq!(read(".5"), Some(500_000));
        for text in ["", "-", ".", "1e3", "1,2,3", "двенадцать", "0.1234567", "1234567890123"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
