//! A payment is recorded.

use chrono::NaiveDate;
use plenum_db::{Permit, StoreError, TenantTx};
use plenum_dues_api::LedgerEntryId;
use plenum_kernel::Money;
use plenum_members_api::Member;
use plenum_tenancy::store::units::Unit;
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::lock,
    domain::{
        Fault,
        ledger::{Entry, Kind, Method},
        month::Month,
        optional,
        terms::LARGEST,
    },
    permissions::Record,
    store::entries::{self, Keys},
};

/// The longest number of a payment, in characters: as much as a cell of a bank's list.
const LONGEST_REFERENCE: usize = 200;
/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;

/// A payment to be recorded.
#[derive(Debug, Clone)]
pub struct NewPayment {
    /// How much.
    pub sum: Money,
    /// When it was made.
    pub paid_on: NaiveDate,
    /// How.
    pub method: Method,
    /// The bank's number, which is recorded once, or that of a receipt.
    pub reference: Option<String>,
    /// What is to be known besides.
    pub note: Option<String>,
    /// Chosen by whoever records it: a repeated request with the same one records nothing more.
    pub request: Uuid,
}

/// Why it was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordPaymentError {
    /// A field cannot be taken.
    #[error("the payment cannot be taken")]
    Input(Fault),
    /// The request was used for another payment.
    #[error("the request was used for another payment")]
    OtherPayment,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Records it; asked for again, it is recorded once.
///
/// # Errors
/// [`RecordPaymentError`].
pub async fn record_payment(
    tx: &mut TenantTx,
    permit: Permit<Record, Unit>,
    member: &Member,
    new: NewPayment,
    today: NaiveDate,
) -> Result<LedgerEntryId, RecordPaymentError> {
    debug_assert_eq!(permit.resource().id, member.unit);
    let fault = |path, reason| Err(RecordPaymentError::Input(Fault::new(path, reason)));
    if new.sum <= Money::ZERO || new.sum > LARGEST {
        return fault("input.kopecks", "out_of_range");
    }
    if new.paid_on > today {
        return fault("input.paidOn", "in_the_future");
    }
    let Some(month) = Month::of(new.paid_on) else { return fault("input.paidOn", "out_of_range") };
    let reference = optional("input.reference", new.reference.as_deref(), LONGEST_REFERENCE)
        .map_err(RecordPaymentError::Input)?;
    let note =
        optional("input.note", new.note.as_deref(), LONGEST_NOTE).map_err(RecordPaymentError::Input)?;
    lock(tx, member).await?;
    if let Some(known) = entries::by_request(tx, new.request).await? {
        let same = known.member == member.id && known.sum == new.sum && known.entered_on == new.paid_on;
        return if same { Ok(known.id) } else { Err(RecordPaymentError::OtherPayment) };
    }
    let mut round = 0;
    if let (Method::Bank, Some(reference)) = (new.method, &reference) {
        let known = entries::references(tx, std::slice::from_ref(reference)).await?;
        let (recorded, taken_back) = known.get(reference).copied().unwrap_or_default();
        if recorded > taken_back {
            return fault("input.reference", "reference_taken");
        }
        round = taken_back;
    }
    let entry = Entry {
        id: LedgerEntryId::new(),
        member: member.id,
        unit: member.unit,
        kind: Kind::Payment,
        month,
        sum: new.sum,
        entered_on: new.paid_on,
        reverses: None,
        reason: None,
        rate: None,
        method: Some(new.method),
        reference,
        note,
        entered_by: tx.viewer().account(),
        entered_at: tx.now(),
    };
    let keys = Keys { request: Some(new.request), round, ..Keys::default() };
    match entries::append(tx, &entry, keys).await {
        // Somebody recorded it for another member at the same moment.
        Err(error) if error.violates("entry_reference") => {
            return fault("input.reference", "reference_taken");
        }
        Err(error) if error.violates("entry_request") => return Err(RecordPaymentError::OtherPayment),
        other => other?,
    }
    plenum_audit::record(tx, "dues.record_payment", member.id, json!({ "entry": entry.id.to_string() }))
        .await?;
    Ok(entry.id)
}
