//! The words of the domain, as the API writes them.

use async_graphql::{Enum, ID, SimpleObject};
use plenum_graph::global;

use crate::{conversation::Person, domain::words};

/// What a channel is for.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "words::ChannelKind")]
pub enum ChannelKind {
    /// The seats of an elected body.
    Body,
    /// The members of a unit and of all below it.
    Unit,
    /// The learners of a course.
    Course,
    /// Colleagues whom one of them brought together.
    Group,
    /// Two people.
    Direct,
}

/// Where a message comes from.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "words::MessageKind")]
pub enum MessageKind {
    /// Somebody wrote it.
    Text,
    /// A mailing was sent to the channel too.
    Mailing,
    /// The notice of a session.
    Session,
}

/// A person, as others see them in conversations.
#[derive(SimpleObject, Clone)]
pub struct ChatPerson {
    /// Their account.
    id: ID,
    /// How they are called; empty when the account is gone.
    name: String,
}

impl From<Person> for ChatPerson {
    fn from(person: Person) -> Self {
        Self { id: global(person.id), name: person.name }
    }
}
