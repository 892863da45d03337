//! A recipient leaves a list by the link of a letter, or comes back.

use plenum_db::{StoreError, TenantTx};
use plenum_mailings_api::DeliveryId;
use serde_json::json;

use crate::store::{campaigns, deliveries, lists, lists::MailingList, suppressions};

/// Where a recipient stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The list.
    pub list: MailingList,
    /// The address that the letter went to.
    pub address: String,
    /// Whether it left the list.
    pub left: bool,
}

/// What the link of a letter is about; none when there is no such letter.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn standing(tx: &mut TenantTx, letter: DeliveryId) -> Result<Option<Standing>, StoreError> {
    let Some(delivery) = deliveries::by_id(tx, letter).await? else { return Ok(None) };
    let Some(campaign) = campaigns::by_id(tx, delivery.campaign).await? else { return Ok(None) };
    let Some(list) = lists::by_id(tx, campaign.draft.list).await? else { return Ok(None) };
    let left = suppressions::has_left(tx, list.id, &delivery.key).await?;
    Ok(Some(Standing { list, address: delivery.address, left }))
}

/// Takes the recipient of a letter off its list, or puts them back on it. Twice is once.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn leave_list(
    tx: &mut TenantTx,
    letter: DeliveryId,
    leaves: bool,
) -> Result<Option<Standing>, StoreError> {
    let Some(delivery) = deliveries::by_id(tx, letter).await? else { return Ok(None) };
    let Some(before) = standing(tx, letter).await? else { return Ok(None) };
    let list = before.list.id;
    if before.left != leaves {
        if leaves {
            suppressions::leave(tx, list, delivery.member, &delivery.address, &delivery.key).await?;
            plenum_audit::record(tx, "mailings.leave_list", list, json!({ "letter": letter })).await?;
        } else {
            suppressions::rejoin(tx, list, delivery.member, &delivery.key).await?;
            plenum_audit::record(tx, "mailings.rejoin_list", list, json!({ "letter": letter })).await?;
        }
    }
    Ok(Some(Standing { left: leaves, ..before }))
}
