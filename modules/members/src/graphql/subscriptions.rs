//! Root fields that push.

use async_graphql::{Context, ID, Subscription};
use futures_util::{Stream, StreamExt};
use plenum_graph::{Answer, Doors, Refusal, parse_id};
use plenum_live::{Live, Topic};
use plenum_members_api::ImportId;

use super::{
    exports::{MemberExportNode, export_id, export_in},
    import::MemberImportNode,
    queries::import_in,
};
use crate::permissions;

/// Root fields.
#[derive(Default)]
pub struct MembersSubscription;

#[Subscription]
impl MembersSubscription {
    /// The import, at once and as it goes on.
    async fn member_import(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<impl Stream<Item = Answer<MemberImportNode>> + use<>, Refusal> {
        let mut tx = ctx.read(permissions::IMPORT).await?;
        let id: ImportId = parse_id(&id)?;
        import_in(&mut tx, id).await?.ok_or_else(Refusal::not_found)?;
        let door = ctx.door();
        let news = ctx.data_unchecked::<Live>().watch(Topic::of(tx.tenant(), id));
        // Read anew each time, under the rights that the viewer has then.
        Ok(news.then(move |()| {
            let door = door.clone();
            async move {
                let mut tx = door.read(permissions::IMPORT).await?;
                import_in(&mut tx, id).await?.ok_or_else(Refusal::not_found)
            }
        }))
    }

    /// The export, at once and as it goes on.
    async fn member_export(
        &self,
        ctx: &Context<'_>,
        id: ID,
    ) -> Result<impl Stream<Item = Answer<MemberExportNode>> + use<>, Refusal> {
        let mut tx = ctx.read(permissions::EXPORT).await?;
        let id = export_id(&id)?;
        export_in(&mut tx, id).await?.ok_or_else(Refusal::not_found)?;
        let door = ctx.door();
        let news = ctx.data_unchecked::<Live>().watch(Topic::of(tx.tenant(), id));
        Ok(news.then(move |()| {
            let door = door.clone();
            async move {
                let mut tx = door.read(permissions::EXPORT).await?;
                export_in(&mut tx, id).await?.ok_or_else(Refusal::not_found)
            }
        }))
    }
}
