//! From the SFU's connections to attendance.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use plenum_authz::Viewer;
use plenum_bodies_api::SessionId;
use plenum_db::{Access, Db, OpenError, StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_live::Topic;
use plenum_meetings_api::{MeetingsRead, Presence, Recorded, Rooms};
use plenum_sfu::{Refused, RoomEvents, RoomToken, Sfu};
use plenum_tenancy::store::tenants;
use uuid::Uuid;

use crate::{permissions::ATTEND, store};

/// Writes attendance, and answers who is present.
#[derive(Clone)]
pub struct Attendance {
    db: Db,
    /// This server's name in the attendance.
    node: Arc<str>,
}

impl Attendance {
    /// Takes the server's name: the same at each start, so that what it left behind can be found.
    #[must_use]
    pub fn new(db: Db, node: &str) -> Self {
        Self { db, node: Arc::from(node) }
    }

    /// Ends the connections that this server held when it died: nobody is counted present who is not.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn recover(&self) -> Result<(), StoreError> {
        let mut tx = self.db.global(None).await?;
        let tenants = tenants::all(&mut tx).await?;
        drop(tx);
        for tenant in tenants {
            let mut tx = self.open(tenant).await?;
            for session in store::end_all_of(&mut tx, &self.node).await? {
                tell(&mut tx, session).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    /// Records that a person entered a room by other means than this server's media: a check-in at the door, a
    /// connection to another server. Returns the connection's id.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn enter(&self, token: &RoomToken) -> Result<Uuid, StoreError> {
        let connection = Uuid::now_v7();
        self.write_joined(token, connection).await?;
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

    async fn write_joined(&self, token: &RoomToken, connection: Uuid) -> Result<(), StoreError> {
        let session = SessionId::from(token.room);
        let mut tx = self.open(TenantId::from(token.scope)).await?;
        store::joined(&mut tx, connection, session, AccountId::from(token.participant), &self.node).await?;
        tell(&mut tx, session).await?;
        tx.commit().await
    }

    async fn write_left(&self, token: &RoomToken, connection: Uuid) -> Result<(), StoreError> {
        let mut tx = self.open(TenantId::from(token.scope)).await?;
        store::left(&mut tx, connection).await?;
        tell(&mut tx, SessionId::from(token.room)).await?;
        tx.commit().await
    }
}

async fn tell(tx: &mut TenantTx, session: SessionId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), session);
    plenum_live::touch(tx, &topic).await
}

#[async_trait]
impl RoomEvents for Attendance {
    async fn joined(&self, token: &RoomToken, connection: Uuid) {
        if let Err(error) = self.write_joined(token, connection).await {
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
