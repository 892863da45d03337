//! Words of the API beside those of the domain.

use async_graphql::{Enum, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

use crate::{
    domain::{import, sex},
    store::imports::State,
};

/// A day without a time, as `2026-11-23` (ISO 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.parse()?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A person's sex.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "sex::Sex")]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
}

/// Where an import stands.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "State")]
pub enum MemberImportState {
    /// The file cannot be read.
    Unreadable,
    /// A trial run was made, nothing is added.
    Checked,
    /// It is being added, or waits for its turn.
    Committing,
    /// It is added.
    Done,
    /// It could not be added; nothing of it is there.
    Failed,
    /// It was put away.
    Discarded,
}

/// What a column of a register holds.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "import::Field")]
pub enum ImportField {
    /// Surname, given name and patronymic in one cell.
    FullName,
    /// The family name alone.
    Surname,
    /// The given name alone.
    GivenName,
    /// The patronymic alone.
    Patronymic,
    /// The date of birth.
    BirthDate,
    /// The person's sex.
    Sex,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Where the person works.
    Workplace,
    /// What the person works as.
    Position,
    /// The primary organization.
    Unit,
    /// The date of joining the union.
    JoinedOn,
    /// The number of the union card.
    CardNumber,
    /// Consent to the processing of personal data.
    Consent,
    /// The office that the person was elected to.
    ElectedOffice,
}

/// What becomes of a row.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "import::Outcome")]
pub enum RowOutcome {
    /// It is imported.
    Accepted,
    /// It repeats a person.
    Duplicate,
    /// It breaks a rule.
    Rejected,
}

/// How much a problem matters.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "import::Severity")]
pub enum Severity {
    /// The row is not imported.
    Error,
    /// The row is imported without the value.
    Warning,
}
