//! Signals that transactions send on commit (PostgreSQL's LISTEN and NOTIFY).
#![expect(clippy::disallowed_types, reason = "this crate is the only home of the pool")]

use sqlx::{PgPool, postgres::PgListener};

use crate::StoreError;

/// One signal, or the news that some may have been missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// A transaction committed with this signal.
    Sent {
        /// The channel.
        channel: String,
        /// What it said.
        payload: String,
    },
    /// The connection was lost and made again: what was sent between is not known, look again at everything.
    Gap,
}

/// A connection that hears signals.
pub struct Listener(PgListener);

impl Listener {
    pub(crate) async fn connect(pool: &PgPool, channels: &[&str]) -> Result<Self, StoreError> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen_all(channels.iter().copied()).await?;
        Ok(Self(listener))
    }

    /// The next signal; reconnects by itself.
    ///
    /// # Errors
    /// [`StoreError`] when reconnecting failed; calling again tries again.
    pub async fn next(&mut self) -> Result<Signal, StoreError> {
        Ok(match self.0.try_recv().await? {
            Some(note) => {
                Signal::Sent { channel: note.channel().to_owned(), payload: note.payload().to_owned() }
            }
            None => Signal::Gap,
        })
    }
}
