//! What others may ask of this module, and what it asks of others.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, UnitId};
use plenum_members_api::{Audience, Member, MemberId, MembersRead};

use crate::store::{audience, persons, tree};

/// The register, for other modules.
#[derive(Debug, Clone, Copy, Default)]
pub struct RegisterReads;

#[async_trait]
impl MembersRead for RegisterReads {
    async fn count(&self, tx: &mut TenantTx, unit: Option<UnitId>) -> Result<i64, StoreError> {
        let units = match unit {
            Some(unit) => Some(tree::below(tx, unit).await?),
            None => None,
        };
        persons::count(tx, units.as_deref()).await
    }

    async fn by_ids(&self, tx: &mut TenantTx, ids: &[MemberId]) -> Result<Vec<Member>, StoreError> {
        audience::by_ids(tx, ids).await
    }

    async fn by_account(&self, tx: &mut TenantTx, account: AccountId) -> Result<Option<Member>, StoreError> {
        audience::by_account(tx, account).await
    }

    async fn select(
        &self,
        tx: &mut TenantTx,
        audience: &Audience,
        after: Option<MemberId>,
        limit: i64,
    ) -> Result<Vec<Member>, StoreError> {
        audience::select(tx, audience, after, limit).await
    }

    async fn count_selected(&self, tx: &mut TenantTx, audience: &Audience) -> Result<i64, StoreError> {
        audience::count(tx, audience).await
    }
}

/// How accounts are called: those who import are shown by name. The server gives one to the API's context, as
/// `Arc<dyn AccountNames>`.
#[async_trait]
pub trait AccountNames: Send + Sync {
    /// The name that an account goes by; none when there is no such account.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn display_name(&self, tx: &mut TenantTx, account: AccountId)
    -> Result<Option<String>, StoreError>;
}
