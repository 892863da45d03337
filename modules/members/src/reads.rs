//! What others may ask of this module, and what it asks of others.

use async_trait::async_trait;
use plenum_db::{Resource, StoreError, TenantTx};
use plenum_kernel::{AccountId, UnitId};
use plenum_members_api::{Member, MemberId, MembersRead};

use crate::{
    permissions,
    store::{
        persons::{self, Placed},
        tree,
    },
};

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

    async fn by_id(&self, tx: &mut TenantTx, id: MemberId) -> Result<Option<Member>, StoreError> {
        let placed =
            Placed::find(tx, id).await?.filter(|placed| tx.allows(permissions::VIEW, &placed.place()));
        Ok(placed.map(|Placed { person, .. }| Member {
            id: person.id,
            unit: person.unit,
            full_name: person.full_name(),
        }))
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
