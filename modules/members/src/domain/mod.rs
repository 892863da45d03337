//! Pure rules about people and their membership: no storage, no clock, no network.

pub mod card;
pub mod consent;
pub mod contacts;
pub mod dates;
pub mod export;
pub mod history;
pub mod import;
pub mod likeness;
pub mod membership_card;
pub mod names;
pub mod offices;
pub mod record;
pub mod search;
pub mod sex;
pub mod text;
pub mod units;
