//! The rules' words as the API spells them.

use async_graphql::{Enum, SimpleObject};

use crate::{
    domain::{choice::Choice as DomainChoice, office, quorum, session::SessionState as DomainSessionState},
    store::agenda::ItemState,
};

/// A member's choice in a named open vote.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "DomainChoice")]
pub enum Choice {
    /// For the motion.
    For,
    /// Against it.
    Against,
    /// Neither.
    Abstained,
}

/// An office in a body.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "office::Office")]
pub enum Office {
    /// Presides.
    Chair,
    /// Presides when the chair does not.
    DeputyChair,
    /// Prepares sessions.
    Secretary,
    /// A member without an office.
    Member,
}

/// What a body is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "office::BodyKind")]
pub enum BodyKind {
    /// The highest body.
    Congress,
    /// Leads between congresses.
    Council,
    /// Leads between councils.
    Presidium,
    /// Of a member or primary organization.
    Committee,
    /// Checks the finances.
    AuditCommission,
}

/// Where a session stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "DomainSessionState")]
pub enum SessionState {
    /// Called.
    Scheduled,
    /// Opened with a quorum.
    Open,
    /// Over.
    Closed,
    /// Called off.
    Cancelled,
}

/// Where an item of the agenda stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "ItemState")]
pub enum AgendaItemState {
    /// Not reached yet.
    Pending,
    /// Before the body now.
    Current,
    /// Left behind.
    Done,
}

/// Where a vote stands.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum VoteState {
    /// Ballots are taken.
    Open,
    /// The result is known.
    Closed,
}

/// Where the minutes stand.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum MinutesState {
    /// The session is not closed.
    None,
    /// The PDF is being made.
    Pending,
    /// They can be downloaded.
    Ready,
}

/// How a quorum's share is compared.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "quorum::Comparison")]
pub enum QuorumComparison {
    /// More than the share.
    MoreThan,
    /// The share or more.
    AtLeast,
}

/// A share of the elected: more than 1/2, at least 2/3.
#[derive(SimpleObject)]
pub struct QuorumRule {
    comparison: QuorumComparison,
    numerator: u32,
    denominator: u32,
}

impl From<quorum::QuorumRule> for QuorumRule {
    fn from(rule: quorum::QuorumRule) -> Self {
        Self {
            comparison: rule.comparison().into(),
            numerator: rule.numerator(),
            denominator: rule.denominator(),
        }
    }
}

/// The quorum's arithmetic now. It counts people, not connections.
#[derive(SimpleObject)]
pub struct Quorum {
    /// How many are on the roll.
    elected: u32,
    /// How many of them are in the room.
    present: u32,
    /// How many must be.
    required: u32,
    reached: bool,
    rule: QuorumRule,
}

impl Quorum {
    pub(super) fn new(quorum: quorum::Quorum, rule: quorum::QuorumRule) -> Self {
        Self {
            elected: quorum.elected,
            present: quorum.present,
            required: quorum.required,
            reached: quorum.reached(),
            rule: rule.into(),
        }
    }
}
