//! Sign-ins at sites.

use chrono::{DateTime, TimeDelta, Utc};
use plenum_db::{AffectedRows, GlobalTx, StoreError};
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

use crate::AdmissionId;

/// How long a code works: the browser brings it at once (RFC 6749 §4.1.2 asks for ten minutes at most).
pub const CODE: TimeDelta = TimeDelta::minutes(1);
/// How long an access token works.
pub const ACCESS: TimeDelta = TimeDelta::minutes(10);

/// A sign-in at a site.
#[derive(Debug, Clone)]
pub struct Admission {
    /// Its id.
    pub id: AdmissionId,
    /// The site.
    pub client: String,
    /// Who.
    pub account: AccountId,
    /// What the site asked to know, with spaces between.
    pub scope: String,
    /// Comes back in the ID token.
    pub nonce: Option<String>,
    /// Where the person was sent back to.
    pub redirect_uri: String,
    /// What the verifier has to make.
    pub challenge: String,
    /// When the person last proved that it is them.
    pub signed_in_at: DateTime<Utc>,
}

struct Row {
    id: Uuid,
    client_id: String,
    account_id: Uuid,
    scope: String,
    nonce: Option<String>,
    redirect_uri: String,
    challenge: String,
    signed_in_at: DateTime<Utc>,
}

impl From<Row> for Admission {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            client: row.client_id,
            account: row.account_id.into(),
            scope: row.scope,
            nonce: row.nonce,
            redirect_uri: row.redirect_uri,
            challenge: row.challenge,
            signed_in_at: row.signed_in_at,
        }
    }
}

/// Keeps one with its code, and forgets those that are over.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut GlobalTx,
    admission: &Admission,
    code_hash: &[u8; 32],
) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!("DELETE FROM issuer.admission WHERE created_at < $1", now - CODE - ACCESS)
        .execute(tx.conn())
        .await?;
    sqlx::query!(
        "INSERT INTO issuer.admission
            (id, client_id, account_id, scope, nonce, redirect_uri, challenge, signed_in_at, created_at, code_hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        admission.id.uuid(),
        admission.client,
        admission.account.uuid(),
        admission.scope,
        admission.nonce,
        admission.redirect_uri,
        admission.challenge,
        admission.signed_in_at,
        now,
        &code_hash[..]
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Uses a code up, for the site that got it. One that was used before ends what came of it (RFC 6749 §4.1.2).
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn redeem(
    tx: &mut GlobalTx,
    client: &str,
    code_hash: &[u8; 32],
) -> Result<Option<Admission>, StoreError> {
    let now = tx.now();
    let row = sqlx::query_as!(
        Row,
        "UPDATE issuer.admission SET redeemed_at = $3
          WHERE code_hash = $1 AND client_id = $2 AND redeemed_at IS NULL AND created_at > $4
         RETURNING id, client_id, account_id, scope, nonce, redirect_uri, challenge, signed_in_at",
        &code_hash[..],
        client,
        now,
        now - CODE
    )
    .fetch_optional(tx.conn())
    .await?;
    if row.is_none() {
        sqlx::query!(
            "DELETE FROM issuer.admission WHERE code_hash = $1 AND redeemed_at IS NOT NULL",
            &code_hash[..]
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(row.map(Admission::from))
}

/// Keeps the access token that came of it.
///
/// # Errors
/// [`StoreError`] when the database fails or the admission is gone.
pub async fn grant(tx: &mut GlobalTx, id: AdmissionId, access_hash: &[u8; 32]) -> Result<(), StoreError> {
    let until = tx.now() + ACCESS;
    sqlx::query!(
        "UPDATE issuer.admission SET access_hash = $2, access_until = $3 WHERE id = $1",
        id.uuid(),
        &access_hash[..],
        until
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// What an access token stands for.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_access(tx: &mut GlobalTx, access_hash: &[u8; 32]) -> Result<Option<Admission>, StoreError> {
    let now = tx.now();
    let row = sqlx::query_as!(
        Row,
        "SELECT id, client_id, account_id, scope, nonce, redirect_uri, challenge, signed_in_at
           FROM issuer.admission
          WHERE access_hash = $1 AND access_until > $2",
        &access_hash[..],
        now
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(Admission::from))
}
