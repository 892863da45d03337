//! Whether bytes really are a picture, and how large: told by the bytes, never by the name or the type that came along.

/// The media types that browsers draw in place and that run nothing: SVG is not among them.
const TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// What is larger is offered as a file: nobody wants it drawn in a list.
pub const LARGEST_BYTES: i64 = 20_000_000;
/// The same for its sides.
const LONGEST_SIDE: u32 = 20_000;

/// The sides of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sides {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// Whether it is worth looking at the bytes.
#[must_use]
pub fn may_be(content_type: &str, size_bytes: i64) -> bool {
    TYPES.contains(&content_type) && (1..=LARGEST_BYTES).contains(&size_bytes)
}

/// The sides of the picture; `None` when the bytes are no picture of the type that they are said to be.
#[must_use]
pub fn look(content_type: &str, bytes: &[u8]) -> Option<Sides> {
    let sides = match content_type {
        "image/png" => png(bytes),
        "image/jpeg" => jpeg(bytes),
        "image/gif" => gif(bytes),
        "image/webp" => webp(bytes),
        _ => None,
    }?;
    let fits = |side: u32| (1..=LONGEST_SIDE).contains(&side);
    (fits(sides.width) && fits(sides.height)).then_some(sides)
}

/// PNG (ISO/IEC 15948 §5.2, §11.2.2): the signature, then the header.
fn png(bytes: &[u8]) -> Option<Sides> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    Some(Sides { width: be32(header)?, height: be32(header.get(4..)?)? })
}

/// GIF87a and GIF89a (appendix §18): the sides are little-endian.
fn gif(bytes: &[u8]) -> Option<Sides> {
    let screen = bytes.strip_prefix(b"GIF87a").or_else(|| bytes.strip_prefix(b"GIF89a"))?;
    Some(Sides { width: u32::from(le16(screen)?), height: u32::from(le16(screen.get(2..)?)?) })
}

/// JPEG (ITU-T T.81 §B.2): segments up to the frame's header.
fn jpeg(bytes: &[u8]) -> Option<Sides> {
    let mut rest = bytes.strip_prefix(b"\xff\xd8")?;
    loop {
        let (&mark, after) = rest.split_first()?;
        if mark != 0xff {
            return None;
        }
        let (&kind, after) = after.split_first()?;
        match kind {
            // Fill bytes before a marker.
            0xff => rest = &rest[1..],
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => rest = after,
            // Start of frame; 0xC4, 0xC8 and 0xCC are other things in the same range.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let height = u32::from(be16(after.get(3..)?)?);
                return Some(Sides { width: u32::from(be16(after.get(5..)?)?), height });
            }
            // The picture's data or its end, and no header before.
            0xd9 | 0xda => return None,
            _ => rest = after.get(usize::from(be16(after)?)..)?,
        }
    }
}

/// WebP (RFC 9649 §2.4–2.7): simple lossy, simple lossless, or extended.
fn webp(bytes: &[u8]) -> Option<Sides> {
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WEBP" {
        return None;
    }
    let body = bytes.get(20..)?;
    match bytes.get(12..16)? {
        b"VP8 " => {
            let frame = body.get(3..)?.strip_prefix(b"\x9d\x01\x2a")?;
            let side = |at: usize| Some(u32::from(le16(frame.get(at..)?)? & 0x3fff));
            Some(Sides { width: side(0)?, height: side(2)? })
        }
        b"VP8L" => {
            let bits = body.strip_prefix(b"\x2f")?.get(..4)?;
            let bits = u32::from_le_bytes(bits.try_into().ok()?);
            Some(Sides { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 })
        }
        b"VP8X" => {
            let side = |at: usize| {
                let three = body.get(at..at + 3)?;
                Some(u32::from_le_bytes([three[0], three[1], three[2], 0]) + 1)
            };
            Some(Sides { width: side(4)?, height: side(7)? })
        }
        _ => None,
    }
}

fn be32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

fn be16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?))
}

fn le16(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(..2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\0\0\0";
    const GIF: &[u8] = b"GIF89a\x80\x02\xe0\x01\xf7\0\0";
    const JPEG: &[u8] =
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08\x01\xe0\x02\x80\x03";
    const WEBP: &[u8] = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
    const WEBP_LOSSY: &[u8] = b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\x01\0\x9d\x01\x2a\x80\x02\xe0\x01\x02";

    #[test]
    fn real_pictures_tell_their_sides() {
        let sides = Some(Sides { width: 640, height: 480 });
        for (content_type, bytes) in [
            ("image/png", PNG),
            ("image/gif", GIF),
            ("image/jpeg", JPEG),
            ("image/webp", WEBP),
            ("image/webp", WEBP_LOSSY),
        ] {
            assert_eq!(look(content_type, bytes), sides, "{content_type}");
        }
    }

    #[test]
    fn what_lies_about_its_type_is_no_picture() {
        assert_eq!(look("image/png", b"<html><script>alert(1)</script></html>"), None);
        assert_eq!(look("image/png", JPEG), None);
        assert_eq!(
            look("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"),
            None
        );
        assert_eq!(look("text/html", PNG), None);
        assert!(!may_be("image/svg+xml", 100));
        assert!(!may_be("image/png", LARGEST_BYTES + 1));
    }

    #[test]
    fn cut_off_bytes_never_panic() {
        for (content_type, bytes) in [
            ("image/png", PNG),
            ("image/gif", GIF),
            ("image/jpeg", JPEG),
            ("image/webp", WEBP),
            ("image/webp", WEBP_LOSSY),
        ] {
            for end in 0..bytes.len() {
                let _ = look(content_type, &bytes[..end]);
            }
        }
        // A picture without extent, and one of absurd extent.
        assert_eq!(look("image/gif", b"GIF89a\0\0\xe0\x01"), None);
        assert_eq!(look("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\0\0\0\0\0\0\x01"), None);
    }
}
