//! Root fields that read.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use plenum_bodies_api::{AgendaItemId, BodyId, MeasureId, SeatId, SessionId, VoteId};
use plenum_db::{Resource, TenantTx};
use plenum_graph::{Answer, Door, Doors, Paged, Paging, paged, parse_optional_id};
use plenum_kernel::TypedId;

use super::{
    body::{BodyNode, SeatNode},
    measures::MeasureNode,
    names::SessionState,
    session::{AgendaItemNode, SessionNode, VoteNode},
};
use crate::{
    domain, permissions,
    store::{
        agenda::PlacedItem,
        bodies::{self, Body},
        measures::{self, PlacedMeasure},
        seats::PlacedSeat,
        sessions::{self, Sitting},
        votes::PlacedVote,
    },
};

/// Root fields.
#[derive(Default)]
pub struct BodiesQuery;

#[Object]
impl BodiesQuery {
    /// The bodies that the viewer may see, by name.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn bodies(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<BodyNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => Some(BodyId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let visible = visible(&mut tx).await?;
        let start = match after {
            Some(id) => visible.iter().position(|body| body.id == id).map_or(visible.len(), |at| at + 1),
            None => 0,
        };
        let rows = visible.into_iter().skip(start).map(|body| (body.id.global(), BodyNode(body)));
        Ok(paged(&paging, rows))
    }

    /// Sessions of the bodies that the viewer may see, the latest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        body: Option<ID>,
        state: Option<Vec<SessionState>>,
    ) -> Answer<Paged<SessionNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let wanted: Option<BodyId> = parse_optional_id(body.as_ref())?;
        let mut of = visible(&mut tx).await?;
        of.retain(|body| wanted.is_none_or(|id| body.id == id));
        let states: Option<Vec<domain::session::SessionState>> =
            state.map(|states| states.into_iter().map(Into::into).collect());
        session_page(&mut tx, &of, states.as_deref(), paging).await
    }
}

/// The tenant's bodies that the viewer may see.
async fn visible(tx: &mut TenantTx) -> Answer<Vec<Body>> {
    let mut all = bodies::all(tx).await?;
    all.retain(|body| tx.allows(permissions::VIEW, body.place()));
    Ok(all)
}

pub(super) async fn session_page(
    tx: &mut TenantTx,
    of: &[Body],
    states: Option<&[domain::session::SessionState]>,
    paging: Paging,
) -> Answer<Paged<SessionNode>> {
    let after = paging.after.as_deref().map(read_cursor).transpose()?;
    let ids: Vec<BodyId> = of.iter().map(|body| body.id).collect();
    let rows = sessions::page(tx, &ids, states, after, paging.limit()).await?;
    let nodes = rows.into_iter().filter_map(|session| {
        let body = of.iter().find(|body| body.id == session.body)?.clone();
        let cursor = format!("{}|{}", session.starts_at.timestamp_micros(), session.id);
        Some((cursor, SessionNode::new(Sitting { session, body })))
    });
    Ok(paged(&paging, nodes))
}

fn read_cursor(cursor: &str) -> Answer<(DateTime<Utc>, SessionId)> {
    let (at, id) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    let at = at.parse().ok().and_then(DateTime::from_timestamp_micros).ok_or_else(Paging::bad_cursor)?;
    Ok((at, SessionId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
}

/// Finds something for `node(id:)`; what may not be seen is not there.
async fn visible_resource<R: Resource>(door: &Door, id: R::Id) -> Answer<Option<(R, TenantTx)>> {
    let mut tx = door.read(permissions::VIEW).await?;
    let found = R::find(&mut tx, id).await?;
    Ok(found
        .filter(|resource| tx.allows(permissions::VIEW, &resource.place()))
        .map(|resource| (resource, tx)))
}

pub(crate) async fn body(ctx: &Context<'_>, id: BodyId) -> Answer<Option<BodyNode>> {
    Ok(visible_resource::<Body>(&ctx.door(), id).await?.map(|(body, _)| BodyNode(body)))
}

pub(crate) async fn seat(ctx: &Context<'_>, id: SeatId) -> Answer<Option<SeatNode>> {
    Ok(visible_resource::<PlacedSeat>(&ctx.door(), id)
        .await?
        .map(|(placed, tx)| SeatNode { seat: placed.seat, viewer: tx.viewer().account() }))
}

pub(crate) async fn session(ctx: &Context<'_>, id: SessionId) -> Answer<Option<SessionNode>> {
    session_through(&ctx.door(), id).await
}

/// The same for a subscription, which outlives its context.
pub(crate) async fn session_through(door: &Door, id: SessionId) -> Answer<Option<SessionNode>> {
    Ok(visible_resource::<Sitting>(door, id).await?.map(|(sitting, _)| SessionNode::new(sitting)))
}

pub(crate) async fn agenda_item(ctx: &Context<'_>, id: AgendaItemId) -> Answer<Option<AgendaItemNode>> {
    let Some((placed, _)) = visible_resource::<PlacedItem>(&ctx.door(), id).await? else { return Ok(None) };
    let wanted = placed.item.position;
    let items = SessionNode::new(placed.sitting).items(ctx).await?;
    Ok(items.into_iter().nth(usize::try_from(wanted - 1).unwrap_or(usize::MAX)))
}

pub(crate) async fn measure(ctx: &Context<'_>, id: MeasureId) -> Answer<Option<MeasureNode>> {
    let Some((placed, mut tx)) = visible_resource::<PlacedMeasure>(&ctx.door(), id).await? else {
        return Ok(None);
    };
    let all = measures::of_item(&mut tx, placed.item.item.id).await?;
    Ok(all.into_iter().find(|measure| measure.id == id).map(MeasureNode))
}

pub(crate) async fn vote(ctx: &Context<'_>, id: VoteId) -> Answer<Option<VoteNode>> {
    let Some((placed, _)) = visible_resource::<PlacedVote>(&ctx.door(), id).await? else { return Ok(None) };
    Ok(SessionNode::new(placed.sitting).votes(ctx).await?.into_iter().find(|vote| vote.is(id)))
}
