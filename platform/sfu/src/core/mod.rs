//! Forwarding: which packet goes out on which stream, under which numbers. Packets and time in, packets out; no
//! sockets, no tasks, no randomness.

mod medium;
mod outlet;
mod rewriter;
mod vp8;

pub(crate) use medium::Medium;
pub(crate) use outlet::{Outlet, SlotId};

#[cfg(test)]
pub(crate) mod testing;
