//! The servers that carry rooms: this one's lease, the rooms that it has, and what is done about those that are lost.

use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::TenantId;
use plenum_sfu::{Place, Placement, Unplaced};
use plenum_tenancy::store::tenants;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Attendance, SfuRooms,
    attendance::tell,
    store::{
        self,
        nodes::{self, Bearing, Life},
    },
};

/// How long a server is believed to be alive after it was heard last. Long enough for a disk that holds up the database for a
/// while, short enough for people who wait for their room.
pub const LEASE: Duration = Duration::from_secs(5);
/// How often the lease is renewed.
const RENEWAL: Duration = Duration::from_secs(1);
/// A server that does not hear the others either is believed to be alive for so long only: it has missed two renewals.
const LEASE_OF_THE_DEAF: Duration = Duration::from_millis(2_500);
/// Attempts to place a room while others place it as well.
const ATTEMPTS: usize = 8;

/// This server, as those who write for it call it.
#[derive(Debug)]
pub(crate) struct Here {
    name: Arc<str>,
    /// 0 before the first one begins.
    life: AtomicI64,
    /// The rooms that it has, and the epochs of that. None where one server has all rooms.
    held: Option<Mutex<HashMap<Uuid, i64>>>,
}

impl Here {
    pub(crate) fn new(name: &str, together: bool) -> Self {
        Self { name: Arc::from(name), life: AtomicI64::new(0), held: together.then(Mutex::default) }
    }

    fn life(&self) -> i64 {
        self.life.load(Ordering::Acquire)
    }

    /// What attendance calls it: by its name and its life.
    pub(crate) fn label(&self) -> String {
        match self.life() {
            0 => self.name.to_string(),
            life => label(&self.name, life),
        }
    }

    fn held(&self) -> Option<MutexGuard<'_, HashMap<Uuid, i64>>> {
        Some(self.held.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether this server has a room, in the eyes of all; no other gets it until the transaction ends.
    pub(crate) async fn holds(&self, tx: &mut TenantTx, room: Uuid) -> Result<bool, StoreError> {
        let epoch = match self.held() {
            None => return Ok(true),
            Some(held) => held.get(&room).copied(),
        };
        match epoch {
            Some(epoch) => nodes::holds(tx, room, self.life(), epoch).await,
            None => Ok(false),
        }
    }

    /// Nobody is in the room any more.
    pub(crate) async fn release(&self, tx: &mut TenantTx, room: Uuid) -> Result<(), StoreError> {
        let epoch = self.held().and_then(|mut held| held.remove(&room));
        match epoch {
            Some(epoch) => nodes::release(tx, room, self.life(), epoch).await,
            None => Ok(()),
        }
    }
}

fn label(name: &str, life: i64) -> String {
    format!("{name}/{life}")
}

/// The servers that carry rooms, as this one sees them. Clones share everything.
#[derive(Clone)]
pub struct Nodes {
    attendance: Attendance,
    rooms: SfuRooms,
    lease: Duration,
    others: Arc<RwLock<HashSet<SocketAddr>>>,
    judgement: Arc<Mutex<Judgement>>,
}

/// Whether this server may count others as dead. After the database was away for longer than a lease lasts, all leases have
/// ended, and whoever is back first must not bury the rest.
#[derive(Debug, Default)]
struct Judgement {
    renewed: Option<Instant>,
    waits_until: Option<Instant>,
}

impl Judgement {
    /// The lease was renewed now; `begun` says when that was begun.
    fn renewed(&mut self, begun: Instant, lease: Duration) {
        let was_late = self.renewed.is_some_and(|renewed| begun.saturating_duration_since(renewed) > lease);
        if was_late {
            self.waits_until = Some(begun + lease);
        }
        self.renewed = Some(begun);
    }

    fn may_judge(&self, now: Instant, lease: Duration) -> bool {
        let is_on_time = self.renewed.is_some_and(|renewed| now.saturating_duration_since(renewed) <= lease);
        is_on_time && self.waits_until.is_none_or(|until| now >= until)
    }
}

impl Nodes {
    /// Takes what keeps the attendance and the rooms of this server.
    #[must_use]
    pub fn new(attendance: Attendance, rooms: SfuRooms, lease: Duration) -> Self {
        Self { attendance, rooms, lease, others: Arc::default(), judgement: Arc::default() }
    }

    fn here(&self) -> &Here {
        self.attendance.here()
    }

    fn judgement(&self) -> MutexGuard<'_, Judgement> {
        self.judgement.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn may_judge(&self) -> bool {
        self.judgement().may_judge(Instant::now(), self.lease)
    }

    /// Whether rooms are carried together with other servers.
    fn together(&self) -> bool {
        self.here().held.is_some()
    }

    /// Begins a life of this server: what its earlier ones left behind is ended, so that nobody is counted present who is
    /// not.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn begin(&self) -> Result<(), StoreError> {
        let media: Vec<String> = self.rooms.media().into_iter().map(|address| address.to_string()).collect();
        let here = self.here();
        let mut tx = self.attendance.db().global(None).await?;
        let bearing = Bearing {
            name: &here.name,
            media: &media,
            takes_rooms: self.rooms.take_rooms(),
            lease: self.lease,
        };
        let life = nodes::begin(&mut tx, bearing).await?;
        let earlier = nodes::earlier(&mut tx, &here.name, life).await?;
        tx.commit().await?;
        if let Some(mut held) = here.held() {
            held.clear();
        }
        here.life.store(life, Ordering::Release);
        *self.judgement() = Judgement { renewed: Some(Instant::now()), waits_until: None };
        tracing::info!(name = %here.name, life, "this server carries rooms");
        for life in earlier {
            self.bury(&life).await?;
        }
        // What was written before servers led lives, under the name alone.
        self.end_all_of(&here.name, self.attendance.db().clock().now(), false).await
    }

    /// Renews the lease, and ends what lost servers left behind, until it is told to stop.
    pub async fn keep(self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(RENEWAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            // Rooms go on while the database is away: nobody can take them over without it.
            if let Err(error) = self.turn().await {
                tracing::warn!(error = &error as &dyn std::error::Error, "the lease was not renewed");
            }
        }
    }

    /// One round of [`keep`](Self::keep).
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn turn(&self) -> Result<(), StoreError> {
        let (life, begun) = (self.here().life(), Instant::now());
        let people = i32::try_from(self.rooms.people()).unwrap_or(i32::MAX);
        let mut tx = self.attendance.db().global(None).await?;
        if !nodes::renew(&mut tx, life, people, self.rooms.take_rooms(), self.lease).await? {
            tx.commit().await?;
            return self.rise(life).await;
        }
        self.judgement().renewed(begun, self.lease);
        if !self.together() {
            return tx.commit().await;
        }
        let media = nodes::media_of_others(&mut tx, life).await?;
        let lost = nodes::lost(&mut tx, life).await?;
        tx.commit().await?;
        *self.others.write().unwrap_or_else(PoisonError::into_inner) =
            media.iter().filter_map(|address| address.parse().ok()).collect();
        for life in if self.may_judge() { lost } else { Vec::new() } {
            if self.declare_dead(life.life, &life.name, Duration::ZERO).await? {
                self.bury(&life).await?;
            }
        }
        Ok(())
    }

    /// Others have counted this server as dead: it lets its rooms go, and begins anew.
    async fn rise(&self, life: i64) -> Result<(), StoreError> {
        if self.here().life() != life {
            return Ok(());
        }
        let mut tx = self.attendance.db().global(None).await?;
        let is_double = nodes::has_later(&mut tx, &self.here().name, life).await?;
        tx.commit().await?;
        if is_double {
            // Each of the two would end what the other one begins, again and again.
            tracing::error!(
                name = %self.here().name,
                "another server of this name has been started since: give each a name of its own (PLENUM_NODE)"
            );
            if self.together() {
                self.rooms.let_go().await;
            }
            return Ok(());
        }
        tracing::error!(
            name = %self.here().name, life,
            "other servers have counted this one as dead; its rooms are let go"
        );
        self.rooms.let_go().await;
        self.begin().await
    }

    /// Counts a life as dead, unless it has been renewed meanwhile, and tells whoever leads it.
    async fn declare_dead(&self, life: i64, name: &str, early: Duration) -> Result<bool, StoreError> {
        let mut tx = self.attendance.db().global(None).await?;
        let dead = nodes::declare_dead(&mut tx, life, early).await?;
        tx.commit().await?;
        if dead {
            tracing::warn!(name, life, "a server is counted as dead");
            self.rooms.declare_dead(name, life).await;
        }
        Ok(dead)
    }

    /// Ends what a life left behind, as of the moment when it was there last, and forgets it.
    async fn bury(&self, life: &Life) -> Result<(), StoreError> {
        self.end_all_of(&label(&life.name, life.life), life.seen_at, true).await?;
        self.forget(life.life).await
    }

    /// Ends the connections that attendance has under this name, as of a moment; where there were any, the session was
    /// `interrupted` or not.
    async fn end_all_of(&self, node: &str, at: DateTime<Utc>, interrupted: bool) -> Result<(), StoreError> {
        let mut tx = self.attendance.db().global(None).await?;
        let tenants = tenants::all(&mut tx).await?;
        drop(tx);
        for tenant in tenants {
            let mut tx = self.attendance.open(tenant).await?;
            for session in store::end_all_of(&mut tx, node, at).await? {
                if interrupted {
                    nodes::interrupt(&mut tx, session, at, node).await?;
                }
                tell(&mut tx, session).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }

    async fn forget(&self, life: i64) -> Result<(), StoreError> {
        let mut tx = self.attendance.db().global(None).await?;
        nodes::forget(&mut tx, life).await?;
        tx.commit().await
    }

    /// Ends this life, which begins no other. A departure that could not be told in time is told now: who would end it when
    /// the life is forgotten?
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn retire(&self) -> Result<(), StoreError> {
        let here = self.here();
        self.end_all_of(&here.label(), self.attendance.db().clock().now(), false).await?;
        self.forget(here.life()).await
    }

    /// Whether another server takes media at this address.
    #[must_use]
    pub fn takes_media_at(&self, address: SocketAddr) -> bool {
        self.others.read().unwrap_or_else(PoisonError::into_inner).contains(&address)
    }

    async fn find(
        &self,
        tenant: TenantId,
        room: Uuid,
        takes: bool,
        deaf: bool,
    ) -> Result<Option<Place>, StoreError> {
        let here = self.here();
        let early = if deaf { self.lease.saturating_sub(LEASE_OF_THE_DEAF) } else { Duration::ZERO };
        for _ in 0..ATTEMPTS {
            let mut tx = self.attendance.open(tenant).await?;
            let life = here.life();
            let known = nodes::placed(&mut tx, room, early).await?;
            if let Some(known) = &known {
                if known.alive && (known.life != life || takes) {
                    if known.life != life {
                        return Ok(known.name.as_deref().map(|name| Place::At(Arc::from(name))));
                    }
                    here.held().map(|mut held| held.insert(room, known.epoch));
                    return Ok(Some(Place::Here));
                }
                if !known.alive && !known.dead && !self.may_judge() {
                    // It is asked, and answers if it lives.
                    return Ok(known.name.as_deref().map(|name| Place::At(Arc::from(name))));
                }
                if !known.alive && !known.dead {
                    drop(tx);
                    self.declare_dead(known.life, known.name.as_deref().unwrap_or_default(), early).await?;
                    continue;
                }
            }
            let Some((chosen, name)) = nodes::choose(&mut tx, life, takes).await? else { return Ok(None) };
            let epoch = known.map_or(0, |known| known.epoch) + 1;
            if !nodes::put(&mut tx, room, chosen, epoch).await? {
                continue;
            }
            tx.commit().await?;
            tracing::info!(room.id = %room, node = name, epoch, "a room has a place");
            if chosen != life {
                return Ok(Some(Place::At(Arc::from(name))));
            }
            here.held().map(|mut held| held.insert(room, epoch));
            return Ok(Some(Place::Here));
        }
        Ok(None)
    }
}

#[async_trait]
impl Placement for Nodes {
    async fn place(&self, scope: Uuid, room: Uuid, takes: bool, deaf: bool) -> Result<Place, Unplaced> {
        match self.find(TenantId::from(scope), room, takes, deaf).await {
            Ok(Some(place)) => Ok(place),
            Ok(None) => Err(Unplaced(None)),
            Err(error) => Err(Unplaced(Some(Box::new(error)))),
        }
    }

    async fn declared_dead(&self, life: i64) {
        if let Err(error) = self.rise(life).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a server that is counted as dead did not begin anew"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(5);

    #[test]
    fn who_was_away_for_longer_than_a_lease_judges_nobody_for_as_long_as_one() {
        let start = Instant::now();
        let after = |seconds: u64| start + Duration::from_secs(seconds);
        let mut judgement = Judgement::default();
        assert!(!judgement.may_judge(start, LONG), "it has no lease itself");
        judgement.renewed(start, LONG);
        judgement.renewed(after(5), LONG);
        assert!(judgement.may_judge(after(6), LONG));
        assert!(!judgement.may_judge(after(11), LONG), "its own lease has ended");
        // The database is back.
        judgement.renewed(after(20), LONG);
        assert!(!judgement.may_judge(after(20), LONG));
        for second in 21..25 {
            judgement.renewed(after(second), LONG);
            assert!(!judgement.may_judge(after(second), LONG));
        }
        judgement.renewed(after(25), LONG);
        assert!(judgement.may_judge(after(25), LONG));
    }
}
