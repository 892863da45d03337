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
use plenum_kernel::{AccountId, TenantId};
use plenum_live::{Live, Topic};
use plenum_sfu::{Part, Refused, RoomEvents, RoomToken};
use plenum_tenancy::store::{access, grants};
use tokio::task::AbortHandle;
use uuid::Uuid;

use crate::{
    Attendance, SfuRooms,
    permissions::JOIN,
    store::broadcasts::{self, Broadcast},
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
    strangers: Arc<Mutex<HashMap<Uuid, Strangers>>>,
}

/// Watchers and encoders of a room, who are let in by its broadcast and by nothing else.
struct Strangers {
    /// By their connections: as what, and as whom.
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
        let (watches, strangers) = (Arc::default(), Arc::default());
        Self { attendance, bodies, rooms, live, elsewhere, watches, strangers }
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

    /// Looks whether those who are no participants may be in a room, now and whenever something of its session changes.
    async fn watch_strangers(self, tenant: TenantId, room: Uuid) {
        let mut news = Box::pin(self.live.watch(Topic::of(tenant, SessionId::from(room))));
        while news.next().await.is_some() {
            self.look_at_strangers(tenant, room).await;
        }
    }

    async fn look_at_strangers(&self, tenant: TenantId, room: Uuid) {
        let broadcast = match self.broadcast(tenant, room).await {
            Ok(broadcast) => broadcast,
            Err(error) => {
                tracing::error!(%error, room.id = %room, "could not look who may watch");
                return;
            }
        };
        let present: Vec<(Part, Uuid)> = match self.strangers().get(&room) {
            Some(strangers) => strangers.present.values().copied().collect(),
            None => return,
        };
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

    async fn broadcast(&self, tenant: TenantId, room: Uuid) -> Result<Option<Broadcast>, StoreError> {
        let mut tx = self.attendance.open(tenant).await?;
        broadcasts::of_session(&mut tx, SessionId::from(room)).await
    }

    fn strangers(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Strangers>> {
        self.strangers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody like them is there already, so that a watch is kept.
    fn add_stranger(&self, token: &RoomToken, connection: Uuid) -> bool {
        let mut strangers = self.strangers();
        let kept = strangers.contains_key(&token.room);
        let tenant = TenantId::from(token.scope);
        let known = strangers.entry(token.room).or_insert_with(|| Strangers {
            present: HashMap::new(),
            watch: tokio::spawn(self.clone().watch_strangers(tenant, token.room)).abort_handle(),
        });
        known.present.insert(connection, (token.part, token.participant));
        kept
    }

    fn forget_stranger(&self, room: Uuid, connection: Uuid) {
        let mut strangers = self.strangers();
        if let Some(known) = strangers.get_mut(&room) {
            known.present.remove(&connection);
            if known.present.is_empty() {
                known.watch.abort();
                strangers.remove(&room);
            }
        }
    }

    fn watches(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, AbortHandle>> {
        self.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl RoomEvents for Doorkeeper {
    async fn joined(&self, token: &RoomToken, connection: Uuid) {
        if token.part != Part::Person {
            // The first of them is looked at by the watch that begins with them.
            if self.add_stranger(token, connection) {
                self.look_at_strangers(TenantId::from(token.scope), token.room).await;
            }
            return;
        }
        self.attendance.joined(token, connection).await;
        let watch = tokio::spawn(self.clone().watch(token.clone()));
        self.watches().insert(connection, watch.abort_handle());
    }

    async fn left(&self, token: &RoomToken, connection: Uuid) {
        if token.part != Part::Person {
            self.forget_stranger(token.room, connection);
            return;
        }
        if let Some(watch) = self.watches().remove(&connection) {
            watch.abort();
        }
        self.attendance.left(token, connection).await;
    }

    async fn refused(&self, why: Refused) {
        self.attendance.refused(why).await;
    }
}
