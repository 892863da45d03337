//! The contract of dues: ids.

use plenum_kernel::id_types;

id_types! {
    /// A rate of dues.
    RateId = "DuesRate";
    /// One line of a member's ledger of dues.
    LedgerEntryId = "LedgerEntry";
    /// Months for which a member is not charged.
    ExemptionId = "DuesExemption";
    /// One charging of a month for a unit.
    ChargeRunId = "ChargeRun";
    /// A bank's list of payments.
    BankListId = "BankList";
}
