//! Root fields that write: each opens its transaction, asks for a permit, and calls one action.

use async_graphql::{Context, ID, InputObject, Object};
use plenum_chat_api::{ChannelId, MessageId};
use plenum_files::{FileId, Files};
use plenum_graph::{Answer, Doors, Finish, Refusal, parse_id, parse_optional_id};
use plenum_kernel::{AccountId, UnitId};
use plenum_tenancy::store::units::Unit;
use uuid::Uuid;

use super::{
    channel::ChannelNode,
    message::MessageNode,
    queries::{self, viewer},
};
use crate::{
    actions::{
        create_group, delete_message, edit_message, leave_group, mark_read, mute, open_direct,
        open_unit_channel, react,
        send_message::{self, NewMessage},
    },
    permissions::{self, Manage, TakePart},
    store::{messages::Spoken, participants::Participation},
};

/// What is to be said.
#[derive(InputObject)]
pub struct SendMessageInput {
    channel: ID,
    /// A UUID that the sender chooses: sent again under it, the message is the one that is there.
    client_id: String,
    /// Plain text, at most 4,000 characters; may be empty when there are files.
    text: String,
    /// The message of the same channel that it answers.
    reply_to: Option<ID>,
    /// Complete uploads of the caller, at most 10.
    #[graphql(default)]
    files: Vec<ID>,
    /// Accounts that take part and are meant, at most 50; the text holds their names behind an @.
    #[graphql(default)]
    mentions: Vec<ID>,
}

/// Root fields.
#[derive(Default)]
pub struct ChatMutation;

#[Object]
impl ChatMutation {
    /// Says something. Repeated with the same `clientId`, it answers with the message that is there.
    async fn send_message(&self, ctx: &Context<'_>, input: SendMessageInput) -> Answer<MessageNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let permit = tx.permit::<TakePart, Participation>(parse_id(&input.channel)?).await?;
        let new = NewMessage {
            reply_to: parse_optional_id(input.reply_to.as_ref())?,
            files: input.files.iter().map(parse_id::<FileId>).collect::<Answer<_>>()?,
            mentions: input.mentions.iter().map(parse_id::<AccountId>).collect::<Answer<_>>()?,
            client_id: Uuid::try_parse(&input.client_id)
                .map_err(|_| Refusal::invalid_field("input.clientId", "not_a_uuid"))?,
            text: input.text,
        };
        let files = ctx.data_unchecked::<Files>();
        let outcome = send_message::send_message(&mut tx, permit, files, new).await;
        let message = tx.finish(outcome).await?;
        queries::message(ctx, message.id).await?.ok_or_else(Refusal::not_found)
    }

    /// Corrects one's own message; what it said before is kept.
    async fn edit_message(
        &self,
        ctx: &Context<'_>,
        message: ID,
        text: String,
        #[graphql(default)] mentions: Vec<ID>,
    ) -> Answer<MessageNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: MessageId = parse_id(&message)?;
        let permit = tx.permit::<TakePart, Spoken>(id).await?;
        let mentions = mentions.iter().map(parse_id::<AccountId>).collect::<Answer<_>>()?;
        let outcome = edit_message::edit_message(&mut tx, permit, &text, mentions).await;
        tx.finish(outcome).await?;
        queries::message(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Deletes one's own message; in channels of bodies, units and courses, those who keep order delete others' too,
    /// which is recorded.
    async fn delete_message(&self, ctx: &Context<'_>, message: ID) -> Answer<MessageNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: MessageId = parse_id(&message)?;
        let permit = tx.permit::<TakePart, Spoken>(id).await?;
        let outcome = delete_message::delete_message(&mut tx, permit).await;
        tx.finish(outcome).await?;
        queries::message(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Reacts with one emoji, or takes that back.
    async fn react(
        &self,
        ctx: &Context<'_>,
        message: ID,
        emoji: String,
        #[graphql(default = true)] on: bool,
    ) -> Answer<MessageNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: MessageId = parse_id(&message)?;
        let permit = tx.permit::<TakePart, Spoken>(id).await?;
        let outcome = react::react(&mut tx, permit, &emoji, on).await;
        tx.finish(outcome).await?;
        queries::message(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Remembers that everything up to a place is read; never moves back.
    async fn mark_read(&self, ctx: &Context<'_>, channel: ID, seq: i64) -> Answer<ChannelNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: ChannelId = parse_id(&channel)?;
        let permit = tx.permit::<TakePart, Participation>(id).await?;
        let outcome = mark_read::mark_read(&mut tx, permit, seq).await;
        tx.finish(outcome).await?;
        queries::channel(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Makes a channel silent for the caller, or not.
    async fn mute_channel(&self, ctx: &Context<'_>, channel: ID, muted: bool) -> Answer<ChannelNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: ChannelId = parse_id(&channel)?;
        let permit = tx.permit::<TakePart, Participation>(id).await?;
        let outcome = mute::mute(&mut tx, permit, muted).await;
        tx.finish(outcome).await?;
        queries::channel(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Opens the direct channel to a colleague; there is one for two people.
    async fn open_direct(&self, ctx: &Context<'_>, account: ID) -> Answer<ChannelNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let viewer = viewer(&tx)?;
        let outcome = open_direct::open_direct(&mut tx, viewer, parse_id(&account)?).await;
        let id = tx.finish(outcome).await?;
        queries::channel(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Opens the channel of a unit, or finds it open; the caller takes part from then on. The members of the unit and of
    /// all below it who have an account come by themselves.
    async fn create_unit_channel(&self, ctx: &Context<'_>, unit: ID) -> Answer<ChannelNode> {
        let mut tx = ctx.write(permissions::MANAGE).await?;
        let permit = tx.permit::<Manage, Unit>(parse_id::<UnitId>(&unit)?).await?;
        let outcome = open_unit_channel::open_unit_channel(&mut tx, permit).await;
        let id = tx.finish(outcome).await?;
        queries::channel(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Brings colleagues together in a group.
    async fn create_group(&self, ctx: &Context<'_>, name: String, accounts: Vec<ID>) -> Answer<ChannelNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let accounts = accounts.iter().map(parse_id::<AccountId>).collect::<Answer<_>>()?;
        let viewer = viewer(&tx)?;
        let outcome = create_group::create_group(&mut tx, viewer, &name, accounts).await;
        let id = tx.finish(outcome).await?;
        queries::channel(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Asks more colleagues into a group.
    async fn invite_to_group(
        &self,
        ctx: &Context<'_>,
        channel: ID,
        accounts: Vec<ID>,
    ) -> Answer<ChannelNode> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let id: ChannelId = parse_id(&channel)?;
        let permit = tx.permit::<TakePart, Participation>(id).await?;
        let accounts = accounts.iter().map(parse_id::<AccountId>).collect::<Answer<_>>()?;
        let outcome = create_group::invite(&mut tx, permit, accounts).await;
        tx.finish(outcome).await?;
        queries::channel(ctx, id).await?.ok_or_else(Refusal::not_found)
    }

    /// Leaves a group.
    async fn leave_group(&self, ctx: &Context<'_>, channel: ID) -> Answer<bool> {
        let mut tx = ctx.write(permissions::TAKE_PART).await?;
        let permit = tx.permit::<TakePart, Participation>(parse_id(&channel)?).await?;
        let outcome = leave_group::leave_group(&mut tx, permit).await;
        tx.finish(outcome).await?;
        Ok(true)
    }
}
