//! Who acts for whom.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_documents_api::SubstituteId;
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

use crate::permissions;

/// A person's substitute for a period, both days included.
#[derive(Debug, Clone)]
pub struct Substitute {
    /// Its id.
    pub id: SubstituteId,
    /// Who is away.
    pub account: AccountId,
    /// Who acts for them.
    pub substitute: AccountId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    place: Place,
}

impl Resource for Substitute {
    type Id = SubstituteId;

    async fn find(tx: &mut TenantTx, id: SubstituteId) -> Result<Option<Self>, StoreError> {
        let Some(me) = tx.viewer().account() else { return Ok(None) };
        Ok(of(tx, me).await?.into_iter().find(|one| one.id == id && one.account == me))
    }

    fn place(&self) -> Place {
        self.place.clone()
    }
}

struct Row {
    id: Uuid,
    account_id: Uuid,
    substitute_id: Uuid,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

/// The substitutions that concern an account, on either side, and have not ended; the latest first, at most 100.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of(tx: &mut TenantTx, account: AccountId) -> Result<Vec<Substitute>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let rows = sqlx::query_as!(
        Row,
        "SELECT id, account_id, substitute_id, starts_on, ends_on
           FROM documents.substitute
          WHERE tenant_id = $1
            AND (account_id = $2 OR substitute_id = $2)
            AND ended_at IS NULL
            AND ends_at > $3
          ORDER BY id DESC
          LIMIT 100",
        tenant,
        account.uuid(),
        now
    )
    .fetch_all(tx.conn())
    .await?;
    let place = tx.place_let_in(permissions::TAKE_PART);
    Ok(rows
        .into_iter()
        .map(|row| Substitute {
            id: row.id.into(),
            account: row.account_id.into(),
            substitute: row.substitute_id.into(),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            place: place.clone(),
        })
        .collect())
}

/// Those for whom an account acts today.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn acts_for(tx: &mut TenantTx, substitute: AccountId) -> Result<Vec<AccountId>, StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    let ids = sqlx::query_scalar!(
        "SELECT DISTINCT account_id
           FROM documents.substitute
          WHERE tenant_id = $1
            AND substitute_id = $2
            AND ended_at IS NULL
            AND starts_at <= $3
            AND ends_at > $3
          ORDER BY account_id
          LIMIT 100",
        tenant,
        substitute.uuid(),
        now
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(ids.into_iter().map(AccountId::from).collect())
}

/// A period: days, and the moments at which the first begins and the last ends.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// When the first day begins.
    pub starts_at: DateTime<Utc>,
    /// When the last day ends.
    pub ends_at: DateTime<Utc>,
}

/// Names a substitute.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(
    tx: &mut TenantTx,
    account: AccountId,
    substitute: AccountId,
    period: &Period,
) -> Result<SubstituteId, StoreError> {
    let id = SubstituteId::new();
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "INSERT INTO documents.substitute (tenant_id, id, account_id, substitute_id, starts_on, ends_on, starts_at, ends_at,
                                           created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant,
        id.uuid(),
        account.uuid(),
        substitute.uuid(),
        period.starts_on,
        period.ends_on,
        period.starts_at,
        period.ends_at,
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)?;
    Ok(id)
}

/// Ends a substitution before its time.
///
/// # Errors
/// [`StoreError::Rows`] when it has ended.
pub async fn end(tx: &mut TenantTx, id: SubstituteId) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE documents.substitute SET ended_at = $3 WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL",
        tenant,
        id.uuid(),
        now
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
