//! One file per verb.

pub mod create_group;
pub mod delete_message;
pub mod edit_message;
pub mod keep_participants;
pub mod leave_group;
pub mod mark_read;
pub mod mute;
pub mod open_direct;
pub mod open_unit_channel;
pub mod post;
pub mod react;
pub mod send_message;

use plenum_chat_api::ChannelId;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::AccountId;
use plenum_live::Topic;

use crate::store::participants;

/// Tells everyone who watches a channel that it has news.
async fn tell(tx: &mut TenantTx, channel: ChannelId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), channel);
    plenum_live::touch(tx, &topic).await
}

/// Tells accounts that their list of channels, or their place in one, is another now.
async fn tell_accounts(tx: &mut TenantTx, accounts: &[AccountId]) -> Result<(), StoreError> {
    for account in accounts {
        let topic = Topic::of(tx.tenant(), *account);
        plenum_live::touch(tx, &topic).await?;
    }
    Ok(())
}

/// Who of these accounts may be mentioned: all of them, each once, or nobody.
async fn mentioned(
    tx: &mut TenantTx,
    channel: ChannelId,
    mut accounts: Vec<AccountId>,
) -> Result<Option<Vec<AccountId>>, StoreError> {
    accounts.sort_unstable();
    accounts.dedup();
    if accounts.is_empty() {
        return Ok(Some(accounts));
    }
    let among = participants::among(tx, channel, &accounts).await?;
    Ok((among.len() == accounts.len()).then_some(accounts))
}
