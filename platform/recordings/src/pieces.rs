//! Pieces: what is put into the object store, one after the other, and never changed.

use std::fmt;
use std::str::FromStr;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::track::Kind;

/// Why a piece was not kept or not found.
#[derive(Debug, thiserror::Error)]
#[error("the store of recordings failed")]
pub struct ShelfError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Where pieces are kept: each recording of each organization (`scope`) has a place of its own.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// Keeps a piece.
    ///
    /// # Errors
    /// [`ShelfError`].
    async fn put(
        &self,
        scope: Uuid,
        recording: Uuid,
        piece: &Piece,
        bytes: Vec<u8>,
    ) -> Result<(), ShelfError>;

    /// All pieces of a recording, in any order.
    ///
    /// # Errors
    /// [`ShelfError`].
    async fn list(&self, scope: Uuid, recording: Uuid) -> Result<Vec<Piece>, ShelfError>;

    /// What is in a piece.
    ///
    /// # Errors
    /// [`ShelfError`], also when there is none.
    async fn get(&self, scope: Uuid, recording: Uuid, piece: &Piece) -> Result<Vec<u8>, ShelfError>;
}

/// A piece, as its name tells: which part of the recording, and what of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Piece {
    /// When the part began: milliseconds since 1970.
    pub part: u64,
    /// What is in it.
    pub content: Content,
}

/// What is in a piece. Times are milliseconds since the part began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Content {
    /// Frames of a track: clusters of WebM.
    Track {
        /// Which: 0, 1, 2 … within the part.
        track: u32,
        /// A voice or pictures.
        kind: Kind,
        /// Whose.
        participant: Uuid,
        /// The first frame.
        from: u32,
        /// The last frame.
        to: u32,
        /// Whether it can be decoded without the pieces before it.
        is_key: bool,
    },
    /// What was shown when: lines of [`Shown`] as JSON, one for each change.
    Stage {
        /// Their order: 0, 1, 2 …
        number: u32,
    },
    /// Nothing more comes of this part.
    End,
}

/// From now on this track is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Milliseconds since the part began.
    pub at: u32,
    /// The track of pictures; none when nobody shows anything.
    pub track: Option<u32>,
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:013}-", self.part)?;
        match self.content {
            Content::Track { track, kind, participant, from, to, is_key } => {
                let kind = match kind {
                    Kind::Voice => "voice",
                    Kind::Picture => "picture",
                };
                let key = if is_key { "key" } else { "more" };
                write!(f, "{kind}-{track:05}-{}-{from:09}-{to:09}-{key}", participant.simple())
            }
            Content::Stage { number } => write!(f, "stage-{number:06}"),
            Content::End => f.write_str("end"),
        }
    }
}

impl FromStr for Piece {
    /// It is no piece of ours.
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        fn number<T: FromStr>(text: &str) -> Result<T, ()> {
            text.parse().map_err(|_| ())
        }
        let words: Vec<&str> = name.split('-').collect();
        let (part, content) = match words[..] {
            [part, "end"] => (part, Content::End),
            [part, "stage", count] => (part, Content::Stage { number: number(count)? }),
            [part, kind @ ("voice" | "picture"), track, participant, from, to, key @ ("key" | "more")] => {
                let content = Content::Track {
                    track: number(track)?,
                    kind: if kind == "voice" { Kind::Voice } else { Kind::Picture },
                    participant: number(participant)?,
                    from: number(from)?,
                    to: number(to)?,
                    is_key: key == "key",
                };
                (part, content)
            }
            _ => return Err(()),
        };
        Ok(Self { part: number(part)?, content })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contents() -> impl Strategy<Value = Content> {
        let track = (any::<u32>(), any::<bool>(), any::<u128>(), any::<u32>(), any::<u32>(), any::<bool>())
            .prop_map(|(track, voice, participant, from, to, is_key)| Content::Track {
                track,
                kind: if voice { Kind::Voice } else { Kind::Picture },
                participant: Uuid::from_u128(participant),
                from,
                to,
                is_key,
            });
        prop_oneof![track, any::<u32>().prop_map(|number| Content::Stage { number }), Just(Content::End)]
    }

    proptest! {
        #[test]
        fn a_name_tells_what_is_in_it(part in any::<u64>(), content in contents()) {
            let piece = Piece { part, content };
            prop_assert_eq!(piece.to_string().parse(), Ok(piece));
        }

        #[test]
        fn other_names_are_no_pieces(name in "[0-9a-z-]{0,60}") {
            if let Ok(piece) = name.parse::<Piece>() {
                prop_assert_eq!(piece.to_string().parse(), Ok(piece));
            }
        }
    }
}
