//! What is in the film, worked out from the names of the pieces: parts, tracks, and what is shown when.

use std::collections::BTreeMap;

use crate::film::Chapter;
use crate::pieces::{Content, Piece, Shown};
use crate::track::Kind;

/// Pictures in a second.
pub(crate) const RATE: u64 = 25;
/// A part of which less is left than this, in milliseconds, is not shown.
const SHORTEST: u32 = 500;
/// Whoever is shown for less than this, in milliseconds, is not: that would only flicker.
const FLICKER: u32 = 400;

/// A part of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// When it began, in milliseconds since 1970.
    pub(crate) began: u64,
    /// How long it is, in milliseconds.
    pub(crate) length: u32,
    /// Its tracks, by their numbers.
    pub(crate) tracks: BTreeMap<u32, Track>,
    /// The pieces with what was shown, in their order.
    pub(crate) stage: Vec<Piece>,
    /// Whether it came to its end.
    pub(crate) is_whole: bool,
}

/// A track, in the order of its pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Track {
    pub(crate) kind: Kind,
    pub(crate) pieces: Vec<Piece>,
}

/// What is shown from one moment of a part to another, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shot {
    pub(crate) track: Option<u32>,
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// The parts of a recording, the first one first.
pub(crate) fn parts(mut pieces: Vec<Piece>) -> Vec<Part> {
    pieces.sort_by_key(|piece| match piece.content {
        Content::Track { track, from, .. } => (piece.part, track, from),
        Content::Stage { number } => (piece.part, 0, number),
        Content::End => (piece.part, 0, 0),
    });
    let mut parts: BTreeMap<u64, Part> = BTreeMap::new();
    for piece in pieces {
        let part = parts.entry(piece.part).or_insert_with(|| Part {
            began: piece.part,
            length: 0,
            tracks: BTreeMap::new(),
            stage: Vec::new(),
            is_whole: false,
        });
        match piece.content {
            Content::Track { track, kind, to, .. } => {
                part.length = part.length.max(to);
                let track = part.tracks.entry(track).or_insert_with(|| Track { kind, pieces: Vec::new() });
                track.pieces.push(piece);
            }
            Content::Stage { .. } => part.stage.push(piece),
            Content::End => part.is_whole = true,
        }
    }
    parts.into_values().collect()
}

impl Part {
    /// Whether there is enough of it to be shown.
    pub(crate) fn is_seen(&self) -> bool {
        self.length >= SHORTEST
    }

    /// How many pictures it has.
    pub(crate) fn pictures(&self) -> u64 {
        pictures_at(self.length)
    }

    /// What is shown from its beginning to its end.
    pub(crate) fn shots(&self, changes: &[Shown]) -> Vec<Shot> {
        let known = |track: &u32| self.tracks.get(track).is_some_and(|track| track.kind == Kind::Picture);
        let mut shots: Vec<Shot> = Vec::new();
        let mut add = |track: Option<u32>, from: u32, to: u32| {
            if to <= from {
                return;
            }
            match shots.last_mut() {
                Some(last) if last.track == track || to - from < FLICKER => last.to = to,
                _ => shots.push(Shot { track, from, to }),
            }
        };
        let (mut shown, mut since) = (None, 0);
        for change in changes {
            let at = change.at.clamp(since, self.length);
            add(shown, since, at);
            (shown, since) = (change.track.filter(known), at);
        }
        add(shown, since, self.length);
        shots
    }
}

impl Track {
    /// What is needed to show it from one moment to another: from the last key frame before it on.
    pub(crate) fn needed(&self, from: u32, to: u32) -> &[Piece] {
        let times = |piece: &Piece| match piece.content {
            Content::Track { from, is_key, .. } => (from, is_key),
            Content::Stage { .. } | Content::End => (0, false),
        };
        let end = self.pieces.partition_point(|piece| times(piece).0 <= to);
        let began = self.pieces[..end].iter().rposition(|piece| {
            let (begins, is_key) = times(piece);
            is_key && begins <= from
        });
        &self.pieces[began.unwrap_or(0)..end]
    }
}

/// Which picture of a part is shown at a moment.
pub(crate) fn pictures_at(ms: u32) -> u64 {
    (u64::from(ms) * RATE + 500) / 1_000
}

/// Where in the film each chapter is, in milliseconds: what came while nothing was recorded is where the next part begins.
/// Of those at one place the last one stays; what came after the end is left out.
pub(crate) fn places(parts: &[Part], chapters: &[Chapter]) -> Vec<(String, u64)> {
    let mut begins = 0;
    let spans: Vec<(u64, u64, u64)> = parts
        .iter()
        .map(|part| {
            let (span, length) = (begins, part.pictures() * 1_000 / RATE);
            begins += length;
            (part.began, length, span)
        })
        .collect();
    let mut found: Vec<(String, u64)> = Vec::new();
    for chapter in chapters {
        let Some((began, _, begins)) =
            spans.iter().find(|(began, length, _)| chapter.at_unix_ms < began + length)
        else {
            continue;
        };
        let place = begins + chapter.at_unix_ms.saturating_sub(*began);
        found.retain(|(_, other)| *other != place);
        found.push((chapter.title.clone(), place));
    }
    found.sort_by_key(|(_, place)| *place);
    found
}

/// Chapters as ffmpeg reads them (its format "ffmetadata").
pub(crate) fn metadata(chapters: &[(String, u64)], length: u64) -> String {
    let mut text = String::from(";FFMETADATA1\n");
    for (place, (title, begins)) in chapters.iter().enumerate() {
        let ends = chapters.get(place + 1).map_or(length, |(_, next)| *next);
        let mut escaped = String::new();
        for sign in title.chars() {
            if matches!(sign, '=' | ';' | '#' | '\\') {
                escaped.push('\\');
            }
            // A line ends the value, and nobody wants one in a title.
            escaped.push(if sign.is_control() { ' ' } else { sign });
        }
        text.push_str(&format!("[CHAPTER]\nTIMEBASE=1/1000\nSTART={begins}\nEND={ends}\ntitle={escaped}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn piece(part: u64, track: u32, kind: Kind, from: u32, to: u32, is_key: bool) -> Piece {
        Piece { part, content: Content::Track { track, kind, participant: Uuid::nil(), from, to, is_key } }
    }

    fn shown(at: u32, track: Option<u32>) -> Shown {
        Shown { at, track }
    }

    #[test]
    fn pieces_become_parts_in_their_order() {
        let found = parts(vec![
            piece(2_000, 0, Kind::Voice, 3_000, 5_980, true),
            Piece { part: 2_000, content: Content::End },
            piece(1_000, 1, Kind::Picture, 0, 2_990, true),
            piece(2_000, 0, Kind::Voice, 10, 2_990, true),
            piece(9_000, 0, Kind::Voice, 0, 60, true),
            Piece { part: 1_000, content: Content::Stage { number: 1 } },
            Piece { part: 1_000, content: Content::Stage { number: 0 } },
        ]);
        assert_eq!(
            found.iter().map(|part| (part.began, part.length)).collect::<Vec<_>>(),
            [(1_000, 2_990), (2_000, 5_980), (9_000, 60)]
        );
        assert_eq!(found.iter().map(Part::is_seen).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!((found[0].is_whole, found[1].is_whole), (false, true));
        assert_eq!(found[0].stage.len(), 2);
        assert_eq!(found[1].tracks[&0].pieces[0], piece(2_000, 0, Kind::Voice, 10, 2_990, true));
    }

    #[test]
    fn who_is_shown_follows_the_stage_without_flicker() {
        let pictures = |track| piece(0, track, Kind::Picture, 0, 10_000, true);
        let part = &parts(vec![pictures(1), pictures(2), piece(0, 3, Kind::Voice, 0, 10_000, true)])[0];
        let shots = part.shots(&[
            shown(1_000, Some(1)),
            shown(4_000, Some(2)),
            shown(4_100, Some(1)),
            shown(6_000, Some(3)),
            shown(8_000, Some(9)),
        ]);
        let expected = [
            Shot { track: None, from: 0, to: 1_000 },
            Shot { track: Some(1), from: 1_000, to: 6_000 },
            Shot { track: None, from: 6_000, to: 10_000 },
        ];
        assert_eq!(shots, expected);
    }

    #[test]
    fn a_shot_needs_what_follows_the_last_key_frame_before_it() {
        let keys = [true, false, false, true, false];
        let pieces = keys
            .iter()
            .zip(0..)
            .map(|(is_key, n)| piece(0, 0, Kind::Picture, n * 3_000, n * 3_000 + 2_990, *is_key));
        let track = Track { kind: Kind::Picture, pieces: pieces.collect() };
        let needed = |from, to| track.needed(from, to).len();
        assert_eq!(needed(7_000, 8_000), 3, "from the beginning");
        assert_eq!(needed(10_000, 11_000), 1);
        assert_eq!(needed(10_000, 12_500), 2);
        assert_eq!(needed(0, 100), 1);
    }

    #[test]
    fn chapters_are_where_the_film_is_at_their_moment() {
        let parts = parts(vec![
            piece(10_000, 0, Kind::Voice, 0, 4_000, true),
            piece(20_000, 0, Kind::Voice, 0, 8_000, true),
        ]);
        let chapter = |title: &str, at_unix_ms| Chapter { title: title.to_owned(), at_unix_ms };
        let chapters = [
            chapter("before", 5_000),
            chapter("first", 9_000),
            chapter("second", 11_500),
            chapter("between", 15_000),
            chapter("third", 23_000),
            chapter("after", 30_000),
        ];
        let found = places(&parts, &chapters);
        let found: Vec<(&str, u64)> = found.iter().map(|(title, at)| (title.as_str(), *at)).collect();
        assert_eq!(found, [("first", 0), ("second", 1_500), ("between", 4_000), ("third", 7_000)]);
        assert_eq!(
            metadata(&[("a=b;\nc".to_owned(), 0), ("d".to_owned(), 1_500)], 9_000),
            ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=a\\=b\\; c\n\
             [CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=9000\ntitle=d\n"
        );
    }

    proptest! {
        /// Shots follow each other from the beginning to the end, whatever is told of the stage.
        #[test]
        fn every_moment_is_shown_once(
            length in SHORTEST..20_000,
            changes in prop::collection::vec((0_u32..25_000, prop::option::of(0_u32..4)), 0..30),
        ) {
            let pictures = |track| piece(0, track, Kind::Picture, 0, length, true);
            let part = &parts(vec![pictures(0), pictures(1), pictures(2)])[0];
            let changes: Vec<Shown> = changes.into_iter().map(|(at, track)| shown(at, track)).collect();
            let shots = part.shots(&changes);
            prop_assert_eq!(shots.first().map(|shot| shot.from), Some(0));
            prop_assert_eq!(shots.last().map(|shot| shot.to), Some(length));
            prop_assert!(shots.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].track != pair[1].track));
            let shown: u64 = shots.iter().map(|shot| pictures_at(shot.to) - pictures_at(shot.from)).sum();
            prop_assert_eq!(shown, part.pictures());
        }
    }
}
