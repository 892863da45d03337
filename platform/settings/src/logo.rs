//! Pictures of organizations.
//!
//! Nothing that was sent is ever served: the picture is decoded, made no larger than it is shown, and written anew. What
//! hides in a file beside its pixels (scripts, places where it was taken) is gone with it.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, Limits, imageops::FilterType};

/// The largest file that is taken, bytes: 512 KiB.
pub const LARGEST: usize = 512 * 1024;
/// The longest side that is taken, pixels.
pub const LONGEST_SIDE: u32 = 2048;
/// The longest side that is kept: as large as the sharpest screen shows it.
const KEPT_SIDE: u32 = 512;
/// What decoding may take: the pixels of the largest picture twice over, bytes.
const MOST_MEMORY: u64 = 2 * 8 * (LONGEST_SIDE as u64) * (LONGEST_SIDE as u64);

/// The media type of what is kept.
pub const MEDIA_TYPE: &str = "image/png";

/// Why a file is no logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoFault {
    /// It has more bytes than are taken.
    #[error("the file is too large")]
    TooLarge,
    /// It has more pixels than are taken.
    #[error("the picture is too large")]
    TooManyPixels,
    /// It is no PNG, JPEG or WebP, whatever its name says.
    #[error("the file is no picture of a kind that is taken")]
    NoPicture,
    /// It is one, but does not read.
    #[error("the picture is damaged")]
    Damaged,
}

impl LogoFault {
    /// The stable word.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::TooLarge => "logo_too_large",
            Self::TooManyPixels => "logo_too_many_pixels",
            Self::NoPicture => "logo_no_picture",
            Self::Damaged => "logo_damaged",
        }
    }
}

/// The picture in these bytes, written anew as PNG. Takes some tenths of a second: call it where blocking is allowed.
///
/// # Errors
/// [`LogoFault`].
pub fn written_anew(bytes: &[u8]) -> Result<Vec<u8>, LogoFault> {
    if bytes.len() > LARGEST {
        return Err(LogoFault::TooLarge);
    }
    let format = match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => format,
        Ok(_) | Err(_) => return Err(LogoFault::NoPicture),
    };
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = reader().into_dimensions().map_err(|_| LogoFault::Damaged)?;
    if width.max(height) > LONGEST_SIDE {
        return Err(LogoFault::TooManyPixels);
    }
    let mut reader = reader();
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| LogoFault::Damaged)?;
    let picture = match width.max(height) > KEPT_SIDE {
        true => picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Lanczos3),
        false => picture,
    };
    let mut written = Vec::new();
    DynamicImage::ImageRgba8(picture.into_rgba8())
        .write_to(&mut Cursor::new(&mut written), ImageFormat::Png)
        .map_err(|_| LogoFault::Damaged)?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use image::RgbaImage;

    use super::*;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pixels = RgbaImage::from_fn(width, height, |x, y| image::Rgba([x as u8, y as u8, 90, 255]));
        let picture = DynamicImage::ImageRgba8(pixels);
        let picture = if format == ImageFormat::Jpeg { picture.into_rgb8().into() } else { picture };
        picture.write_to(&mut Cursor::new(&mut bytes), format).expect("it is written");
        bytes
    }

    fn sides(bytes: &[u8]) -> (u32, u32) {
        let reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Png);
        reader.into_dimensions().expect("what is kept is PNG")
    }

    #[test]
    fn three_kinds_are_taken_and_become_one() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let kept = written_anew(&picture(60, 40, format)).expect("it is taken");
            assert_eq!(sides(&kept), (60, 40), "{format:?}");
        }
    }

    #[test]
    fn what_is_larger_than_it_is_shown_is_made_smaller() {
        let kept = written_anew(&picture(1024, 256, ImageFormat::Png)).expect("it is taken");
        assert_eq!(sides(&kept), (512, 128));
    }

    #[test]
    fn nothing_is_kept_beside_the_pixels() {
        let mut bytes = picture(8, 8, ImageFormat::Png);
        bytes.extend_from_slice(b"<script>alert(1)</script>");
        let kept = written_anew(&bytes).expect("it is taken");
        assert!(!kept.windows(7).any(|window| window == b"<script"));
    }

    #[test]
    fn the_bytes_decide_what_it_is() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
        for wrong in [&svg[..], b"", b"GIF89a\x01\0\x01\0\0\0\0;", b"<html>", b"%PDF-1.7", b"BM\0\0\0\0"] {
            assert_eq!(written_anew(wrong), Err(LogoFault::NoPicture));
        }
        assert_eq!(written_anew(b"\x89PNG\r\n\x1a\nnothing"), Err(LogoFault::Damaged));
        let cut = picture(300, 300, ImageFormat::Png);
        assert_eq!(written_anew(&cut[..cut.len() / 2]), Err(LogoFault::Damaged));
    }

    #[test]
    fn neither_bytes_nor_pixels_are_without_end() {
        assert_eq!(written_anew(&vec![0; LARGEST + 1]), Err(LogoFault::TooLarge));
        let wide = picture(LONGEST_SIDE + 1, 1, ImageFormat::Png);
        assert_eq!(written_anew(&wide), Err(LogoFault::TooManyPixels));
        // A header that promises more than there is room for is believed in nothing.
        let mut vast = picture(1, 1, ImageFormat::Png);
        vast[16..20].copy_from_slice(&u32::MAX.to_be_bytes());
        assert!(matches!(written_anew(&vast), Err(LogoFault::TooManyPixels | LogoFault::Damaged)));
    }
}
