//! Root fields that read.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::DateTime;
use plenum_chat_api::{ChannelId, MessageId};
use plenum_db::{StoreError, TenantTx};
use plenum_graph::{Answer, Door, Doors, Paged, Paging, Refusal, paged, parse_id, parse_optional_id};
use plenum_kernel::{AccountId, TypedId};

use super::{channel::ChannelNode, hidden, message::MessageNode};
use crate::{
    conversation, domain,
    permissions::{self, TakePart},
    store::{
        messages::{self, Message, Spoken},
        overview,
        participants::{self, Participation},
    },
};

/// The longest part of a conversation in one answer.
const LONGEST: i64 = 200;

/// A part of a conversation.
#[derive(SimpleObject)]
pub struct MessagePage {
    /// In their order.
    messages: Vec<MessageNode>,
    /// Whether there are earlier ones.
    has_earlier: bool,
    /// Whether there are later ones.
    has_later: bool,
    /// All of this is as of this change, or later: ask for the changes after it.
    change: i64,
}

/// What changed in a channel.
#[derive(SimpleObject)]
pub struct ChannelChanges {
    /// What came, was edited, deleted or reacted to, in the order of the changes and each as it is now.
    pub(super) messages: Vec<MessageNode>,
    /// Ask for what comes after this.
    pub(super) change: i64,
    /// False when there is more to ask for at once.
    pub(super) complete: bool,
    /// The furthest that anybody else has read.
    pub(super) read_by_others: i64,
}

/// Root fields.
#[derive(Default)]
pub struct ChatQuery;

#[Object]
impl ChatQuery {
    /// The channels in which the viewer takes part, those with the latest words first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn channels(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<ChannelNode>> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => {
                let (at, id) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
                let at = at.parse().ok().and_then(DateTime::from_timestamp_micros);
                let id = ChannelId::parse_global(id).map_err(|_| Paging::bad_cursor())?;
                Some((at.ok_or_else(Paging::bad_cursor)?, id))
            }
            None => None,
        };
        let viewer = viewer(&tx)?;
        let seen = overview::of_account(&mut tx, viewer, None, after, paging.limit()).await?;
        let nodes = ChannelNode::load(&mut tx, viewer, seen).await?;
        Ok(paged(&paging, nodes.into_iter().map(|node| (node.cursor(), node))))
    }

    /// One channel; null when the viewer takes no part in it.
    async fn channel(&self, ctx: &Context<'_>, id: ID) -> Answer<Option<ChannelNode>> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        channel_in(&mut tx, parse_id(&id)?).await
    }

    /// A part of a conversation: after a place, before one, or between two; without either the latest messages.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn messages(
        &self,
        ctx: &Context<'_>,
        channel: ID,
        after: Option<i64>,
        before: Option<i64>,
        #[graphql(default = 50)] first: i32,
    ) -> Answer<MessagePage> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let paging = Paging::new(first, None)?;
        let permit = tx.permit::<TakePart, Participation>(parse_id(&channel)?).await?;
        // Its latest change was read before the messages: what happens between is in the changes after it.
        let Participation { channel, account, .. } = permit.into_resource();
        let limit = paging.limit() - 1;
        let rows = messages::page(&mut tx, channel.id, after, before, limit).await?;
        let (first_seq, last_seq) = match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => (first.seq, last.seq),
            _ => (after.unwrap_or(0) + 1, before.unwrap_or(channel.last_seq + 1) - 1),
        };
        let messages = told(&mut tx, account, rows).await?;
        Ok(MessagePage {
            messages,
            has_earlier: first_seq > 1,
            has_later: last_seq < channel.last_seq,
            change: channel.last_change,
        })
    }

    /// What changed in a channel after a change: for a client that was away.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn channel_changes(
        &self,
        ctx: &Context<'_>,
        channel: ID,
        after: i64,
        #[graphql(default = 100)] first: i32,
    ) -> Answer<ChannelChanges> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let paging = Paging::new(first, None)?;
        changes_in(&mut tx, parse_id(&channel)?, after, paging.limit() - 1).await
    }

    /// Messages that hold all words, or words that begin so; `ё` is `е`. In one channel or in all where the viewer takes
    /// part; the latest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn search_messages(
        &self,
        ctx: &Context<'_>,
        query: String,
        channel: Option<ID>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<FoundMessage>> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let paging = Paging::new(first, after)?;
        let before = match paging.after.as_deref() {
            Some(cursor) => Some(MessageId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let channel: Option<ChannelId> = parse_optional_id(channel.as_ref())?;
        if let Some(channel) = channel {
            tx.permit::<TakePart, Participation>(channel).await?;
        }
        let Some(query) = domain::search::query(&query) else {
            return Ok(paged(&paging, Vec::new()));
        };
        let viewer = viewer(&tx)?;
        let rows = messages::search(&mut tx, viewer, channel, &query, before, paging.limit()).await?;
        let mut ids: Vec<ChannelId> = rows.iter().map(|message| message.channel).collect();
        ids.sort_unstable();
        ids.dedup();
        let seen = overview::of_account(&mut tx, viewer, Some(&ids), None, LONGEST).await?;
        let channels = ChannelNode::load(&mut tx, viewer, seen).await?;
        let found = told(&mut tx, viewer, rows).await?.into_iter().filter_map(|message| {
            let channel = channels.iter().find(|node| node.is(message.0.message.channel))?.clone();
            Some((message.0.message.id.global(), FoundMessage { message, channel }))
        });
        Ok(paged(&paging, found))
    }

    /// How many channels have something unread: those that are not silent, and silent ones that mention the viewer.
    async fn unread_channels(&self, ctx: &Context<'_>) -> Answer<i64> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let viewer = viewer(&tx)?;
        Ok(overview::unread_channels(&mut tx, viewer).await?)
    }
}

/// A message that was found, and where.
#[derive(SimpleObject)]
pub struct FoundMessage {
    message: MessageNode,
    channel: ChannelNode,
}

/// The person who asks.
pub(super) fn viewer(tx: &TenantTx) -> Answer<AccountId> {
    tx.viewer().account().ok_or_else(Refusal::unauthenticated)
}

pub(super) async fn told(
    tx: &mut TenantTx,
    viewer: AccountId,
    rows: Vec<Message>,
) -> Result<Vec<MessageNode>, StoreError> {
    Ok(conversation::tell(tx, viewer, rows).await?.into_iter().map(MessageNode).collect())
}

/// One channel, in a transaction that is open already.
pub(super) async fn channel_in(tx: &mut TenantTx, id: ChannelId) -> Answer<Option<ChannelNode>> {
    let viewer = viewer(tx)?;
    let seen = overview::of_account(tx, viewer, Some(&[id]), None, 1).await?;
    Ok(ChannelNode::load(tx, viewer, seen).await?.pop())
}

/// What changed, in a transaction that is open already.
async fn changes_in(tx: &mut TenantTx, channel: ChannelId, after: i64, limit: i64) -> Answer<ChannelChanges> {
    let permit = tx.permit::<TakePart, Participation>(channel).await?;
    let Participation { channel, account, .. } = permit.into_resource();
    let rows = messages::changed_after(tx, channel.id, after, limit).await?;
    let complete = i64::try_from(rows.len()).unwrap_or(i64::MAX) < limit;
    let change = rows.last().map_or(after, |last| last.change);
    let read_by_others = participants::read_by_others(tx, channel.id, account).await?;
    Ok(ChannelChanges { messages: told(tx, account, rows).await?, change, complete, read_by_others })
}

/// The same for a subscription, which outlives its context.
pub(super) async fn changes_through(door: &Door, channel: ChannelId, after: i64) -> Answer<ChannelChanges> {
    let mut tx = door.read(permissions::TAKE_PART).await?;
    changes_in(&mut tx, channel, after, LONGEST).await
}

/// Finds a channel for `node(id:)`.
pub(crate) async fn channel(ctx: &Context<'_>, id: ChannelId) -> Answer<Option<ChannelNode>> {
    let mut tx = ctx.read(permissions::TAKE_PART).await?;
    channel_in(&mut tx, id).await
}

/// Finds a message for `node(id:)`.
pub(crate) async fn message(ctx: &Context<'_>, id: MessageId) -> Answer<Option<MessageNode>> {
    let mut tx = ctx.read(permissions::TAKE_PART).await?;
    let Some(permit) = hidden(tx.permit::<TakePart, Spoken>(id).await)? else { return Ok(None) };
    let Spoken { message, participation } = permit.into_resource();
    Ok(told(&mut tx, participation.account, vec![message]).await?.pop())
}
