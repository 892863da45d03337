//! Members with whom dues have had to do.

use plenum_db::{AffectedRows, StoreError, TenantTx};
use plenum_kernel::{TypedId, UnitId};
use plenum_members_api::MemberId;
use uuid::Uuid;

/// Makes sure that these members have a row that knows their unit.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn open(tx: &mut TenantTx, members: &[(MemberId, UnitId)]) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    // In one order, so that two transactions never wait for each other.
    let mut members = members.to_vec();
    members.sort_unstable();
    let ids: Vec<Uuid> = members.iter().map(|(member, _)| member.uuid()).collect();
    let units: Vec<Uuid> = members.iter().map(|(_, unit)| unit.uuid()).collect();
    sqlx::query!(
        "INSERT INTO dues.account (tenant_id, member_id, unit_id, opened_at)
         SELECT $1, u.member_id, u.unit_id, $4
           FROM UNNEST($2::uuid[], $3::uuid[]) AS u (member_id, unit_id)
         ON CONFLICT (tenant_id, member_id) DO UPDATE
            SET unit_id = excluded.unit_id
          WHERE account.unit_id <> excluded.unit_id",
        tenant,
        &ids,
        &units,
        now
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Locks a member's row until the end of the transaction.
///
/// # Errors
/// [`StoreError::Rows`] when dues have not had to do with them.
pub async fn lock(tx: &mut TenantTx, member: MemberId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let found = sqlx::query_scalar!(
        "SELECT member_id FROM dues.account WHERE tenant_id = $1 AND member_id = $2 FOR UPDATE",
        tenant,
        member.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    if found.is_some() { Ok(()) } else { Err(StoreError::Rows { expected: 1, found: 0 }) }
}

/// Follows a member to another unit; one with whom dues have had nothing to do is left alone.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn moved(tx: &mut TenantTx, member: MemberId, unit: UnitId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    let done = sqlx::query!(
        "UPDATE dues.account SET unit_id = $3 WHERE tenant_id = $1 AND member_id = $2",
        tenant,
        member.uuid(),
        unit.uuid()
    )
    .execute(tx.conn())
    .await?;
    if done.rows_affected() == 0 { Ok(()) } else { done.exactly(1) }
}
