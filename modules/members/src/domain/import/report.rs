//! The counts of an import.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row is not imported.
    Error,
    /// The row is imported without the value.
    Warning,
}

/// What is wrong with a row. Codes are stable: programs and translations rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The date of birth is missing, unreadable, in the future or more than 120 years ago.
    BirthDateInvalid,
    /// Surname or given name is missing.
    NameMissing,
    /// No unit of the tenant has this name.
    UnitUnknown,
    /// Several units of the tenant have this name.
    UnitAmbiguous,
    /// The union card belongs to someone else.
    CardNumberTaken,
    /// The person would have joined before being born.
    JoinedBeforeBirth,
    /// The e-mail address cannot be right.
    EmailInvalid,
    /// The phone number cannot be right.
    PhoneInvalid,
    /// There is no patronymic.
    PatronymicMissing,
    /// There is no consent to the processing of personal data.
    ConsentMissing,
    /// The date of joining cannot be read.
    JoinedOnInvalid,
    /// The sex cannot be read.
    SexInvalid,
}

impl Code {
    /// The rejections that every report states, found or not, in its order.
    const STATED_REJECTIONS: [Self; 5] = [
        Self::BirthDateInvalid,
        Self::NameMissing,
        Self::UnitUnknown,
        Self::CardNumberTaken,
        Self::JoinedBeforeBirth,
    ];
    /// The warnings that every report states, found or not, in its order.
    const STATED_WARNINGS: [Self; 4] =
        [Self::EmailInvalid, Self::PhoneInvalid, Self::PatronymicMissing, Self::ConsentMissing];

    /// Whether a row with this problem can be imported.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::BirthDateInvalid
            | Self::NameMissing
            | Self::UnitUnknown
            | Self::UnitAmbiguous
            | Self::CardNumberTaken
            | Self::JoinedBeforeBirth => Severity::Error,
            Self::EmailInvalid
            | Self::PhoneInvalid
            | Self::PatronymicMissing
            | Self::ConsentMissing
            | Self::JoinedOnInvalid
            | Self::SexInvalid => Severity::Warning,
        }
    }

    /// The code as text, the same as in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BirthDateInvalid => "birth_date_invalid",
            Self::NameMissing => "name_missing",
            Self::UnitUnknown => "unit_unknown",
            Self::UnitAmbiguous => "unit_ambiguous",
            Self::CardNumberTaken => "card_number_taken",
            Self::JoinedBeforeBirth => "joined_before_birth",
            Self::EmailInvalid => "email_invalid",
            Self::PhoneInvalid => "phone_invalid",
            Self::PatronymicMissing => "patronymic_missing",
            Self::ConsentMissing => "consent_missing",
            Self::JoinedOnInvalid => "joined_on_invalid",
            Self::SexInvalid => "sex_invalid",
        }
    }
}

/// Accepted rows per unit, by the unit's name, in the order of the tenant's tree; units that got none are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnitCounts(pub Vec<(String, u64)>);

impl Serialize for UnitCounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(unit, count)| (unit, count)))
    }
}

impl<'de> Deserialize<'de> for UnitCounts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = UnitCounts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("counts by unit")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UnitCounts, A::Error> {
                let mut counts = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    counts.push(entry);
                }
                Ok(UnitCounts(counts))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

/// The counts of an import. `rows` is the sum of `accepted`, `duplicates` and all `rejected`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Rows that speak of a person.
    pub rows: u64,
    /// Rows that are imported.
    pub accepted: u64,
    /// Rows that repeat a person on record or of an earlier row.
    pub duplicates: u64,
    /// Rows that are refused, by the first rule they break.
    pub rejected: BTreeMap<Code, u64>,
    /// Values that accepted rows go without.
    pub warnings: BTreeMap<Code, u64>,
    /// Accepted rows per unit.
    pub accepted_by_unit: UnitCounts,
    /// Accepted rows with an elected office.
    pub accepted_with_elected_office: u64,
    /// Blank rows between rows that speak of people.
    pub blank_rows: u64,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            rows: 0,
            accepted: 0,
            duplicates: 0,
            rejected: Code::STATED_REJECTIONS.map(|code| (code, 0)).into(),
            warnings: Code::STATED_WARNINGS.map(|code| (code, 0)).into(),
            accepted_by_unit: UnitCounts::default(),
            accepted_with_elected_office: 0,
            blank_rows: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_same_in_json_and_as_text() {
        for code in [
            Code::BirthDateInvalid,
            Code::NameMissing,
            Code::UnitUnknown,
            Code::UnitAmbiguous,
            Code::CardNumberTaken,
            Code::JoinedBeforeBirth,
            Code::EmailInvalid,
            Code::PhoneInvalid,
            Code::PatronymicMissing,
            Code::ConsentMissing,
            Code::JoinedOnInvalid,
            Code::SexInvalid,
        ] {
            assert_eq!(serde_json::to_value(code).expect("serializes"), code.as_str());
        }
    }

    #[test]
    fn units_keep_their_order_in_json() {
        let counts = UnitCounts(vec![("ППО № 2".to_owned(), 1), ("ППО № 10".to_owned(), 2)]);
        let json = serde_json::to_string(&counts).expect("serializes");
        assert_eq!(json, r#"{"ППО № 2":1,"ППО № 10":2}"#);
        assert_eq!(serde_json::from_str::<UnitCounts>(&json).expect("reads back"), counts);
    }
}
