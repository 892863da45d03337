//! What happens to somebody's means of signing in, in the record of each organization that they may enter: whoever looks
//! into what an account did there needs to know that it was still its holder's.

use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, OpenError, StoreError};
use plenum_kernel::AccountId;
use plenum_tenancy::store::tenants;
use serde_json::Value;

use crate::Identity;

const RECORD: Permission = Permission::new("identity.record");

/// Notes an act. An account is no organization's, so that this is not the transaction of the act: what happened has
/// happened, and a record that fails is told in the log.
pub(crate) async fn note(identity: &Identity, account: AccountId, action: &'static str, detail: Value) {
    if let Err(error) = write(identity, account, action, detail).await {
        tracing::error!(account.id = %account, "could not record {action} of {account}: {error:?}");
    }
}

async fn write(
    identity: &Identity,
    account: AccountId,
    action: &'static str,
    detail: Value,
) -> Result<(), StoreError> {
    let mut tx = identity.db.global(Some(account)).await?;
    let all = tenants::of_account(&mut tx, account).await?;
    drop(tx);
    for tenant in all {
        let system = Viewer::system(tenant.id, "identity");
        let mut tx = match identity.db.tenant(&system, RECORD, Access::Write).await {
            Ok(tx) => tx,
            Err(OpenError::Store(error)) => return Err(error),
            Err(OpenError::Forbidden { .. }) => unreachable!("the platform itself is always allowed"),
        };
        plenum_audit::record(&mut tx, action, account, detail.clone()).await?;
        tx.commit().await?;
    }
    Ok(())
}
