//! Tracks as WebM (RFC 9559): a head that is always the same, and clusters, each of which stands by itself.

use webm_iterable::matroska_spec::{Master, MatroskaSpec, SimpleBlock};
use webm_iterable::{WebmWriter, WriteOptions};

/// What a track has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Opus (RFC 6716), 48 kHz, two channels.
    Voice,
    /// VP8 (RFC 6386), all of one size.
    Picture,
}

/// Times are told in milliseconds.
const TICK_NS: u64 = 1_000_000;
/// A block tells its time from that of its cluster, in 16 bits.
const CLUSTER_MAX_MS: u32 = 30_000;
const TRACK: u64 = 1;

/// Collects the frames of a track for the next piece.
#[derive(Debug, Default)]
pub struct TrackWriter {
    blocks: Vec<(u32, bool, Vec<u8>)>,
    size: usize,
}

/// What was collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// The first frame, in milliseconds.
    pub from: u32,
    /// The last frame.
    pub to: u32,
    /// Whether it begins with a key frame.
    pub is_key: bool,
    /// What is kept.
    pub bytes: Vec<u8>,
}

impl TrackWriter {
    /// Adds a frame, to be shown or heard at `at` milliseconds: later than the one before.
    pub fn push(&mut self, at: u32, is_key: bool, frame: Vec<u8>) {
        self.size += frame.len();
        self.blocks.push((at, is_key, frame));
    }

    /// How many bytes of frames wait.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// When the first of those that wait is shown or heard.
    #[must_use]
    pub fn since(&self) -> Option<u32> {
        self.blocks.first().map(|(at, ..)| *at)
    }

    /// All that was added since the last time; none when that is nothing.
    pub fn take(&mut self) -> Option<Clusters> {
        self.size = 0;
        let blocks = std::mem::take(&mut self.blocks);
        let (&(from, is_key, _), &(to, ..)) = (blocks.first()?, blocks.last()?);
        let mut bytes = Vec::new();
        let mut rest = &blocks[..];
        while let Some(&(begins, ..)) = rest.first() {
            let count = rest.partition_point(|(at, ..)| *at < begins + CLUSTER_MAX_MS);
            bytes.extend(cluster(begins, &rest[..count]));
            rest = &rest[count..];
        }
        Some(Clusters { from, to, is_key, bytes })
    }
}

/// What goes before the clusters of a track to make a file of them.
pub(crate) fn head(kind: Kind) -> Vec<u8> {
    let entry = match kind {
        Kind::Voice => vec![
            MatroskaSpec::TrackNumber(TRACK),
            MatroskaSpec::TrackUID(TRACK),
            MatroskaSpec::TrackType(2),
            MatroskaSpec::CodecID("A_OPUS".to_owned()),
            MatroskaSpec::CodecPrivate(OPUS_HEAD.to_vec()),
            MatroskaSpec::Audio(Master::Full(vec![
                MatroskaSpec::SamplingFrequency(48_000.0),
                MatroskaSpec::Channels(2),
            ])),
        ],
        // The size is told by each key frame; one has to be said here.
        Kind::Picture => vec![
            MatroskaSpec::TrackNumber(TRACK),
            MatroskaSpec::TrackUID(TRACK),
            MatroskaSpec::TrackType(1),
            MatroskaSpec::CodecID("V_VP8".to_owned()),
            MatroskaSpec::Video(Master::Full(vec![
                MatroskaSpec::PixelWidth(1_280),
                MatroskaSpec::PixelHeight(720),
            ])),
        ],
    };
    let mut writer = WebmWriter::new(Vec::new());
    let written = [MatroskaSpec::Ebml(Master::Full(vec![
        MatroskaSpec::EbmlVersion(1),
        MatroskaSpec::EbmlReadVersion(1),
        MatroskaSpec::EbmlMaxIdLength(4),
        MatroskaSpec::EbmlMaxSizeLength(8),
        MatroskaSpec::DocType("webm".to_owned()),
        MatroskaSpec::DocTypeVersion(4),
        MatroskaSpec::DocTypeReadVersion(2),
    ]))]
    .iter()
    .try_for_each(|tag| writer.write(tag))
    // It never ends, as live streams do not.
    .and_then(|()| {
        writer.write_advanced(&MatroskaSpec::Segment(Master::Start), WriteOptions::is_unknown_sized_element())
    })
    .and_then(|()| {
        writer.write(&MatroskaSpec::Info(Master::Full(vec![
            MatroskaSpec::TimestampScale(TICK_NS),
            MatroskaSpec::MuxingApp("Plenum".to_owned()),
            MatroskaSpec::WritingApp("Plenum".to_owned()),
        ])))
    })
    .and_then(|()| {
        writer.write(&MatroskaSpec::Tracks(Master::Full(vec![MatroskaSpec::TrackEntry(Master::Full(entry))])))
    })
    .and_then(|()| writer.into_inner());
    written.expect("a head is plain data, and memory takes it")
}

/// RFC 7845 §5.1: version 1, two channels, nothing to skip, 48 kHz, no gain, mapping family 0.
const OPUS_HEAD: &[u8] = b"OpusHead\x01\x02\x00\x00\x80\xBB\x00\x00\x00\x00\x00";

fn cluster(begins: u32, blocks: &[(u32, bool, Vec<u8>)]) -> Vec<u8> {
    let mut tags = vec![MatroskaSpec::Timestamp(begins.into())];
    tags.extend(blocks.iter().map(|(at, is_key, frame)| {
        let after = i16::try_from(at - begins).unwrap_or(i16::MAX);
        SimpleBlock::new_uncheked(frame, TRACK, after, false, None, false, *is_key).into()
    }));
    // A cluster stands in a segment, whose beginning is in the head already.
    let mut written = in_segment(Some(&MatroskaSpec::Cluster(Master::Full(tags))));
    written.split_off(in_segment(None).len())
}

/// The beginning of a segment, with a tag in it.
fn in_segment(tag: Option<&MatroskaSpec>) -> Vec<u8> {
    let mut writer = WebmWriter::new(Vec::new());
    let written = writer
        .write_advanced(&MatroskaSpec::Segment(Master::Start), WriteOptions::is_unknown_sized_element())
        .and_then(|()| tag.map_or(Ok(()), |tag| writer.write(tag)))
        .and_then(|()| writer.into_inner());
    written.expect("it is plain data, and memory takes it")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times and contents of all blocks of a file.
    fn read(bytes: &[u8]) -> Vec<(u64, bool, Vec<u8>)> {
        let mut source = bytes;
        let mut begins = 0;
        let mut found = Vec::new();
        for tag in webm_iterable::WebmIterator::new(&mut source, &[]) {
            match tag.expect("WebM") {
                MatroskaSpec::Timestamp(at) => begins = at,
                MatroskaSpec::SimpleBlock(bytes) => {
                    let block = SimpleBlock::try_from(&bytes).expect("a block");
                    let at = begins + u64::try_from(block.timestamp).expect("not before");
                    found.push((at, block.keyframe, block.raw_frame_data().to_vec()));
                }
                _ => {}
            }
        }
        found
    }

    #[test]
    fn pieces_behind_a_head_are_a_file() {
        let mut writer = TrackWriter::default();
        assert_eq!(writer.take(), None);
        writer.push(1_000, true, vec![1; 300]);
        writer.push(1_040, false, vec![2]);
        assert_eq!((writer.size(), writer.since()), (301, Some(1_000)));
        let first = writer.take().expect("two frames");
        assert_eq!((first.from, first.to, first.is_key), (1_000, 1_040, true));
        // One that rested for longer than a cluster can tell.
        writer.push(5_000, false, vec![3]);
        writer.push(95_000, true, vec![4]);
        let second = writer.take().expect("two frames");
        assert_eq!((second.from, second.to, second.is_key), (5_000, 95_000, false));
        for kind in [Kind::Voice, Kind::Picture] {
            let file = [head(kind), first.bytes.clone(), second.bytes.clone()].concat();
            let expected = [
                (1_000, true, vec![1; 300]),
                (1_040, false, vec![2]),
                (5_000, false, vec![3]),
                (95_000, true, vec![4]),
            ];
            assert_eq!(read(&file), expected);
        }
    }
}
