//! Names of states and kinds in the API.

use async_graphql::Enum;

use crate::{
    actions::{
        assign_bank_row::Assigned, charge_member::Charged, export_statement::Format,
        record_bank_list::Recorded, reverse_entry::Reversed,
    },
    domain::{
        bank::Outcome,
        ledger::{Entry, Kind, Method},
        terms::Ground,
    },
    store::bank::ListState,
};

/// How a rate is reckoned.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum DuesRateKind {
    /// Hundredths of a percent of the declared salary.
    Percent,
    /// Kopecks a month.
    Fixed,
}

/// Why a member does not pay.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(name = "DuesExemptionGround", remote = "Ground")]
pub enum ExemptionGround {
    /// Retired and not working.
    Pensioner,
    /// On parental leave.
    ParentalLeave,
    /// Studies full time.
    Student,
    /// Without work.
    Unemployed,
    /// Another; the note says which.
    Other,
}

/// What an entry of the ledger is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum LedgerEntryKind {
    /// Dues of a month.
    Charge,
    /// Money received.
    Payment,
    /// Takes a charge back.
    ChargeReversal,
    /// Takes a payment back.
    PaymentReversal,
}

impl LedgerEntryKind {
    pub(super) fn of(entry: &Entry) -> Self {
        match (entry.kind, entry.reverses.is_some()) {
            (Kind::Charge, false) => Self::Charge,
            (Kind::Charge, true) => Self::ChargeReversal,
            (Kind::Payment, false) => Self::Payment,
            (Kind::Payment, true) => Self::PaymentReversal,
        }
    }
}

/// How money was received.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Method")]
pub enum PaymentMethod {
    /// In cash.
    Cash,
    /// By a bank.
    Bank,
    /// Withheld from the salary.
    Payroll,
}

/// How charging a member ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Charged")]
pub enum ChargeMemberStatus {
    /// Charged.
    #[graphql(name = "OK")]
    Done,
    /// A charge for that month stands.
    #[graphql(name = "ALREADY_CHARGED")]
    Before,
    /// Nothing is to be paid.
    Exempt,
    /// No unit has set a rate by then.
    NoRate,
    /// The rate is a percentage, and no salary is declared.
    NoSalary,
}

/// How taking an entry back ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Reversed")]
pub enum ReverseEntryStatus {
    /// Taken back.
    #[graphql(name = "OK")]
    Done,
    /// It had been taken back before.
    #[graphql(name = "ALREADY_REVERSED")]
    Before,
    /// It takes something back itself.
    IsReversal,
}

/// How far a bank's list has come.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "ListState")]
pub enum BankListState {
    /// Tried; it waits for a decision.
    Checked,
    /// Its matched payments are in the ledger.
    Recorded,
    /// Put away.
    Discarded,
}

/// What becomes of a row of a bank's list.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Outcome")]
pub enum BankRowOutcome {
    /// It will be, or was, recorded.
    Matched,
    /// Nobody of the unit has this card.
    Unmatched,
    /// The bank's number is recorded already, or stands further up in the list.
    Duplicate,
    /// Date, sum or number cannot be read.
    Unreadable,
}

/// How a step of work on a bank's list ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Recorded")]
pub enum BankListStatus {
    /// Done, now or before.
    #[graphql(name = "OK")]
    Done,
    /// The list is in another state.
    WrongState,
}

/// How giving a row to a member ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Assigned")]
pub enum AssignBankRowStatus {
    /// Given.
    #[graphql(name = "OK")]
    Done,
    /// There is no such row, or it cannot be recorded for anybody.
    NotOpen,
    /// The list is not waiting any more.
    WrongState,
    /// The member is not of the list's unit.
    OtherUnit,
}

/// A kind of file.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Format")]
pub enum StatementFormat {
    /// A table for spreadsheets.
    Csv,
    /// A paper.
    Pdf,
}
