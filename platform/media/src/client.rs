//! The other side of a server: one connection that sends made-up streams and counts what it receives. For load and for
//! tests; nothing of the product uses it.

use std::collections::HashMap;
use std::time::Instant;

use plenum_stun::Message;
use rtc::rtcp;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{
    TransportLayerNack, nack_pairs_from_sequence_numbers,
};

use crate::PeerId;
use crate::dtls::Identity;
use crate::history::History;
use crate::ice::{Credentials, Route};
use crate::outbox::Outbox;
use crate::peer::{Peer, State};
use crate::rtp::{self, Rtp, Sent, unwrapped};
use crate::sdp::{AUDIO_LEVEL_ID, Remote, TRANSPORT_CC_ID};
use crate::srtp::Cipher;

/// A connection to a server.
pub struct Client {
    peer: Peer,
    out: Outbox,
    sent: HashMap<u32, u64>,
    asked: Vec<u32>,
    reports_arrivals: bool,
    repairs: HashMap<u32, Repairs>,
}

/// What a client sends again when it is asked to.
struct Repairs {
    ssrc: u32,
    payload_type: u8,
    history: History,
}

/// A packet that a client sends.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    /// Of which stream.
    pub ssrc: u32,
    /// Under which number of codec.
    pub payload_type: u8,
    /// Whether it ends a picture.
    pub marker: bool,
    /// By the clock of the stream.
    pub timestamp: u32,
    /// What it carries.
    pub payload: &'a [u8],
    /// How loud a voice is, in decibels below the loudest.
    pub level: Option<u8>,
    /// Which layer of a simulcast it is of: the number of the header extension that says so, and the layer's name.
    pub layer: Option<(u8, &'a str)>,
}

/// A packet of media that a client received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received<'a> {
    /// Of which stream.
    pub ssrc: u32,
    /// Under which number of codec.
    pub payload_type: u8,
    /// Its place in the stream.
    pub sequence: u16,
    /// By the clock of the stream.
    pub timestamp: u32,
    /// What it carries.
    pub payload: &'a [u8],
}

impl Client {
    /// One that connects to the server which answers checks at `server`.
    #[must_use]
    pub fn new(identity: &Identity, local: Credentials, remote: Remote, server: Route, now: Instant) -> Self {
        Self {
            peer: Peer::client(PeerId(0), 0, identity, local, remote, server, now),
            out: Outbox::default(),
            sent: HashMap::new(),
            asked: Vec::new(),
            reports_arrivals: false,
            repairs: HashMap::new(),
        }
    }

    /// From now on packets of a stream are kept, and sent again under this number when they are asked for.
    pub fn repair(&mut self, ssrc: u32, by: u32, payload_type: u8) {
        self.repairs.insert(ssrc, Repairs { ssrc: by, payload_type, history: History::new() });
    }

    /// From now on the server is told when each packet came.
    pub fn report_arrivals(&mut self) {
        self.reports_arrivals = true;
    }

    /// By what packets are protected, once they are.
    #[must_use]
    pub fn cipher(&self) -> Option<Cipher> {
        self.peer.srtp.as_ref().map(|srtp| srtp.cipher)
    }

    /// Whether the connection is lost.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.peer.state == State::Failed
    }

    /// What waits to be sent. Whoever sends it clears it.
    pub fn outbox(&mut self) -> &mut Outbox {
        &mut self.out
    }

    /// The streams of which the server wants a key frame.
    pub fn key_frames_wanted(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.asked)
    }

    /// Does what is due; to be called every few milliseconds.
    pub fn on_time(&mut self, now: Instant) {
        self.peer.on_time(now, &mut self.out);
        if self.reports_arrivals {
            self.peer.tell_arrivals(now, &mut self.out);
        }
    }

    /// Whether a datagram is of media, which [`open`](Self::open) opens.
    #[must_use]
    pub fn is_media(datagram: &[u8]) -> bool {
        matches!(datagram, [128..=191, second, ..] if !(192..=223).contains(second))
    }

    /// Takes a datagram that is not of media.
    pub fn on_datagram(&mut self, now: Instant, from: Route, datagram: &[u8]) {
        match datagram.first() {
            Some(0..=3) => {
                let Some(message) = Message::parse(datagram) else { return };
                if let crate::ice::Heard::Answer(answer) = self.peer.ice.read(now, from, &message) {
                    self.out.push(0, from, &answer);
                }
                self.peer.on_time(now, &mut self.out);
            }
            Some(20..=63) => {
                self.peer.on_dtls(now, datagram, &mut self.out);
            }
            Some(128..=191) => {
                let Some(Ok(plain)) = self.peer.srtp.as_mut().map(|srtp| srtp.open_rtcp(datagram)) else {
                    return;
                };
                let packets = rtcp::packet::unmarshal(&mut &plain[..]).unwrap_or_default();
                for packet in &packets {
                    let packet = packet.as_any();
                    if let Some(request) = packet.downcast_ref::<PictureLossIndication>() {
                        self.asked.push(request.media_ssrc);
                    } else if let Some(nack) = packet.downcast_ref::<TransportLayerNack>() {
                        let numbers = nack.nacks.iter().flat_map(|pair| pair.packet_list());
                        self.send_again(nack.media_ssrc, &numbers.collect::<Vec<_>>());
                    }
                }
            }
            _ => {}
        }
    }

    /// Opens a packet of media in place.
    pub fn open<'a>(&mut self, now: Instant, datagram: &'a mut [u8]) -> Option<Received<'a>> {
        let rtp = Rtp::parse(datagram)?;
        let length = self.peer.open(datagram, &rtp).ok()?;
        self.peer.ice.heard(now);
        if self.reports_arrivals
            && let Some([high, low]) = rtp.extension(datagram, TRANSPORT_CC_ID)
        {
            self.peer.arrivals.note(u16::from_be_bytes([*high, *low]), now);
        }
        let payload = rtp.payload(&datagram[..length])?;
        Some(Received {
            ssrc: rtp.ssrc,
            payload_type: rtp.payload_type,
            sequence: rtp.sequence,
            timestamp: rtp.timestamp,
            payload,
        })
    }

    /// Reads the number of a stream and of a packet without opening it.
    #[must_use]
    pub fn peek(datagram: &[u8]) -> Option<(u32, u16)> {
        Rtp::parse(datagram).map(|rtp| (rtp.ssrc, rtp.sequence))
    }

    /// Sends the next packet of a stream. `false` when there is no connection yet.
    pub fn send(&mut self, packet: &Packet<'_>) -> bool {
        let (Some(route), Some(srtp)) = (self.peer.ice.route(), self.peer.srtp.as_mut()) else {
            return false;
        };
        let count = self.sent.entry(packet.ssrc).or_insert(65_500);
        let index = *count;
        *count += 1;
        if let Some(repairs) = self.repairs.get_mut(&packet.ssrc) {
            repairs.history.keep(index as u16, packet.marker, packet.timestamp, packet.payload);
        }
        let header = rtp::Outgoing {
            marker: packet.marker,
            payload_type: packet.payload_type,
            sequence: index as u16,
            timestamp: packet.timestamp,
            ssrc: packet.ssrc,
        };
        let bytes = self.out.bytes();
        let from = bytes.len();
        let sent = Sent {
            layer: packet.layer,
            audio_level: packet.level.map(|level| (AUDIO_LEVEL_ID, level)),
            ..Sent::default()
        };
        rtp::write_header(bytes, header, sent);
        let header_len = bytes.len() - from;
        bytes.extend_from_slice(packet.payload);
        if srtp.seal(bytes, from, header_len, packet.ssrc, index).is_err() {
            bytes.truncate(from);
            return false;
        }
        self.out.commit(0, route, from);
        true
    }

    fn send_again(&mut self, ssrc: u32, numbers: &[u16]) {
        let Some(Repairs { ssrc: by, payload_type, history }) = self.repairs.get(&ssrc) else { return };
        let (by, payload_type) = (*by, *payload_type);
        let kept: Vec<(bool, u32, Vec<u8>)> = numbers
            .iter()
            .filter_map(|number| {
                let kept = history.get(*number)?;
                // The number that it had goes before (RFC 4588 §4).
                let payload = [&number.to_be_bytes()[..], &kept.payload].concat();
                Some((kept.marker, kept.timestamp, payload))
            })
            .collect();
        for (marker, timestamp, payload) in kept {
            self.send(&Packet {
                ssrc: by,
                payload_type,
                marker,
                timestamp,
                payload: &payload,
                level: None,
                layer: None,
            });
        }
    }

    /// Seals bytes that look like a packet of media, whatever they hold; `None` when they do not, or there are no keys.
    pub fn seal_media(&mut self, plain: &[u8]) -> Option<Vec<u8>> {
        let rtp = Rtp::parse(plain)?;
        let srtp = self.peer.srtp.as_mut()?;
        // Not to come before what was sent: the server would take it for a repetition.
        let count = self.sent.entry(rtp.ssrc).or_insert(u64::from(rtp.sequence));
        let index = unwrapped(*count, rtp.sequence);
        *count = index.max(*count);
        let mut sealed = plain.to_vec();
        srtp.seal(&mut sealed, 0, rtp.header_len(), rtp.ssrc, index).ok()?;
        Some(sealed)
    }

    /// Seals bytes as packets of RTCP; `None` when they are too short, or there are no keys.
    pub fn seal_control(&mut self, plain: &[u8]) -> Option<Vec<u8>> {
        let srtp = self.peer.srtp.as_mut()?;
        srtp.seal_rtcp(plain).ok().map(|sealed| sealed.to_vec())
    }

    /// Asks for packets again.
    pub fn ask_again(&mut self, ssrc: u32, missing: &[u16]) {
        let nacks = nack_pairs_from_sequence_numbers(missing);
        let nack = TransportLayerNack { sender_ssrc: self.peer.ssrc, media_ssrc: ssrc, nacks };
        self.peer.tell(&[Box::new(nack)], &mut self.out);
    }

    /// Asks for a key frame.
    pub fn ask_key_frame(&mut self, ssrc: u32) {
        let request = PictureLossIndication { sender_ssrc: self.peer.ssrc, media_ssrc: ssrc };
        self.peer.tell(&[Box::new(request)], &mut self.out);
    }
}

/// Counts what came of a stream, and what did not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    first: Option<u64>,
    highest: u64,
    received: u64,
}

impl Tally {
    /// A packet came.
    pub fn note(&mut self, sequence: u16) {
        let index = match self.first {
            None => 0x1_0000 + u64::from(sequence),
            Some(_) => unwrapped(self.highest, sequence),
        };
        self.first.get_or_insert(index);
        self.highest = self.highest.max(index);
        self.received += 1;
    }

    /// Packets that came.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Packets that did not come, among those between the first and the last.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.first.map_or(0, |first| (self.highest - first + 1).saturating_sub(self.received))
    }
}
