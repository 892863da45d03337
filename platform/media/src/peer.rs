//! One connection: its path, its keys, what it sends and what it receives.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rtc::rtcp;

use crate::PeerId;
use crate::bandwidth::Bandwidth;
use crate::dtls::{Dtls, Identity, Progress};
use crate::ice::{Credentials, Ice, Route};
use crate::outbox::Outbox;
use crate::rtp::{self, Rtp, Sent};
use crate::sdp::{Incoming, Numbering, Remote};
use crate::slot::{Offered, Slot};
use crate::source::SourceKey;
use crate::srtp::{Srtp, SrtpError, TAG};
use crate::twcc::{self, Arrivals};
use crate::vp8::Descriptor;

/// A connection that is not there by then will not come.
const CONNECTING: Duration = Duration::from_secs(30);
/// How often senders are told how their packets fare.
pub(crate) const REPORT: Duration = Duration::from_secs(1);

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Connecting,
    Connected,
    Failed,
}

/// What a stream of a publisher is, by its number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    /// Media: which source, which of its layers.
    Media { source: SourceKey, layer: usize },
    /// Packets sent again.
    Repair { source: SourceKey, layer: usize },
}

/// A source that the connection publishes, as it was agreed.
pub(crate) struct Published {
    pub(crate) source: SourceKey,
    pub(crate) incoming: Incoming,
}

/// What a packet of a stream that repairs goes out under.
struct Repair {
    marker: bool,
    timestamp: u32,
    padded: bool,
}

/// How long padding is: as browsers have it.
const PADDING: u8 = 224;

/// A connection.
pub(crate) struct Peer {
    pub(crate) id: PeerId,
    /// What stands for it where datagrams are arranged.
    pub(crate) lane: u32,
    pub(crate) ice: Ice,
    dtls: Dtls,
    pub(crate) srtp: Option<Srtp>,
    pub(crate) state: State,
    opened: Instant,
    /// Our number in what we tell.
    pub(crate) ssrc: u32,
    pub(crate) streams: HashMap<u32, Stream>,
    pub(crate) published: Vec<Published>,
    pub(crate) arrivals: Arrivals,
    pub(crate) next_arrivals: Instant,
    pub(crate) next_report: Instant,
    pub(crate) slots: Vec<Slot>,
    /// What is known of the way to the other side, when it reports how packets fare.
    pub(crate) bandwidth: Option<Bandwidth>,
    /// When it is looked at again which qualities it gets.
    pub(crate) next_layers: Instant,
}

/// A packet to be sent again.
pub(crate) struct Again<'a> {
    pub(crate) marker: bool,
    pub(crate) timestamp: u32,
    pub(crate) sequence: u16,
    pub(crate) payload: &'a [u8],
}

impl Peer {
    pub(crate) fn new(
        id: PeerId,
        lane: u32,
        identity: &Identity,
        local: Credentials,
        remote: Remote,
        now: Instant,
    ) -> Self {
        let ice = Ice::lite(local, remote.credentials, now);
        Self::with(id, lane, ice, Dtls::server(identity, remote.fingerprint), now)
    }

    /// One that connects to a server.
    pub(crate) fn client(
        id: PeerId,
        lane: u32,
        identity: &Identity,
        local: Credentials,
        remote: Remote,
        server: Route,
        now: Instant,
    ) -> Self {
        let ice = Ice::client(local, remote.credentials, server, now);
        Self::with(id, lane, ice, Dtls::client(identity, remote.fingerprint), now)
    }

    fn with(id: PeerId, lane: u32, ice: Ice, dtls: Dtls, now: Instant) -> Self {
        Self {
            id,
            lane,
            ice,
            dtls,
            srtp: None,
            state: State::Connecting,
            opened: now,
            ssrc: rand::random(),
            streams: HashMap::new(),
            published: Vec::new(),
            arrivals: Arrivals::new(now),
            next_arrivals: now,
            next_report: now + REPORT,
            slots: Vec::new(),
            bandwidth: None,
            next_layers: now,
        }
    }

    /// Takes a datagram of the handshake; `Some` when that changed the state.
    pub(crate) fn on_dtls(&mut self, now: Instant, datagram: &[u8], out: &mut Outbox) -> Option<State> {
        let progress = self.dtls.read(now, datagram);
        self.flush_dtls(now, out);
        match progress {
            Progress::Going => None,
            Progress::Done(srtp) => {
                self.srtp = Some(*srtp);
                self.state = State::Connected;
                Some(State::Connected)
            }
            Progress::Closed => self.fail("the other side has closed the connection"),
            Progress::Failed(why) => self.fail(&why),
        }
    }

    /// What is due by now; `Some` when that changed the state.
    pub(crate) fn on_time(&mut self, now: Instant, out: &mut Outbox) -> Option<State> {
        if self.state == State::Failed {
            return None;
        }
        if let Some((route, check)) = self.ice.check(now) {
            out.push(self.lane, route, &check);
        }
        if self.state == State::Connecting {
            if now.saturating_duration_since(self.opened) >= CONNECTING {
                return self.fail("it did not come about in time");
            }
            let begun = if self.ice.route().is_some() { self.dtls.begin(now) } else { Ok(()) };
            if let Err(why) = begun.and_then(|()| self.dtls.on_time(now)) {
                return self.fail(&why);
            }
        } else if self.ice.is_silent(now) {
            return self.fail("nothing was heard for too long");
        } else if let Err(error) = self.dtls.on_time(now) {
            tracing::debug!(error, "a flight was not repeated");
        }
        self.flush_dtls(now, out);
        None
    }

    /// Something came that only the other side can have sealed.
    pub(crate) fn heard(&mut self, now: Instant) {
        self.ice.heard(now);
        self.dtls.settle();
    }

    /// Says good bye.
    pub(crate) fn close(&mut self, now: Instant, out: &mut Outbox) {
        self.dtls.close(now);
        self.flush_dtls(now, out);
    }

    fn fail(&mut self, why: &str) -> Option<State> {
        tracing::debug!(peer = ?self.id, why, "a media connection has ended");
        self.state = State::Failed;
        Some(State::Failed)
    }

    fn flush_dtls(&mut self, now: Instant, out: &mut Outbox) {
        while let Some(datagram) = self.dtls.next(now) {
            if let Some(route) = self.ice.route() {
                out.push(self.lane, route, &datagram);
            }
        }
    }

    /// Opens a packet of media in place; how long it is now.
    pub(crate) fn open(&mut self, raw: &mut [u8], rtp: &Rtp) -> Result<usize, SrtpError> {
        self.srtp.as_mut().ok_or(SrtpError::Failed)?.open(raw, rtp)
    }

    /// Which stream a packet belongs to, by what it says of itself when its number is not known yet.
    pub(crate) fn stream_of(&mut self, raw: &[u8], rtp: &Rtp) -> Option<Stream> {
        if let Some(stream) = self.streams.get(&rtp.ssrc) {
            return Some(*stream);
        }
        let stream = self.published.iter().find_map(|published| {
            let Incoming { mid, payload_type, rtx_payload_type, rids, extensions, .. } = &published.incoming;
            let named = |id: Option<u8>| id.and_then(|id| rtp.extension(raw, id));
            let is_repair = Some(rtp.payload_type) == *rtx_payload_type;
            if !is_repair && rtp.payload_type != *payload_type {
                return None;
            }
            if named(extensions.mid).is_some_and(|named| named != mid.as_bytes()) {
                return None;
            }
            let rid = if is_repair { extensions.repaired_rid } else { extensions.rid };
            let layer = match named(rid) {
                Some(rid) => rids.iter().position(|known| known.as_bytes() == rid)?,
                // A packet that names neither section nor layer says nothing when there are several.
                None if rids.is_empty() && (named(extensions.mid).is_some() || self.published.len() == 1) => {
                    0
                }
                None => return None,
            };
            let source = published.source;
            Some(if is_repair { Stream::Repair { source, layer } } else { Stream::Media { source, layer } })
        })?;
        self.streams.insert(rtp.ssrc, stream);
        Some(stream)
    }

    /// Sends a packet of a slot's source on. `None` when there is nothing to send it by.
    pub(crate) fn forward(
        &mut self,
        slot: usize,
        packet: &Forwarded<'_>,
        now: Instant,
        out: &mut Outbox,
    ) -> Option<Offered> {
        let (Some(route), Some(srtp)) = (self.ice.route(), self.srtp.as_mut()) else { return None };
        let slot = self.slots.get_mut(slot)?;
        let offered = slot.offer(packet.sequence, packet.timestamp, packet.descriptor.as_ref(), now);
        let Offered::Goes(numbers) = offered else { return Some(offered) };
        let header = rtp::Outgoing {
            marker: packet.marker,
            payload_type: slot.numbers.payload_type,
            sequence: numbers.index as u16,
            timestamp: numbers.timestamp,
            ssrc: slot.ssrc,
        };
        let sent = Sent {
            transport_sequence: numbered(slot.numbers, self.bandwidth.as_mut(), now, packet.payload.len()),
            audio_level: slot.numbers.audio_level.zip(packet.audio_level),
            ..Sent::default()
        };
        let bytes = out.bytes();
        let from = bytes.len();
        bytes.reserve(packet.payload.len() + 64 + TAG);
        rtp::write_header(bytes, header, sent);
        let header_len = bytes.len() - from;
        bytes.extend_from_slice(packet.payload);
        if let Some(descriptor) = &packet.descriptor {
            slot.pictures.rewrite(descriptor, &mut bytes[from + header_len..]);
        }
        slot.sent(packet.payload.len());
        if srtp.seal(bytes, from, header_len, header.ssrc, numbers.index).is_err() {
            bytes.truncate(from);
            return Some(Offered::Stays);
        }
        out.commit(self.lane, route, from);
        Some(offered)
    }

    /// Sends a packet again (RFC 4588 §4), under the timestamp that it had.
    pub(crate) fn send_again(&mut self, slot: usize, packet: &Again<'_>, now: Instant, out: &mut Outbox) {
        let Some(pictures) = self.slots.get(slot).map(|slot| slot.pictures) else { return };
        let repair = Repair { marker: packet.marker, timestamp: packet.timestamp, padded: false };
        let length = 2 + packet.payload.len();
        self.repair(slot, repair, now, length, out, |bytes| {
            bytes.extend_from_slice(&packet.sequence.to_be_bytes());
            let payload = bytes.len();
            bytes.extend_from_slice(packet.payload);
            if let Some(descriptor) = Descriptor::parse(packet.payload) {
                pictures.repeat(&descriptor, &mut bytes[payload..]);
            }
        });
    }

    /// Sends a packet that holds nothing (RFC 3550 §5.1), to see what goes through.
    pub(crate) fn send_padding(&mut self, slot: usize, now: Instant, out: &mut Outbox) {
        let repair = Repair { marker: false, timestamp: 0, padded: true };
        self.repair(slot, repair, now, usize::from(PADDING), out, |bytes| {
            bytes.resize(bytes.len() + usize::from(PADDING) - 1, 0);
            bytes.push(PADDING);
        });
    }

    /// Sends a packet of the stream that repairs a slot.
    fn repair(
        &mut self,
        slot: usize,
        repair: Repair,
        now: Instant,
        length: usize,
        out: &mut Outbox,
        write: impl FnOnce(&mut Vec<u8>),
    ) {
        let (Some(route), Some(srtp)) = (self.ice.route(), self.srtp.as_mut()) else { return };
        let Some(slot) = self.slots.get_mut(slot) else { return };
        let numbers = slot.numbers;
        let (Some(payload_type), Some((ssrc, count))) = (numbers.rtx, slot.rtx.as_mut()) else { return };
        let index = *count;
        *count += 1;
        let Repair { marker, timestamp, padded } = repair;
        let header = rtp::Outgoing { marker, payload_type, sequence: index as u16, timestamp, ssrc: *ssrc };
        let transport_sequence = numbered(numbers, self.bandwidth.as_mut(), now, length);
        let sent = Sent { transport_sequence, padded, ..Sent::default() };
        let bytes = out.bytes();
        let from = bytes.len();
        rtp::write_header(bytes, header, sent);
        let header_len = bytes.len() - from;
        write(bytes);
        if srtp.seal(bytes, from, header_len, header.ssrc, index).is_err() {
            bytes.truncate(from);
            return;
        }
        out.commit(self.lane, route, from);
    }

    /// Tells the other side something about packets.
    pub(crate) fn tell(&mut self, packets: &[Box<dyn rtcp::Packet>], out: &mut Outbox) {
        let (Some(route), Some(srtp)) = (self.ice.route(), self.srtp.as_mut()) else { return };
        let sealed = rtcp::packet::marshal(packets).map(|plain| srtp.seal_rtcp(&plain));
        match sealed {
            Ok(Ok(sealed)) => out.push(self.lane, route, &sealed),
            Ok(Err(error)) => tracing::debug!(%error, "a report was not sealed"),
            Err(error) => tracing::debug!(%error, "a report was not written"),
        }
    }

    /// Notes when a packet came, if its sender wants to know.
    pub(crate) fn note_arrival(&mut self, raw: &[u8], rtp: &Rtp, now: Instant) {
        let id = self.published.iter().find_map(|published| published.incoming.extensions.transport_cc);
        if let Some([high, low]) = id.and_then(|id| rtp.extension(raw, id)) {
            self.arrivals.note(u16::from_be_bytes([*high, *low]), now);
        }
    }

    /// The report of arrivals, when it is time for one.
    pub(crate) fn tell_arrivals(&mut self, now: Instant, out: &mut Outbox) {
        if self.next_arrivals > now {
            return;
        }
        self.next_arrivals = now + twcc::INTERVAL;
        let media = self.streams.keys().next().copied().unwrap_or(0);
        if let Some(report) = self.arrivals.report(self.ssrc, media) {
            self.tell(&[Box::new(report)], out);
        }
    }

    /// The number that the source of a slot gave to a packet that the other side misses.
    pub(crate) fn source_sequence(&self, slot: usize, sequence: u16) -> Option<u16> {
        self.slots.get(slot)?.rewriter.source_of(sequence)
    }
}

/// A packet of a source, as it came.
pub(crate) struct Forwarded<'a> {
    pub(crate) marker: bool,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) payload: &'a [u8],
    /// Of pictures.
    pub(crate) descriptor: Option<Descriptor>,
    /// Of voices, when the sender tells.
    pub(crate) audio_level: Option<u8>,
}

/// What a packet has around its payload: our header, the cipher's tag, and the headers of UDP and IP.
const AROUND: usize = 12 + 8 + TAG + 28;

/// The header extension with the packet's number among all of the transport.
fn numbered(
    numbers: Numbering,
    bandwidth: Option<&mut Bandwidth>,
    now: Instant,
    payload: usize,
) -> Option<(u8, u16)> {
    Some((numbers.transport_cc?, bandwidth?.number(now, payload + AROUND)))
}

/// The sequence number that a packet which was sent again had at first (RFC 4588 §4), and its payload.
pub(crate) fn repaired(payload: &[u8]) -> Option<(u16, &[u8])> {
    let (sequence, rest) = payload.split_first_chunk()?;
    // A repair without payload only fills the path.
    (!rest.is_empty()).then_some((u16::from_be_bytes(*sequence), rest))
}
