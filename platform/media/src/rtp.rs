//! The header of an RTP packet, read where it lies and written anew for each receiver (RFC 3550 §5.1, RFC 8285).

/// The fixed part of the header.
pub(crate) const HEADER: usize = 12;
/// One-byte header extensions (RFC 8285 §4.2).
const ONE_BYTE: u16 = 0xBEDE;
/// Two-byte header extensions, whatever the application puts into the last four bits (RFC 8285 §4.3).
const TWO_BYTE: u16 = 0x1000;

/// Where things are in a packet. Nothing is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rtp {
    pub(crate) marker: bool,
    pub(crate) payload_type: u8,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) ssrc: u32,
    extensions: Option<Extensions>,
    padded: bool,
    payload_at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Extensions {
    profile: u16,
    from: usize,
    to: usize,
}

impl Rtp {
    /// Reads the header; `None` if it is none, or is longer than the packet.
    pub(crate) fn parse(raw: &[u8]) -> Option<Self> {
        let fixed: &[u8; HEADER] = raw.first_chunk()?;
        if fixed[0] >> 6 != 2 {
            return None;
        }
        let mut at = HEADER + 4 * usize::from(fixed[0] & 0x0F);
        let mut extensions = None;
        if fixed[0] & 0x10 != 0 {
            let [a, b, c, d] = *raw.get(at..)?.first_chunk()?;
            let length = 4 * usize::from(u16::from_be_bytes([c, d]));
            let from = at + 4;
            at = from + length;
            extensions = Some(Extensions { profile: u16::from_be_bytes([a, b]), from, to: at });
        }
        if at > raw.len() {
            return None;
        }
        let [_, second, s0, s1, t0, t1, t2, t3, i0, i1, i2, i3] = *fixed;
        Some(Self {
            marker: second & 0x80 != 0,
            payload_type: second & 0x7F,
            sequence: u16::from_be_bytes([s0, s1]),
            timestamp: u32::from_be_bytes([t0, t1, t2, t3]),
            ssrc: u32::from_be_bytes([i0, i1, i2, i3]),
            extensions,
            padded: fixed[0] & 0x20 != 0,
            payload_at: at,
        })
    }

    /// The same under another sequence number.
    pub(crate) fn at(self, sequence: u16) -> Self {
        Self { sequence, ..self }
    }

    /// How long the header is: what the cipher authenticates and does not hide.
    pub(crate) fn header_len(&self) -> usize {
        self.payload_at
    }

    /// The payload of the decrypted packet, without padding. `None` when the padding is longer than what there is.
    pub(crate) fn payload<'a>(&self, plain: &'a [u8]) -> Option<&'a [u8]> {
        let payload = plain.get(self.payload_at..)?;
        if !self.padded {
            return Some(payload);
        }
        let padding = usize::from(*payload.last()?);
        if padding == 0 {
            return None;
        }
        payload.len().checked_sub(padding).map(|length| &payload[..length])
    }

    /// The header extension with this number.
    pub(crate) fn extension<'a>(&self, raw: &'a [u8], wanted: u8) -> Option<&'a [u8]> {
        let Extensions { profile, from, to } = self.extensions?;
        let block = raw.get(from..to)?;
        let two_byte = profile & 0xFFF0 == TWO_BYTE;
        if !two_byte && profile != ONE_BYTE {
            return None;
        }
        let mut at = 0;
        while let Some(&first) = block.get(at) {
            // Padding between extensions has no length.
            if first == 0 {
                at += 1;
                continue;
            }
            let (id, length, header) = if two_byte {
                (first, usize::from(*block.get(at + 1)?), 2)
            } else {
                (first >> 4, usize::from(first & 0x0F) + 1, 1)
            };
            // Number 15 of the one-byte form ends the list.
            if !two_byte && id == 15 {
                return None;
            }
            let value = block.get(at + header..at + header + length)?;
            if id == wanted {
                return Some(value);
            }
            at += header + length;
        }
        None
    }
}

/// What a packet goes out under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outgoing {
    pub(crate) marker: bool,
    pub(crate) payload_type: u8,
    pub(crate) sequence: u16,
    pub(crate) timestamp: u32,
    pub(crate) ssrc: u32,
}

/// Numbers of the header extensions that we send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sent<'a> {
    /// The number of the packet among all of the transport (transport-wide congestion control).
    pub(crate) transport_sequence: Option<(u8, u16)>,
    /// How loud the voice is (RFC 6464): the byte as it came.
    pub(crate) audio_level: Option<(u8, u8)>,
    /// Whether the payload ends in padding, whose last byte says how long it is.
    pub(crate) padded: bool,
    /// Which layer of a simulcast it is of (RFC 8852 §3.1): a name of 16 letters at most.
    pub(crate) layer: Option<(u8, &'a str)>,
}

impl Sent<'_> {
    fn len(&self) -> usize {
        let used = self.transport_sequence.map_or(0, |_| 3)
            + self.audio_level.map_or(0, |_| 2)
            + self.layer.map_or(0, |(_, name)| 1 + name.len());
        if used == 0 { 0 } else { 4 + usize::next_multiple_of(used, 4) }
    }
}

/// Appends a header.
pub(crate) fn write_header(out: &mut Vec<u8>, packet: Outgoing, sent: Sent<'_>) {
    let extended = sent.len();
    let mut header = [0; HEADER];
    header[0] = 0x80 | if extended > 0 { 0x10 } else { 0 } | if sent.padded { 0x20 } else { 0 };
    header[1] = packet.payload_type | if packet.marker { 0x80 } else { 0 };
    header[2..4].copy_from_slice(&packet.sequence.to_be_bytes());
    header[4..8].copy_from_slice(&packet.timestamp.to_be_bytes());
    header[8..].copy_from_slice(&packet.ssrc.to_be_bytes());
    out.extend_from_slice(&header);
    if extended == 0 {
        return;
    }
    let end = out.len() + extended;
    let words = u16::try_from((extended - 4) / 4).unwrap_or(0);
    out.extend_from_slice(&ONE_BYTE.to_be_bytes());
    out.extend_from_slice(&words.to_be_bytes());
    if let Some((id, number)) = sent.transport_sequence {
        let [high, low] = number.to_be_bytes();
        out.extend_from_slice(&[id << 4 | 1, high, low]);
    }
    if let Some((id, level)) = sent.audio_level {
        out.extend_from_slice(&[id << 4, level]);
    }
    if let Some((id, name)) = sent.layer {
        let length = u8::try_from(name.len().saturating_sub(1)).unwrap_or(0) & 0x0F;
        out.push(id << 4 | length);
        out.extend_from_slice(name.as_bytes());
    }
    out.resize(end, 0);
}

/// Sequence numbers wrap: a number is before another if the shorter way leads back (RFC 1982 §3.2).
pub(crate) fn is_before(one: u16, other: u16) -> bool {
    one != other && other.wrapping_sub(one) < 0x8000
}

/// A sequence number with the count of its wraps, nearest to the one that it follows.
pub(crate) fn unwrapped(near: u64, sequence: u16) -> u64 {
    let step = sequence.wrapping_sub(near as u16).cast_signed();
    near.checked_add_signed(i64::from(step)).unwrap_or(u64::from(sequence))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(sent: Sent<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        let packet =
            Outgoing { marker: true, payload_type: 96, sequence: 0xFFFE, timestamp: 77, ssrc: 0xAABB_CCDD };
        write_header(&mut out, packet, sent);
        out
    }

    #[test]
    fn what_is_written_is_read_back() {
        let sent =
            Sent { transport_sequence: Some((3, 0x1234)), audio_level: Some((1, 0x85)), ..Sent::default() };
        let mut raw = written(sent);
        assert_eq!(raw.len() % 4, 0);
        raw.extend_from_slice(b"voice");
        let rtp = Rtp::parse(&raw).expect("a packet");
        assert_eq!((rtp.marker, rtp.payload_type, rtp.sequence), (true, 96, 0xFFFE));
        assert_eq!((rtp.timestamp, rtp.ssrc), (77, 0xAABB_CCDD));
        assert_eq!(rtp.extension(&raw, 3), Some(&[0x12, 0x34][..]));
        assert_eq!(rtp.extension(&raw, 1), Some(&[0x85][..]));
        assert_eq!(rtp.extension(&raw, 2), None);
        assert_eq!(rtp.payload(&raw), Some(&b"voice"[..]));
    }

    #[test]
    fn without_extensions_the_header_is_short() {
        assert_eq!(written(Sent::default()).len(), HEADER);
    }

    #[test]
    fn extensions_of_two_bytes_are_read() {
        let mut raw = vec![0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1];
        raw.extend_from_slice(&[0x10, 0x00, 0, 2, 5, 0, 0, 6, 2, b'h', b'i', 0]);
        raw.extend_from_slice(b"x");
        let rtp = Rtp::parse(&raw).expect("a packet");
        assert_eq!(rtp.extension(&raw, 6), Some(&b"hi"[..]));
        assert_eq!(rtp.extension(&raw, 5), Some(&b""[..]));
        assert_eq!(rtp.payload(&raw), Some(&b"x"[..]));
    }

    #[test]
    fn padding_is_taken_off() {
        let mut raw = vec![0xA0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1];
        raw.extend_from_slice(&[7, 8, 0, 0, 3]);
        assert_eq!(Rtp::parse(&raw).and_then(|rtp| rtp.payload(&raw).map(<[u8]>::to_vec)), Some(vec![7, 8]));
        *raw.last_mut().expect("a byte") = 9;
        assert_eq!(Rtp::parse(&raw).and_then(|rtp| rtp.payload(&raw).map(<[u8]>::to_vec)), None);
    }

    proptest! {
        #[test]
        fn no_bytes_confuse_the_reader(raw in prop::collection::vec(any::<u8>(), 0..64), id in 0..=255u8) {
            if let Some(rtp) = Rtp::parse(&raw) {
                prop_assert!(rtp.header_len() <= raw.len());
                let _ = rtp.payload(&raw);
                let _ = rtp.extension(&raw, id);
            }
        }

        #[test]
        fn numbers_unwrap_to_the_nearest(near in 0x1_0000u64..1 << 40, step in -0x7FFFi64..0x7FFF) {
            let number = near.checked_add_signed(step).expect("far from the ends");
            prop_assert_eq!(unwrapped(near, number as u16), number);
        }
    }
}
