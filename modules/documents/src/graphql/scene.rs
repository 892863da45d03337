//! All that belongs to a document, read in one go.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use async_graphql::{ID, SimpleObject};
use plenum_db::{StoreError, TenantTx};
use plenum_graph::global;
use plenum_identity::store::accounts;
use plenum_kernel::{AccountId, TenantId};
use plenum_tenancy::store::tenants;

use crate::store::{
    dispatches::{self, Dispatch},
    documents::Document,
    history::{self, Happening},
    steps::{self, Step},
    tasks::{self, Resolution, Task},
    versions::{self, Version},
    views::Eyes,
};

/// A person of the organization, as documents name them.
#[derive(SimpleObject, Clone)]
#[graphql(name = "DocumentPerson")]
pub struct Person {
    /// The account.
    id: ID,
    /// The name.
    name: String,
}

/// How accounts are called.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(HashMap<AccountId, String>);

impl Names {
    pub(crate) async fn load(
        tx: &mut TenantTx,
        ids: impl IntoIterator<Item = AccountId>,
    ) -> Result<Self, StoreError> {
        let ids: BTreeSet<AccountId> = ids.into_iter().collect();
        let ids: Vec<AccountId> = ids.into_iter().collect();
        Ok(Self(accounts::names(tx.conn(), &ids).await?))
    }

    pub(crate) fn person(&self, id: AccountId) -> Person {
        Person { id: global(id), name: self.0.get(&id).cloned().unwrap_or_default() }
    }

    pub(crate) fn maybe(&self, id: Option<AccountId>) -> Option<Person> {
        id.map(|id| self.person(id))
    }
}

/// A document with all that belongs to it, as one viewer sees it.
pub(crate) struct Scene {
    pub(crate) versions: Vec<Version>,
    pub(crate) steps: Vec<Step>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) resolutions: Vec<Resolution>,
    pub(crate) dispatches: Vec<Dispatch>,
    pub(crate) history: Vec<Happening>,
    pub(crate) names: Names,
    pub(crate) organizations: HashMap<TenantId, String>,
    pub(crate) me: Option<AccountId>,
    pub(crate) others: Vec<AccountId>,
}

impl Scene {
    pub(crate) async fn load(tx: &mut TenantTx, document: &Document) -> Result<Arc<Self>, StoreError> {
        let versions = versions::of_document(tx, document.id).await?;
        let steps = steps::of_document(tx, document.id).await?;
        let tasks = tasks::of_document(tx, document.id).await?;
        let resolutions = tasks::resolutions(tx, document.id).await?;
        let dispatches = dispatches::of_document(tx, document.id).await?;
        let history = history::of_document(tx, document.id).await?;
        let people = versions
            .iter()
            .filter_map(|version| version.author)
            .chain(steps.iter().flat_map(|step| [Some(step.account), step.acted_by]).flatten())
            .chain(tasks.iter().flat_map(|task| [Some(task.assignee), task.controller]).flatten())
            .chain(resolutions.iter().map(|resolution| resolution.author))
            .chain(dispatches.iter().filter_map(|dispatch| dispatch.sent_by))
            .chain(history.iter().filter_map(|line| line.account));
        let names = Names::load(tx, people.collect::<Vec<_>>()).await?;
        let mut organizations = HashMap::new();
        for id in dispatches.iter().map(|one| one.recipient).chain(document.source.map(|(tenant, _)| tenant))
        {
            if let Some(tenant) = tenants::by_id(tx.conn(), id).await? {
                organizations.insert(id, tenant.name);
            }
        }
        let me = tx.viewer().account();
        let others = Eyes::of(tx).await?.others();
        Ok(Arc::new(Self {
            versions,
            steps,
            tasks,
            resolutions,
            dispatches,
            history,
            names,
            organizations,
            me,
            others,
        }))
    }
}
