//! The forwarder: what it is told, what it tells, and what it knows.

mod duties;
mod feedback;
mod packets;

use std::collections::{HashMap, VecDeque};
use std::time::Instant;

use slotmap::{Key as _, SlotMap};

use crate::bandwidth::Bandwidth;
use crate::dtls::{Fingerprint, Identity};
use crate::ice::{Credentials, Route};
use crate::outbox::Outbox;
use crate::peer::{Peer, Published, Stream};
use crate::peer_key::PeerKey;
use crate::recording::RecordedPacket;
use crate::sdp::{Answer, Incoming, Outgoing, Remote};
use crate::slot::Slot;
use crate::source::{Source, SourceKey};
use crate::srtp::Cipher;
use crate::{PeerId, SourceId};

/// What the forwarder is told to do.
#[derive(Debug, Clone)]
pub enum Command {
    /// A connection by which somebody sends, or what changes of one that is there: other streams, other names. Each
    /// stream that is taken is a source.
    Publish {
        /// The connection.
        peer: PeerId,
        /// The name and the key of this side's checks.
        local: Credentials,
        /// The other side.
        remote: Remote,
        /// What is taken, each under its id.
        sources: Vec<(SourceId, Incoming)>,
    },
    /// A connection by which somebody receives, or what the other side says to further streams.
    Subscribe {
        /// The connection.
        peer: PeerId,
        /// The name and the key of this side's checks.
        local: Credentials,
        /// What was offered, in its order.
        streams: Vec<Outgoing>,
        /// What the other side says to it.
        answer: Answer,
    },
    /// The stream at this place carries the source from now on, or nothing.
    Connect {
        /// Who receives.
        peer: PeerId,
        /// The place of the stream among those that were offered.
        slot: usize,
        /// What it carries.
        source: Option<SourceId>,
    },
    /// The stream at this place is shown so high: nothing better is sent than fills that. Until it is told, the best.
    Show {
        /// Who receives.
        peer: PeerId,
        /// The place of the stream among those that were offered.
        slot: usize,
        /// In pixels of the screen; 0: not at all, so that nothing is sent.
        height: u32,
    },
    /// Somebody sees a torn picture.
    AskKeyFrame {
        /// Of what.
        source: SourceId,
    },
    /// What comes of a source is told from now on, as it came, or no more.
    Record {
        /// Of what.
        source: SourceId,
        /// Whether it is told.
        on: bool,
    },
    /// The connection ends.
    Close {
        /// Which.
        peer: PeerId,
    },
}

/// What happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Media can flow.
    Connected {
        /// By which connection.
        peer: PeerId,
        /// How it is protected.
        cipher: Cipher,
    },
    /// The connection is lost for good.
    Failed {
        /// Which.
        peer: PeerId,
    },
    /// The first packet of a source has come.
    Flows {
        /// Which.
        source: SourceId,
    },
    /// Whoever is heard by this source began or ceased to speak, as far as their browser tells how loud they are.
    Speaks {
        /// By which.
        source: SourceId,
        /// Whether they speak.
        speaks: bool,
    },
    /// A picture is left out, because the way to the receiver is too narrow for it, or is there again.
    Held {
        /// Who receives.
        peer: PeerId,
        /// The place of the stream among those that were offered.
        slot: usize,
        /// Whether it is left out.
        held: bool,
    },
    /// Datagrams of this route belong to the connection from now on.
    Moved {
        /// Which connection.
        peer: PeerId,
        /// Where it is.
        route: Route,
    },
}

/// What has been carried so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Packets of media that came and were believed.
    pub received: u64,
    /// Packets of media that were passed on.
    pub forwarded: u64,
    /// Packets that were sent again.
    pub repaired: u64,
    /// Datagrams that nobody sent who is known, or that were not sealed by whom they seem to come from.
    pub refused: u64,
}

/// Passes packets on between the connections of a thread: datagrams, commands and time in, datagrams and events out.
pub struct Forwarder {
    identity: Identity,
    peers: SlotMap<PeerKey, Peer>,
    sources: SlotMap<SourceKey, Source>,
    peer_keys: HashMap<PeerId, PeerKey>,
    source_keys: HashMap<SourceId, SourceKey>,
    names: HashMap<String, PeerKey>,
    routes: HashMap<Route, PeerKey>,
    out: Outbox,
    events: VecDeque<Event>,
    recorded: Vec<RecordedPacket>,
    next_tick: Option<Instant>,
    counts: Counts,
    numbers: Vec<u16>,
    in_picture: bool,
}

impl Forwarder {
    /// One without connections.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        Self {
            identity,
            peers: SlotMap::with_key(),
            sources: SlotMap::with_key(),
            peer_keys: HashMap::new(),
            source_keys: HashMap::new(),
            names: HashMap::new(),
            routes: HashMap::new(),
            out: Outbox::default(),
            events: VecDeque::new(),
            recorded: Vec::new(),
            next_tick: None,
            counts: Counts::default(),
            numbers: Vec::new(),
            in_picture: false,
        }
    }

    /// What descriptions call its certificate by.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.identity.fingerprint()
    }

    /// What waits to be sent. Whoever sends it clears it.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.out
    }

    /// What happened.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// What came of sources that are recorded.
    pub fn take_recorded(&mut self) -> impl Iterator<Item = RecordedPacket> {
        self.recorded.drain(..)
    }

    /// What has been carried so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// When [`on_time`](Self::on_time) has to be called.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.next_tick
    }

    /// Whether the last packet that came was one of a picture of which more is on its way: what leaves together is cheaper.
    #[must_use]
    pub fn is_in_picture(&self) -> bool {
        self.in_picture
    }

    /// Whether a datagram from there is for a connection of this forwarder.
    #[must_use]
    pub fn knows(&self, route: Route) -> bool {
        self.routes.contains_key(&route)
    }

    /// Does what it is told.
    pub fn on_command(&mut self, now: Instant, command: Command) {
        match command {
            Command::Publish { peer, local, remote, sources } => {
                self.publish(now, peer, local, remote, sources);
            }
            Command::Subscribe { peer, local, streams, answer } => {
                self.subscribe(now, peer, local, &streams, answer);
            }
            Command::Connect { peer, slot, source } => self.connect(now, peer, slot, source),
            Command::Show { peer, slot, height } => {
                let peer = self.peer_keys.get(&peer).and_then(|key| self.peers.get_mut(*key));
                if let Some(peer) = peer
                    && let Some(slot) = peer.slots.get_mut(slot)
                {
                    slot.height = height;
                    peer.next_layers = now;
                }
            }
            Command::AskKeyFrame { source } => {
                if let Some(source) = self.source_keys.get(&source).and_then(|key| self.sources.get_mut(*key))
                {
                    source.want_key_frames();
                }
            }
            Command::Record { source, on } => {
                if let Some(source) = self.source_keys.get(&source).and_then(|key| self.sources.get_mut(*key))
                {
                    source.record(on);
                }
            }
            Command::Close { peer } => self.close(now, peer),
        }
        if !self.peers.is_empty() && self.next_tick.is_none() {
            self.next_tick = Some(now);
        }
    }

    /// Connects to a server that answers checks at `server`, to send what `sources` tells and to receive what the other
    /// side sends. For load, and for servers that pass rooms on to each other.
    pub fn connect_to(
        &mut self,
        now: Instant,
        peer: PeerId,
        local: Credentials,
        remote: Remote,
        server: Route,
        sources: Vec<(SourceId, Incoming)>,
    ) {
        let identity = self.identity.clone();
        let key = self
            .peers
            .insert_with_key(|key| Peer::client(peer, lane(key), &identity, local, remote, server, now));
        self.peer_keys.insert(peer, key);
        self.routes.insert(server, key);
        self.set_sources(key, sources);
        self.next_tick = Some(now);
    }

    fn publish(
        &mut self,
        now: Instant,
        id: PeerId,
        local: Credentials,
        remote: Remote,
        sources: Vec<(SourceId, Incoming)>,
    ) {
        let key = self.peer(now, id, local, remote);
        self.set_sources(key, sources);
    }

    fn subscribe(
        &mut self,
        now: Instant,
        id: PeerId,
        local: Credentials,
        streams: &[Outgoing],
        answer: Answer,
    ) {
        let key = self.peer(now, id, local, answer.remote);
        let Some(peer) = self.peers.get_mut(key) else { return };
        if answer.transport_cc.is_some() && peer.bandwidth.is_none() {
            peer.bandwidth = Some(Bandwidth::new(now));
        }
        for (place, stream) in streams.iter().enumerate() {
            if place == peer.slots.len() {
                peer.slots.push(Slot::new(stream));
            }
            peer.slots[place].accepted = answer.accepted.get(place).copied().unwrap_or(false);
        }
        self.begin_pictures_of(now, key);
    }

    /// The connection of this id, made if there is none, with the present names.
    fn peer(&mut self, now: Instant, id: PeerId, local: Credentials, remote: Remote) -> PeerKey {
        if let Some(key) = self.peer_keys.get(&id).copied()
            && let Some(peer) = self.peers.get_mut(key)
        {
            if !peer.ice.is_between(&local, &remote.credentials) {
                for name in peer.ice.names() {
                    self.names.remove(name);
                }
                peer.ice.restart(local, remote.credentials);
                self.names.extend(peer.ice.names().map(|name| (name.to_owned(), key)));
            }
            return key;
        }
        let identity = &self.identity;
        let name = local.ufrag.clone();
        let key = self.peers.insert_with_key(|key| Peer::new(id, lane(key), identity, local, remote, now));
        self.peer_keys.insert(id, key);
        self.names.insert(name, key);
        key
    }

    /// The sources of a connection are these; others that it had end.
    fn set_sources(&mut self, key: PeerKey, sources: Vec<(SourceId, Incoming)>) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        let mut before = std::mem::take(&mut peer.published);
        let mut streams = std::mem::take(&mut peer.streams);
        let mut published = Vec::with_capacity(sources.len());
        for (id, incoming) in sources {
            let known =
                before.iter().position(|one| self.sources.get(one.source).is_some_and(|s| s.id == id));
            let source = match known {
                Some(at) => before.swap_remove(at).source,
                None => {
                    let layers = incoming.rids.len().max(incoming.ssrcs.len().min(1));
                    let source = self.sources.insert(Source::new(id, incoming.medium, key, layers));
                    self.source_keys.insert(id, source);
                    source
                }
            };
            // Streams of a simulcast name themselves; of the others the description tells.
            if incoming.rids.is_empty() {
                for (ssrc, repair) in incoming.ssrcs.iter().take(1) {
                    streams.insert(*ssrc, Stream::Media { source, layer: 0 });
                    if let Some(repair) = repair {
                        streams.insert(*repair, Stream::Repair { source, layer: 0 });
                    }
                }
            }
            published.push(Published { source, incoming });
        }
        for gone in before {
            self.end_source(gone.source);
        }
        // Layers that have named themselves once do not do so for ever.
        streams.retain(|_, stream| {
            let (Stream::Media { source, .. } | Stream::Repair { source, .. }) = stream;
            published.iter().any(|one| one.source == *source)
        });
        if let Some(peer) = self.peers.get_mut(key) {
            (peer.published, peer.streams) = (published, streams);
        }
    }

    fn end_source(&mut self, key: SourceKey) {
        let Some(source) = self.sources.remove(key) else { return };
        self.source_keys.remove(&source.id);
        for tap in source.taps {
            if let Some(slot) = self.peers.get_mut(tap.peer).and_then(|peer| peer.slots.get_mut(tap.slot)) {
                slot.source = None;
                slot.restart();
            }
        }
    }

    fn connect(&mut self, now: Instant, id: PeerId, slot: usize, source: Option<SourceId>) {
        let Some(key) = self.peer_keys.get(&id).copied() else { return };
        let Some(state) = self.peers.get_mut(key).and_then(|peer| peer.slots.get_mut(slot)) else { return };
        let wanted = source.and_then(|source| self.source_keys.get(&source).copied());
        if state.source == wanted {
            return;
        }
        let before = std::mem::replace(&mut state.source, wanted);
        // Whoever watches forgets that a picture was left out when there is none any more.
        state.held = false;
        state.restart();
        if let Some(before) = before.and_then(|before| self.sources.get_mut(before)) {
            before.disconnect(key, slot);
        }
        let Some(source) = wanted.and_then(|wanted| self.sources.get_mut(wanted)) else { return };
        source.connect(key, slot);
        self.begin_pictures_of(now, key);
    }

    fn close(&mut self, now: Instant, id: PeerId) {
        let Some(key) = self.peer_keys.remove(&id) else { return };
        let Some(mut peer) = self.peers.remove(key) else { return };
        peer.close(now, &mut self.out);
        for published in &peer.published {
            self.end_source(published.source);
        }
        for source in self.sources.values_mut() {
            source.taps.retain(|tap| tap.peer != key);
        }
        self.names.retain(|_, known| *known != key);
        self.routes.retain(|_, known| *known != key);
        if self.peers.is_empty() {
            self.next_tick = None;
        }
    }
}

/// The place of a connection among all: small, and used again when the connection has ended.
fn lane(key: PeerKey) -> u32 {
    // The lower half of a key is its place, the upper half tells which of those that had it.
    key.data().as_ffi() as u32
}
