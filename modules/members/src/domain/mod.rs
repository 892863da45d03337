//! Pure rules about people and their membership: no storage, no clock, no network.

pub mod card;
pub mod contacts;
pub mod dates;
pub mod import;
pub mod names;
pub mod sex;
pub mod text;
pub mod units;
