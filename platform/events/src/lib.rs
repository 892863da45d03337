//! Facts that modules tell one another.
//!
//! [`Publish::publish`] writes an event into the outbox in the caller's transaction, so it exists exactly when its
//! cause does. The relay, itself a job, turns each outbox row into one job per subscriber; each runs as the named
//! reaction, in the event's tenant, at least once and in no order. Reactions are therefore idempotent:
//! [`EventContext::once`] lets a reaction take effect exactly once.
//!
//! A published payload never changes shape: a new shape is a new event with a new name.

mod outbox;
mod reactions;

pub use outbox::{Event, EventId, Publish};
pub use reactions::{EventContext, Reactions};
