use std::collections::HashMap;
use std::sync::Arc;

use plenum_media::{Command, Credentials, Incoming, Medium, Offer, PeerId, SourceId};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::engine::{Engine, Peer};
use super::source::Source;
use super::worker::PeerEvent;

/// The way in: what one participant sends.
pub(crate) struct Publisher {
    peer: Peer,
    /// By section: the source that it has, and what it is.
    sources: HashMap<String, (SourceId, Medium)>,
    /// Those that flow.
    flowing: HashMap<SourceId, Arc<Source>>,
    /// How the other side called itself last.
    remote: Option<Credentials>,
}

impl Publisher {
    pub(crate) fn open(engine: &Engine, room: Uuid, events: mpsc::UnboundedSender<PeerEvent>) -> Self {
        let peer = engine.open(room, events);
        Self { peer, sources: HashMap::new(), flowing: HashMap::new(), remote: None }
    }

    pub(crate) fn id(&self) -> PeerId {
        self.peer.id
    }

    /// Agrees to the participant's offer: the answer, and the sources that ended by it.
    pub(crate) fn answer(&mut self, engine: &Engine, offer: &Offer) -> (String, Vec<Arc<Source>>) {
        let names = offer.remote().credentials();
        if self.remote.as_ref().is_some_and(|before| before != names) {
            self.peer.restart();
        }
        self.remote = Some(names.clone());
        let mut before = std::mem::take(&mut self.sources);
        let mut taken: Vec<(SourceId, Incoming)> = Vec::new();
        for incoming in offer.incoming() {
            let mid = incoming.mid().to_owned();
            let id = match before.remove(&mid) {
                Some((id, medium)) if medium == incoming.medium => id,
                other => {
                    before.extend(other.map(|other| (mid.clone(), other)));
                    engine.source_id()
                }
            };
            self.sources.insert(mid, (id, incoming.medium));
            taken.push((id, incoming));
        }
        let ended = before.values().filter_map(|(id, _)| self.flowing.remove(id)).collect();
        self.peer.command(Command::Publish {
            peer: self.peer.id,
            local: self.peer.credentials.clone(),
            remote: offer.remote().clone(),
            sources: taken,
        });
        (offer.answer(&self.peer.local()), ended)
    }

    /// Goes on by another path: where this side is reached from now on, as a fragment of a description.
    pub(crate) fn moved(&mut self, engine: &Engine, offer: &Offer) -> String {
        self.answer(engine, offer);
        offer.fragment(&self.peer.local())
    }

    /// The name of the present path.
    pub(crate) fn path(&self) -> &str {
        &self.peer.credentials.ufrag
    }

    /// Whether the source flows by this connection.
    pub(crate) fn has(&self, id: SourceId) -> bool {
        self.flowing.contains_key(&id)
    }

    /// The source whose first packet has come; `None` when it has ended since.
    pub(crate) fn flows(&mut self, id: SourceId) -> Option<Arc<Source>> {
        let (_, medium) = self.sources.values().find(|(known, _)| *known == id)?;
        let source = Arc::new(Source::new(id, *medium, self.peer.thread().clone()));
        self.flowing.insert(id, Arc::clone(&source));
        Some(source)
    }
}
