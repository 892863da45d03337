//! Pushes to connected browsers: a transaction touches a topic, and on its commit everyone who watches the topic,
//! on any server of the installation, looks again.
//!
//! A push carries no data, only the news that there is something new: what a watcher may see is read anew, under
//! the watcher's own rights. Pushes may be repeated, merged or sent needlessly; they are never lost for good.

use std::{borrow::Borrow, collections::HashSet, sync::Arc};

use futures_util::{Stream, StreamExt, stream};
use plenum_db::{Db, OperatorTx, Signal, StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, TypedId};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;

const CHANNEL: &str = "plenum_live";

/// How many pushes a slow watcher may lag behind before it is told to look again at once.
const BACKLOG: usize = 1024;

/// What can be watched: something in a tenant, for example a session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic(String);

impl Borrow<str> for Topic {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Topic {
    /// The topic of one thing of a tenant.
    #[must_use]
    pub fn of(tenant: TenantId, id: impl TypedId) -> Self {
        Self(format!("{}/{}", tenant.uuid().simple(), id.global()))
    }

    /// What an account may do in a tenant: touched when a role is given or taken, and when access ends or returns.
    #[must_use]
    pub fn access(tenant: TenantId, account: AccountId) -> Self {
        Self(format!("{}/access/{}", tenant.uuid().simple(), account.global()))
    }

    /// How a tenant looks, and what else it has set.
    #[must_use]
    pub fn settings(tenant: TenantId) -> Self {
        Self(format!("{}/settings", tenant.uuid().simple()))
    }

    /// What the roles of a tenant allow: touched when its own ones change, when it switches modules on or off, and when the
    /// tenant itself is suspended.
    #[must_use]
    pub fn own_roles(tenant: TenantId) -> Self {
        Self(format!("{}/own-roles", tenant.uuid().simple()))
    }
}

/// Says, when the transaction commits, that the topic has news.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn touch(tx: &mut TenantTx, topic: &Topic) -> Result<(), StoreError> {
    tx.signal(CHANNEL, &topic.0).await
}

/// The same for an act across tenants.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn touch_across(tx: &mut OperatorTx, topic: &Topic) -> Result<(), StoreError> {
    tx.signal(CHANNEL, &topic.0).await
}

/// The server's end: hears all pushes and hands them to its watchers.
#[derive(Clone)]
pub struct Live {
    /// `None` is "look again at everything".
    sender: broadcast::Sender<Option<Arc<str>>>,
}

impl Live {
    /// Starts hearing, until `stop` is cancelled.
    ///
    /// # Errors
    /// [`StoreError`] when the first connection cannot be made.
    pub async fn start(db: &Db, stop: CancellationToken) -> Result<Self, StoreError> {
        let (sender, _) = broadcast::channel(BACKLOG);
        let live = Self { sender: sender.clone() };
        let mut listener = db.listen(&[CHANNEL]).await?;
        tokio::spawn(async move {
            loop {
                let heard = tokio::select! {
                    () = stop.cancelled() => return,
                    heard = listener.next() => heard,
                };
                let news = match heard {
                    Ok(Signal::Sent { payload, .. }) => Some(Arc::from(payload)),
                    Ok(Signal::Gap) => None,
                    Err(error) => {
                        tracing::warn!(%error, "pushes are interrupted");
                        tokio::select! {
                            () = stop.cancelled() => return,
                            () = tokio::time::sleep(std::time::Duration::from_secs(1)) => {}
                        }
                        None
                    }
                };
                // Nobody watching is no fault.
                sender.send(news).ok();
            }
        });
        Ok(live)
    }

    /// Yields at once, and then whenever the topic has news.
    pub fn watch(&self, topic: Topic) -> impl Stream<Item = ()> + Send + use<> {
        self.watch_any(vec![topic])
    }

    /// Yields at once, and then whenever one of the topics has news.
    pub fn watch_any(&self, topics: Vec<Topic>) -> impl Stream<Item = ()> + Send + use<> {
        let topics: Arc<HashSet<Topic>> = Arc::new(topics.into_iter().collect());
        let news = BroadcastStream::new(self.sender.subscribe()).filter_map(move |heard| {
            let mine = match heard {
                Ok(Some(payload)) => topics.contains(&*payload),
                // Lagging or a gap: something may have been missed.
                Ok(None) | Err(_) => true,
            };
            async move { mine.then_some(()) }
        });
        stream::once(async {}).chain(news)
    }
}
