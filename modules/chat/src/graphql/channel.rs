//! Channels.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_bodies_api::BodyId;
use plenum_chat_api::ChannelId;
use plenum_db::{StoreError, TenantTx};
use plenum_graph::{Answer, Doors, Paged, Paging, Refusal, global, paged};
use plenum_kernel::{AccountId, TypedId, UnitId};
use plenum_learning_api::CourseId;

use super::{
    message::MessageNode,
    names::{ChannelKind, ChatPerson},
};
use crate::{
    actions::delete_message::may_moderate,
    conversation::{self, Names, Person},
    domain::words,
    permissions::{self, TakePart},
    store::{
        messages,
        overview::Seen,
        participants::{self, Participation},
    },
};

/// So many who take part are looked at for a list of them.
const MOST_LISTED: i64 = 2000;

/// A channel, as the viewer sees it.
#[derive(Clone)]
pub struct ChannelNode {
    seen: Seen,
    other: Option<Person>,
    last: Option<MessageNode>,
}

impl ChannelNode {
    /// Reads what belongs to channels.
    pub(super) async fn load(
        tx: &mut TenantTx,
        viewer: AccountId,
        all: Vec<Seen>,
    ) -> Result<Vec<Self>, StoreError> {
        let ids: Vec<_> = all.iter().map(|seen| seen.channel.id).collect();
        let latest = messages::latest_of(tx, &ids).await?;
        let latest = conversation::tell(tx, viewer, latest).await?;
        let others = all.iter().filter_map(|seen| seen.channel.other_than(viewer));
        let names = Names::of(tx, others.collect::<Vec<_>>()).await?;
        Ok(all
            .into_iter()
            .map(|seen| Self {
                other: seen.channel.other_than(viewer).map(|other| names.person(other)),
                last: latest
                    .iter()
                    .find(|told| told.message.channel == seen.channel.id)
                    .cloned()
                    .map(MessageNode),
                seen,
            })
            .collect())
    }

    /// Whether it is this channel.
    pub(super) fn is(&self, id: ChannelId) -> bool {
        self.seen.channel.id == id
    }

    /// Where it stands in the list, as a cursor.
    pub(super) fn cursor(&self) -> String {
        format!("{}|{}", self.seen.channel.last_at.timestamp_micros(), self.seen.channel.id)
    }
}

#[Object(name = "Channel")]
impl ChannelNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.seen.channel.id)
    }
    async fn kind(&self) -> ChannelKind {
        self.seen.channel.kind.into()
    }
    /// What it is called; a direct one after the other person.
    async fn name(&self) -> &str {
        let other = self.other.as_ref().map(|other| other.name.as_str());
        self.seen.channel.name.as_deref().or(other).unwrap_or_default()
    }
    /// The body, unit or course whose it is.
    async fn subject(&self) -> Option<ID> {
        let subject = self.seen.channel.subject?;
        match self.seen.channel.kind {
            words::ChannelKind::Body => Some(global(BodyId::from(subject))),
            words::ChannelKind::Unit => Some(global(UnitId::from(subject))),
            words::ChannelKind::Course => Some(global(CourseId::from(subject))),
            words::ChannelKind::Group | words::ChannelKind::Direct => None,
        }
    }
    /// Of a direct channel: the other person.
    async fn colleague(&self) -> Option<ChatPerson> {
        self.other.clone().map(Into::into)
    }
    /// Unread messages of others; 100 stands for more, too.
    async fn unread(&self) -> i64 {
        self.seen.unread
    }
    /// Unread messages that mention the viewer.
    async fn mentions(&self) -> i64 {
        self.seen.mentions
    }
    /// Whether it stays silent for the viewer.
    async fn muted(&self) -> bool {
        self.seen.muted
    }
    /// The viewer has read everything up to this place.
    async fn read_seq(&self) -> i64 {
        self.seen.read_seq
    }
    /// The place of the latest message; 0 when nothing has been said.
    async fn last_seq(&self) -> i64 {
        self.seen.channel.last_seq
    }
    /// The latest change.
    async fn last_change(&self) -> i64 {
        self.seen.channel.last_change
    }
    /// When something was said last, or the channel was made.
    async fn last_at(&self) -> DateTime<Utc> {
        self.seen.channel.last_at
    }
    async fn last_message(&self) -> Option<&MessageNode> {
        self.last.as_ref()
    }
    /// How many take part.
    #[graphql(complexity = 10)]
    async fn participant_count(&self, ctx: &Context<'_>) -> Answer<i64> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        tx.permit::<TakePart, Participation>(self.seen.channel.id).await?;
        Ok(participants::count(&mut tx, self.seen.channel.id).await?)
    }
    /// The furthest that anybody else has read.
    #[graphql(complexity = 10)]
    async fn read_by_others(&self, ctx: &Context<'_>) -> Answer<i64> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let permit = tx.permit::<TakePart, Participation>(self.seen.channel.id).await?;
        let Participation { channel, account, .. } = permit.into_resource();
        Ok(participants::read_by_others(&mut tx, channel.id, account).await?)
    }
    /// Who takes part, by name; of the largest channels, some. `search` takes beginnings of names.
    #[graphql(complexity = "100 + plenum_graph::cost::page(first, child_complexity)")]
    async fn participants(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        search: Option<String>,
    ) -> Answer<Paged<ChannelParticipant>> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => Some(AccountId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let id = self.seen.channel.id;
        tx.permit::<TakePart, Participation>(id).await.map_err(Refusal::from)?;
        let all = participants::page(&mut tx, id, None, MOST_LISTED).await?;
        let names = Names::of(&mut tx, all.iter().map(|one| one.account).collect::<Vec<_>>()).await?;
        let wanted = fold(search.as_deref().unwrap_or_default());
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        let mut people: Vec<(String, Person, i64)> = all
            .into_iter()
            .map(|one| {
                let person = names.person(one.account);
                (fold(&person.name), person, one.read_seq)
            })
            .filter(|(name, ..)| {
                wanted.iter().all(|word| name.split_whitespace().any(|part| part.starts_with(word)))
            })
            .collect();
        people.sort_by(|one, other| (&one.0, one.1.id).cmp(&(&other.0, other.1.id)));
        let start = match after {
            Some(id) => {
                people.iter().position(|(_, person, _)| person.id == id).map_or(people.len(), |at| at + 1)
            }
            None => 0,
        };
        let rows = people.into_iter().skip(start).map(|(_, person, read_seq)| {
            (person.id.global(), ChannelParticipant { person: person.into(), read_seq })
        });
        Ok(paged(&paging, rows))
    }
    /// What the viewer may do.
    #[graphql(complexity = "10 + child_complexity")]
    async fn viewer_can(&self, ctx: &Context<'_>) -> Answer<ChannelAbilities> {
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let group = self.seen.channel.kind == words::ChannelKind::Group;
        let moderate = may_moderate(&mut tx, &self.seen.channel).await?;
        Ok(ChannelAbilities { moderate, invite: group, leave: group })
    }
}

/// Names are compared without regard to case, and `ё` is `е`.
fn fold(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

/// Somebody who takes part.
#[derive(SimpleObject)]
pub struct ChannelParticipant {
    person: ChatPerson,
    /// They have read everything up to this place.
    read_seq: i64,
}

/// What the viewer may do with a channel, besides reading and writing.
#[derive(SimpleObject)]
pub struct ChannelAbilities {
    /// Delete what others wrote.
    moderate: bool,
    /// Ask more people in.
    invite: bool,
    /// Leave.
    leave: bool,
}
