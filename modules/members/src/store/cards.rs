//! Who holds which union card.

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TypedId;
use plenum_members_api::MemberId;

/// The holders of the cards with these keys.
pub(crate) async fn holders(
    tx: &mut TenantTx,
    keys: &[String],
) -> Result<Vec<(String, MemberId)>, StoreError> {
    let tenant = tx.tenant().uuid();
    let rows = sqlx::query!(
        r#"SELECT card_key AS "card_key!", id FROM members.person WHERE tenant_id = $1 AND card_key = ANY ($2)"#,
        tenant,
        keys
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.card_key, row.id.into())).collect())
}
