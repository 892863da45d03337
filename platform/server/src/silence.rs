//! Lets go of sockets that are half open: the caller fell silent, or takes nothing that is sent. TCP alone notices that
//! after a quarter of an hour, or never while nothing is sent.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{Stream, StreamExt};
use tokio::time::Instant;

/// When a caller was heard last.
#[derive(Debug, Clone)]
pub struct Heard(Arc<Mutex<Instant>>);

impl Heard {
    /// Heard now.
    #[must_use]
    pub fn now() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    /// What a caller says; each word is noted when it is taken, so that who is served takes words, or is taken to be gone.
    pub fn listening<S: Stream>(&self, said: S) -> impl Stream<Item = S::Item> + use<S> {
        let heard = self.clone();
        said.inspect(move |_| *heard.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now())
    }

    fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves a caller to the end, or until nothing was heard for so long; false then.
    pub async fn serve(&self, silence: Duration, serving: impl Future<Output = ()>) -> bool {
        let mut serving = std::pin::pin!(serving);
        loop {
            tokio::select! {
                () = &mut serving => return true,
                () = tokio::time::sleep_until(self.last() + silence) => {
                    if self.last() + silence <= Instant::now() {
                        return false;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::sync::mpsc;

    use super::*;

    /// Passes at once, but for what is due within it.
    const SOON: Duration = Duration::from_millis(1);
    const LONG: Duration = Duration::from_secs(3600);

    #[tokio::test]
    async fn a_caller_that_falls_silent_is_let_go() {
        let heard = Heard::now();
        let mut words = 0;
        let mut said = Box::pin(heard.listening(stream::iter(0..5).chain(stream::pending())));
        let serving = async {
            while said.next().await.is_some() {
                words += 1;
            }
        };
        assert!(!heard.serve(SOON, serving).await);
        assert_eq!(words, 5);
    }

    #[tokio::test]
    async fn a_caller_that_reads_nothing_is_let_go() {
        let heard = Heard::now();
        // It speaks on and on, but what is sent to it finds no room.
        let mut said = Box::pin(heard.listening(stream::repeat("word")));
        let (to_caller, _unread) = mpsc::channel(1);
        let serving = async {
            while let Some(word) = said.next().await {
                if to_caller.send(word).await.is_err() {
                    break;
                }
            }
        };
        assert!(!heard.serve(SOON, serving).await);
    }

    #[tokio::test]
    async fn a_caller_that_speaks_is_served_to_the_end() {
        let heard = Heard::now();
        let before = heard.last();
        let mut said = Box::pin(heard.listening(stream::iter(0..1_000)));
        assert!(heard.serve(LONG, async { while said.next().await.is_some() {} }).await);
        assert!(heard.last() > before);
    }
}
