//! Root fields that push.

use async_graphql::{Context, Subscription};
use futures_util::{Stream, StreamExt};
use plenum_graph::{Answer, Doors, Refusal};
use plenum_live::{Live, Topic};
use plenum_tenancy::permissions::VIEW;

use super::nodes::TenantLook;

/// Root fields.
#[derive(Default)]
pub struct SettingsSubscription;

#[Subscription]
impl SettingsSubscription {
    /// How the organization looks, at once and after each change.
    async fn tenant_look(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Answer<TenantLook>> + use<>, Refusal> {
        let door = ctx.door();
        let tenant = door.read(VIEW).await?.tenant();
        let news = ctx.data_unchecked::<Live>().watch(Topic::settings(tenant));
        Ok(news.then(move |()| {
            let door = door.clone();
            async move {
                let mut tx = door.read(VIEW).await?;
                Ok(TenantLook::load(&mut tx).await?)
            }
        }))
    }
}
