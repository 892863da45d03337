//! Root fields that push.

use async_graphql::{Context, ID, Subscription};
use futures_util::{Stream, StreamExt};
use plenum_graph::{Answer, Doors, Refusal, parse_id};
use plenum_live::{Live, Topic};
use plenum_mailings_api::CampaignId;

use super::{nodes::CampaignNode, queries::campaign_through};
use crate::permissions;

/// Root fields.
#[derive(Default)]
pub struct MailingsSubscription;

#[Subscription]
impl MailingsSubscription {
    /// The campaign, at once and while its letters leave.
    async fn campaign(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<impl Stream<Item = Answer<CampaignNode>> + use<>, Refusal> {
        let door = ctx.door();
        let tenant = door.read(permissions::VIEW).await?.tenant();
        let id: CampaignId = parse_id(&id)?;
        campaign_through(&door, id).await?.ok_or_else(Refusal::not_found)?;
        let news = ctx.data_unchecked::<Live>().watch(Topic::of(tenant, id));
        Ok(news.then(move |()| {
            let door = door.clone();
            async move { campaign_through(&door, id).await?.ok_or_else(Refusal::not_found) }
        }))
    }
}
