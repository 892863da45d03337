//! Who reacts to what, and the relay.

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc};

use chrono::{DateTime, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_jobs::{Job, JobContext, JobError, Worker};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Event, EventId,
    outbox::{self, Relay},
};

/// What a reaction knows of its event.
#[derive(Clone)]
pub struct EventContext {
    /// The job that runs the reaction: database and tenant.
    pub job: JobContext,
    /// The event; the same at every attempt.
    pub event: EventId,
    /// When it was published.
    pub at: DateTime<Utc>,
    reaction: &'static str,
}

impl EventContext {
    /// Opens a writing transaction in the event's tenant, acting as the reaction.
    ///
    /// # Errors
    /// [`JobError::Retry`] when the database fails.
    pub async fn write(&self) -> Result<TenantTx, JobError> {
        self.job.write(self.reaction).await
    }

    /// Records in this transaction that the reaction takes effect; false when it did before, and then there is
    /// nothing left to do.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn once(&self, tx: &mut TenantTx) -> Result<bool, StoreError> {
        outbox::react_once(tx, self.event, self.reaction).await
    }
}

type Reaction = Arc<
    dyn Fn(EventContext, Value) -> Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>> + Send + Sync,
>;

/// Run one reaction to one event.
#[derive(Debug, Serialize, Deserialize)]
struct React {
    event: EventId,
    reaction: String,
}

impl Job for React {
    const KIND: &'static str = "events.react";
}

/// Who reacts to what. Filled by the modules, handed to the worker once.
#[derive(Default)]
pub struct Reactions {
    by_event: HashMap<&'static str, Vec<&'static str>>,
    by_name: HashMap<&'static str, Reaction>,
}

impl Reactions {
    /// No reactions yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what is done when `E` is published. `name` is `module.reaction`, unique and stored.
    ///
    /// # Panics
    /// When the name is taken: two reactions would share what is recorded as done.
    #[must_use]
    pub fn on<E, F, R>(mut self, name: &'static str, reaction: F) -> Self
    where
        E: Event,
        F: Fn(EventContext, E) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), JobError>> + Send + 'static,
    {
        let reaction = Arc::new(reaction);
        let boxed: Reaction = Arc::new(move |context, payload| {
            let reaction = reaction.clone();
            Box::pin(async move {
                let event = serde_json::from_value(payload).map_err(JobError::give_up)?;
                reaction(context, event).await
            })
        });
        assert!(self.by_name.insert(name, boxed).is_none(), "two reactions are called {name}");
        self.by_event.entry(E::NAME).or_default().push(name);
        self
    }

    /// Every event with the names of its reactions, by name: for the reference.
    #[must_use]
    pub fn table(&self) -> Vec<(&'static str, Vec<&'static str>)> {
        let mut all: Vec<_> = self.by_event.iter().map(|(event, names)| (*event, names.clone())).collect();
        all.sort_unstable();
        all
    }

    /// Hands everything to the worker.
    #[must_use]
    pub fn register(self, worker: Worker) -> Worker {
        let all = Arc::new(self);
        let known = all.clone();
        worker
            .handle(move |context, job: Relay| {
                let all = all.clone();
                async move { relay(&context, &all, job.event).await }
            })
            .handle(move |context, job: React| {
                let known = known.clone();
                async move { react(context, &known, job).await }
            })
    }
}

async fn relay(context: &JobContext, all: &Reactions, event: EventId) -> Result<(), JobError> {
    let mut tx = context.write("events.relay").await?;
    let published = outbox::lock(&mut tx, event).await?;
    let published = published.ok_or_else(|| JobError::GiveUp("the event is gone".to_owned()))?;
    if published.relayed {
        return Ok(());
    }
    for reaction in all.by_event.get(published.name.as_str()).into_iter().flatten() {
        plenum_jobs::enqueue(&mut tx, &React { event, reaction: (*reaction).to_owned() }).await?;
    }
    outbox::relayed(&mut tx, event).await?;
    tx.commit().await?;
    Ok(())
}

async fn react(context: JobContext, all: &Reactions, job: React) -> Result<(), JobError> {
    let Some((name, reaction)) = all.by_name.get_key_value(job.reaction.as_str()) else {
        return Err(JobError::Retry(format!("this server does not know the reaction {}", job.reaction)));
    };
    let mut tx = context.write("events.react").await?;
    let published = outbox::lock(&mut tx, job.event).await?;
    drop(tx);
    let published = published.ok_or_else(|| JobError::GiveUp("the event is gone".to_owned()))?;
    let context = EventContext { job: context, event: job.event, at: published.at, reaction: name };
    reaction(context, published.payload).await
}
