//! Columns by their places.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A column by its place, the first is 0. Shown and exchanged as a spreadsheet's letters (`A`, `AB`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column(pub u16);

/// The text is not a column of a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a column such as A or AB")]
pub struct ColumnError(String);

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Vec::with_capacity(3);
        let mut rest = u32::from(self.0) + 1;
        while rest > 0 {
            letters.push(b'A' + u8::try_from((rest - 1) % 26).expect("a remainder of 26 is small"));
            rest = (rest - 1) / 26;
        }
        letters.iter().rev().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl FromStr for Column {
    type Err = ColumnError;

    fn from_str(letters: &str) -> Result<Self, ColumnError> {
        let error = || ColumnError(letters.to_owned());
        let mut number: u32 = 0;
        for letter in letters.bytes() {
            if !letter.is_ascii_uppercase() || number > 10_000 {
                return Err(error());
            }
            number = number * 26 + u32::from(letter - b'A') + 1;
        }
        number.checked_sub(1).and_then(|index| u16::try_from(index).ok()).map(Self).ok_or_else(error)
    }
}

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_a_spreadsheets_letters() {
        for (index, letters) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(Column(index).to_string(), letters);
            assert_eq!(letters.parse(), Ok(Column(index)));
        }
        for letters in ["", "a", "A1", "ZZZZZZZZ"] {
            assert!(letters.parse::<Column>().is_err(), "{letters}");
        }
    }
}
