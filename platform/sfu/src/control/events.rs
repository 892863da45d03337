use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{RoomToken, TokenError};

/// What happens in rooms, told to whoever keeps presence. Calls come one at a time and in the order in which things
/// happened; a slow implementation delays later calls, not media.
#[async_trait::async_trait]
pub trait RoomEvents: Send + Sync + 'static {
    /// The participant of this token is in the room through this connection. Watchers and devices are told as well.
    async fn joined(&self, token: &RoomToken, connection: Uuid);
    /// That connection is gone: exactly once for each that joined. The participant may have another by now.
    async fn left(&self, token: &RoomToken, connection: Uuid);
    /// Somebody was turned away.
    async fn refused(&self, why: Refused);
}

/// Why somebody was turned away with 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No token was sent, or none that we signed.
    #[error("there is no valid room token")]
    TokenInvalid,
    /// The token was good once.
    #[error("the room token has expired")]
    TokenExpired,
    /// The token is for another way in: of a watcher at the door of participants, or the other way round.
    #[error("the room token is for something else")]
    Part,
    /// The page that connects was served by somebody else.
    #[error("the page comes from a foreign origin")]
    Origin,
}

impl From<TokenError> for Refused {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Malformed | TokenError::Forged => Refused::TokenInvalid,
            TokenError::Expired => Refused::TokenExpired,
        }
    }
}

#[derive(Debug)]
pub(super) enum Notice {
    Joined {
        token: Arc<RoomToken>,
        connection: Uuid,
    },
    Left {
        token: Arc<RoomToken>,
        connection: Uuid,
    },
    Refused(Refused),
    /// Everything before this has been told.
    Mark(oneshot::Sender<()>),
}

pub(super) type Notices = mpsc::UnboundedSender<Notice>;

/// Tells what is in the queue until all senders are gone.
pub(super) async fn tell(events: Arc<dyn RoomEvents>, mut notices: mpsc::UnboundedReceiver<Notice>) {
    while let Some(notice) = notices.recv().await {
        match notice {
            Notice::Joined { token, connection } => events.joined(&token, connection).await,
            Notice::Left { token, connection } => events.left(&token, connection).await,
            Notice::Refused(why) => events.refused(why).await,
            Notice::Mark(reached) => {
                // Whoever waited for the mark may have given up.
                let _ = reached.send(());
            }
        }
    }
}
