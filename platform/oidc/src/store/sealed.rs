//! Sealed columns: the secrets that providers gave us.

use async_trait::async_trait;
use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_vault::{Holds, Progress, Sealed, SealedColumn, SealedTable};

use super::providers::secret_field;

/// Seals the secrets.
pub struct Secrets;

#[async_trait]
impl SealedTable for Secrets {
    fn name(&self) -> &'static str {
        "oidc.provider"
    }

    fn columns(&self) -> &'static [SealedColumn] {
        &[SealedColumn {
            column: "sealed_secret",
            row: "tenant_id",
            owner: None,
            holds: Holds::Secret,
            opened: "secret",
        }]
    }

    async fn progress(&self, tx: &mut TenantTx, active: i32) -> Result<Progress, StoreError> {
        let tenant = tx.tenant().uuid();
        let row = sqlx::query!(
            r#"SELECT count(*) AS "rows!",
                      count(*) FILTER (WHERE substring(sealed_secret FROM 2 FOR 4) <> int4send($2)) AS "behind!"
                 FROM oidc.provider WHERE tenant_id = $1 AND sealed_secret IS NOT NULL"#,
            tenant,
            active
        )
        .fetch_one(tx.conn())
        .await?;
        Ok(Progress { rows: row.rows, behind: row.behind })
    }

    async fn renew(&self, tx: &mut TenantTx, active: i32, _: i64) -> Result<u64, StoreError> {
        let (tenant, field) = (tx.tenant().uuid(), secret_field(tx));
        let sealed = sqlx::query_scalar!(
            "SELECT sealed_secret FROM oidc.provider
              WHERE tenant_id = $1 AND substring(sealed_secret FROM 2 FOR 4) <> int4send($2)
                FOR NO KEY UPDATE",
            tenant,
            active
        )
        .fetch_optional(tx.conn())
        .await?
        .flatten();
        let Some(sealed) = sealed else { return Ok(0) };
        let secret = plenum_vault::open(tx, &field, &Sealed::from(sealed)).await?;
        let sealed = plenum_vault::seal(tx, &field, secret.bytes()).await?;
        sqlx::query!(
            "UPDATE oidc.provider SET sealed_secret = $2 WHERE tenant_id = $1",
            tenant,
            sealed.as_bytes()
        )
        .execute(tx.conn())
        .await?
        .exactly(1)?;
        Ok(1)
    }
}
