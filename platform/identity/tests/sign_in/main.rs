//! Signing in through the API, against a real database.

mod browser;
mod emails;
mod factors;
mod guessing;
mod passkeys;
mod resets;
mod sealing;
mod sessions;
