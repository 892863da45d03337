//! Sealing the secrets of authenticators anew: those from before the vault, and after a rotation of the installation's
//! key.

use plenum_db::{Db, StoreError};
use plenum_vault::Progress;

use crate::{Sealer, store::totp};

/// So many are sealed in one transaction: whoever signs in with one of them waits for so long.
const BATCH: i64 = 200;

/// Seals anew all that is behind. Tells how many; those whose secret does not open stay behind and are told in the log.
///
/// # Errors
/// [`StoreError`] when the database fails; what was sealed stays so.
pub async fn reseal(db: &Db, sealer: &Sealer) -> Result<u64, StoreError> {
    let (mut all, mut after) = (0, None);
    loop {
        let mut tx = db.global(None).await?;
        let (sealed, last) = totp::renew(&mut tx, sealer, after, BATCH).await?;
        tx.commit().await?;
        all += sealed;
        match last {
            Some(last) => after = Some(last),
            None => return Ok(all),
        }
    }
}

/// How many secrets there are, and how many of them are not sealed with the installation's active key.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn sealing(db: &Db) -> Result<Progress, StoreError> {
    let mut tx = db.global(None).await?;
    let active = plenum_vault::writing(&mut tx).await?.active();
    let active = i32::try_from(active)
        .map_err(|_| StoreError::Value { what: "number of a key", value: active.to_string() })?;
    let progress = totp::progress(tx.conn(), active).await?;
    tx.commit().await?;
    Ok(progress)
}
