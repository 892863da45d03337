//! What other modules ask of chat.

use async_trait::async_trait;
use plenum_chat_api::{ChannelId, ChannelSummary, ChatRead};
use plenum_db::{StoreError, TenantTx};
use uuid::Uuid;

use crate::store::channels;

/// Channels, for other modules: of bodies, units and courses. What colleagues opened among themselves is not told of.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChatReads;

#[async_trait]
impl ChatRead for ChatReads {
    async fn channel(&self, tx: &mut TenantTx, id: ChannelId) -> Result<Option<ChannelSummary>, StoreError> {
        Ok(channels::known(tx, Some(id), None).await?.pop())
    }

    async fn of_body(&self, tx: &mut TenantTx, body: Uuid) -> Result<Option<ChannelSummary>, StoreError> {
        Ok(channels::known(tx, None, Some(body)).await?.pop())
    }

    async fn channels(&self, tx: &mut TenantTx) -> Result<Vec<ChannelSummary>, StoreError> {
        channels::known(tx, None, None).await
    }
}
