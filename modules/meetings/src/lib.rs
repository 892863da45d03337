//! Video rooms of sessions: who is let in, who is there, and the end of a room.
//!
//! What it is not: media (platform/sfu forwards them and sees no database), proceedings (bodies). A person is let in
//! when bodies says that they have a seat on the session's roll; what the SFU then reports of connections becomes
//! attendance, from which bodies takes its quorum.
//!
//! A session can be shown to everybody who has its link, and an encoder can publish into its room: neither is anybody's
//! presence.
//!
//! A recording is made by whichever server has the room, for as long as the database says that one is being made. Its film
//! is made by a job afterwards.
//!
//! Invariants: only a signed, short-lived token opens a room; people are counted, not connections; a refused join is
//! recorded; who loses access, the right or the seat is put out at once.

mod actions;
mod attendance;
mod doorkeeper;
mod graphql;
mod jobs;
mod nodes;
mod permissions;
mod reactions;
mod shelf;
mod store;

use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use plenum_bodies_api::BodiesRead;
use plenum_db::{StoreError, TenantTx};
use plenum_events::Reactions;
use plenum_files::Files;
use plenum_jobs::Worker;
use plenum_turn::Relays;

pub use attendance::{Attendance, SfuRooms};
pub use doorkeeper::Doorkeeper;
pub use graphql::{MeetingsMutation, MeetingsQuery, MeetingsSubscription};
pub use nodes::{LEASE, Nodes};
pub use plenum_recordings::Tool;
pub use plenum_sfu::{Part, RoomEvents, RoomToken};
pub use shelf::RecordingShelf;

/// Roles and permissions of this module, for the policy.
pub const POLICY: &str = include_str!("policy.csv");

pub use permissions::CATALOGUE;

/// For setting up a demonstration and tests: what takes another program.
pub mod setup {
    use plenum_bodies_api::SessionId;
    use plenum_db::{StoreError, TenantTx};
    use plenum_files::FileId;
    use plenum_kernel::TypedId;
    use plenum_meetings_api::RecordingId;

    use crate::store::{
        nodes,
        recordings::{self, Outcome, Reel},
    };

    /// The server of this name that had a session's room is lost.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn lose_server(tx: &mut TenantTx, session: SessionId, name: &str) -> Result<(), StoreError> {
        nodes::put(tx, session.uuid(), 0, 1).await?;
        let now = tx.now();
        nodes::interrupt(tx, session, now, name).await
    }

    /// Gives a recording its film, and one chapter.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn give_film(
        tx: &mut TenantTx,
        recording: RecordingId,
        film: FileId,
        chapter: &str,
    ) -> Result<(), StoreError> {
        let reel = Reel { file: film, seconds: 1, bytes: 1 };
        recordings::settle(tx, recording, Some(Outcome::Ready(reel))).await?;
        recordings::mark(tx, recording, &[chapter.to_owned()], &[0]).await
    }
}

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

/// What this module's jobs need.
#[derive(Clone)]
pub struct Tools {
    /// Tells which item of an agenda was taken up when.
    pub bodies: Arc<dyn BodiesRead>,
    /// Keeps recordings.
    pub files: Files,
    /// Makes films.
    pub ffmpeg: Tool,
    /// A folder of this machine with room for a film and what it is made of.
    pub folder: Arc<Path>,
    /// In which the names of films tell the time.
    pub time_zone: Tz,
}

/// Adds the jobs. Making a film takes long, and is done beside what is quick.
#[must_use]
pub fn register(worker: Worker, tools: Tools) -> Worker {
    let compose = Arc::new(tools);
    let remove = compose.clone();
    worker
        .handle_slowly(move |context, job| {
            let tools = compose.clone();
            async move { jobs::compose_recording(&context, &tools, job).await }
        })
        .handle(move |context, job| {
            let tools = remove.clone();
            async move { jobs::remove_recording(&context, &tools, job).await }
        })
}

/// Adds what this module does when others tell something.
#[must_use]
pub fn react(reactions: Reactions) -> Reactions {
    reactions::register(reactions)
}
