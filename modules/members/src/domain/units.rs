//! Names of units as registers write them.

use serde::{Deserialize, Serialize};

use super::text::fold;

/// A unit's name as it is compared: case, spaces, quotes and the way to write `№` make no difference.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UnitKey(String);

impl UnitKey {
    /// The key of a unit's name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let mut spaced = String::with_capacity(name.len());
        for c in fold(name).chars() {
            match c {
                '№' | '#' => spaced.push_str(" № "),
                '«' | '»' | '"' | '“' | '”' | '„' | '\'' => {}
                c => spaced.push(c),
            }
        }
        let mut key = String::with_capacity(spaced.len());
        let mut words = spaced.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let next_is_number =
                words.peek().is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
            if !key.is_empty() {
                key.push(' ');
            }
            let is_number_sign = matches!(word, "n" | "no" | "no.") && next_is_number;
            key.push_str(if is_number_sign { "№" } else { word });
        }
        Self(key)
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when no name was given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_unit_are_one_unit() {
        let key = UnitKey::of("ППО № 12");
        for spelling in [" ппо №12 ", "ППО\u{a0}№ 12", "«ППО» № 12", "ППО N 12", "ППО No 12", "ППО #12"]
        {
            assert_eq!(UnitKey::of(spelling), key, "{spelling}");
        }
        assert_ne!(UnitKey::of("ППО № 1"), UnitKey::of("ППО № 11"));
    }
}
