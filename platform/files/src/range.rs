//! Which bytes of a file a request asks for (RFC 9110 §14.2).

use std::ops::Range;

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of it.
    Everything,
    /// These bytes, counted from 0, the end not among them.
    Part(Range<u64>),
    /// Nothing: the range begins behind the last byte.
    Beyond,
}

/// Reads a `Range` header for a file of `size` bytes. What is not one range of bytes is as if it were not there: the
/// standard lets a server send everything, and browsers seek in videos by single ranges only.
pub(crate) fn wanted(header: Option<&str>, size: u64) -> Wanted {
    let Some((first, last)) =
        header.and_then(|text| text.trim().strip_prefix("bytes=")).and_then(|range| range.split_once('-'))
    else {
        return Wanted::Everything;
    };
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        return match last.parse::<u64>() {
            Ok(0) => Wanted::Beyond,
            Ok(_) if size == 0 => Wanted::Beyond,
            Ok(length) => Wanted::Part(size.saturating_sub(length)..size),
            Err(_) => Wanted::Everything,
        };
    }
    let Ok(first) = first.parse::<u64>() else { return Wanted::Everything };
    let end = match last {
        "" => size,
        _ => match last.parse::<u64>() {
            Ok(last) if last < first => return Wanted::Everything,
            Ok(last) => last.saturating_add(1).min(size),
            Err(_) => return Wanted::Everything,
        },
    };
    if first >= size { Wanted::Beyond } else { Wanted::Part(first..end) }
}

#[cfg(test)]
mod tests {
    use super::{
        Wanted::{Beyond, Everything, Part},
        wanted,
    };

    #[test]
    fn one_range_is_a_part() {
        assert_eq!(wanted(Some("bytes=0-499"), 1000), Part(0..500));
        assert_eq!(wanted(Some("bytes=500-"), 1000), Part(500..1000));
        assert_eq!(wanted(Some("bytes=-200"), 1000), Part(800..1000));
        assert_eq!(wanted(Some("bytes=-2000"), 1000), Part(0..1000));
        assert_eq!(wanted(Some("bytes=900-99999"), 1000), Part(900..1000));
        assert_eq!(wanted(Some("bytes=0-18446744073709551615"), 1000), Part(0..1000));
    }

    #[test]
    fn a_range_behind_the_end_is_refused() {
        assert_eq!(wanted(Some("bytes=1000-"), 1000), Beyond);
        assert_eq!(wanted(Some("bytes=-0"), 1000), Beyond);
        assert_eq!(wanted(Some("bytes=0-"), 0), Beyond);
        assert_eq!(wanted(Some("bytes=-5"), 0), Beyond);
    }

    #[test]
    fn anything_else_is_the_whole_file() {
        for other in
            [None, Some(""), Some("bytes=0-1,5-9"), Some("bytes=9-3"), Some("lines=1-2"), Some("bytes=a-b")]
        {
            assert_eq!(wanted(other, 1000), Everything, "{other:?}");
        }
    }
}
