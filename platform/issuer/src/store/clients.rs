//! Sites that may ask.

use plenum_db::{AffectedRows, OperatorTx, PgConnection, StoreError};

/// A site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// By what it calls itself.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// SHA-256 of its secret; none for one that cannot keep a secret.
    pub secret_hash: Option<Vec<u8>>,
    /// Where people are sent back to.
    pub redirect_uris: Vec<String>,
    /// Where people are sent after signing out.
    pub logout_uris: Vec<String>,
    /// `RS256` or `ES256`.
    pub signed_by: String,
    /// Whether it is told of organizations and roles.
    pub tells_organizations: bool,
}

/// A site by its id.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn get(conn: &mut PgConnection, id: &str) -> Result<Option<Client>, StoreError> {
    Ok(sqlx::query_as!(
        Client,
        "SELECT id, name, secret_hash, redirect_uris, logout_uris, signed_by, tells_organizations
           FROM issuer.client
          WHERE id = $1",
        id
    )
    .fetch_optional(conn)
    .await?)
}

/// All sites, by id; at most 500.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Client>, StoreError> {
    Ok(sqlx::query_as!(
        Client,
        "SELECT id, name, secret_hash, redirect_uris, logout_uris, signed_by, tells_organizations
           FROM issuer.client
          ORDER BY id
          LIMIT 500"
    )
    .fetch_all(conn)
    .await?)
}

/// Adds a site; `false` when its id is taken.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut OperatorTx, client: &Client) -> Result<bool, StoreError> {
    let now = tx.now();
    let inserted = sqlx::query!(
        "INSERT INTO issuer.client
            (id, name, secret_hash, redirect_uris, logout_uris, signed_by, tells_organizations, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO NOTHING",
        client.id,
        client.name,
        client.secret_hash,
        &client.redirect_uris,
        &client.logout_uris,
        client.signed_by,
        client.tells_organizations,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Removes a site with what it holds.
///
/// # Errors
/// [`StoreError`] when the database fails or there is no such site.
pub async fn delete(tx: &mut OperatorTx, id: &str) -> Result<(), StoreError> {
    sqlx::query!("DELETE FROM issuer.client WHERE id = $1", id).execute(tx.conn()).await?.exactly(1)
}
