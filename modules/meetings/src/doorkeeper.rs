//! Puts people out of running rooms who may not be there any more.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use futures_util::StreamExt;
use plenum_authz::{Permission, Viewer};
use plenum_bodies_api::{BodiesRead, Entry, SessionId};
use plenum_db::StoreError;
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_live::{Live, Topic};
use plenum_meetings_api::{RecordingId, Rooms as _};
use plenum_sfu::{Part, Refused, RoomEvents, RoomToken};
use plenum_tenancy::store::{access, grants};
use tokio::task::AbortHandle;
use uuid::Uuid;

use crate::{
    Attendance, SfuRooms,
    permissions::JOIN,
    store::{
        broadcasts::{self, Broadcast},
        recordings,
    },
};

/// Stands between this server's media and the attendance. Who is let in is watched for as long as the connection lasts:
/// when access, a role or the seat is withdrawn, on whichever server, the push of it makes this one look again. The first
/// look is at the arrival: a token that was signed before the withdrawal opens the door for a moment only.
#[derive(Clone)]
pub struct Doorkeeper {
    attendance: Attendance,
    bodies: Arc<dyn BodiesRead>,
    rooms: SfuRooms,
    live: Live,
    elsewhere: Permission,
    watches: Arc<Mutex<HashMap<Uuid, AbortHandle>>>,
    opened: Arc<Mutex<HashMap<Uuid, Opened>>>,
}

/// A room that somebody is in. Whether it is recorded, and whether watchers and encoders may be there, is looked at for as
/// long.
struct Opened {
    /// All who are there, by their connections: as what, and as whom.
    present: HashMap<Uuid, (Part, Uuid)>,
    watch: AbortHandle,
}

impl Doorkeeper {
    /// Takes what keeps attendance, tells who may enter, ends connections, and brings news; and what somebody has to be
    /// allowed who is in a room that is no session's.
    #[must_use]
    pub fn new(
        attendance: Attendance,
        bodies: Arc<dyn BodiesRead>,
        rooms: SfuRooms,
        live: Live,
        elsewhere: Permission,
    ) -> Self {
        let (watches, opened) = (Arc::default(), Arc::default());
        Self { attendance, bodies, rooms, live, elsewhere, watches, opened }
    }

    async fn watch(self, token: RoomToken) {
        let (tenant, account) = (TenantId::from(token.scope), AccountId::from(token.participant));
        let topics = vec![Topic::access(tenant, account), Topic::own_roles(tenant)];
        let mut news = Box::pin(self.live.watch_any(topics));
        while news.next().await.is_some() {
            match self.may_stay(tenant, account, token.room).await {
                Ok(true) => {}
                Ok(false) => {
                    tracing::info!(account.id = %account, room.id = %token.room, "put out of a room");
                    self.rooms.remove(token.room, token.participant).await;
                }
                // Who cannot be asked about stays: a database that is away for a moment must not end a session.
                Err(error) => tracing::error!(%error, room.id = %token.room, "could not look who may stay"),
            }
        }
    }

    async fn may_stay(&self, tenant: TenantId, account: AccountId, room: Uuid) -> Result<bool, StoreError> {
        let mut tx = self.attendance.open(tenant).await?;
        let found = access::entry(&mut tx, account).await?;
        if !found.admitted {
            return Ok(false);
        }
        let grants = grants::of_account(&mut tx, account).await?;
        let viewer = Viewer { off: found.off, ..Viewer::person(account, tenant, grants) };
        if !tx.policy().allows_somewhere(&viewer, JOIN) {
            return Ok(false);
        }
        // A session that is over closes its room by itself.
        Ok(match self.bodies.entry(&mut tx, SessionId::from(room), account).await? {
            Entry::NotInvited => false,
            Entry::NoSession => tx.policy().allows_somewhere(&viewer, self.elsewhere),
            Entry::Admitted(_) | Entry::Over => true,
        })
    }

    /// Looks whether a room is recorded, and whether those who are no participants may be in it, now and whenever something
    /// of its session changes.
    async fn watch_room(self, tenant: TenantId, room: Uuid) {
        let mut news = Box::pin(self.live.watch(Topic::of(tenant, SessionId::from(room))));
        while news.next().await.is_some() {
            self.look_at(tenant, room).await;
        }
    }

    async fn look_at(&self, tenant: TenantId, room: Uuid) {
        let (broadcast, recording) = match self.read(tenant, room).await {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, room.id = %room, "could not look who may watch, and whether to record");
                return;
            }
        };
        self.rooms.record(room, tenant.uuid(), recording.map(TypedId::uuid)).await;
        let present: Vec<(Part, Uuid)> = match self.opened().get(&room) {
            Some(opened) => opened.present.values().copied().collect(),
            None => return,
        };
        if let Some((_, person)) = present.iter().find(|(part, _)| *part == Part::Person) {
            match self.is_over(tenant, room, AccountId::from(*person)).await {
                // Whoever closed the session may have done so by another server.
                Ok(true) => self.rooms.close(SessionId::from(room)).await,
                Ok(false) => {}
                Err(error) => tracing::error!(%error, room.id = %room, "could not look whether it is over"),
            }
        }
        let is_on = broadcast.as_ref().is_some_and(|broadcast| broadcast.started_at.is_some());
        if !is_on && present.iter().any(|(part, _)| *part == Part::Watcher) {
            self.rooms.end_watching(room).await;
        }
        let encoder = broadcast.and_then(|broadcast| broadcast.encoder);
        for (_, device) in
            present.iter().filter(|(part, device)| *part == Part::Device && Some(*device) != encoder)
        {
            tracing::info!(room.id = %room, "put an encoder out of a room");
            self.rooms.remove(room, *device).await;
        }
    }

    async fn is_over(&self, tenant: TenantId, room: Uuid, account: AccountId) -> Result<bool, StoreError> {
        let mut tx = self.attendance.open(tenant).await?;
        Ok(self.bodies.entry(&mut tx, SessionId::from(room), account).await? == Entry::Over)
    }

    async fn read(
        &self,
        tenant: TenantId,
        room: Uuid,
    ) -> Result<(Option<Broadcast>, Option<RecordingId>), StoreError> {
        let session = SessionId::from(room);
        let mut tx = self.attendance.open(tenant).await?;
        Ok((broadcasts::of_session(&mut tx, session).await?, recordings::now(&mut tx, session).await?))
    }

    fn opened(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody is there from now on; whether the room has to be looked at because of them. The watch that begins with the
    /// first one looks by itself, and of people only the first changes anything: a recording begins with them.
    fn come(&self, token: &RoomToken, connection: Uuid) -> bool {
        let mut opened = self.opened();
        let known = opened.get(&token.room);
        let has_people =
            known.is_some_and(|room| room.present.values().any(|(part, _)| *part == Part::Person));
        let looks = known.is_some() && !(token.part == Part::Person && has_people);
        let tenant = TenantId::from(token.scope);
        let room = opened.entry(token.room).or_insert_with(|| Opened {
            present: HashMap::new(),
            watch: tokio::spawn(self.clone().watch_room(tenant, token.room)).abort_handle(),
        });
        room.present.insert(connection, (token.part, token.participant));
        looks
    }

    /// Somebody is gone; whether nobody is there any more.
    fn go(&self, room: Uuid, connection: Uuid) -> bool {
        let mut opened = self.opened();
        let Some(known) = opened.get_mut(&room) else { return false };
        known.present.remove(&connection);
        let is_empty = known.present.is_empty();
        if is_empty {
            known.watch.abort();
            opened.remove(&room);
        }
        is_empty
    }

    fn watches(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, AbortHandle>> {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl RoomEvents for Doorkeeper {
    async fn joined(&self, token: &RoomToken, connection: Uuid) {
        if token.part == Part::Person {
            match self.attendance.record_joined(token, connection).await {
                Ok(true) => {}
                Ok(false) => {
                    tracing::warn!(room.id = %token.room, "another server has this room");
                    self.rooms.let_go_of(token.room).await;
                }
                Err(error) => {
                    tracing::error!(%error, session.id = %token.room, "could not record an arrival");
                }
            }
            let watch = tokio::spawn(self.clone().watch(token.clone()));
            self.watches().insert(connection, watch.abort_handle());
        }
        if self.come(token, connection) {
            self.look_at(TenantId::from(token.scope), token.room).await;
        }
    }

    async fn left(&self, token: &RoomToken, connection: Uuid) {
        let is_empty = self.go(token.room, connection);
        if token.part == Part::Person {
            if let Some(watch) = self.watches().remove(&connection) {
                watch.abort();
            }
            self.attendance.left(token, connection).await;
        }
        // After the last word about it.
        if is_empty && let Err(error) = self.attendance.release(TenantId::from(token.scope), token.room).await
        {
            tracing::warn!(%error, room.id = %token.room, "an empty room was not released");
        }
    }

    async fn refused(&self, why: Refused) {
        self.attendance.refused(why).await;
    }
}
