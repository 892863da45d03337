//! From the SFU's connections to attendance.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use plenum_authz::Viewer;
use plenum_bodies_api::SessionId;
use plenum_db::{Access, Db, OpenError, StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_live::Topic;
use plenum_meetings_api::{Interruption, MeetingsRead, Presence, Recorded, Rooms};
use plenum_sfu::{Refused, RoomEvents, RoomToken, Sfu};
use uuid::Uuid;

use crate::{nodes::Here, permissions::ATTEND, store};

/// Writes attendance, and answers who is present.
#[derive(Clone)]
pub struct Attendance {
    db: Db,
    here: Arc<Here>,
}

impl Attendance {
    /// Takes the server's name: the same at each start, so that what it left behind can be found. It has all rooms.
    #[must_use]
    pub fn new(db: Db, node: &str) -> Self {
        Self { db, here: Arc::new(Here::new(node, false)) }
    }

    /// The same for a server that carries rooms together with others: what it tells of rooms that it has not is refused.
    #[must_use]
    pub fn together(db: Db, node: &str) -> Self {
        Self { db, here: Arc::new(Here::new(node, true)) }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    pub(crate) fn here(&self) -> &Here {
        &self.here
    }

    /// Records that a person entered a room by other means than this server's media: a check-in at the door, a
    /// connection to another server. Returns the connection's id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn enter(&self, token: &RoomToken) -> Result<Uuid, StoreError> {
        let connection = Uuid::now_v7();
        let mut tx = self.open(TenantId::from(token.scope)).await?;
        self.write_joined(&mut tx, token, connection).await?;
        tx.commit().await?;
        Ok(connection)
    }

    pub(crate) async fn open(&self, tenant: TenantId) -> Result<TenantTx, StoreError> {
        self.db.tenant(&Viewer::system(tenant, "meetings"), ATTEND, Access::Write).await.map_err(|error| {
            match error {
                OpenError::Store(error) => error,
                OpenError::Forbidden { .. } => unreachable!("the platform itself is always allowed"),
            }
        })
    }

    /// Records that somebody entered a room of this server; false when it has not that room, in the eyes of all.
    pub(crate) async fn record_joined(
        &self,
        token: &RoomToken,
        connection: Uuid,
    ) -> Result<bool, StoreError> {
        let mut tx = self.open(TenantId::from(token.scope)).await?;
        if !self.here.holds(&mut tx, token.room).await? {
            return Ok(false);
        }
        self.write_joined(&mut tx, token, connection).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Nobody is in this room of an organization any more.
    pub(crate) async fn release(&self, tenant: TenantId, room: Uuid) -> Result<(), StoreError> {
        let mut tx = self.open(tenant).await?;
        self.here.release(&mut tx, room).await?;
        tx.commit().await
    }

    async fn write_joined(
        &self,
        tx: &mut TenantTx,
        token: &RoomToken,
        connection: Uuid,
    ) -> Result<(), StoreError> {
        let session = SessionId::from(token.room);
        let account = AccountId::from(token.participant);
        store::joined(tx, connection, session, account, &self.here.label()).await?;
        tell(tx, session).await
    }

    async fn write_left(&self, token: &RoomToken, connection: Uuid) -> Result<(), StoreError> {
        let mut tx = self.open(TenantId::from(token.scope)).await?;
        store::left(&mut tx, connection).await?;
        tell(&mut tx, SessionId::from(token.room)).await?;
        tx.commit().await
    }
}

pub(crate) async fn tell(tx: &mut TenantTx, session: SessionId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), session);
    plenum_live::touch(tx, &topic).await
}

#[async_trait]
impl RoomEvents for Attendance {
    async fn joined(&self, token: &RoomToken, connection: Uuid) {
        if let Err(error) = self.record_joined(token, connection).await {
            tracing::error!(%error, session.id = %token.room, "could not record an arrival");
        }
    }

    async fn left(&self, token: &RoomToken, connection: Uuid) {
        if let Err(error) = self.write_left(token, connection).await {
            tracing::error!(%error, session.id = %token.room, "could not record a departure");
        }
    }

    async fn refused(&self, why: Refused) {
        tracing::warn!(?why, "the media server refused a connection");
    }
}

#[async_trait]
impl MeetingsRead for Attendance {
    async fn presence(&self, tx: &mut TenantTx, session: SessionId) -> Result<Vec<Presence>, StoreError> {
        store::presence(tx, session).await
    }

    async fn recorded(&self, tx: &mut TenantTx, session: SessionId) -> Result<Vec<Recorded>, StoreError> {
        store::recordings::spans(tx, session).await
    }

    async fn interruptions(
        &self,
        tx: &mut TenantTx,
        session: SessionId,
    ) -> Result<Vec<Interruption>, StoreError> {
        store::nodes::interruptions(tx, session).await
    }

    async fn time_in_room(
        &self,
        tx: &mut TenantTx,
        room: Uuid,
        account: AccountId,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<TimeDelta, StoreError> {
        Ok(TimeDelta::seconds(store::seconds_in_room(tx, room, account, from, until).await?))
    }
}

/// Tells the rooms of this server. Made before the SFU, which needs the attendance, which others need first.
#[derive(Clone, Default)]
pub struct SfuRooms(Arc<OnceLock<Sfu>>);

impl SfuRooms {
    /// Hands over the SFU, once it is there.
    pub fn set(&self, sfu: Sfu) {
        // A second one is never made: the first stays.
        self.0.set(sfu).ok();
    }
}

impl SfuRooms {
    /// Ends the connections of a participant.
    pub(crate) async fn remove(&self, room: Uuid, participant: Uuid) {
        if let Some(sfu) = self.0.get() {
            sfu.remove(room, participant).await;
        }
    }

    /// Where this server takes media.
    pub(crate) fn media(&self) -> Vec<SocketAddr> {
        self.0.get().map(|sfu| sfu.addresses().told().collect()).unwrap_or_default()
    }

    /// How many people are in the rooms of this server.
    pub(crate) fn people(&self) -> usize {
        self.0.get().map_or(0, Sfu::connections)
    }

    /// Whether rooms may begin here.
    pub(crate) fn take_rooms(&self) -> bool {
        self.0.get().is_some_and(Sfu::takes_rooms)
    }

    /// Lets all rooms go.
    pub(crate) async fn let_go(&self) {
        if let Some(sfu) = self.0.get() {
            sfu.let_go().await;
        }
    }

    /// Lets a room go.
    pub(crate) async fn let_go_of(&self, room: Uuid) {
        if let Some(sfu) = self.0.get() {
            sfu.let_go_of(room).await;
        }
    }

    /// Tells another server that it is counted as dead.
    pub(crate) async fn declare_dead(&self, name: &str, life: i64) {
        if let Some(sfu) = self.0.get() {
            sfu.declare_dead(name, life).await;
        }
    }

    /// Records a room from now on, or no more.
    pub(crate) async fn record(&self, room: Uuid, scope: Uuid, recording: Option<Uuid>) {
        if let Some(sfu) = self.0.get() {
            match recording {
                Some(recording) => sfu.record(room, scope, recording).await,
                None => sfu.end_recording(room).await,
            }
        }
    }

    /// Ends the connections of all who watch a room.
    pub(crate) async fn end_watching(&self, room: Uuid) {
        if let Some(sfu) = self.0.get() {
            sfu.end_watching(room).await;
        }
    }
}

#[async_trait]
impl Rooms for SfuRooms {
    async fn close(&self, session: SessionId) {
        if let Some(sfu) = self.0.get() {
            sfu.close_room(session.uuid()).await;
        }
    }
}
