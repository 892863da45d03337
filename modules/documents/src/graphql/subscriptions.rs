//! Root fields that push.

use async_graphql::{Context, ID, Subscription};
use futures_util::{Stream, StreamExt};
use plenum_documents_api::DocumentId;
use plenum_graph::{Answer, Doors, Refusal, parse_id};
use plenum_live::{Live, Topic};

use super::{document::DocumentNode, queries};
use crate::permissions;

/// Root fields.
#[derive(Default)]
pub struct DocumentsSubscription;

#[Subscription]
impl DocumentsSubscription {
    /// The document, at once and after each change of its card, versions, route, signatures, tasks or dispatches.
    async fn document(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<impl Stream<Item = Answer<DocumentNode>> + use<>, Refusal> {
        let door = ctx.door();
        let tenant = door.read(permissions::TAKE_PART).await?.tenant();
        let id: DocumentId = parse_id(&id)?;
        queries::opened_document(&door, id).await?.ok_or_else(Refusal::not_found)?;
        let news = ctx.data_unchecked::<Live>().watch(Topic::of(tenant, id));
        // Read anew each time, under the rights that the viewer has then.
        Ok(news.then(move |()| {
            let door = door.clone();
            async move { queries::opened_document(&door, id).await?.ok_or_else(Refusal::not_found) }
        }))
    }
}
