//! How large an organization is, as its federation sees it: asked of each module, numbers only.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_federation::{Gauges, Usage};
use plenum_tenancy::store::access;

/// Asks everybody.
pub struct Sizes;

#[async_trait]
impl Gauges for Sizes {
    async fn read(&self, tx: &mut TenantTx) -> Result<Usage, StoreError> {
        Ok(Usage {
            members: plenum_members::on_record(tx).await?,
            accounts: access::count(tx).await?,
            storage_bytes: plenum_files::store::used(tx).await?,
            letters_today: plenum_mailings::sent_today(tx).await?,
            participants: plenum_meetings::people_in_rooms(tx).await?,
        })
    }
}
