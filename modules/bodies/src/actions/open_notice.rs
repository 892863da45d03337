//! A member follows the personal link of a notice.

use plenum_bodies_api::SessionId;
use plenum_db::{StoreError, TenantTx};

use crate::{actions::tell, store::roll};

/// Records that the link was followed by the one whom it was sent to. The link alone opens nothing: it says which
/// session is meant, to somebody who has signed in.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn open_notice(tx: &mut TenantTx, token_hash: &[u8; 32]) -> Result<Option<SessionId>, StoreError> {
    let Some(account) = tx.viewer().account() else { return Ok(None) };
    let session = roll::opened(tx, token_hash, account).await?;
    if let Some(session) = session {
        tell(tx, session).await?;
    }
    Ok(session)
}
