//! Live sign-ins of browsers.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_db::{AffectedRows, GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TenantId, TypedId};
use uuid::Uuid;

use crate::{WebSessionId, cookie};

/// A session that is not used for so long has ended: whoever finds the device a fortnight later is not signed in.
pub const IDLE: TimeDelta = TimeDelta::days(14);
/// How exactly the last use is known: not every request needs a write.
const TOUCH: TimeDelta = TimeDelta::minutes(5);
/// For how long the token before a rotation is still taken, by requests that were under way and by other tabs.
const OVERLAP: TimeDelta = TimeDelta::minutes(1);

/// What a token stands for.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// The session.
    pub id: WebSessionId,
    /// Whose it is.
    pub account: AccountId,
    /// When its holder was last confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The only organization that it enters: that of the provider by which somebody signed in.
    pub only: Option<TenantId>,
    last_used_at: DateTime<Utc>,
}

/// A sign-in as its holder sees it.
#[derive(Debug, Clone)]
pub struct WebSession {
    /// Its id.
    pub id: WebSessionId,
    /// When somebody signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to about five minutes.
    pub last_used_at: DateTime<Utc>,
    /// What the browser says it is.
    pub user_agent: String,
    /// The network address at sign-in; empty for those older than this record.
    pub address: String,
}

/// Keeps a new sign-in, and forgets those of the account that have run out.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut GlobalTx,
    account: AccountId,
    token_hash: &[u8; 32],
    user_agent: &str,
    address: &str,
) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "DELETE FROM identity.web_session WHERE account_id = $1 AND (expires_at <= $2 OR last_used_at <= $3)",
        account.uuid(),
        now,
        now - IDLE
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO identity.web_session
            (id, token_hash, account_id, created_at, expires_at, last_used_at, confirmed_at, user_agent, address)
         VALUES ($1, $2, $3, $4, $5, $4, $4, $6, $7)",
        WebSessionId::new().uuid(),
        &token_hash[..],
        account.uuid(),
        now,
        now + TimeDelta::seconds(cookie::LIFETIME_S),
        user_agent,
        address
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The live session that a token stands for.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn live(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<Live>, StoreError> {
    let row = sqlx::query!(
        "SELECT id,
                account_id,
                confirmed_at,
                only_tenant_id,
                last_used_at
           FROM identity.web_session
          WHERE (token_hash = $1 OR (previous_hash = $1 AND previous_until > $2))
            AND expires_at > $2
            AND last_used_at > $3",
        &token_hash[..],
        now,
        now - IDLE
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Live {
        id: row.id.into(),
        account: row.account_id.into(),
        confirmed_at: row.confirmed_at,
        only: row.only_tenant_id.map(TenantId::from),
        last_used_at: row.last_used_at,
    }))
}

/// Notes that a session is used, when the last note is old; tells whether it wrote.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn touch(tx: &mut GlobalTx, session: &Live) -> Result<bool, StoreError> {
    let now = tx.now();
    if now - session.last_used_at < TOUCH {
        return Ok(false);
    }
    // It may have been ended meanwhile: then there is nothing to note.
    sqlx::query!(
        "UPDATE identity.web_session SET last_used_at = $2 WHERE id = $1 AND last_used_at < $2",
        session.id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(true)
}

/// Gives a session another token and notes that its holder was confirmed now.
///
/// # Errors
/// [`StoreError`] when the database fails or the session has ended.
pub async fn confirm(
    tx: &mut GlobalTx,
    session: WebSessionId,
    token_hash: &[u8; 32],
) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE identity.web_session
            SET previous_hash = token_hash,
                previous_until = $3,
                token_hash = $2,
                confirmed_at = $4,
                last_used_at = $4
          WHERE id = $1",
        session.uuid(),
        &token_hash[..],
        now + OVERLAP,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Gives a session another token; what its holder was confirmed by stays as it was.
///
/// # Errors
/// [`StoreError`] when the database fails or the session has ended.
pub async fn renew(
    tx: &mut GlobalTx,
    session: WebSessionId,
    token_hash: &[u8; 32],
) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE identity.web_session
            SET previous_hash = token_hash, previous_until = $3, token_hash = $2, last_used_at = $4
          WHERE id = $1",
        session.uuid(),
        &token_hash[..],
        now + OVERLAP,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The live sign-ins of an account, the last used first; at most a hundred.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<WebSession>, StoreError> {
    let rows = sqlx::query!(
        "SELECT id,
                created_at,
                last_used_at,
                user_agent,
                address
           FROM identity.web_session
          WHERE account_id = $1 AND expires_at > $2 AND last_used_at > $3
          ORDER BY last_used_at DESC, id
          LIMIT 100",
        account.uuid(),
        now,
        now - IDLE
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| WebSession {
            id: row.id.into(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            user_agent: row.user_agent,
            address: row.address,
        })
        .collect())
}

/// Ends the sign-in of a token; one that is gone already is no fault.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn delete(tx: &mut GlobalTx, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query!(
        "DELETE FROM identity.web_session WHERE token_hash = $1 OR previous_hash = $1",
        &token_hash[..]
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Ends one sign-in of an account; tells whether there was one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn end(tx: &mut GlobalTx, account: AccountId, session: WebSessionId) -> Result<bool, StoreError> {
    let ended = sqlx::query!(
        "DELETE FROM identity.web_session WHERE account_id = $1 AND id = $2",
        account.uuid(),
        session.uuid()
    )
    .execute(tx.conn())
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Ends all sign-ins of an account but the kept one: after its password changed, or because its holder asks for it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn end_all(
    conn: &mut PgConnection,
    account: AccountId,
    kept: Option<WebSessionId>,
) -> Result<u64, StoreError> {
    let kept: Option<Uuid> = kept.map(TypedId::uuid);
    let ended = sqlx::query!(
        "DELETE FROM identity.web_session WHERE account_id = $1 AND id IS DISTINCT FROM $2",
        account.uuid(),
        kept
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected())
}
