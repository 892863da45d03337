//! The worker.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::TimeDelta;
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db, Listener, OpenError, Signal, StoreError, TenantTx};
use plenum_kernel::TenantId;
use plenum_tenancy::store::{deletions, tenants};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::{
    Job, JobId,
    queue::{self, CHANNEL, Claimed, Lane},
};

const RUN: Permission = Permission::new("jobs.run");
/// How long a claim holds without a sign of life.
const CLAIM: TimeDelta = TimeDelta::minutes(2);
/// How often a running job shows a sign of life.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// How often all tenants are looked at, for retries and missed signals.
const SWEEP: Duration = Duration::from_secs(15);
/// After so many attempts a job has failed.
const MAX_ATTEMPTS: i32 = 8;
/// How many tenants are served at once.
const CONCURRENCY: usize = 4;
/// How many slow jobs are done at once: each takes a core, which rooms need too.
const SLOW_CONCURRENCY: usize = 1;

/// What a handler knows of its job.
#[derive(Clone)]
pub struct JobContext {
    /// The database.
    pub db: Db,
    /// The tenant that the job belongs to.
    pub tenant: TenantId,
    /// The job; the same at every attempt, so it can key what must happen once.
    pub job: JobId,
    /// Whether it is not tried again when it fails now.
    pub is_last_attempt: bool,
}

impl JobContext {
    /// Opens a writing transaction in the job's tenant, acting as the platform under `name`.
    ///
    /// # Errors
    /// [`JobError::Retry`] when the database fails.
    pub async fn write(&self, name: &'static str) -> Result<TenantTx, JobError> {
        let viewer = Viewer::system(self.tenant, name);
        self.db.tenant(&viewer, RUN, Access::Write).await.map_err(JobError::retry)
    }

    /// Opens a writing transaction in another tenant of the tree, for what the job delivers there. What crosses is an
    /// act that both sides can see: record it on both.
    ///
    /// # Errors
    /// [`JobError::Retry`] when the database fails, [`JobError::GiveUp`] when that tenant is being deleted, or was.
    pub async fn write_in(&self, tenant: TenantId, name: &'static str) -> Result<TenantTx, JobError> {
        let viewer = Viewer::system(tenant, name);
        let mut tx = self.db.tenant(&viewer, RUN, Access::Write).await.map_err(JobError::retry)?;
        if deletions::has_begun(&mut tx).await? {
            return Err(JobError::GiveUp("the other organization is deleted".to_owned()));
        }
        Ok(tx)
    }
}

/// Why a job did not do its work.
#[derive(Debug)]
pub enum JobError {
    /// It may work later: a server is down, a row is locked.
    Retry(String),
    /// It will never work.
    GiveUp(String),
}

impl JobError {
    /// Wraps an error that may pass.
    pub fn retry(error: impl std::error::Error) -> Self {
        Self::Retry(chain(&error))
    }

    /// Wraps an error that will not pass.
    pub fn give_up(error: impl std::error::Error) -> Self {
        Self::GiveUp(chain(&error))
    }
}

impl From<StoreError> for JobError {
    fn from(error: StoreError) -> Self {
        Self::retry(error)
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

type Handler = Box<
    dyn Fn(JobContext, Value) -> Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>> + Send + Sync,
>;

/// Runs jobs until stopped.
pub struct Worker {
    db: Db,
    /// This server's name in the claims.
    node: Arc<str>,
    handlers: HashMap<&'static str, Handler>,
    /// The kinds that are done in the slow lane.
    slow: Vec<String>,
}

impl Worker {
    /// A worker with no handlers yet, on a server of this name: the same at each start, so that the claims which it
    /// left behind when it died can be found.
    #[must_use]
    pub fn new(db: Db, node: &str) -> Self {
        Self { db, node: Arc::from(node), handlers: HashMap::new(), slow: Vec::new() }
    }

    /// Says how jobs of this kind are done.
    #[must_use]
    pub fn handle<J, F, R>(mut self, handler: F) -> Self
    where
        J: Job,
        F: Fn(JobContext, J) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        self.handlers.insert(
            J::KIND,
            Box::new(move |context, payload| {
                let handler = handler.clone();
                Box::pin(async move {
                    let job = serde_json::from_value(payload).map_err(JobError::give_up)?;
                    handler(context, job).await
                })
            }),
        );
        self
    }

    /// Says how jobs of this kind are done, which take minutes or hours: beside the others of their tenant, one after the
    /// other.
    #[must_use]
    pub fn handle_slowly<J, F, R>(mut self, handler: F) -> Self
    where
        J: Job,
        F: Fn(JobContext, J) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        self.slow.push(J::KIND.to_owned());
        self.handle(handler)
    }

    /// Works until `stop` is cancelled, then ends after the jobs in hand.
    ///
    /// # Errors
    /// [`StoreError`] when the first connection cannot be made; later failures are waited out.
    pub async fn run(self, stop: CancellationToken) -> Result<(), StoreError> {
        let mut listener = self.db.listen(&[CHANNEL]).await?;
        self.release().await?;
        let shared = Arc::new(Shared {
            worker: self,
            busy: Mutex::new(HashMap::new()),
            slots: Semaphore::new(CONCURRENCY),
            slow_slots: Semaphore::new(SLOW_CONCURRENCY),
            stop: stop.clone(),
        });
        let tracker = TaskTracker::new();
        let mut sweep = tokio::time::interval(SWEEP);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = sweep.tick() => shared.clone().sweep(&tracker).await,
                signal = next(&mut listener) => match signal {
                    Some(Signal::Sent { payload, .. }) => {
                        if let Ok(id) = Uuid::try_parse(&payload) {
                            shared.clone().serve(TenantId::from(id), &tracker);
                        }
                    }
                    Some(Signal::Gap) => shared.clone().sweep(&tracker).await,
                    None => {}
                },
            }
        }
        tracker.close();
        tracker.wait().await;
        Ok(())
    }

    /// Does everything that is due in a tenant now, in this task; returns how many jobs were attempted. For
    /// command-line tools and tests.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn drain(&self, tenant: TenantId) -> Result<usize, StoreError> {
        let mut count = 0;
        while self.step(tenant, Lane::Quick).await? || self.step(tenant, Lane::Slow).await? {
            count += 1;
        }
        Ok(count)
    }

    /// Does one due job of a lane; false when there was none.
    async fn step(&self, tenant: TenantId, lane: Lane) -> Result<bool, StoreError> {
        let mut tx = self.open(tenant).await?;
        let claimed = queue::claim(&mut tx, &self.node, CLAIM, lane, &self.slow).await?;
        tx.commit().await?;
        let Some(claimed) = claimed else { return Ok(false) };
        let outcome = self.execute(tenant, &claimed).await;
        let mut tx = self.open(tenant).await?;
        match outcome {
            Ok(()) => queue::finish(&mut tx, claimed.id, "done", None).await?,
            Err(JobError::GiveUp(error)) => {
                tracing::error!(job.id = %claimed.id, job.kind = claimed.kind, error, "a job failed for good");
                queue::finish(&mut tx, claimed.id, "failed", Some(&error)).await?;
            }
            Err(JobError::Retry(error)) if claimed.attempt >= MAX_ATTEMPTS => {
                tracing::error!(job.id = %claimed.id, job.kind = claimed.kind, error, "a job failed too often");
                queue::finish(&mut tx, claimed.id, "failed", Some(&error)).await?;
            }
            Err(JobError::Retry(error)) => {
                tracing::warn!(job.id = %claimed.id, job.kind = claimed.kind, error, "a job will be retried");
                // 2 s, 4 s, 8 s … about 8 minutes in all.
                let wait = TimeDelta::seconds(1 << claimed.attempt.clamp(1, 10));
                let run_at = tx.now() + wait;
                queue::retry(&mut tx, claimed.id, run_at, &error).await?;
            }
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn execute(&self, tenant: TenantId, claimed: &Claimed) -> Result<(), JobError> {
        let Some(handler) = self.handlers.get(claimed.kind.as_str()) else {
            return Err(JobError::Retry(format!("this server does not know jobs of kind {}", claimed.kind)));
        };
        let context = JobContext {
            db: self.db.clone(),
            tenant,
            job: claimed.id,
            is_last_attempt: claimed.attempt >= MAX_ATTEMPTS,
        };
        let work = handler(context, claimed.payload.clone());
        tokio::pin!(work);
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.tick().await;
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                _ = heartbeat.tick() => {
                    let mut tx = self.open(tenant).await?;
                    queue::extend(&mut tx, claimed.id, CLAIM).await?;
                    tx.commit().await?;
                }
            }
        }
    }

    async fn release(&self) -> Result<(), StoreError> {
        let mut tx = self.db.global(None).await?;
        let tenants = tenants::all(&mut tx).await?;
        drop(tx);
        for tenant in tenants {
            let mut tx = self.open(tenant).await?;
            queue::release(&mut tx, &self.node).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn open(&self, tenant: TenantId) -> Result<TenantTx, StoreError> {
        self.db.tenant(&Viewer::system(tenant, "jobs"), RUN, Access::Write).await.map_err(|error| match error
        {
            OpenError::Store(error) => error,
            OpenError::Forbidden { .. } => unreachable!("the platform itself is always allowed"),
        })
    }
}

async fn next(listener: &mut Listener) -> Option<Signal> {
    match listener.next().await {
        Ok(signal) => Some(signal),
        Err(error) => {
            tracing::warn!(%error, "the worker hears no signals; it goes on looking by itself");
            tokio::time::sleep(Duration::from_secs(1)).await;
            None
        }
    }
}

struct Shared {
    worker: Worker,
    /// Tenants being served; the value says whether a new signal came meanwhile.
    busy: Mutex<HashMap<(TenantId, Lane), bool>>,
    slots: Semaphore,
    slow_slots: Semaphore,
    stop: CancellationToken,
}

impl Shared {
    async fn sweep(self: Arc<Self>, tracker: &TaskTracker) {
        let tenants = async {
            let mut tx = self.worker.db.global(None).await?;
            tenants::all(&mut tx).await
        };
        match tenants.await {
            Ok(all) => {
                for id in all {
                    self.clone().serve(id, tracker);
                }
            }
            Err(error) => tracing::warn!(%error, "could not look for due jobs"),
        }
    }

    /// Serves a tenant in tasks of its own, unless some do already.
    fn serve(self: Arc<Self>, tenant: TenantId, tracker: &TaskTracker) {
        self.clone().serve_lane(tenant, Lane::Quick, tracker);
        if !self.worker.slow.is_empty() {
            self.serve_lane(tenant, Lane::Slow, tracker);
        }
    }

    fn serve_lane(self: Arc<Self>, tenant: TenantId, lane: Lane, tracker: &TaskTracker) {
        {
            let mut busy = self.busy.lock().expect("no holder of this lock panics");
            if let Some(again) = busy.get_mut(&(tenant, lane)) {
                *again = true;
                return;
            }
            busy.insert((tenant, lane), false);
        }
        tracker.spawn(async move {
            loop {
                let idle = {
                    let slots = match lane {
                        Lane::Quick => &self.slots,
                        Lane::Slow => &self.slow_slots,
                    };
                    let _slot = slots.acquire().await.expect("the semaphore is never closed");
                    // One job a turn: the semaphore is fair, so tenants take turns.
                    match self.worker.step(tenant, lane).await {
                        Ok(worked) => !worked,
                        Err(error) => {
                            tracing::warn!(%error, tenant.id = %tenant, "could not work for a tenant");
                            true
                        }
                    }
                };
                let mut busy = self.busy.lock().expect("no holder of this lock panics");
                let again = busy.get_mut(&(tenant, lane)).is_some_and(std::mem::take);
                if self.stop.is_cancelled() || (idle && !again) {
                    busy.remove(&(tenant, lane));
                    return;
                }
            }
        });
    }
}
