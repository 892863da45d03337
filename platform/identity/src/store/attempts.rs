//! Failed sign-ins and the delay that grows with them, per account and network address: a stranger who guesses from
//! elsewhere delays only himself.

use chrono::TimeDelta;
use plenum_db::{GlobalTx, StoreError};

/// Failures that cost nothing: people mistype.
const FREE: i32 = 5;
/// The longest wait.
const LONGEST_S: i64 = 300;

/// How long this address has to wait before it may try this account again; zero when it may now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn wait(tx: &mut GlobalTx, email_key: &str, address: &str) -> Result<TimeDelta, StoreError> {
    let now = tx.now();
    let row = sqlx::query!(
        "SELECT failures, last_at FROM identity.failed_sign_in WHERE email_key = $1 AND address = $2",
        email_key,
        address
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map_or(TimeDelta::zero(), |row| (row.last_at + delay(row.failures) - now).max(TimeDelta::zero())))
}

/// Counts a failure.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn failed(tx: &mut GlobalTx, email_key: &str, address: &str) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO identity.failed_sign_in AS f (email_key, address, failures, last_at)
         VALUES ($1, $2, 1, $3)
         ON CONFLICT (email_key, address) DO UPDATE
            SET failures = CASE WHEN f.last_at < $3 - interval '1 hour' THEN 1 ELSE f.failures + 1 END,
                last_at = $3",
        email_key,
        address,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets the failures after a success.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn succeeded(tx: &mut GlobalTx, email_key: &str, address: &str) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM identity.failed_sign_in WHERE email_key = $1 AND address = $2",
        email_key,
        address
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Nothing for the first failures, then 2 s, 4 s, 8 s … five minutes.
fn delay(failures: i32) -> TimeDelta {
    if failures < FREE {
        return TimeDelta::zero();
    }
    let doublings = u32::try_from(failures - FREE + 1).unwrap_or(1).min(16);
    TimeDelta::seconds((1_i64 << doublings).min(LONGEST_S))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_and_stays_bounded() {
        assert_eq!(delay(4), TimeDelta::zero());
        assert_eq!(delay(5), TimeDelta::seconds(2));
        assert_eq!(delay(7), TimeDelta::seconds(8));
        assert_eq!(delay(i32::MAX), TimeDelta::seconds(LONGEST_S));
    }
}
