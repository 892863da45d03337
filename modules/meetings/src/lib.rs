//! Video rooms of sessions: who is let in, who is there, and the end of a room.
//!
//! What it is not: media (platform/sfu forwards them and sees no database), proceedings (bodies). A person is let in
//! when bodies says that they have a seat on the session's roll; what the SFU then reports of connections becomes
//! attendance, from which bodies takes its quorum.
//!
//! A session can be shown to everybody who has its link, and an encoder can publish into its room: neither is anybody's
//! presence.
//!
//! Invariants: only a signed, short-lived token opens a room; people are counted, not connections; a refused join is
//! recorded; who loses access, the right or the seat is put out at once.

mod actions;
mod attendance;
mod doorkeeper;
mod graphql;
mod permissions;
mod store;

use std::sync::Arc;

use plenum_bodies_api::BodiesRead;
use plenum_db::{StoreError, TenantTx};
use plenum_turn::Relays;

pub use attendance::{Attendance, SfuRooms};
pub use doorkeeper::Doorkeeper;
pub use graphql::{MeetingsMutation, MeetingsQuery, MeetingsSubscription};
pub use plenum_sfu::{Part, RoomEvents, RoomToken};

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::CATALOGUE;

/// How many people are in rooms now.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn people_in_rooms(tx: &mut TenantTx) -> Result<i64, StoreError> {
    store::people_in_rooms(tx, None).await
}

/// What letting people in needs.
#[derive(Clone)]
pub struct Admissions {
    /// Tells who may enter.
    pub bodies: Arc<dyn BodiesRead>,
    /// The key that signs room tokens; the SFU has the same.
    pub token_key: Arc<[u8]>,
    /// Gives access to the relay of media.
    pub relays: Relays,
}
