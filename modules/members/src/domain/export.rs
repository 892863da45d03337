//! Cells of an exported list.

/// A text that no spreadsheet takes for a formula: what begins with `= + - @`, a tab or a carriage return gets an
/// apostrophe before it (OWASP, "CSV Injection"), so that a name typed by anybody runs nothing at the keeper's.
#[must_use]
pub fn neutralized(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_become_texts() {
        for (text, shown) in [
            ("=1+1", "'=1+1"),
            ("+79000000000", "'+79000000000"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("Орлова", "Орлова"),
            ("", ""),
        ] {
            assert_eq!(neutralized(text), shown);
        }
    }

    proptest! {
        #[test]
        fn nothing_is_left_that_begins_a_formula(text in any::<String>(), sign in "[=+\\-@\t\r]") {
            for text in [text.clone(), format!("{sign}{text}")] {
                let shown = neutralized(&text);
                prop_assert!(!shown.starts_with(['=', '+', '-', '@', '\t', '\r']));
                prop_assert!(shown.ends_with(&text));
                prop_assert!(shown.chars().count() <= text.chars().count() + 1);
            }
        }
    }
}
