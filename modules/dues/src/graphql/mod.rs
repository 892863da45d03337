//! Dues in the API: maps, never decides.

mod bank;
mod dues;
mod mutations;
mod names;
mod overview;
mod queries;

use std::sync::Arc;

use async_graphql::Context;
use plenum_files::FilesError;
use plenum_graph::{Answer, Paging, Refusal};
use plenum_kernel::TypedId;

pub use bank::BankListNode;
pub use mutations::DuesMutation;
pub use overview::ChargeRunNode;
pub use queries::{DuesQuery, bank_list, charge_run};

use crate::{
    Tools,
    actions::{
        charge_member::ChargeMemberError, charge_month::ChargeMonthError,
        check_bank_list::CheckBankListError, declare_salary::DeclareSalaryError,
        end_exemption::EndExemptionError, export_statement::ExportError,
        grant_exemption::GrantExemptionError, record_payment::RecordPaymentError,
        reverse_entry::ReverseEntryError,
    },
    domain::{Fault, month::Month},
};

fn tools<'c>(ctx: &Context<'c>) -> &'c Tools {
    ctx.data_unchecked::<Arc<Tools>>()
}

/// Reads a month, `2026-11`.
fn month(path: &'static str, text: &str) -> Answer<Month> {
    text.parse().map_err(|_| Refusal::invalid_field(path, "not_a_month"))
}

/// Reads a cursor that is an id.
fn cursor<T: TypedId>(paging: &Paging) -> Answer<Option<T>> {
    paging.after.as_deref().map(T::parse_global).transpose().map_err(|_| Paging::bad_cursor())
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::invalid_field(fault.path, fault.reason)
    }
}

macro_rules! input_or_store {
    ($($error:ident),+) => {$(
        impl From<$error> for Refusal {
            fn from(error: $error) -> Self {
                match error {
                    $error::Input(fault) => fault.into(),
                    $error::Store(error) => error.into(),
                }
            }
        }
    )+};
}

input_or_store!(
    DeclareSalaryError,
    GrantExemptionError,
    EndExemptionError,
    ChargeMonthError,
    ChargeMemberError,
    ReverseEntryError
);

impl From<RecordPaymentError> for Refusal {
    fn from(error: RecordPaymentError) -> Self {
        match error {
            RecordPaymentError::Input(fault) => fault.into(),
            RecordPaymentError::OtherPayment => Self::conflict("request_used"),
            RecordPaymentError::Store(error) => error.into(),
        }
    }
}

fn files_refusal(error: FilesError) -> Refusal {
    match error {
        FilesError::NotFound => Refusal::not_found(),
        FilesError::Store(error) => error.into(),
        other => Refusal::internal(&other),
    }
}

impl From<CheckBankListError> for Refusal {
    fn from(error: CheckBankListError) -> Self {
        match error {
            CheckBankListError::List(fault) => Self::invalid_field("file", fault.reason()),
            CheckBankListError::File(error) => files_refusal(error),
            CheckBankListError::Store(error) => error.into(),
        }
    }
}

impl From<ExportError> for Refusal {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Files(error) => files_refusal(error),
            ExportError::Store(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}
