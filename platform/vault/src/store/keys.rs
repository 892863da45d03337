//! Wrapped keys: of a tenant, or of the installation when there is none.

use chrono::{DateTime, Utc};
use plenum_db::{AffectedRows, OperatorTx, PgConnection, StoreError};
use plenum_kernel::{TenantId, TypedId};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Encrypts values.
    Seal,
    /// Makes blind indexes.
    Index,
}

impl Purpose {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Seal => "seal",
            Self::Index => "index",
        }
    }

    fn read(text: &str) -> Result<Self, StoreError> {
        match text {
            "seal" => Ok(Self::Seal),
            "index" => Ok(Self::Index),
            other => Err(StoreError::Value { what: "purpose of a key", value: other.to_owned() }),
        }
    }
}

/// A key as it lies in the database.
pub(crate) struct Wrapped {
    pub(crate) scope: Option<TenantId>,
    pub(crate) purpose: Purpose,
    pub(crate) number: i32,
    pub(crate) wrapped: Vec<u8>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) retired_at: Option<DateTime<Utc>>,
}

/// The lock of a tenant's keys, or the installation's.
fn lock_of(scope: Option<TenantId>) -> String {
    let of = scope.map_or_else(|| "installation".to_owned(), |tenant| tenant.uuid().to_string());
    format!("vault.key {of}")
}

/// Until the end of the transaction the active key stays active.
pub(crate) async fn hold(conn: &mut PgConnection, scope: Option<TenantId>) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", lock_of(scope))
        .execute(conn)
        .await?;
    Ok(())
}

/// Waits for those who seal, and keeps others from it until the end of the transaction.
pub(crate) async fn hold_alone(conn: &mut PgConnection, scope: Option<TenantId>) -> Result<(), StoreError> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", lock_of(scope))
        .execute(conn)
        .await?;
    Ok(())
}

/// All keys, in order of their numbers.
pub(crate) async fn all(
    conn: &mut PgConnection,
    scope: Option<TenantId>,
) -> Result<Vec<Wrapped>, StoreError> {
    match scope {
        Some(tenant) => sqlx::query!(
            "SELECT purpose, number, wrapped, created_at, retired_at
               FROM vault.tenant_key
              WHERE tenant_id = $1
              ORDER BY purpose, number",
            tenant.uuid()
        )
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(|row| {
            let purpose = Purpose::read(&row.purpose)?;
            let (number, wrapped) = (row.number, row.wrapped);
            Ok(Wrapped {
                scope,
                purpose,
                number,
                wrapped,
                created_at: row.created_at,
                retired_at: row.retired_at,
            })
        })
        .collect(),
        None => sqlx::query!(
            "SELECT purpose, number, wrapped, created_at, retired_at
               FROM vault.installation_key
              ORDER BY purpose, number"
        )
        .fetch_all(conn)
        .await?
        .into_iter()
        .map(|row| {
            let purpose = Purpose::read(&row.purpose)?;
            let (number, wrapped) = (row.number, row.wrapped);
            Ok(Wrapped {
                scope,
                purpose,
                number,
                wrapped,
                created_at: row.created_at,
                retired_at: row.retired_at,
            })
        })
        .collect(),
    }
}

/// The number of the key that seals now.
pub(crate) async fn active(
    conn: &mut PgConnection,
    scope: Option<TenantId>,
) -> Result<Option<i32>, StoreError> {
    Ok(match scope {
        Some(tenant) => {
            sqlx::query_scalar!(
                "SELECT number FROM vault.tenant_key
                  WHERE tenant_id = $1 AND purpose = 'seal' AND retired_at IS NULL",
                tenant.uuid()
            )
            .fetch_optional(conn)
            .await?
        }
        None => {
            sqlx::query_scalar!(
                "SELECT number FROM vault.installation_key WHERE purpose = 'seal' AND retired_at IS NULL"
            )
            .fetch_optional(conn)
            .await?
        }
    })
}

/// Adds a key, unless there is one of this purpose and number.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    scope: Option<TenantId>,
    purpose: Purpose,
    number: i32,
    wrapped: &[u8],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match scope {
        Some(tenant) => {
            sqlx::query!(
                "INSERT INTO vault.tenant_key (tenant_id, purpose, number, wrapped, created_at)
                 VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (tenant_id, purpose, number) DO NOTHING",
                tenant.uuid(),
                purpose.as_str(),
                number,
                wrapped,
                now
            )
            .execute(conn)
            .await?
        }
        None => {
            sqlx::query!(
                "INSERT INTO vault.installation_key (purpose, number, wrapped, created_at)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (purpose, number) DO NOTHING",
                purpose.as_str(),
                number,
                wrapped,
                now
            )
            .execute(conn)
            .await?
        }
    };
    Ok(())
}

/// Retires the key that seals.
pub(crate) async fn retire(
    conn: &mut PgConnection,
    scope: Option<TenantId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match scope {
        Some(tenant) => {
            sqlx::query!(
                "UPDATE vault.tenant_key SET retired_at = $2
                  WHERE tenant_id = $1 AND purpose = 'seal' AND retired_at IS NULL",
                tenant.uuid(),
                now
            )
            .execute(conn)
            .await?
        }
        None => sqlx::query!(
            "UPDATE vault.installation_key SET retired_at = $1 WHERE purpose = 'seal' AND retired_at IS NULL",
            now
        )
        .execute(conn)
        .await?,
    }
    .exactly(1)
}

/// The keys of all tenants and of the installation.
pub(crate) async fn of_everybody(tx: &mut OperatorTx) -> Result<Vec<Wrapped>, StoreError> {
    let rows = sqlx::query!(
        r#"SELECT tenant_id AS "tenant?", purpose AS "purpose!", number AS "number!", wrapped AS "wrapped!",
                  created_at AS "created_at!", retired_at
             FROM (SELECT tenant_id, purpose, number, wrapped, created_at, retired_at FROM vault.tenant_key
                   UNION ALL
                   SELECT NULL, purpose, number, wrapped, created_at, retired_at FROM vault.installation_key) AS key"#
    )
    .fetch_all(tx.conn())
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Wrapped {
                scope: row.tenant.map(TenantId::from),
                purpose: Purpose::read(&row.purpose)?,
                number: row.number,
                wrapped: row.wrapped,
                created_at: row.created_at,
                retired_at: row.retired_at,
            })
        })
        .collect()
}

/// Puts another wrapping of the same key in the place of its present one.
pub(crate) async fn rewrap(tx: &mut OperatorTx, key: &Wrapped, wrapped: &[u8]) -> Result<(), StoreError> {
    match key.scope {
        Some(tenant) => sqlx::query!(
            "UPDATE vault.tenant_key SET wrapped = $4 WHERE tenant_id = $1 AND purpose = $2 AND number = $3",
            tenant.uuid(),
            key.purpose.as_str(),
            key.number,
            wrapped
        )
        .execute(tx.conn())
        .await?,
        None => {
            sqlx::query!(
                "UPDATE vault.installation_key SET wrapped = $3 WHERE purpose = $1 AND number = $2",
                key.purpose.as_str(),
                key.number,
                wrapped
            )
            .execute(tx.conn())
            .await?
        }
    }
    .exactly(1)
}
