//! Words of the API beside those of the domain.

use async_graphql::{Enum, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

use crate::{
    domain::{consent, history, import, record, sex},
    store::{corrections, exports, filters, imports::State, persons, transfers},
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

/// What holds of consent to the use of personal data.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "plenum_members_api::Consent")]
pub enum ConsentState {
    /// Given and not withdrawn.
    Given,
    /// Refused or withdrawn.
    Refused,
    /// Nothing is on record.
    Missing,
}

/// What was said of consent.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "consent::ConsentAct")]
pub enum ConsentAct {
    /// They agreed.
    Given,
    /// They did not agree.
    Refused,
    /// They took back what they had agreed to.
    Withdrawn,
}

/// Where it was said.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "consent::ConsentSource")]
pub enum ConsentSource {
    /// An imported register says so.
    Import,
    /// A signed paper.
    Paper,
    /// The member, signed in.
    Portal,
    /// It came with the record from another organization.
    Transfer,
}

/// Whether a record is kept on.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "persons::MemberState")]
pub enum MemberState {
    /// On record here.
    Active,
    /// Taken over by another organization; the record is closed.
    Left,
}

/// An office of a member.
pub use plenum_members_api::Office as MemberOfficeKind;

/// A field of the record card that can be changed.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "record::RecordField")]
pub enum MemberField {
    /// The family name.
    Surname,
    /// The given name.
    GivenName,
    /// The patronymic.
    Patronymic,
    /// The date of birth.
    BirthDate,
    /// The sex.
    Sex,
    /// The phone number.
    Phone,
    /// The e-mail address.
    Email,
    /// Where the person works.
    Workplace,
    /// What the person works as.
    Position,
    /// The date of joining the union.
    JoinedOn,
    /// The number of the union card.
    CardNumber,
}

/// By what members are ordered; what is equal in that goes by name.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "filters::Sort")]
pub enum MemberSort {
    /// The name.
    Name,
    /// The unit, in the order of the tree.
    Unit,
    /// The date of birth.
    BirthDate,
    /// The date of joining; those without one come last.
    JoinedOn,
}

/// What kind of file.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "exports::Format")]
pub enum ExportFormat {
    /// A workbook of Excel.
    Xlsx,
    /// A text table: UTF-8 with its mark, semicolons.
    Csv,
}

/// Where an export stands.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "exports::ExportState")]
pub enum MemberExportState {
    /// It is being written, or waits for its turn.
    Running,
    /// The file is there.
    Done,
    /// It could not be written.
    Failed,
}

/// Which side of a transfer this organization is.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "transfers::Direction")]
pub enum TransferDirection {
    /// The member leaves.
    Outgoing,
    /// The member comes.
    Incoming,
}

/// Where a transfer stands.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "transfers::TransferState")]
pub enum TransferState {
    /// The other side has not decided.
    Requested,
    /// It takes the member over; the record is being copied.
    Accepted,
    /// The record is there.
    Done,
    /// It does not take the member over.
    Refused,
    /// Who asked took it back.
    Cancelled,
}

/// Where a correction stands.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "corrections::CorrectionState")]
pub enum CorrectionState {
    /// It waits for the keeper.
    Pending,
    /// The fields are changed.
    Approved,
    /// They are not, for a reason.
    Rejected,
}

/// What happened to a member.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "history::Kind")]
pub enum MemberHistoryKind {
    /// The record came by an import.
    Imported,
    /// A keeper added the record.
    Added,
    /// A keeper changed fields.
    Updated,
    /// Another unit keeps the record.
    Moved,
    /// Consent was given, refused or withdrawn.
    Consent,
    /// The member asked for a correction.
    CorrectionRequested,
    /// A keeper approved it: the fields are changed.
    CorrectionApproved,
    /// A keeper rejected it.
    CorrectionRejected,
    /// A keeper invited the member to the portal.
    Invited,
    /// The member's account became known.
    AccountLinked,
    /// The membership card was made anew.
    CardReissued,
    /// A keeper asked another organization to take the member over.
    TransferRequested,
    /// The other organization refused.
    TransferRefused,
    /// The keeper took the request back.
    TransferCancelled,
    /// The other organization took the member over; the record is closed.
    Left,
    /// The member came from another organization.
    Arrived,
    /// The member took an office.
    OfficeTaken,
    /// The office ended.
    OfficeEnded,
    /// The notice of a session was sent.
    NoticeSent,
    /// The member was at a session.
    SessionAttended,
    /// The member was called to a session and was not there.
    SessionMissed,
    /// The member signed a document.
    DocumentSigned,
    /// The member was given a task.
    TaskGiven,
    /// The member did a task.
    TaskDone,
    /// The member was enrolled in a course.
    Enrolled,
    /// The member got a certificate.
    CertificateIssued,
    /// A letter of a campaign went to the member.
    MailingSent,
}
