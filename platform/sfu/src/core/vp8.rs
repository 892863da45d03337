//! As much of the VP8 payload format as forwarding needs.

/// Whether this RTP payload is the first packet of a key frame: the payload descriptor (RFC 7741 §4.2) with the
/// start bit in partition 0, followed by a frame header whose lowest bit is 0 (RFC 6386 §9.1).
pub(crate) fn starts_key_frame(payload: &[u8]) -> bool {
    frame_header(payload).is_some_and(|first| first & 0x01 == 0)
}

fn frame_header(payload: &[u8]) -> Option<u8> {
    let first = *payload.first()?;
    let starts_first_partition = first & 0x10 != 0 && first & 0x07 == 0;
    if !starts_first_partition {
        return None;
    }
    let mut at = 1;
    if first & 0x80 != 0 {
        let extended = *payload.get(at)?;
        at += 1;
        if extended & 0x80 != 0 {
            // A picture id has one byte, or two when its own highest bit says so.
            at += if *payload.get(at)? & 0x80 != 0 { 2 } else { 1 };
        }
        if extended & 0x40 != 0 {
            at += 1;
        }
        if extended & 0x30 != 0 {
            at += 1;
        }
    }
    payload.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::starts_key_frame;

    #[test]
    fn a_key_frame_is_told_by_its_header_behind_any_descriptor() {
        assert!(starts_key_frame(&[0x10, 0x00]), "bare descriptor");
        assert!(starts_key_frame(&[0x90, 0x80, 0x05, 0x00]), "short picture id");
        assert!(
            starts_key_frame(&[0x90, 0xe0, 0x81, 0x05, 0x07, 0x20, 0x00]),
            "long picture id, level and key index"
        );
    }

    #[test]
    fn delta_frames_and_continuations_are_no_key_frames() {
        assert!(!starts_key_frame(&[0x10, 0x01]), "delta frame");
        assert!(!starts_key_frame(&[0x00, 0x00]), "middle of a frame");
        assert!(!starts_key_frame(&[0x11, 0x00]), "another partition");
    }

    #[test]
    fn truncated_payloads_are_no_key_frames() {
        for payload in [&[][..], &[0x10], &[0x90, 0x80], &[0x90, 0x80, 0x81]] {
            assert!(!starts_key_frame(payload), "{payload:?}");
        }
    }
}
