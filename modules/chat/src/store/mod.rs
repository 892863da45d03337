//! The only SQL of chat.

pub mod channels;
pub mod messages;
pub mod overview;
pub mod participants;
pub mod parts;

fn unknown(word: crate::domain::UnknownWord) -> plenum_db::StoreError {
    plenum_db::StoreError::Value { what: word.what, value: word.word }
}
