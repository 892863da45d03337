//! Signing in by an organization's provider, against a provider of the test's own that can be made to lie.

mod attacks;
mod entry;
mod house;
mod peer;
mod settings;
