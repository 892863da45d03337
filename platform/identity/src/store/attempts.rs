//! Failed proofs and the delay that grows with them. They are counted per account and network address, so that who
//! guesses from elsewhere delays only himself; per account over all strangers, so that an attacker with many addresses
//! is slow too; and per browser that is known from an earlier sign-in, which strangers cannot slow (OWASP's device
//! cookies). Nobody is ever locked out.

use chrono::TimeDelta;
use plenum_db::{GlobalTx, StoreError};

/// Failures of one guesser that cost nothing: people mistype.
const FREE: i32 = 5;
/// The longest wait of one guesser.
const LONGEST_S: i64 = 300;
/// Failures of all strangers together that cost nothing.
const FREE_OF_ALL: i32 = 30;
/// The longest wait of strangers: an owner at a new computer must still get in, and an attacker gets no more than some
/// six thousand guesses a day.
const LONGEST_OF_ALL_S: i64 = 15;
/// What stands for all strangers instead of an address.
const STRANGERS: &str = "*";

/// Who shows a proof.
#[derive(Debug, Clone)]
pub enum Guesser {
    /// Somebody at this network address, of whom nothing is known.
    Stranger(String),
    /// A browser in which this account signed in before, by the hash of its token.
    Known([u8; 32]),
    /// Somebody who is signed in, at this network address.
    SignedIn(String),
}

impl Guesser {
    /// Under which names this one's failures are counted.
    fn counted_as(&self) -> Vec<String> {
        match self {
            Self::Stranger(address) => vec![address.clone(), STRANGERS.to_owned()],
            Self::Known(browser) => vec![format!("browser:{}", hex::encode(browser))],
            Self::SignedIn(address) => vec![address.clone()],
        }
    }
}

/// How long this one has to wait before trying this account again; zero when now is fine.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn wait(tx: &mut GlobalTx, email_key: &str, guesser: &Guesser) -> Result<TimeDelta, StoreError> {
    let now = tx.now();
    let rows = sqlx::query!(
        "SELECT address,
                failures,
                last_at
           FROM identity.failed_sign_in
          WHERE email_key = $1 AND address = ANY ($2)",
        email_key,
        &guesser.counted_as()
    )
    .fetch_all(tx.conn())
    .await?;
    let waits = rows.into_iter().map(|row| row.last_at + delay(&row.address, row.failures) - now);
    Ok(waits.max().unwrap_or_default().max(TimeDelta::zero()))
}

/// Counts a failure.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn failed(tx: &mut GlobalTx, email_key: &str, guesser: &Guesser) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "INSERT INTO identity.failed_sign_in AS f (email_key, address, failures, last_at)
         SELECT $1, address, 1, $3 FROM unnest($2::text[]) AS address
         ON CONFLICT (email_key, address) DO UPDATE
            SET failures = CASE WHEN f.last_at < $3 - interval '1 hour' THEN 1 ELSE f.failures + 1 END,
                last_at = $3",
        email_key,
        &guesser.counted_as(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Forgets this one's failures after a success; what all strangers did together is not forgiven by it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn succeeded(tx: &mut GlobalTx, email_key: &str, guesser: &Guesser) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM identity.failed_sign_in WHERE email_key = $1 AND address = ANY ($2) AND address <> $3",
        email_key,
        &guesser.counted_as(),
        STRANGERS
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Nothing for the first failures, then 2 s, 4 s, 8 s … up to the longest wait.
fn delay(counted_as: &str, failures: i32) -> TimeDelta {
    let (free, longest_s) =
        if counted_as == STRANGERS { (FREE_OF_ALL, LONGEST_OF_ALL_S) } else { (FREE, LONGEST_S) };
    if failures < free {
        return TimeDelta::zero();
    }
    let doublings = u32::try_from(failures - free + 1).unwrap_or(1).min(16);
    TimeDelta::seconds((1_i64 << doublings).min(longest_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_and_stays_bounded() {
        assert_eq!(delay("192.0.2.1", 4), TimeDelta::zero());
        assert_eq!(delay("192.0.2.1", 5), TimeDelta::seconds(2));
        assert_eq!(delay("192.0.2.1", 7), TimeDelta::seconds(8));
        assert_eq!(delay("192.0.2.1", i32::MAX), TimeDelta::seconds(LONGEST_S));
    }

    #[test]
    fn strangers_together_are_slowed_later_and_less() {
        assert_eq!(delay(STRANGERS, FREE_OF_ALL - 1), TimeDelta::zero());
        assert_eq!(delay(STRANGERS, FREE_OF_ALL), TimeDelta::seconds(2));
        assert_eq!(delay(STRANGERS, i32::MAX), TimeDelta::seconds(LONGEST_OF_ALL_S));
    }
}
