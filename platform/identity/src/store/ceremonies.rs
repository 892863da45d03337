//! Ceremonies with passkeys that browsers have under way: what they were asked, to compare the answer with.

use chrono::TimeDelta;
use plenum_db::{GlobalTx, StoreError};
use plenum_kernel::{AccountId, TypedId};
use serde_json::Value;

/// For how long an answer is awaited: the time to find the key or the phone.
pub const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// What a ceremony is for; an answer is taken for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Adds a passkey to an account.
    Register,
    /// Signs in whoever it is.
    SignIn,
    /// Proves that it is the account's holder: after the password, or before an act that weighs.
    Prove,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::SignIn => "sign_in",
            Self::Prove => "prove",
        }
    }
}

/// What was asked, and of whom.
#[derive(Debug)]
pub struct Ceremony {
    /// Whose it is; none for a sign-in.
    pub account: Option<AccountId>,
    /// What the answer is compared with.
    pub state: Value,
}

/// Keeps what is asked, and forgets what was not answered in time.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut GlobalTx,
    token_hash: &[u8; 32],
    purpose: Purpose,
    account: Option<AccountId>,
    state: &Value,
) -> Result<(), StoreError> {
    let now = tx.now();
    // Those that others take meanwhile are left to them: nobody waits here.
    sqlx::query!(
        "DELETE FROM identity.passkey_ceremony
          WHERE token_hash IN (SELECT token_hash FROM identity.passkey_ceremony
                                WHERE expires_at <= $1
                                ORDER BY token_hash
                                LIMIT 100
                                  FOR UPDATE SKIP LOCKED)",
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO identity.passkey_ceremony (token_hash, purpose, account_id, state, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
        &token_hash[..],
        purpose.as_str(),
        account.map(TypedId::uuid),
        state,
        now + LIFETIME
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes a ceremony out; `None` when it is unknown, taken, too old, or for something else.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn take(
    tx: &mut GlobalTx,
    token_hash: &[u8; 32],
    purpose: Purpose,
) -> Result<Option<Ceremony>, StoreError> {
    let now = tx.now();
    let row = sqlx::query!(
        "DELETE FROM identity.passkey_ceremony
          WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3
         RETURNING account_id, state",
        &token_hash[..],
        purpose.as_str(),
        now
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Ceremony { account: row.account_id.map(AccountId::from), state: row.state }))
}
