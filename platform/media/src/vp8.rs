//! As much of the VP8 payload format as forwarding needs (RFC 7741 §4.2, RFC 6386 §9.1).

/// What the payload descriptor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Descriptor {
    /// How many bytes it has: what follows is of the frame.
    pub(crate) length: usize,
    /// The first packet of a frame.
    pub(crate) starts_frame: bool,
    /// That, and the frame is a key frame.
    pub(crate) starts_key_frame: bool,
    /// How high the pictures are from this key frame on, in pixels; 0 when the packet does not tell.
    pub(crate) height: u16,
    /// Where the picture id of 15 bits stands, and what it is.
    picture: Option<(usize, u16)>,
    /// Where the running number of base layers (TL0PICIDX) stands, and what it is.
    base: Option<(usize, u8)>,
}

impl Descriptor {
    /// Reads it; `None` when the payload ends within it.
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        let first = *payload.first()?;
        let mut at = 1;
        let (mut picture, mut base) = (None, None);
        if first & 0x80 != 0 {
            let extended = *payload.get(at)?;
            at += 1;
            if extended & 0x80 != 0 {
                let high = *payload.get(at)?;
                // A picture id has one byte, or two when its own highest bit says so.
                if high & 0x80 != 0 {
                    let low = *payload.get(at + 1)?;
                    picture = Some((at, u16::from_be_bytes([high & 0x7F, low])));
                    at += 2;
                } else {
                    at += 1;
                }
            }
            if extended & 0x40 != 0 {
                base = Some((at, *payload.get(at)?));
                at += 1;
            }
            if extended & 0x30 != 0 {
                payload.get(at)?;
                at += 1;
            }
        }
        let starts_frame = first & 0x10 != 0 && first & 0x07 == 0;
        let starts_key_frame = starts_frame && payload.get(at)? & 0x01 == 0;
        let height = if starts_key_frame { size_of(&payload[at..]).map(|(_, height)| height) } else { None };
        let length = at;
        Some(Self { length, starts_frame, starts_key_frame, height: height.unwrap_or(0), picture, base })
    }
}

/// How wide and high a picture is by the header of its key frame: behind the tag and the start code, of 14 bits each
/// (RFC 6386 §9.1).
pub(crate) fn size_of(frame: &[u8]) -> Option<(u16, u16)> {
    let [_, _, _, 0x9D, 0x01, 0x2A, low_width, high_width, low, high, ..] = *frame else { return None };
    let dimension = |low, high| u16::from_le_bytes([low, high]) & 0x3FFF;
    Some((dimension(low_width, high_width), dimension(low, high)))
}

/// Keeps picture ids and numbers of base layers continuous when a stream changes its source: a decoder that sees them
/// jump takes the change for loss.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pictures {
    picture_offset: u16,
    base_offset: u8,
    last_picture: Option<u16>,
    last_base: Option<u8>,
    restarts: bool,
}

/// 15 bits.
const PICTURE_MASK: u16 = 0x7FFF;

impl Pictures {
    /// The next packet comes from another source.
    pub(crate) fn restart(&mut self) {
        self.restarts = true;
    }

    /// Rewrites the descriptor of a packet of the present source that is sent again.
    pub(crate) fn repeat(&self, descriptor: &Descriptor, payload: &mut [u8]) {
        let mut again = Self { restarts: false, ..*self };
        again.rewrite(descriptor, payload);
    }

    /// Rewrites the descriptor of a payload in place.
    pub(crate) fn rewrite(&mut self, descriptor: &Descriptor, payload: &mut [u8]) {
        if std::mem::take(&mut self.restarts) {
            if let (Some((_, picture)), Some(last)) = (descriptor.picture, self.last_picture) {
                self.picture_offset = last.wrapping_add(1).wrapping_sub(picture);
            }
            if let (Some((_, base)), Some(last)) = (descriptor.base, self.last_base) {
                self.base_offset = last.wrapping_add(1).wrapping_sub(base);
            }
        }
        if let Some((at, picture)) = descriptor.picture {
            let picture = picture.wrapping_add(self.picture_offset) & PICTURE_MASK;
            let [high, low] = picture.to_be_bytes();
            payload[at] = high | 0x80;
            payload[at + 1] = low;
            let is_newer =
                self.last_picture.is_none_or(|last| picture.wrapping_sub(last) & PICTURE_MASK < 0x4000);
            if is_newer {
                self.last_picture = Some(picture);
            }
        }
        if let Some((at, base)) = descriptor.base {
            let base = base.wrapping_add(self.base_offset);
            payload[at] = base;
            if self.last_base.is_none_or(|last| base.wrapping_sub(last) < 0x80) {
                self.last_base = Some(base);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn starts_key_frame(payload: &[u8]) -> bool {
        Descriptor::parse(payload).is_some_and(|descriptor| descriptor.starts_key_frame)
    }

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

    /// A delta frame with these numbers.
    fn frame(picture: u16, base: u8) -> Vec<u8> {
        let [high, low] = picture.to_be_bytes();
        vec![0x90, 0xe0, high | 0x80, low, base, 0x20, 0x01]
    }

    fn numbers(payload: &[u8]) -> (u16, u8) {
        let descriptor = Descriptor::parse(payload).expect("a descriptor");
        (descriptor.picture.expect("an id").1, descriptor.base.expect("a number").1)
    }

    fn through(pictures: &mut Pictures, picture: u16, base: u8) -> (u16, u8) {
        let mut payload = frame(picture, base);
        let descriptor = Descriptor::parse(&payload).expect("a descriptor");
        pictures.rewrite(&descriptor, &mut payload);
        numbers(&payload)
    }

    #[test]
    fn pictures_of_another_source_go_on_where_the_first_one_stopped() {
        let mut pictures = Pictures::default();
        assert_eq!(through(&mut pictures, 0x7FFE, 254), (0x7FFE, 254));
        assert_eq!(through(&mut pictures, 0x7FFF, 255), (0x7FFF, 255));
        pictures.restart();
        assert_eq!(through(&mut pictures, 500, 9), (0, 0));
        assert_eq!(through(&mut pictures, 502, 10), (2, 1), "loss stays visible");
        assert_eq!(through(&mut pictures, 501, 9), (1, 0), "and so does disorder");
        pictures.restart();
        assert_eq!(through(&mut pictures, 3, 3), (3, 2));
    }

    proptest! {
        #[test]
        fn no_bytes_confuse_the_reader(payload in prop::collection::vec(any::<u8>(), 0..16)) {
            let mut pictures = Pictures::default();
            if let Some(descriptor) = Descriptor::parse(&payload) {
                let mut copy = payload.clone();
                pictures.restart();
                pictures.rewrite(&descriptor, &mut copy);
                prop_assert_eq!(copy.len(), payload.len());
            }
        }
    }
}
