//! Sign-ins that enter one organization only: those by its provider of identities.

use std::collections::HashSet;

use plenum_db::{AffectedRows, GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TenantId, TypedId};

use crate::WebSessionId;

/// Binds a session that was begun in this transaction. What its holder was confirmed by does not count beyond the
/// organization: unless they also showed a proof of their own, they are confirmed by none.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such session.
pub async fn bind(
    tx: &mut GlobalTx,
    token_hash: &[u8; 32],
    tenant: TenantId,
    own_proof: bool,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE identity.web_session
            SET only_tenant_id = $2,
                confirmed_at = CASE WHEN $3 THEN confirmed_at END
          WHERE token_hash = $1",
        &token_hash[..],
        tenant.uuid(),
        own_proof
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Binds a sign-in that waits for its second step.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such sign-in.
pub async fn bind_pending(
    tx: &mut GlobalTx,
    token_hash: &[u8; 32],
    tenant: TenantId,
) -> Result<(), StoreError> {
    sqlx::query!(
        "UPDATE identity.pending_sign_in SET only_tenant_id = $2 WHERE token_hash = $1",
        &token_hash[..],
        tenant.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// The organization that a waiting sign-in is bound to.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_pending(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
) -> Result<Option<TenantId>, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT only_tenant_id FROM identity.pending_sign_in WHERE token_hash = $1",
        &token_hash[..]
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.flatten().map(TenantId::from))
}

/// The organization that a session is bound to.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_session(
    conn: &mut PgConnection,
    token_hash: &[u8; 32],
) -> Result<Option<TenantId>, StoreError> {
    let found = sqlx::query_scalar!(
        "SELECT only_tenant_id FROM identity.web_session WHERE token_hash = $1 OR previous_hash = $1 LIMIT 1",
        &token_hash[..]
    )
    .fetch_optional(conn)
    .await?;
    Ok(found.flatten().map(TenantId::from))
}

/// The sessions of an account that are bound to an organization; at most a hundred.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
    tenant: TenantId,
) -> Result<HashSet<WebSessionId>, StoreError> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM identity.web_session
          WHERE account_id = $1 AND only_tenant_id = $2
          ORDER BY last_used_at DESC, id
          LIMIT 100",
        account.uuid(),
        tenant.uuid()
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(WebSessionId::from).collect())
}

/// Ends the sessions that are bound to an organization, of one account or of all: what they rest on is gone.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn end(
    conn: &mut PgConnection,
    tenant: TenantId,
    account: Option<AccountId>,
) -> Result<u64, StoreError> {
    let account = account.map(TypedId::uuid);
    sqlx::query!(
        "DELETE FROM identity.pending_sign_in
          WHERE only_tenant_id = $1 AND ($2::uuid IS NULL OR account_id = $2)",
        tenant.uuid(),
        account
    )
    .execute(&mut *conn)
    .await?;
    let ended = sqlx::query!(
        "DELETE FROM identity.web_session WHERE only_tenant_id = $1 AND ($2::uuid IS NULL OR account_id = $2)",
        tenant.uuid(),
        account
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected())
}
