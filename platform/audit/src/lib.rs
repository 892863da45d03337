//! The append-only record of who did what, written in the transaction of the act itself: an act that is undone
//! leaves no entry, an act that is kept always has one.
//!
//! Each tenant's entries are a chain: numbered without gaps, each with a hash over itself and the hash before it
//! ([`chain::link`]), so that a change, a removal or an insertion shows ([`verify`]). What cannot show in the chain
//! alone is that its end was cut off, or that all of it was written anew: whoever compares notes the head
//! ([`verify::Report::head`]) elsewhere from time to time.
//!
//! Reads of what is sensitive are in it too ([`record_read`]), each written before the reader gets the answer.
//!
//! What it is not: a log of requests. Details hold ids and facts of the act, never contact data.

pub mod chain;
mod entries;
mod reads;
mod record;
pub mod verify;

pub use entries::{Entry, EntryFilter, last_operator_act, latest, list};
pub use reads::{LOOKING_ON, ReadsSeen, record_read, record_read_by_link};
pub use record::record;
