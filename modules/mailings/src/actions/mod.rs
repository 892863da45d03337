//! One file per verb.

pub mod cancel_campaign;
pub mod count_audience;
pub mod export_deliveries;
pub mod leave_list;
pub mod pause_campaign;
pub mod preview_campaign;
pub mod record_bounce;
pub mod save_campaign;
pub mod save_list;
pub mod start_campaign;

use plenum_db::{StoreError, TenantTx};
use plenum_live::Topic;
use plenum_mailings_api::CampaignId;

/// How a step of a campaign ended, when it was allowed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Done, or done before.
    Done,
    /// The campaign is in another state.
    WrongState,
    /// There is no subject, no content, or nowhere to send it.
    Incomplete,
    /// Nobody would get it.
    NoRecipients,
    /// The time is past.
    InThePast,
    /// It is more than the organization may send today.
    OverDailyLimit,
}

/// Tells everyone who watches the campaign that it has news.
pub(crate) async fn tell(tx: &mut TenantTx, campaign: CampaignId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), campaign);
    plenum_live::touch(tx, &topic).await
}
