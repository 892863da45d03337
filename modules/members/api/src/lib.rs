//! The contract of members: ids, and what other modules may ask about people.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{UnitId, id_types};

id_types! {
    /// A member: a person on record in a tenant's register.
    MemberId = "Member";
    /// An import of a register from a file.
    ImportId = "MemberImport";
}

/// A member, as other modules know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// The unit in which they are on record.
    pub unit: UnitId,
    /// Surname, given name and patronymic.
    pub full_name: String,
}

/// What other modules may ask of members, inside their own transaction. Shows only what its viewer may see.
#[async_trait]
pub trait MembersRead: Send + Sync {
    /// How many people are on record in a unit and all below it; without a unit, in the whole tenant.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn count(&self, tx: &mut TenantTx, unit: Option<UnitId>) -> Result<i64, StoreError>;

    /// One member.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn by_id(&self, tx: &mut TenantTx, id: MemberId) -> Result<Option<Member>, StoreError>;
}
