//! Documents through the whole API, on a real database.

mod cards;
mod exchange;
mod office;
mod reads;
mod registration;
mod routes;
mod session;
mod signatures;
mod tasks;
mod versions;
mod visibility;
