//! Messages of STUN (RFC 8489) and TURN (RFC 8656), as bytes: only what the relay and the media server read and write.
//! Nothing is kept and nothing is decided here.
//!
//! Written here rather than taken from a library: it is small, it sees every packet of strangers, and it must neither
//! log nor allocate for what they send.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ring::hmac;

const COOKIE: [u8; 4] = 0x2112_A442_u32.to_be_bytes();
const HEADER: usize = 20;
/// MESSAGE-INTEGRITY with its header: an HMAC-SHA1.
const INTEGRITY: usize = 24;
/// FINGERPRINT with its header.
const FINGERPRINT: usize = 8;
/// "STUN" (RFC 8489 §14.7).
const FINGERPRINT_XOR: u32 = 0x5354_554E;

/// Methods.
pub mod method {
    /// Where do I come from, and are you there (RFC 8489 §3)?
    pub const BINDING: u16 = 0x001;
    /// Begins an allocation.
    pub const ALLOCATE: u16 = 0x003;
    /// Prolongs or ends it.
    pub const REFRESH: u16 = 0x004;
    /// Data to a peer.
    pub const SEND: u16 = 0x006;
    /// Data from a peer.
    pub const DATA: u16 = 0x007;
    /// Lets a peer through.
    pub const CREATE_PERMISSION: u16 = 0x008;
    /// Binds a channel to a peer.
    pub const CHANNEL_BIND: u16 = 0x009;
}

/// Types of attributes. Those below 0x8000 must be understood, or the message is refused.
pub mod attribute {
    /// Who asks.
    pub const USERNAME: u16 = 0x0006;
    /// The signature.
    pub const MESSAGE_INTEGRITY: u16 = 0x0008;
    /// What is wrong.
    pub const ERROR_CODE: u16 = 0x0009;
    /// What was not understood.
    pub const UNKNOWN_ATTRIBUTES: u16 = 0x000A;
    /// Which channel.
    pub const CHANNEL_NUMBER: u16 = 0x000C;
    /// How long an allocation lasts, in seconds.
    pub const LIFETIME: u16 = 0x000D;
    /// The other end of a relay.
    pub const XOR_PEER_ADDRESS: u16 = 0x0012;
    /// The bytes of an indication.
    pub const DATA: u16 = 0x0013;
    /// Whose credentials are asked for.
    pub const REALM: u16 = 0x0014;
    /// What makes a signature fresh.
    pub const NONCE: u16 = 0x0015;
    /// Where a relay receives.
    pub const XOR_RELAYED_ADDRESS: u16 = 0x0016;
    /// IPv4 or IPv6.
    pub const REQUESTED_ADDRESS_FAMILY: u16 = 0x0017;
    /// Asks for an even port.
    pub const EVEN_PORT: u16 = 0x0018;
    /// By what a relay sends.
    pub const REQUESTED_TRANSPORT: u16 = 0x0019;
    /// Where a request came from.
    pub const XOR_MAPPED_ADDRESS: u16 = 0x0020;
    /// Asks for a reserved port.
    pub const RESERVATION_TOKEN: u16 = 0x0022;
    /// Tells STUN from other traffic.
    pub const FINGERPRINT: u16 = 0x8028;
    /// How good the sender finds the path (RFC 8445 §7.1.1).
    pub const PRIORITY: u16 = 0x0024;
    /// The path is chosen (RFC 8445 §7.1.1).
    pub const USE_CANDIDATE: u16 = 0x0025;
    /// The sender does not choose the path (RFC 8445 §7.1.3).
    pub const ICE_CONTROLLED: u16 = 0x8029;
    /// The sender chooses the path (RFC 8445 §7.1.3).
    pub const ICE_CONTROLLING: u16 = 0x802A;
}

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Asks for an answer.
    Request,
    /// Asks for none.
    Indication,
    /// An answer: done.
    Success,
    /// An answer: not done.
    Error,
}

/// The number that pairs an answer with its request.
pub type Transaction = [u8; 12];

/// A message that was read. Its attributes end where MESSAGE-INTEGRITY or FINGERPRINT begins: what comes behind is
/// protected by nothing (RFC 8489 §14.5).
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// What it is for.
    pub class: Class,
    /// What it is about.
    pub method: u16,
    /// Pairs an answer with its request.
    pub transaction: Transaction,
    raw: &'a [u8],
    attributes_end: usize,
    integrity_at: Option<usize>,
    fingerprinted: bool,
}

impl<'a> Message<'a> {
    /// Reads exactly one message. `None` for anything else, a wrong fingerprint included.
    pub fn parse(raw: &'a [u8]) -> Option<Self> {
        let header: &[u8; HEADER] = raw.first_chunk()?;
        let kind = u16::from_be_bytes([header[0], header[1]]);
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        let whole = raw.len() == HEADER + length && length.is_multiple_of(4);
        if kind & 0xC000 != 0 || !whole || header[4..8] != COOKIE {
            return None;
        }
        let class = match (kind & 0x0100 != 0, kind & 0x0010 != 0) {
            (false, false) => Class::Request,
            (false, true) => Class::Indication,
            (true, false) => Class::Success,
            (true, true) => Class::Error,
        };
        let method = (kind & 0x000F) | (kind & 0x00E0) >> 1 | (kind & 0x3E00) >> 2;
        let mut transaction = Transaction::default();
        transaction.copy_from_slice(&header[8..]);

        let (mut at, mut end, mut integrity_at, mut fingerprinted) = (HEADER, None, None, false);
        while at < raw.len() {
            let (kind, value) = attribute_at(raw, at)?;
            match kind {
                attribute::MESSAGE_INTEGRITY if integrity_at.is_none() => {
                    if value.len() != INTEGRITY - 4 {
                        return None;
                    }
                    integrity_at = Some(at);
                    end.get_or_insert(at);
                }
                attribute::FINGERPRINT => {
                    // It is the last attribute.
                    let value: [u8; 4] = value.try_into().ok()?;
                    if at + FINGERPRINT != raw.len() || u32::from_be_bytes(value) != fingerprint(&raw[..at]) {
                        return None;
                    }
                    fingerprinted = true;
                    end.get_or_insert(at);
                }
                _ => {}
            }
            at += 4 + value.len().next_multiple_of(4);
        }
        let attributes_end = end.unwrap_or(raw.len());
        Some(Self { class, method, transaction, raw, attributes_end, integrity_at, fingerprinted })
    }

    /// All attributes in their order.
    pub fn attributes(&self) -> impl Iterator<Item = (u16, &'a [u8])> + use<'a> {
        let (raw, end, mut at) = (self.raw, self.attributes_end, HEADER);
        std::iter::from_fn(move || {
            if at >= end {
                return None;
            }
            let (kind, value) = attribute_at(raw, at)?;
            at += 4 + value.len().next_multiple_of(4);
            Some((kind, value))
        })
    }

    /// The first attribute of a type.
    pub fn get(&self, kind: u16) -> Option<&'a [u8]> {
        self.attributes().find(|(known, _)| *known == kind).map(|(_, value)| value)
    }

    /// An attribute that is text.
    pub fn text(&self, kind: u16) -> Option<&'a str> {
        self.get(kind).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// An attribute that is a number.
    pub fn number(&self, kind: u16) -> Option<u32> {
        self.get(kind).and_then(|value| Some(u32::from_be_bytes(value.try_into().ok()?)))
    }

    /// An address of an attribute of this message.
    pub fn address(&self, value: &[u8]) -> Option<SocketAddr> {
        let (&[_, family, port_high, port_low], rest) = value.split_first_chunk()?;
        let mask = mask(&self.transaction);
        let port = u16::from_be_bytes([port_high ^ mask[0], port_low ^ mask[1]]);
        let ip = match family {
            1 => IpAddr::from(Ipv4Addr::from(unmasked::<4>(rest, &mask)?)),
            2 => IpAddr::from(Ipv6Addr::from(unmasked::<16>(rest, &mask)?)),
            _ => return None,
        };
        Some(SocketAddr::new(ip, port))
    }

    /// Whether it is signed by anything at all.
    pub fn is_signed(&self) -> bool {
        self.integrity_at.is_some()
    }

    /// Whether it is signed by this key. In constant time.
    pub fn is_signed_by(&self, key: &[u8]) -> bool {
        let Some(at) = self.integrity_at else { return false };
        let Some((_, signature)) = attribute_at(self.raw, at) else { return false };
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        // The length in the header is that of a message which ends with the signature (RFC 8489 §14.5).
        let mut signed = self.raw[..at].to_vec();
        set_length(&mut signed, INTEGRITY);
        hmac::verify(&key, &signed, signature).is_ok()
    }

    /// Begins an answer to it.
    pub fn answer(&self, class: Class) -> Writer {
        Writer::new(class, self.method, self.transaction)
    }

    /// Whether the sender uses fingerprints, and so is to get one.
    pub fn is_fingerprinted(&self) -> bool {
        self.fingerprinted
    }
}

/// Type and value of the attribute that begins there; its padding is within the message.
fn attribute_at(raw: &[u8], at: usize) -> Option<(u16, &[u8])> {
    let (&[a, b, c, d], rest) = raw.get(at..)?.split_first_chunk()?;
    let length = usize::from(u16::from_be_bytes([c, d]));
    if rest.len() < length.next_multiple_of(4) {
        return None;
    }
    Some((u16::from_be_bytes([a, b]), &rest[..length]))
}

/// What addresses are masked by (RFC 8489 §14.2), so that no device on the way rewrites them.
fn mask(transaction: &Transaction) -> [u8; 16] {
    let mut mask = [0; 16];
    mask[..4].copy_from_slice(&COOKIE);
    mask[4..].copy_from_slice(transaction);
    mask
}

fn unmasked<const N: usize>(value: &[u8], mask: &[u8; 16]) -> Option<[u8; N]> {
    let value: [u8; N] = value.try_into().ok()?;
    Some(std::array::from_fn(|at| value[at] ^ mask[at]))
}

fn fingerprint(before: &[u8]) -> u32 {
    crc32fast::hash(before) ^ FINGERPRINT_XOR
}

/// Writes into the header how long the message is, with so many bytes that are still to come.
fn set_length(raw: &mut [u8], to_come: usize) {
    let length = u16::try_from(raw.len() + to_come - HEADER).unwrap_or(u16::MAX);
    raw[2..4].copy_from_slice(&length.to_be_bytes());
}

/// A message that is being written.
pub struct Writer {
    transaction: Transaction,
    raw: Vec<u8>,
}

impl Writer {
    /// Begins a message.
    pub fn new(class: Class, method: u16, transaction: Transaction) -> Self {
        let class = match class {
            Class::Request => 0x0000,
            Class::Indication => 0x0010,
            Class::Success => 0x0100,
            Class::Error => 0x0110,
        };
        let kind = class | (method & 0x000F) | (method & 0x0070) << 1 | (method & 0x0F80) << 2;
        let mut raw = Vec::with_capacity(128);
        raw.extend_from_slice(&kind.to_be_bytes());
        raw.extend_from_slice(&[0; 2]);
        raw.extend_from_slice(&COOKIE);
        raw.extend_from_slice(&transaction);
        Self { transaction, raw }
    }

    /// Adds an attribute.
    pub fn with(mut self, kind: u16, value: &[u8]) -> Self {
        let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
        self.raw.extend_from_slice(&kind.to_be_bytes());
        self.raw.extend_from_slice(&length.to_be_bytes());
        self.raw.extend_from_slice(value);
        self.raw.resize(self.raw.len().next_multiple_of(4), 0);
        self
    }

    /// Adds an attribute that is an address.
    pub fn with_address(self, kind: u16, address: SocketAddr) -> Self {
        let mask = mask(&self.transaction);
        let port = address.port().to_be_bytes();
        let mut value = vec![0, 1, port[0] ^ mask[0], port[1] ^ mask[1]];
        match address.ip() {
            IpAddr::V4(ip) => value.extend(ip.octets().iter().zip(mask).map(|(byte, mask)| byte ^ mask)),
            IpAddr::V6(ip) => {
                value[1] = 2;
                value.extend(ip.octets().iter().zip(mask).map(|(byte, mask)| byte ^ mask));
            }
        }
        self.with(kind, &value)
    }

    /// An error by its number, without a phrase: answers to strangers are to be short.
    pub fn with_error(self, code: u16) -> Self {
        let (class, number) = (code / 100, code % 100);
        let value = [0, 0, u8::try_from(class).unwrap_or(5), u8::try_from(number).unwrap_or(0)];
        self.with(attribute::ERROR_CODE, &value)
    }

    /// Signs what was written so far.
    pub fn signed(mut self, key: &[u8]) -> Self {
        set_length(&mut self.raw, INTEGRITY);
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        let signature = hmac::sign(&key, &self.raw);
        self.with(attribute::MESSAGE_INTEGRITY, signature.as_ref())
    }

    /// The bytes, with a fingerprint when the other side uses them.
    pub fn finish(mut self, fingerprinted: bool) -> Vec<u8> {
        if fingerprinted {
            set_length(&mut self.raw, FINGERPRINT);
            let value = fingerprint(&self.raw);
            return self.with(attribute::FINGERPRINT, &value.to_be_bytes()).raw;
        }
        set_length(&mut self.raw, 0);
        self.raw
    }
}

/// Channels have numbers from this range (RFC 8656 §12).
pub const CHANNELS: std::ops::RangeInclusive<u16> = 0x4000..=0x4FFF;

/// Reads a message of a channel: its number, its data. Padding behind is no fault.
pub fn channel_data(raw: &[u8]) -> Option<(u16, &[u8])> {
    let (&[a, b, c, d], rest) = raw.split_first_chunk()?;
    let number = u16::from_be_bytes([a, b]);
    let length = usize::from(u16::from_be_bytes([c, d]));
    let fits = rest.len() >= length && rest.len() <= length.next_multiple_of(4);
    (CHANNELS.contains(&number) && fits).then(|| (number, &rest[..length]))
}

/// Writes a message of a channel; over a stream it is padded.
pub fn to_channel(number: u16, data: &[u8], padded: bool) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let mut raw = Vec::with_capacity(4 + data.len().next_multiple_of(4));
    raw.extend_from_slice(&number.to_be_bytes());
    raw.extend_from_slice(&length.to_be_bytes());
    raw.extend_from_slice(data);
    if padded {
        raw.resize(raw.len().next_multiple_of(4), 0);
    }
    raw
}

/// How a stream of messages goes on.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// The first so many bytes are a message.
    Whole(usize),
    /// There is more to come.
    Partial,
    /// It is not what we speak.
    Garbage,
}

/// Looks where the first message of a stream ends. Longer ones than `longest` are not waited for.
pub fn frame(stream: &[u8], longest: usize) -> Frame {
    let Some(&[a, b, c, d]) = stream.first_chunk() else { return Frame::Partial };
    let length = usize::from(u16::from_be_bytes([c, d]));
    let whole = match a >> 6 {
        // The cookie tells early that it is something else, such as TLS to the wrong port.
        0 if stream.get(4..8).is_some_and(|cookie| cookie != COOKIE) => return Frame::Garbage,
        0 if length.is_multiple_of(4) => HEADER + length,
        1 if CHANNELS.contains(&u16::from_be_bytes([a, b])) => 4 + length.next_multiple_of(4),
        _ => return Frame::Garbage,
    };
    if whole > longest {
        Frame::Garbage
    } else if stream.len() < whole {
        Frame::Partial
    } else {
        Frame::Whole(whole)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 5769 §2.1: a request with MESSAGE-INTEGRITY and FINGERPRINT.
    const SAMPLE: &[u8] = b"\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
        \x80\x22\x00\x10STUN test client\x00\x24\x00\x04\x6e\x00\x01\xff\
        \x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36\x00\x06\x00\x09evtj:h6vY\x20\x20\x20\
        \x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2\
        \x80\x28\x00\x04\xe5\x7a\x3b\xcf";
    /// RFC 5769 §2.2 and §2.3: answers with an IPv4 and an IPv6 address.
    const ANSWER_V4: &[u8] =
        b"\x01\x01\x00\x3c\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
        \x80\x22\x00\x0btest vector\x20\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43\
        \x00\x08\x00\x14\x2b\x91\xf5\x99\xfd\x9e\x90\xc3\x8c\x74\x89\xf9\x2a\xf9\xba\x53\xf0\x6b\xe7\xd7\
        \x80\x28\x00\x04\xc0\x7d\x4c\x96";
    const ANSWER_V6: &[u8] =
        b"\x01\x01\x00\x48\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
        \x80\x22\x00\x0btest vector\x20\x00\x20\x00\x14\x00\x02\xa1\x47\
        \x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9\
        \x00\x08\x00\x14\xa3\x82\x95\x4e\x4b\xe6\x7b\xf1\x17\x84\xc9\x7c\x82\x92\xc2\x75\xbf\xe3\xed\x41\
        \x80\x28\x00\x04\xc8\xfb\x0b\x4c";
    const PASSWORD: &[u8] = b"VOkJxbRl1RmTxUk/WvJxBt";

    #[test]
    fn the_samples_of_the_standard_are_read() {
        let message = Message::parse(SAMPLE).expect("a message");
        assert_eq!((message.class, message.method), (Class::Request, method::BINDING));
        assert_eq!(message.text(attribute::USERNAME), Some("evtj:h6vY"));
        assert!(message.is_signed_by(PASSWORD) && message.is_fingerprinted());
        assert!(!message.is_signed_by(b"another"));
        for (answer, address) in
            [(ANSWER_V4, "192.0.2.1:32853"), (ANSWER_V6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853")]
        {
            let message = Message::parse(answer).expect("a message");
            assert!(message.class == Class::Success && message.is_signed_by(PASSWORD));
            let value = message.get(attribute::XOR_MAPPED_ADDRESS).expect("an address");
            assert_eq!(message.address(value), address.parse().ok());
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let address: SocketAddr = "[2001:db8::7]:40000".parse().expect("an address");
        let raw = Writer::new(Class::Error, method::CHANNEL_BIND, [7; 12])
            .with_error(403)
            .with_address(attribute::XOR_PEER_ADDRESS, address)
            .with(attribute::NONCE, b"abcde")
            .signed(b"key")
            .finish(true);
        let message = Message::parse(&raw).expect("a message");
        assert_eq!((message.class, message.method), (Class::Error, method::CHANNEL_BIND));
        assert_eq!(message.get(attribute::ERROR_CODE), Some(&[0, 0, 4, 3][..]));
        assert_eq!(message.address(message.get(attribute::XOR_PEER_ADDRESS).expect("one")), Some(address));
        assert_eq!(message.text(attribute::NONCE), Some("abcde"));
        assert!(message.is_signed_by(b"key") && message.is_fingerprinted());
    }

    #[test]
    fn what_comes_behind_the_signature_is_not_there() {
        let signed = Writer::new(Class::Request, method::REFRESH, [1; 12]).signed(b"key");
        let raw = signed.with(attribute::LIFETIME, &[0; 4]).finish(false);
        let message = Message::parse(&raw).expect("a message");
        assert!(message.is_signed_by(b"key"));
        assert_eq!(message.attributes().count(), 0);
    }

    #[test]
    fn a_stream_is_cut_where_messages_end() {
        let request = Writer::new(Class::Request, method::BINDING, [1; 12]).finish(false);
        let data = to_channel(0x4001, b"hello", true);
        let stream = [request.as_slice(), &data].concat();
        assert_eq!(frame(&stream, 4096), Frame::Whole(20));
        assert_eq!(frame(&stream[20..], 4096), Frame::Whole(12));
        assert_eq!(channel_data(&stream[20..]), Some((0x4001, &b"hello"[..])));
        for cut in 0..stream.len() - 20 {
            assert_eq!(frame(&stream[20..20 + cut], 4096), Frame::Partial, "{cut}");
        }
        assert_eq!(frame(b"GET / HTTP/1.1", 4096), Frame::Garbage);
        assert_eq!(frame(&[0x16, 3, 1, 1, 0, 1, 0, 0], 4096), Frame::Garbage, "TLS where none is");
        assert_eq!(frame(&[0x40, 1, 0xFF, 0xFF], 4096), Frame::Garbage, "longer than anybody sends");
        assert_eq!(frame(&[0x50, 0, 0, 4], 4096), Frame::Garbage, "a reserved number");
    }

    proptest! {
        #[test]
        fn anything_is_read_without_harm(raw in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(message) = Message::parse(&raw) {
                prop_assert!(message.attributes().all(|(_, value)| message.address(value).is_none_or(|_| value.len() >= 8)));
            }
            channel_data(&raw);
            if let Frame::Whole(length) = frame(&raw, 4096) {
                prop_assert!(length <= raw.len());
            }
        }

        #[test]
        fn a_message_with_a_changed_byte_is_not_signed(at in 0_usize..SAMPLE.len() - 8, by in 1_u8..) {
            let mut raw = SAMPLE[..SAMPLE.len() - 8].to_vec();
            set_length(&mut raw, 0);
            assert!(Message::parse(&raw).is_some_and(|message| message.is_signed_by(PASSWORD)));
            raw[at] ^= by;
            prop_assert!(!Message::parse(&raw).is_some_and(|message| message.is_signed_by(PASSWORD)));
        }
    }
}
