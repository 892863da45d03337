//! The contract of dues: ids.

use plenum_kernel::id_types;

id_types! {
    /// A rate of dues.
    RateId = "DuesRate";
    /// One line of a member's ledger of dues.
    LedgerEntryId = "LedgerEntry";
}
