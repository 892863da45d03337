//! Recordings of rooms: what is kept of each track as it happens, and the film that is made of it afterwards.
//!
//! A recording consists of parts: a part ends when the room is left by all, or with its server. What is kept of a part are
//! pieces of a few seconds, each whole by itself: a server that is killed loses no more than the one that it was about to
//! keep. The film shows who was on stage and sounds like all of them; where nothing was recorded it goes on at once.
//!
//! The only home of ffmpeg, which is a program of its own: pictures and voices come from other people's machines.

mod film;
mod pieces;
mod script;
mod tool;
mod track;

pub use film::{Chapter, Film, FilmError, compose};
pub use pieces::{Content, Piece, Shelf, ShelfError, Shown};
pub use tool::Tool;
pub use track::{Kind, TrackWriter};
