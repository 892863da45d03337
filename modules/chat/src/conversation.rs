//! Messages with all that belongs to them, read in a fixed number of statements.

use std::collections::{BTreeMap, HashMap};

use plenum_chat_api::MessageId;
use plenum_db::{StoreError, TenantTx};
use plenum_identity::store::accounts;
use plenum_kernel::{AccountId, TypedId};
use uuid::Uuid;

use crate::store::{
    messages::{self, Message},
    parts::{self, Attachment},
};

/// How many names of those who reacted are shown.
const NAMED: usize = 12;

/// A person, as others see them here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub id: AccountId,
    /// How they are called.
    pub name: String,
}

/// All who reacted with one emoji.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reacted {
    /// The emoji.
    pub emoji: String,
    /// How many.
    pub count: usize,
    /// Whether the viewer is among them.
    pub mine: bool,
    /// The first of them.
    pub people: Vec<Person>,
}

/// The message that another answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The message.
    pub message: Message,
    /// Who wrote it.
    pub author: Option<Person>,
}

/// A message with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The message.
    pub message: Message,
    /// Who looks at it.
    pub viewer: AccountId,
    /// Who wrote it.
    pub author: Option<Person>,
    /// What it answers.
    pub reply_to: Option<Answered>,
    /// Its files.
    pub files: Vec<Attachment>,
    /// Whom it mentions.
    pub mentions: Vec<Person>,
    /// The reactions, in the order in which each emoji came first.
    pub reactions: Vec<Reacted>,
}

/// Names of accounts; one that is gone has an empty name.
pub(crate) struct Names(HashMap<AccountId, String>);

impl Names {
    pub(crate) async fn of(
        tx: &mut TenantTx,
        accounts: impl IntoIterator<Item = AccountId>,
    ) -> Result<Self, StoreError> {
        let mut ids: Vec<AccountId> = accounts.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        Ok(Self(accounts::names(tx.conn(), &ids).await?))
    }

    pub(crate) fn person(&self, id: AccountId) -> Person {
        Person { id, name: self.0.get(&id).cloned().unwrap_or_default() }
    }
}

/// Reads what belongs to messages.
pub(crate) async fn tell(
    tx: &mut TenantTx,
    viewer: AccountId,
    messages: Vec<Message>,
) -> Result<Vec<Told>, StoreError> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = messages.iter().map(|message| message.id.uuid()).collect();
    let replied: Vec<MessageId> = messages.iter().filter_map(|message| message.reply_to).collect();
    let answered: HashMap<MessageId, Message> = if replied.is_empty() {
        HashMap::new()
    } else {
        messages::by_ids(tx, &replied).await?.into_iter().map(|message| (message.id, message)).collect()
    };
    let mut files = grouped(parts::attachments(tx, &ids).await?);
    let mut mentions = grouped(parts::mentions(tx, &ids).await?);
    let mut reactions = grouped(parts::reactions(tx, &ids).await?);
    let authors = messages.iter().chain(answered.values()).filter_map(|message| message.author);
    let mentioned = mentions.values().flatten().copied();
    let reacted = reactions.values().flatten().map(|reaction| reaction.account);
    let names = Names::of(tx, authors.chain(mentioned).chain(reacted)).await?;

    let told = messages.into_iter().map(|message| {
        let mut groups: Vec<Reacted> = Vec::new();
        for reaction in reactions.remove(&message.id).unwrap_or_default() {
            let at = match groups.iter().position(|group| group.emoji == reaction.emoji) {
                Some(at) => at,
                None => {
                    let emoji = reaction.emoji;
                    groups.push(Reacted { emoji, count: 0, mine: false, people: Vec::new() });
                    groups.len() - 1
                }
            };
            let group = &mut groups[at];
            group.count += 1;
            group.mine |= reaction.account == viewer;
            if group.people.len() < NAMED {
                group.people.push(names.person(reaction.account));
            }
        }
        Told {
            viewer,
            author: message.author.map(|author| names.person(author)),
            reply_to: message.reply_to.and_then(|id| answered.get(&id)).map(|answered| Answered {
                message: answered.clone(),
                author: answered.author.map(|author| names.person(author)),
            }),
            files: files.remove(&message.id).unwrap_or_default(),
            mentions: mentions
                .remove(&message.id)
                .unwrap_or_default()
                .into_iter()
                .map(|account| names.person(account))
                .collect(),
            reactions: groups,
            message,
        }
    });
    Ok(told.collect())
}

fn grouped<T>(parts: Vec<(MessageId, T)>) -> BTreeMap<MessageId, Vec<T>> {
    let mut groups: BTreeMap<MessageId, Vec<T>> = BTreeMap::new();
    for (message, part) in parts {
        groups.entry(message).or_default().push(part);
    }
    groups
}
