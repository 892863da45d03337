//! Root fields that push.

use async_graphql::{Context, ID, Subscription};
use futures_util::{Stream, StreamExt};
use plenum_bodies_api::SessionId;
use plenum_graph::{Answer, Doors, Refusal, parse_id};
use plenum_live::{Live, Topic};

use super::{queries, session::SessionNode};
use crate::permissions;

/// Root fields.
#[derive(Default)]
pub struct BodiesSubscription;

#[Subscription]
impl BodiesSubscription {
    /// The session, at once and after each change of its presence, items, votes or minutes.
    async fn session(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<impl Stream<Item = Answer<SessionNode>> + use<>, Refusal> {
        let door = ctx.door();
        let tenant = door.read(permissions::VIEW).await?.tenant();
        let id: SessionId = parse_id(&id)?;
        queries::session_through(&door, id).await?.ok_or_else(Refusal::not_found)?;
        let news = ctx.data_unchecked::<Live>().watch(Topic::of(tenant, id));
        // Read anew each time, under the rights that the viewer has then.
        Ok(news.then(move |()| {
            let door = door.clone();
            async move { queries::session_through(&door, id).await?.ok_or_else(Refusal::not_found) }
        }))
    }
}
