//! Datagrams that come, and packets of media that are passed on.

use std::time::Instant;

use plenum_stun::{Message, attribute};

use super::{Event, Forwarder};
use crate::ice::{Heard, Route};
use crate::peer::{Forwarded, State, Stream, repaired};
use crate::peer_key::PeerKey;
use crate::receiver::{Arrival, Receiver};
use crate::recording::RecordedPacket;
use crate::rtp::Rtp;
use crate::slot::Offered;
use crate::source::SourceKey;
use crate::vp8::Descriptor;

impl Forwarder {
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
        self.note(now, key, changed);
    }

    /// Tells of a change of a connection's state.
    pub(super) fn note(&mut self, now: Instant, key: PeerKey, changed: Option<State>) {
        let Some(peer) = self.peers.get(key) else { return };
        let id = peer.id;
        match changed {
            Some(State::Connected) => {
                if let Some(srtp) = &peer.srtp {
                    let cipher = srtp.cipher;
                    self.events.push_back(Event::Connected { peer: id, cipher });
                }
                self.begin_pictures_of(now, key);
            }
            Some(State::Failed) => self.events.push_back(Event::Failed { peer: id }),
            Some(State::Connecting) | None => {}
        }
    }

    /// Pictures that a receiver waits for begin with the latest key frame, or with the next one.
    pub(super) fn begin_pictures_of(&mut self, now: Instant, key: PeerKey) {
        let Some(peer) = self.peers.get_mut(key) else { return };
        for place in 0..peer.slots.len() {
            let slot = &peer.slots[place];
            let Some(source) = slot.source.filter(|_| !slot.shows()) else { continue };
            let Some(source) = self.sources.get_mut(source).filter(|source| source.medium.is_video()) else {
                continue;
            };
            let Some(layer) = source.tap(key, place).and_then(|tap| tap.target) else { continue };
            let mut begun = false;
            for kept in source.layers.get(layer).and_then(|layer| layer.replay(now)).into_iter().flatten() {
                let packet = Forwarded {
                    marker: kept.marker,
                    sequence: kept.sequence.unwrap_or_default(),
                    timestamp: kept.timestamp,
                    payload: &kept.payload,
                    descriptor: Descriptor::parse(&kept.payload),
                    audio_level: None,
                };
                if let Some(Offered::Goes(_)) = peer.forward(place, &packet, now, &mut self.out) {
                    begun = true;
                    self.counts.forwarded += 1;
                }
            }
            if !begun {
                source.want_key_frame(layer);
            } else if let Some(tap) = source.tap(key, place) {
                tap.carries = Some(layer);
            }
        }
    }

    fn on_rtp(&mut self, now: Instant, key: PeerKey, datagram: &mut [u8]) -> bool {
        let Some(rtp) = Rtp::parse(datagram) else { return false };
        let Some(peer) = self.peers.get_mut(key) else { return false };
        let Ok(length) = peer.open(datagram, &rtp) else { return false };
        let plain = &datagram[..length];
        peer.heard(now);
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
        if let Some(level) = arrived.audio_level {
            source.hear(level);
        }
        let Some(state) = source.layers.get_mut(layer) else { return };
        state.meter.add(now, arrived.payload.len());
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
        let starts = descriptor.filter(|descriptor| descriptor.starts_key_frame);
        let begins = starts.is_some() || descriptor.is_none();
        match source.recorded.as_mut().map(|recorded| recorded.takes(layer, begins)) {
            Some(Some(true)) => self.recorded.push(RecordedPacket {
                source: source.id,
                // What was sent again came under another number.
                stream: state.ssrc.unwrap_or(rtp.ssrc),
                sequence: rtp.sequence,
                timestamp: rtp.timestamp,
                marker: rtp.marker,
                at: now,
                payload: payload.to_vec(),
            }),
            Some(None) => state.want_key_frame(),
            Some(Some(false)) | None => {}
        }
        if let Some(descriptor) = starts {
            state.note_key_frame(now, rtp.sequence, descriptor.height);
        }
        let (marker, sequence, timestamp) = (rtp.marker, rtp.sequence, rtp.timestamp);
        let packet = Forwarded { marker, sequence, timestamp, payload, descriptor, audio_level };
        let mut key_frame_wanted = false;
        for tap in &mut source.taps {
            if tap.carries != Some(layer) {
                if tap.target != Some(layer) {
                    continue;
                }
                if starts.is_none() {
                    key_frame_wanted = true;
                    continue;
                }
            }
            let Some(peer) = self.peers.get_mut(tap.peer) else { continue };
            if tap.carries != Some(layer) {
                let Some(slot) = peer.slots.get_mut(tap.slot) else { continue };
                slot.restart();
                tap.carries = Some(layer);
            }
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
}

/// A packet of a source, opened.
#[derive(Clone, Copy)]
struct Arrived<'a> {
    rtp: &'a Rtp,
    payload: &'a [u8],
    /// Of voices, when the sender tells.
    audio_level: Option<u8>,
}

fn named_is_request(message: &Message<'_>) -> bool {
    message.class == plenum_stun::Class::Request
}
