//! The authenticators of accounts, at most one each. Their secrets are sealed by the vault; those from before it by
//! [`Sealer`], until [`renew`] has sealed them anew.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, GlobalTx, PgConnection, StoreError};
use plenum_kernel::{AccountId, TypedId};
use plenum_vault::{Field, Opened, Progress, Sealed};
use uuid::Uuid;

use crate::Sealer;

/// An authenticator.
#[derive(Clone)]
pub struct Authenticator {
    account: AccountId,
    secret: Secret,
    /// Since when its codes are asked for; none until the first one was typed.
    pub proven_at: Option<DateTime<Utc>>,
}

#[derive(Clone)]
enum Secret {
    /// By the vault.
    Sealed(Sealed),
    /// By [`Sealer`].
    Before(Vec<u8>),
}

/// An opened secret.
pub enum OpenedSecret {
    /// From the vault.
    Sealed(Opened),
    /// From before it.
    Before(Vec<u8>),
}

impl OpenedSecret {
    /// The secret.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Sealed(opened) => opened.bytes(),
            Self::Before(bytes) => bytes,
        }
    }
}

impl Secret {
    fn read(sealed: Option<Vec<u8>>, before: Option<Vec<u8>>) -> Result<Self, StoreError> {
        match (sealed, before) {
            (Some(sealed), None) => Ok(Self::Sealed(sealed.into())),
            (None, Some(before)) => Ok(Self::Before(before)),
            _ => {
                Err(StoreError::Value { what: "secret of an authenticator", value: "neither or both".into() })
            }
        }
    }

    async fn open(
        &self,
        tx: &mut GlobalTx,
        account: AccountId,
        sealer: &Sealer,
    ) -> Result<OpenedSecret, StoreError> {
        match self {
            Self::Sealed(sealed) => {
                Ok(OpenedSecret::Sealed(plenum_vault::open(tx, &field(account.uuid()), sealed).await?))
            }
            Self::Before(bytes) => {
                let opened = sealer.open(account, bytes);
                opened.map(OpenedSecret::Before).map_err(|error| StoreError::Sealed(Box::new(error)))
            }
        }
    }
}

/// The secret.
///
/// # Errors
/// [`StoreError`] when it does not open or the database fails.
pub async fn open(
    tx: &mut GlobalTx,
    authenticator: &Authenticator,
    sealer: &Sealer,
) -> Result<OpenedSecret, StoreError> {
    authenticator.secret.open(tx, authenticator.account, sealer).await
}

/// The account's authenticator.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_account(
    conn: &mut PgConnection,
    account: AccountId,
) -> Result<Option<Authenticator>, StoreError> {
    let row = sqlx::query!(
        "SELECT secret_sealed, sealed_secret, proven_at FROM identity.totp WHERE account_id = $1",
        account.uuid()
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let secret = Secret::read(row.secret_sealed, row.sealed_secret)?;
        Ok(Authenticator { account, secret, proven_at: row.proven_at })
    })
    .transpose()
}

/// Keeps a secret that has to be proven; one that was begun before is forgotten. Refuses, with `false`, when the account
/// has an authenticator that is proven.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn begin(tx: &mut GlobalTx, account: AccountId, secret: &[u8]) -> Result<bool, StoreError> {
    let now = tx.now();
    let sealed = plenum_vault::seal(tx, &field(account.uuid()), secret).await?;
    sqlx::query!("DELETE FROM identity.totp WHERE account_id = $1 AND proven_at IS NULL", account.uuid())
        .execute(tx.conn())
        .await?;
    let begun = sqlx::query!(
        "INSERT INTO identity.totp (account_id, secret_sealed, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (account_id) DO NOTHING",
        account.uuid(),
        sealed.as_bytes(),
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(begun.rows_affected() == 1)
}

/// The account's authenticator that waits for its proof, held until the transaction ends: it is not begun anew
/// meanwhile.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn hold(tx: &mut GlobalTx, account: AccountId) -> Result<Option<Authenticator>, StoreError> {
    sqlx::query_scalar!(
        "SELECT account_id FROM identity.totp WHERE account_id = $1 FOR UPDATE",
        account.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    of_account(tx.conn(), account).await
}

/// Its codes are asked for from now on.
///
/// # Errors
/// [`StoreError`] when the database fails or there is none that waits for it.
pub async fn prove(tx: &mut GlobalTx, account: AccountId) -> Result<(), StoreError> {
    let now = tx.now();
    sqlx::query!(
        "UPDATE identity.totp SET proven_at = $2 WHERE account_id = $1 AND proven_at IS NULL",
        account.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// How far the sealing is, when the installation's key with this number is the active one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn progress(conn: &mut PgConnection, active: i32) -> Result<Progress, StoreError> {
    let row = sqlx::query!(
        r#"SELECT count(*) AS "rows!",
                  count(*) FILTER (WHERE secret_sealed IS NULL
                                      OR substring(secret_sealed FROM 2 FOR 4) <> int4send($1)) AS "behind!"
             FROM identity.totp"#,
        active
    )
    .fetch_one(conn)
    .await?;
    Ok(Progress { rows: row.rows, behind: row.behind })
}

/// Seals anew up to `limit` secrets that are behind, of accounts after this one. Tells how many, and the last account
/// that was looked at; one whose secret does not open is left as it is.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn renew(
    tx: &mut GlobalTx,
    sealer: &Sealer,
    after: Option<AccountId>,
    limit: i64,
) -> Result<(u64, Option<AccountId>), StoreError> {
    let ring = plenum_vault::writing(tx).await?;
    let active = i32::try_from(ring.active())
        .map_err(|_| StoreError::Value { what: "number of a key", value: ring.active().to_string() })?;
    let rows = sqlx::query!(
        "SELECT account_id, secret_sealed, sealed_secret
           FROM identity.totp
          WHERE ($1::uuid IS NULL OR account_id > $1)
            AND (secret_sealed IS NULL OR substring(secret_sealed FROM 2 FOR 4) <> int4send($2))
          ORDER BY account_id
          LIMIT $3
            FOR UPDATE",
        after.map(TypedId::uuid),
        active,
        limit
    )
    .fetch_all(tx.conn())
    .await?;
    let last = rows.last().map(|row| AccountId::from(row.account_id));
    let mut sealed = 0;
    for row in rows {
        let account = AccountId::from(row.account_id);
        let secret = Secret::read(row.secret_sealed, row.sealed_secret)?;
        let opened = match secret.open(tx, account, sealer).await {
            Ok(opened) => opened,
            Err(StoreError::Sealed(error)) => {
                tracing::error!(account.id = %account, "an authenticator's secret does not open: {error}");
                continue;
            }
            Err(error) => return Err(error),
        };
        let fresh = ring.seal(&field(row.account_id), opened.bytes());
        sqlx::query!(
            "UPDATE identity.totp SET secret_sealed = $2, sealed_secret = NULL WHERE account_id = $1",
            row.account_id,
            fresh.as_bytes()
        )
        .execute(tx.conn())
        .await?
        .exactly(1)?;
        sealed += 1;
    }
    Ok((sealed, last))
}

fn field(account: Uuid) -> Field {
    Field::new("identity.totp", "secret", account)
}

/// Uses a step up; `false` when it, or a later one, was used before.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn use_step(tx: &mut GlobalTx, account: AccountId, step: i64) -> Result<bool, StoreError> {
    let used = sqlx::query!(
        "UPDATE identity.totp SET last_step = $2 WHERE account_id = $1 AND (last_step IS NULL OR last_step < $2)",
        account.uuid(),
        step
    )
    .execute(tx.conn())
    .await?;
    Ok(used.rows_affected() == 1)
}

/// Forgets the authenticator; tells whether a proven one was there.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove(tx: &mut GlobalTx, account: AccountId) -> Result<bool, StoreError> {
    let proven = sqlx::query_scalar!(
        "DELETE FROM identity.totp WHERE account_id = $1 RETURNING proven_at IS NOT NULL",
        account.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(proven.flatten().unwrap_or(false))
}
