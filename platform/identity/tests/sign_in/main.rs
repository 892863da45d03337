//! Signing in through the API, against a real database.

mod browser;
mod guessing;
mod sessions;
