//! The only SQL of bodies.

pub mod agenda;
pub mod bodies;
pub mod measures;
pub mod roll;
pub mod seats;
pub mod sessions;
pub mod votes;

fn unknown(word: crate::domain::UnknownWord) -> plenum_db::StoreError {
    plenum_db::StoreError::Value { what: word.what, value: word.word }
}
