//! Text for spreadsheets.

/// A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it
/// (OWASP, "CSV Injection").
#[must_use]
pub fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(harmless("ПП № 17"), "ПП № 17");
    }
}
