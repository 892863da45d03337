//! Packets for tests.

use rtc::rtp;

pub(crate) const KEY_FRAME: &[u8] = &[0x10, 0x00];
pub(crate) const DELTA_FRAME: &[u8] = &[0x10, 0x01];

pub(crate) fn packet(sequence: u16, timestamp: u32, payload: &'static [u8]) -> rtp::Packet {
    rtp::Packet {
        header: rtp::Header {
            version: 2,
            sequence_number: sequence,
            timestamp,
            ssrc: 1,
            ..Default::default()
        },
        payload: bytes::Bytes::from_static(payload),
    }
}
