//! Providers, at most one of an organization.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_vault::{Field, Sealed};

/// A provider as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// What stands on the button.
    pub label: String,
    /// Its issuer.
    pub issuer: String,
    /// Who we are to it.
    pub client_id: String,
    /// Whether we have a secret of it.
    pub has_secret: bool,
    /// The claim that holds the mail address.
    pub address_claim: String,
    /// Whether whom the organization does not know is let in with a new account.
    pub makes_accounts: bool,
    /// Domains of mail addresses that are taken; all when empty.
    pub mail_domains: Vec<String>,
    /// When it was set.
    pub changed_at: DateTime<Utc>,
}

pub(super) fn secret_field(tx: &TenantTx) -> Field {
    Field::new("oidc.provider", "sealed_secret", tx.tenant().uuid())
}

/// The organization's provider.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn get(tx: &mut TenantTx) -> Result<Option<Provider>, StoreError> {
    let tenant = tx.tenant().uuid();
    Ok(sqlx::query_as!(
        Provider,
        r#"SELECT label,
                  issuer,
                  client_id,
                  sealed_secret IS NOT NULL AS "has_secret!",
                  address_claim,
                  makes_accounts,
                  mail_domains,
                  changed_at
             FROM oidc.provider
            WHERE tenant_id = $1"#,
        tenant
    )
    .fetch_optional(tx.conn())
    .await?)
}

/// The secret that its provider gave us.
///
/// # Errors
/// [`StoreError`] when the database fails or the secret does not open.
pub async fn secret(tx: &mut TenantTx) -> Result<Option<String>, StoreError> {
    let tenant = tx.tenant().uuid();
    let sealed = sqlx::query_scalar!("SELECT sealed_secret FROM oidc.provider WHERE tenant_id = $1", tenant)
        .fetch_optional(tx.conn())
        .await?
        .flatten();
    let field = secret_field(tx);
    match sealed {
        Some(sealed) => Ok(Some(plenum_vault::open_text(tx, &field, &Sealed::from(sealed)).await?)),
        None => Ok(None),
    }
}

/// Sets it. The secret is sealed with the key that is active now, whether or not it is new.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set(tx: &mut TenantTx, provider: &Provider, secret: Option<&str>) -> Result<(), StoreError> {
    let (tenant, now, field) = (tx.tenant().uuid(), tx.now(), secret_field(tx));
    let sealed = match secret {
        Some(secret) => Some(plenum_vault::seal_text(tx, &field, secret).await?.into_bytes()),
        None => None,
    };
    sqlx::query!(
        "INSERT INTO oidc.provider
            (tenant_id, label, issuer, client_id, sealed_secret, address_claim, makes_accounts, mail_domains,
             changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant_id) DO UPDATE
            SET label = $2,
                issuer = $3,
                client_id = $4,
                sealed_secret = $5,
                address_claim = $6,
                makes_accounts = $7,
                mail_domains = $8,
                changed_at = $9",
        tenant,
        provider.label,
        provider.issuer,
        provider.client_id,
        sealed,
        provider.address_claim,
        provider.makes_accounts,
        &provider.mail_domains,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Forgets it; tells whether there was one.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn remove(tx: &mut TenantTx) -> Result<bool, StoreError> {
    let tenant = tx.tenant().uuid();
    let removed =
        sqlx::query!("DELETE FROM oidc.provider WHERE tenant_id = $1", tenant).execute(tx.conn()).await?;
    Ok(removed.rows_affected() == 1)
}
