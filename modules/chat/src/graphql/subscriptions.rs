//! Root fields that push. A push says only that there is news; what is new is read from the tables after the last change
//! that was handed on, so nothing is lost however pushes come.

use std::{collections::HashMap, pin::Pin, time::Duration};

use async_graphql::{Context, ID, Object, Subscription};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use plenum_chat_api::ChannelId;
use plenum_db::TenantTx;
use plenum_graph::{Answer, Door, Doors, Refusal, global, parse_id};
use plenum_kernel::{AccountId, TenantId};
use plenum_live::{Live, Topic};
use tokio::time::{Instant, sleep_until};

use super::{
    channel::ChannelNode,
    queries::{self, ChannelChanges, viewer},
};
use crate::{
    permissions,
    store::overview::{self, Mark},
};

/// A list is not told of news more often than this: in a busy channel every message would wake everyone.
const LIST_PACE: Duration = Duration::from_millis(300);
/// So many changed channels are told of at once.
const MOST_TOLD: usize = 100;

type News = Pin<Box<dyn Stream<Item = ()> + Send>>;

/// What changed in the viewer's list of channels.
pub struct ChannelListNews {
    changed: Vec<ChannelId>,
    gone: Vec<ChannelId>,
    unread_channels: i64,
}

#[Object]
impl ChannelListNews {
    /// Channels with news, new ones too; all of them at first.
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    async fn changed(&self, ctx: &Context<'_>) -> Answer<Vec<ChannelNode>> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let viewer = viewer(&tx)?;
        let limit = i64::try_from(MOST_TOLD).unwrap_or(i64::MAX);
        let seen = overview::of_account(&mut tx, viewer, Some(&self.changed), None, limit).await?;
        Ok(ChannelNode::load(&mut tx, viewer, seen).await?)
    }
    /// Channels in which the viewer no longer takes part.
    async fn gone(&self) -> Vec<ID> {
        self.gone.iter().map(|id| global(*id)).collect()
    }
    /// How many channels have something unread: the number on the badge.
    async fn unread_channels(&self) -> i64 {
        self.unread_channels
    }
}

/// Root fields.
#[derive(Default)]
pub struct ChatSubscription;

#[Subscription]
impl ChatSubscription {
    /// What changes in a channel after a change: what is there at once, then as it happens. It ends when the viewer no
    /// longer takes part.
    #[graphql(complexity = "plenum_graph::cost::list(100, child_complexity)")]
    async fn channel_changes(
        &self,
        ctx: &Context<'_>,
        channel: ID,
        after: i64,
    ) -> Result<impl Stream<Item = Answer<ChannelChanges>> + use<>, Refusal> {
        let door = ctx.door();
        let tenant = door.read(permissions::TAKE_PART).await?.tenant();
        let id: ChannelId = parse_id(&channel)?;
        // Watched before the first look, so that nothing falls between.
        let news: News = Box::pin(ctx.data_unchecked::<Live>().watch(Topic::of(tenant, id)));
        queries::changes_through(&door, id, after).await?;
        let follow = Follow { door, id, after, news, more: false, read_by_others: None };
        Ok(stream::unfold(Some(follow), |follow| async { Follow::next(follow?).await }))
    }

    /// News of the viewer's channels: all of them at once, then as it happens.
    async fn channel_list(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Answer<ChannelListNews>> + use<>, Refusal> {
        let door = ctx.door();
        let tx = door.read(permissions::TAKE_PART).await?;
        let (tenant, viewer) = (tx.tenant(), viewer(&tx)?);
        drop(tx);
        let live = ctx.data_unchecked::<Live>().clone();
        let news: News = Box::pin(live.watch(Topic::of(tenant, viewer)));
        let overlook =
            Overlook { door, live, tenant, viewer, marks: HashMap::new(), news, more: false, told: None };
        Ok(stream::unfold(Some(overlook), |overlook| async { Overlook::next(overlook?).await }))
    }
}

/// Takes what has piled up: one look answers all of it.
fn drain(news: &mut News) {
    while let Some(Some(())) = news.next().now_or_never() {}
}

/// Someone who follows a channel.
struct Follow {
    door: Door,
    id: ChannelId,
    after: i64,
    news: News,
    more: bool,
    read_by_others: Option<i64>,
}

impl Follow {
    async fn next(mut self) -> Option<(Answer<ChannelChanges>, Option<Self>)> {
        loop {
            if !self.more {
                self.news.next().await?;
                drain(&mut self.news);
            }
            // Read anew each time, under the rights that the viewer has then.
            let changes = match queries::changes_through(&self.door, self.id, self.after).await {
                Ok(changes) => changes,
                Err(refusal) => return Some((Err(refusal), None)),
            };
            self.more = !changes.complete;
            self.after = changes.change;
            let read_by_others = Some(changes.read_by_others);
            if !changes.messages.is_empty() || self.read_by_others != read_by_others {
                self.read_by_others = read_by_others;
                return Some((Ok(changes), Some(self)));
            }
        }
    }
}

/// Someone who looks at their list of channels.
struct Overlook {
    door: Door,
    live: Live,
    tenant: TenantId,
    viewer: AccountId,
    marks: HashMap<ChannelId, Mark>,
    news: News,
    more: bool,
    told: Option<Instant>,
}

impl Overlook {
    async fn next(mut self) -> Option<(Answer<ChannelListNews>, Option<Self>)> {
        loop {
            if !self.more {
                self.news.next().await?;
            }
            if let Some(told) = self.told {
                sleep_until(told + LIST_PACE).await;
            }
            drain(&mut self.news);
            match self.look().await {
                Ok(Some(news)) => {
                    self.told = Some(Instant::now());
                    return Some((Ok(news), Some(self)));
                }
                Ok(None) => {}
                Err(refusal) => return Some((Err(refusal), None)),
            }
        }
    }

    async fn look(&mut self) -> Answer<Option<ChannelListNews>> {
        let mut tx: TenantTx = self.door.read(permissions::TAKE_PART).await?;
        let marks: HashMap<ChannelId, Mark> =
            overview::marks(&mut tx, self.viewer).await?.into_iter().collect();
        let gone: Vec<ChannelId> = self.marks.keys().filter(|id| !marks.contains_key(id)).copied().collect();
        let came = marks.keys().any(|id| !self.marks.contains_key(id));
        let mut changed: Vec<ChannelId> =
            marks.iter().filter(|(id, mark)| self.marks.get(id) != Some(mark)).map(|(id, _)| *id).collect();
        self.more = changed.len() > MOST_TOLD;
        changed.truncate(MOST_TOLD);
        if came || !gone.is_empty() {
            let channels = marks.keys().map(|id| Topic::of(self.tenant, *id));
            let topics: Vec<Topic> = channels.chain([Topic::of(self.tenant, self.viewer)]).collect();
            // It yields at once: what happened before it was watched is looked at again.
            self.news = Box::pin(self.live.watch_any(topics));
        }
        let first = self.told.is_none();
        for id in &gone {
            self.marks.remove(id);
        }
        for id in &changed {
            if let Some(mark) = marks.get(id) {
                self.marks.insert(*id, *mark);
            }
        }
        if !first && changed.is_empty() && gone.is_empty() {
            return Ok(None);
        }
        let unread_channels = overview::unread_channels(&mut tx, self.viewer).await?;
        Ok(Some(ChannelListNews { changed, gone, unread_channels }))
    }
}
