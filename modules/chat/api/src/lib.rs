//! The contract of chat: ids, and what other modules may ask about channels.

use async_trait::async_trait;
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::id_types;
use uuid::Uuid;

id_types! {
    /// A channel: of a body, of a unit, of a course, or direct.
    ChannelId = "Channel";
    /// A message.
    MessageId = "Message";
}

/// A channel, as other modules know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelSummary {
    /// Its id.
    pub id: ChannelId,
    /// What it is called.
    pub name: String,
    /// How many take part.
    pub participants: i64,
}

/// What other modules may ask of chat, inside their own transaction.
#[async_trait]
pub trait ChatRead: Send + Sync {
    /// One channel; direct ones are never told of.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn channel(&self, tx: &mut TenantTx, id: ChannelId) -> Result<Option<ChannelSummary>, StoreError>;

    /// The channel of a body.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn of_body(&self, tx: &mut TenantTx, body: Uuid) -> Result<Option<ChannelSummary>, StoreError>;

    /// All channels but direct ones, by name, at most 1,000.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    async fn channels(&self, tx: &mut TenantTx) -> Result<Vec<ChannelSummary>, StoreError>;
}
