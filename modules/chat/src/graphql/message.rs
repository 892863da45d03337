//! Messages.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_files::{File, graphql::FileNode};
use plenum_graph::{Answer, Doors, global};

use super::{
    hidden,
    names::{ChatPerson, MessageKind},
};
use crate::{
    conversation::{Answered, Reacted, Told},
    permissions::{self, TakePart},
    store::{
        messages::Spoken,
        parts::{self, Attachment},
    },
};

/// A message.
#[derive(Clone)]
pub struct MessageNode(pub(crate) Told);

#[Object(name = "Message")]
impl MessageNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.message.id)
    }
    /// The channel.
    async fn channel(&self) -> ID {
        global(self.0.message.channel)
    }
    /// Its place in the order, the same for everyone: 1, 2, 3 … without a gap.
    async fn seq(&self) -> i64 {
        self.0.message.seq
    }
    /// The channel's change at which it came to be as it is; of two answers, the one with the later change is right.
    async fn change(&self) -> i64 {
        self.0.message.change
    }
    async fn kind(&self) -> MessageKind {
        self.0.message.kind.into()
    }
    /// Who wrote it; null when the platform says it.
    async fn author(&self) -> Option<ChatPerson> {
        self.0.author.clone().map(Into::into)
    }
    /// Whether the viewer wrote it.
    async fn is_mine(&self) -> bool {
        self.0.message.author == Some(self.0.viewer)
    }
    /// The sender's own id of it.
    async fn client_id(&self) -> String {
        self.0.message.client_id.to_string()
    }
    /// What it says, plain text; of a session's notice, what the session is called. Empty when deleted.
    async fn text(&self) -> &str {
        &self.0.message.text
    }
    async fn at(&self) -> DateTime<Utc> {
        self.0.message.at
    }
    /// When it was edited last.
    async fn edited_at(&self) -> Option<DateTime<Utc>> {
        self.0.message.edited_at
    }
    /// Whether it is deleted: then only its place is left.
    async fn deleted(&self) -> bool {
        self.0.message.deleted.is_some()
    }
    /// What it answers.
    async fn reply_to(&self) -> Option<RepliedMessage> {
        self.0.reply_to.clone().map(Into::into)
    }
    #[graphql(complexity = "plenum_graph::cost::list(3, child_complexity)")]
    async fn files(&self) -> Vec<MessageFile> {
        self.0.files.iter().cloned().map(Into::into).collect()
    }
    /// Whom it mentions; the text holds their names behind an @.
    #[graphql(complexity = "plenum_graph::cost::list(2, child_complexity)")]
    async fn mentions(&self) -> Vec<ChatPerson> {
        self.0.mentions.iter().cloned().map(Into::into).collect()
    }
    /// In the order in which each emoji came first.
    #[graphql(complexity = "plenum_graph::cost::list(3, child_complexity)")]
    async fn reactions(&self) -> Vec<MessageReaction> {
        self.0.reactions.iter().cloned().map(Into::into).collect()
    }
    /// Of a session's notice: the session.
    async fn session(&self) -> Option<ID> {
        self.0.message.session.map(|(session, _)| global(session))
    }
    /// Of a session's notice: when it begins.
    async fn starts_at(&self) -> Option<DateTime<Utc>> {
        self.0.message.session.map(|(_, at)| at)
    }
    /// What it said before its edits, the latest first.
    #[graphql(complexity = "20 + plenum_graph::cost::list(5, child_complexity)")]
    async fn revisions(&self, ctx: &Context<'_>) -> Answer<Vec<MessageRevision>> {
        if self.0.message.edited_at.is_none() {
            return Ok(Vec::new());
        }
        let mut tx = ctx.read(permissions::TAKE_PART).await?;
        let id = self.0.message.id;
        if hidden(tx.permit::<TakePart, Spoken>(id).await)?.is_none() {
            return Ok(Vec::new());
        }
        let earlier = parts::revisions(&mut tx, id).await?;
        Ok(earlier.into_iter().map(|(text, replaced_at)| MessageRevision { text, replaced_at }).collect())
    }
}

/// The message that another answers.
#[derive(SimpleObject, Clone)]
pub struct RepliedMessage {
    id: ID,
    /// Its place in the order.
    seq: i64,
    author: Option<ChatPerson>,
    /// Empty when deleted, or when it had files only.
    text: String,
    deleted: bool,
}

impl From<Answered> for RepliedMessage {
    fn from(answered: Answered) -> Self {
        Self {
            id: global(answered.message.id),
            seq: answered.message.seq,
            author: answered.author.map(Into::into),
            deleted: answered.message.deleted.is_some(),
            text: answered.message.text,
        }
    }
}

/// A file of a message.
#[derive(SimpleObject)]
pub struct MessageFile {
    file: FileNode,
    /// Of a real picture, told by its bytes: its width in pixels. Null for everything else, which is not to be drawn in
    /// place.
    width: Option<u32>,
    /// Its height.
    height: Option<u32>,
}

impl From<Attachment> for MessageFile {
    fn from(attachment: Attachment) -> Self {
        let file = File {
            id: attachment.file,
            name: attachment.name,
            content_type: attachment.content_type,
            size_bytes: attachment.size_bytes,
            sha256: None,
            created_by: None,
        };
        Self {
            file: FileNode(file),
            width: attachment.sides.map(|sides| sides.width),
            height: attachment.sides.map(|sides| sides.height),
        }
    }
}

/// All who reacted with one emoji.
#[derive(SimpleObject, Clone)]
pub struct MessageReaction {
    emoji: String,
    count: usize,
    /// Whether the viewer is among them.
    mine: bool,
    /// The first of them, at most 12.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    people: Vec<ChatPerson>,
}

impl From<Reacted> for MessageReaction {
    fn from(reacted: Reacted) -> Self {
        Self {
            emoji: reacted.emoji,
            count: reacted.count,
            mine: reacted.mine,
            people: reacted.people.into_iter().map(Into::into).collect(),
        }
    }
}

/// What a message said before an edit.
#[derive(SimpleObject)]
pub struct MessageRevision {
    text: String,
    replaced_at: DateTime<Utc>,
}
