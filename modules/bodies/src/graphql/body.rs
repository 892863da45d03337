//! Bodies and seats.

use async_graphql::{Context, ID, Object, SimpleObject};
use plenum_graph::{Answer, Doors, Paged, Paging, global};
use plenum_kernel::AccountId;

use super::{
    names::{BodyKind, Office, QuorumRule},
    queries::session_page,
    session::SessionNode,
};
use crate::{
    permissions,
    store::{
        bodies::Body,
        seats::{self, Seat},
    },
};

/// A person's seat in a body.
#[derive(Clone)]
pub struct SeatNode {
    pub(crate) seat: Seat,
    pub(crate) viewer: Option<AccountId>,
}

#[Object(name = "Seat")]
impl SeatNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.seat.id)
    }
    async fn full_name(&self) -> &str {
        &self.seat.full_name
    }
    /// Where the person comes from.
    async fn organization(&self) -> &str {
        &self.seat.organization
    }
    async fn office(&self) -> Office {
        self.seat.office.into()
    }
    /// The address for notices; null for those who do not manage the body.
    async fn email(&self, ctx: &Context<'_>) -> Answer<Option<&str>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let body = crate::store::bodies::by_id(&mut tx, self.seat.body).await?;
        let may = self.viewer == Some(self.seat.account)
            || body.is_some_and(|body| tx.allows(permissions::MANAGE, body.place()));
        Ok(may.then_some(self.seat.email.as_str()))
    }
    /// Whether it is the viewer's own.
    async fn is_viewer(&self) -> bool {
        self.viewer == Some(self.seat.account)
    }
}

/// What the viewer may do with a body.
#[derive(SimpleObject)]
pub struct BodyAbilities {
    /// Add and end seats.
    manage: bool,
    /// Call sessions.
    schedule: bool,
}

/// An elected body.
#[derive(Clone)]
pub struct BodyNode(pub(crate) Body);

#[Object(name = "Body")]
impl BodyNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn kind(&self) -> BodyKind {
        self.0.kind.into()
    }
    async fn quorum_rule(&self) -> QuorumRule {
        self.0.quorum.into()
    }
    /// How many members it has now.
    async fn elected_count(&self, ctx: &Context<'_>) -> Answer<usize> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        Ok(seats::of_body(&mut tx, self.0.id).await?.len())
    }
    /// How many of them make a quorum.
    async fn required_present(&self, ctx: &Context<'_>) -> Answer<u32> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let elected = seats::of_body(&mut tx, self.0.id).await?.len();
        Ok(self.0.quorum.required(u32::try_from(elected).unwrap_or(u32::MAX)))
    }
    /// Its members: by office, then by name.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn seats(&self, ctx: &Context<'_>) -> Answer<Vec<SeatNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let viewer = tx.viewer().account();
        let seats = seats::of_body(&mut tx, self.0.id).await?;
        Ok(seats.into_iter().map(|seat| SeatNode { seat, viewer }).collect())
    }
    /// Its sessions, the latest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<SessionNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        session_page(&mut tx, std::slice::from_ref(&self.0), None, Paging::new(first, after)?).await
    }
    /// What the viewer may do.
    async fn viewer_can(&self, ctx: &Context<'_>) -> Answer<BodyAbilities> {
        let tx = ctx.read(permissions::VIEW).await?;
        Ok(BodyAbilities {
            manage: tx.allows(permissions::MANAGE, self.0.place()),
            schedule: tx.allows(permissions::SCHEDULE, self.0.place()),
        })
    }
}
