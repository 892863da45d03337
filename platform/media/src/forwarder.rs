use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use plenum_stun::{Message, attribute};
use rtc::rtcp;
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::sender_report::SenderReport;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{
    TransportLayerNack, nack_pairs_from_sequence_numbers,
};
use slotmap::{Key as _, SlotMap};

use crate::dtls::{Fingerprint, Identity};
use crate::ice::{Credentials, Heard, Route};
use crate::outbox::Outbox;
use crate::peer::{Again, Forwarded, Peer, Published, REPORT, State, Stream, repaired};
use crate::peer_key::PeerKey;
use crate::receiver::{Arrival, Receiver};
use crate::rtp::Rtp;
use crate::sdp::{Answer, Incoming, Outgoing, Remote};
use crate::slot::{Offered, Slot};
use crate::source::{Source, SourceKey, Tap};
use crate::srtp::Cipher;
use crate::vp8::Descriptor;
use crate::{PeerId, SourceId};

/// How often what is due is looked for.
const TICK: Duration = Duration::from_millis(20);
/// A receiver that misses what is older than this is not helped.
const REPAIRABLE: u64 = 512;

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
    /// Somebody sees a torn picture.
    AskKeyFrame {
        /// Of what.
        source: SourceId,
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
            Command::Connect { peer, slot, source } => self.connect(peer, slot, source),
            Command::AskKeyFrame { source } => {
                if let Some(source) = self.source_keys.get(&source).and_then(|key| self.sources.get_mut(*key))
                {
                    source.want_key_frame();
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
        peer.transport_cc = answer.transport_cc;
        for (place, stream) in streams.iter().enumerate() {
            if place == peer.slots.len() {
                peer.slots.push(Slot::new(stream));
            }
            peer.slots[place].accepted = answer.accepted.get(place).copied().unwrap_or(false);
        }
        self.want_key_frames_of(key);
    }

    /// The connection of this id, made if there is none, with the present names.
    fn peer(&mut self, now: Instant, id: PeerId, local: Credentials, remote: Remote) -> PeerKey {
        if let Some(key) = self.peer_keys.get(&id).copied()
            && let Some(peer) = self.peers.get_mut(key)
        {
            if !peer.ice.names().any(|name| name == local.ufrag) {
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
        streams.clear();
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
        if let Some(peer) = self.peers.get_mut(key) {
            (peer.published, peer.streams) = (published, streams);
        }
    }

    fn end_source(&mut self, key: SourceKey) {
        let Some(source) = self.sources.remove(key) else { return };
        self.source_keys.remove(&source.id);
        for tap in source.taps {
            if let Some(slot) = self.peers.get_mut(tap.peer).and_then(|peer| peer.slots.get_mut(tap.slot)) {
                slot.restart();
            }
        }
    }

    fn connect(&mut self, id: PeerId, slot: usize, source: Option<SourceId>) {
        let Some(key) = self.peer_keys.get(&id).copied() else { return };
        let tap = Tap { peer: key, slot };
        let wanted = source.and_then(|source| self.source_keys.get(&source).copied());
        if let Some(present) = wanted.and_then(|source| self.sources.get(source))
            && present.taps.contains(&tap)
        {
            return;
        }
        for source in self.sources.values_mut() {
            source.disconnect(tap);
        }
        if let Some(slot) = self.peers.get_mut(key).and_then(|peer| peer.slots.get_mut(slot)) {
            slot.restart();
        }
        if let Some(source) = wanted.and_then(|source| self.sources.get_mut(source)) {
            source.connect(tap);
        }
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

    /// Takes a datagram. `false` when it belongs to no connection of this forwarder.
    pub fn on_datagram(&mut self, now: Instant, from: Route, datagram: &mut [u8]) -> bool {
        // What the first byte tells (RFC 7983 §7).
        match datagram.first() {
            Some(0..=3) => self.on_stun(now, from, datagram),
            Some(20..=63) => {
                let Some(key) = self.routes.get(&from).copied() else { return self.refuse() };
                self.on_dtls(now, key, datagram);
                true
            }
            Some(128..=191) => {
                let Some(key) = self.routes.get(&from).copied() else { return self.refuse() };
                // The second byte tells RTCP from RTP when both come by one way (RFC 5761 §4).
                if datagram.get(1).is_some_and(|second| (192..=223).contains(second)) {
                    self.on_rtcp(now, key, datagram);
                } else if !self.on_rtp(now, key, datagram) {
                    self.counts.refused += 1;
                }
                true
            }
            _ => self.refuse(),
        }
    }

    fn refuse(&mut self) -> bool {
        self.counts.refused += 1;
        false
    }

    fn on_stun(&mut self, now: Instant, from: Route, datagram: &[u8]) -> bool {
        let Some(message) = Message::parse(datagram) else { return self.refuse() };
        let named = message
            .text(attribute::USERNAME)
            .and_then(|name| name.split_once(':'))
            .and_then(|(ours, _)| self.names.get(ours));
        let Some(key) = named.or_else(|| self.routes.get(&from)).copied() else { return self.refuse() };
        let Some(peer) = self.peers.get_mut(key) else { return self.refuse() };
        let before = peer.ice.route();
        if let Heard::Answer(answer) = peer.ice.read(now, from, &message) {
            self.out.push(peer.lane, from, &answer);
        } else if named_is_request(&message) {
            self.counts.refused += 1;
        }
        let route = peer.ice.route();
        if route != before
            && let Some(route) = route
        {
            let id = peer.id;
            self.routes.retain(|_, known| *known != key);
            self.routes.insert(route, key);
            self.events.push_back(Event::Moved { peer: id, route });
            // A client begins its handshake as soon as there is a path.
            self.look_after(now, key);
        }
        true
    }

    fn on_dtls(&mut self, now: Instant, key: PeerKey, datagram: &[u8]) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        peer.ice.heard(now);
        let changed = peer.on_dtls(now, datagram, &mut self.out);
        self.note(key, changed);
    }

    /// Tells of a change of a connection's state.
    fn note(&mut self, key: PeerKey, changed: Option<State>) {
        let Some(peer) = self.peers.get(key) else { return };
        let id = peer.id;
        match changed {
            Some(State::Connected) => {
                if let Some(srtp) = &peer.srtp {
                    let cipher = srtp.cipher;
                    self.events.push_back(Event::Connected { peer: id, cipher });
                }
                self.want_key_frames_of(key);
            }
            Some(State::Failed) => self.events.push_back(Event::Failed { peer: id }),
            Some(State::Connecting) | None => {}
        }
    }

    /// Pictures that a receiver waits for.
    fn want_key_frames_of(&mut self, key: PeerKey) {
        for source in self.sources.values_mut() {
            if source.taps.iter().any(|tap| tap.peer == key) {
                source.want_key_frame();
            }
        }
    }

    fn on_rtp(&mut self, now: Instant, key: PeerKey, datagram: &mut [u8]) -> bool {
        let Some(rtp) = Rtp::parse(datagram) else { return false };
        let Some(peer) = self.peers.get_mut(key) else { return false };
        let Ok(length) = peer.open(datagram, &rtp) else { return false };
        let plain = &datagram[..length];
        peer.ice.heard(now);
        self.counts.received += 1;
        peer.note_arrival(plain, &rtp, now);
        let Some(payload) = rtp.payload(plain) else { return false };
        match peer.stream_of(plain, &rtp) {
            Some(Stream::Media { source, layer }) => {
                let audio_level = self.level_of(key, source, plain, &rtp);
                self.on_media(now, source, layer, Arrived { rtp: &rtp, payload, audio_level });
            }
            Some(Stream::Repair { source, layer }) => {
                let Some((sequence, payload)) = repaired(payload) else { return true };
                let again = Arrived { rtp: &rtp.at(sequence), payload, audio_level: None };
                self.on_repair(now, source, layer, again);
            }
            None => return false,
        }
        true
    }

    fn level_of(&self, key: PeerKey, source: SourceKey, plain: &[u8], rtp: &Rtp) -> Option<u8> {
        let published = &self.peers.get(key)?.published;
        let published = published.iter().find(|published| published.source == source)?;
        rtp.extension(plain, published.incoming.extensions.audio_level?)?.first().copied()
    }

    fn on_media(&mut self, now: Instant, key: SourceKey, layer: usize, arrived: Arrived<'_>) {
        let rtp = arrived.rtp;
        let Some(source) = self.sources.get_mut(key) else { return };
        let clock_rate = source.medium.clock_rate();
        let is_video = source.medium.is_video();
        if !source.flows {
            source.flows = true;
            self.events.push_back(Event::Flows { source: source.id });
        }
        let Some(state) = source.layers.get_mut(layer) else { return };
        if state.ssrc != Some(rtp.ssrc) {
            state.ssrc = Some(rtp.ssrc);
            state.receiver = None;
        }
        let receiver = state.receiver.get_or_insert_with(|| Receiver::new(rtp.ssrc, clock_rate, is_video));
        if receiver.on_packet(rtp, now) == Arrival::Torn {
            state.want_key_frame();
        }
        self.pass_on(now, key, layer, arrived);
    }

    /// A packet that was sent again takes the way of the one that got lost.
    fn on_repair(&mut self, now: Instant, key: SourceKey, layer: usize, arrived: Arrived<'_>) {
        let Some(state) = self.sources.get_mut(key).and_then(|source| source.layers.get_mut(layer)) else {
            return;
        };
        let Some(receiver) = state.receiver.as_mut() else { return };
        // One that did come after all, or was never asked for, is of no use.
        if !receiver.on_repaired(arrived.rtp.sequence) {
            return;
        }
        self.pass_on(now, key, layer, arrived);
    }

    fn pass_on(
        &mut self,
        now: Instant,
        key: SourceKey,
        layer: usize,
        Arrived { rtp, payload, audio_level }: Arrived<'_>,
    ) {
        let Some(source) = self.sources.get_mut(key) else { return };
        self.in_picture = source.medium.is_video() && !rtp.marker;
        let descriptor = if source.medium.is_video() {
            let Some(descriptor) = Descriptor::parse(payload) else { return };
            Some(descriptor)
        } else {
            None
        };
        let Some(state) = source.layers.get_mut(layer) else { return };
        if let Some(history) = &mut state.history {
            history.keep(rtp.sequence, rtp.marker, rtp.timestamp, payload);
        }
        if layer > 0 {
            return;
        }
        let packet = Forwarded { rtp, payload, descriptor, audio_level };
        let mut key_frame_wanted = false;
        for tap in &source.taps {
            let Some(peer) = self.peers.get_mut(tap.peer) else { continue };
            match peer.forward(tap.slot, &packet, now, &mut self.out) {
                Some(Offered::Goes(_)) => self.counts.forwarded += 1,
                Some(Offered::AwaitsKeyFrame) => key_frame_wanted = true,
                Some(Offered::Stays) | None => {}
            }
        }
        if key_frame_wanted {
            state.want_key_frame();
        }
        self.ask_for_key_frame(now, key, layer);
    }

    fn ask_for_key_frame(&mut self, now: Instant, key: SourceKey, layer: usize) {
        let Some(source) = self.sources.get_mut(key) else { return };
        let Some(state) = source.layers.get_mut(layer) else { return };
        if !state.takes_request(now) {
            return;
        }
        let Some(media_ssrc) = state.ssrc else { return };
        if let Some(peer) = self.peers.get_mut(source.owner) {
            let request = PictureLossIndication { sender_ssrc: peer.ssrc, media_ssrc };
            peer.tell(&[Box::new(request)], &mut self.out);
        }
    }

    fn on_rtcp(&mut self, now: Instant, key: PeerKey, datagram: &[u8]) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        let Some(Ok(plain)) = peer.srtp.as_mut().map(|srtp| srtp.open_rtcp(datagram)) else {
            self.counts.refused += 1;
            return;
        };
        peer.ice.heard(now);
        let Ok(packets) = rtcp::packet::unmarshal(&mut &plain[..]) else { return };
        for packet in packets {
            let packet = packet.as_any();
            if let Some(report) = packet.downcast_ref::<SenderReport>() {
                self.on_sender_report(now, key, report);
            } else if let Some(request) = packet.downcast_ref::<PictureLossIndication>() {
                self.on_key_frame_request(now, key, request.media_ssrc);
            } else if let Some(request) = packet.downcast_ref::<FullIntraRequest>() {
                for entry in &request.fir {
                    self.on_key_frame_request(now, key, entry.ssrc);
                }
            } else if let Some(nack) = packet.downcast_ref::<TransportLayerNack>() {
                self.on_nack(key, nack);
            }
        }
    }

    /// Which moment of the publisher's clock is which of the stream's: told to its receivers by their numbers, so that
    /// voice and picture of one participant play in step.
    fn on_sender_report(&mut self, now: Instant, key: PeerKey, report: &SenderReport) {
        let Some(peer) = self.peers.get(key) else { return };
        let Some(Stream::Media { source, layer }) = peer.streams.get(&report.ssrc).copied() else { return };
        let Some(found) = self.sources.get_mut(source) else { return };
        if let Some(receiver) = found.layers.get_mut(layer).and_then(|layer| layer.receiver.as_mut()) {
            receiver.on_sender_report(report.ntp_time, now);
        }
        if layer > 0 {
            return;
        }
        for tap in &found.taps {
            let Some(peer) = self.peers.get_mut(tap.peer) else { continue };
            let Some(slot) = peer.slots.get(tap.slot) else { continue };
            let Some(rtp_time) = slot.rewriter.timestamp(report.rtp_time) else { continue };
            let told = SenderReport {
                ssrc: slot.ssrc,
                ntp_time: report.ntp_time,
                rtp_time,
                packet_count: slot.packets,
                octet_count: slot.octets,
                ..Default::default()
            };
            peer.tell(&[Box::new(told)], &mut self.out);
        }
    }

    fn on_key_frame_request(&mut self, now: Instant, key: PeerKey, ssrc: u32) {
        let Some(slot) = self.peers.get(key).and_then(|peer| peer.slots.iter().position(|s| s.ssrc == ssrc))
        else {
            return;
        };
        let tap = Tap { peer: key, slot };
        let Some(source) =
            self.sources.iter().find(|(_, source)| source.taps.contains(&tap)).map(|(key, _)| key)
        else {
            return;
        };
        if let Some(source) = self.sources.get_mut(source) {
            source.want_key_frame();
        }
        self.ask_for_key_frame(now, source, 0);
    }

    fn on_nack(&mut self, key: PeerKey, nack: &TransportLayerNack) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        let Some(slot) = peer.slots.iter().position(|slot| slot.ssrc == nack.media_ssrc) else { return };
        let tap = Tap { peer: key, slot };
        let Some(source) = self.sources.values().find(|source| source.taps.contains(&tap)) else { return };
        let Some(history) = source.layers.first().and_then(|layer| layer.history.as_ref()) else { return };
        let numbers = nack.nacks.iter().flat_map(|pair| pair.packet_list());
        for sequence in numbers.take(REPAIRABLE as usize) {
            let Some(source_sequence) = peer.source_sequence(slot, sequence) else { continue };
            let Some(kept) = history.get(source_sequence) else { continue };
            let Some(timestamp) = peer.slots[slot].rewriter.timestamp(kept.timestamp) else { continue };
            let again = Again { marker: kept.marker, timestamp, sequence, payload: &kept.payload };
            peer.send_again(slot, &again, &mut self.out);
            self.counts.repaired += 1;
        }
    }

    /// Does what is due.
    pub fn on_time(&mut self, now: Instant) {
        if self.next_tick.is_none_or(|due| due > now) {
            return;
        }
        self.next_tick = Some(now + TICK);
        let keys: Vec<PeerKey> = self.peers.keys().collect();
        for key in keys {
            self.look_after(now, key);
        }
        let sources: Vec<(SourceKey, usize)> =
            self.sources.iter().map(|(key, source)| (key, source.layers.len())).collect();
        for (key, layers) in sources {
            for layer in 0..layers {
                self.ask_again(now, key, layer);
                self.ask_for_key_frame(now, key, layer);
            }
        }
    }

    fn look_after(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        let changed = peer.on_time(now, &mut self.out);
        if peer.state == State::Connected {
            peer.tell_arrivals(now, &mut self.out);
            if peer.next_report <= now {
                peer.next_report = now + REPORT;
                self.report(now, key);
            }
        }
        self.note(key, changed);
    }

    /// Tells a publisher how its packets fare.
    fn report(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get(key) else { return };
        let mut reports = Vec::new();
        for published in &peer.published {
            let Some(source) = self.sources.get_mut(published.source) else { continue };
            for layer in &mut source.layers {
                reports.extend(layer.receiver.as_mut().and_then(|receiver| receiver.report(now)));
            }
        }
        // One packet tells of 31 streams at most (RFC 3550 §6.4.2).
        reports.truncate(31);
        if reports.is_empty() {
            return;
        }
        if let Some(peer) = self.peers.get_mut(key) {
            let report = ReceiverReport { ssrc: peer.ssrc, reports, ..Default::default() };
            peer.tell(&[Box::new(report)], &mut self.out);
        }
    }

    /// Asks a publisher for what is missing.
    fn ask_again(&mut self, now: Instant, key: SourceKey, layer: usize) {
        let Some(source) = self.sources.get_mut(key) else { return };
        let owner = source.owner;
        let Some(state) = source.layers.get_mut(layer) else { return };
        let Some(receiver) = state.receiver.as_mut() else { return };
        self.numbers.clear();
        if receiver.ask_again(now, &mut self.numbers) {
            state.want_key_frame();
        }
        let Some(media_ssrc) = state.ssrc.filter(|_| !self.numbers.is_empty()) else { return };
        if let Some(peer) = self.peers.get_mut(owner) {
            let nacks = nack_pairs_from_sequence_numbers(&self.numbers);
            let nack = TransportLayerNack { sender_ssrc: peer.ssrc, media_ssrc, nacks };
            peer.tell(&[Box::new(nack)], &mut self.out);
        }
    }
}

/// A packet of a source, opened.
#[derive(Clone, Copy)]
struct Arrived<'a> {
    rtp: &'a Rtp,
    payload: &'a [u8],
    /// Of voices, when the sender tells.
    audio_level: Option<u8>,
}

/// The place of a connection among all: small, and used again when the connection has ended.
fn lane(key: PeerKey) -> u32 {
    // The lower half of a key is its place, the upper half tells which of those that had it.
    key.data().as_ffi() as u32
}

fn named_is_request(message: &Message<'_>) -> bool {
    message.class == plenum_stun::Class::Request
}
