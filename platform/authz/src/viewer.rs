//! The one on whose behalf something is done.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use plenum_kernel::{AccountId, TenantId};
use uuid::Uuid;

use crate::{ModulesOff, OwnRoles, Place};

/// A role given in a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role's name in the policy, for example `register_keeper`.
    pub role: String,
    /// Where it holds: here and everywhere below.
    pub scope: Place,
    /// The unit at the end of the scope's path of units; row filters use it.
    pub unit: Uuid,
    /// Until when it holds; none is without an end.
    pub until: Option<DateTime<Utc>>,
    /// The tenant's own roles, when the role is one of them.
    pub own: Option<Arc<OwnRoles>>,
}

impl Grant {
    /// A ready role, given without an end.
    #[must_use]
    pub fn lasting(role: impl Into<String>, scope: Place, unit: Uuid) -> Self {
        Self { role: role.into(), scope, unit, until: None, own: None }
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person who signed in.
    Account(AccountId),
    /// The platform itself: a job or a command. The name says which, for the audit.
    System(&'static str),
}

/// An actor inside one tenant, with the grants that hold there. Every tenant transaction is opened by one.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who acts.
    pub actor: Actor,
    /// In which tenant.
    pub tenant: TenantId,
    /// The roles held there. Empty for the platform itself, which is not asked.
    pub grants: Vec<Grant>,
    /// What the tenant does without. Nothing for the platform itself: what was decided before goes on.
    pub off: ModulesOff,
    /// By which request, when one is served: the audit names it.
    pub request: Option<Uuid>,
}

impl Viewer {
    /// A person in a tenant, with the roles held there.
    #[must_use]
    pub fn person(account: AccountId, tenant: TenantId, grants: Vec<Grant>) -> Self {
        Self { actor: Actor::Account(account), tenant, grants, off: ModulesOff::default(), request: None }
    }

    /// The platform acting by itself in a tenant: allowed everything there, recorded under `name`.
    #[must_use]
    pub fn system(tenant: TenantId, name: &'static str) -> Self {
        Self {
            actor: Actor::System(name),
            tenant,
            grants: Vec::new(),
            off: ModulesOff::default(),
            request: None,
        }
    }

    /// The account, when a person acts.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        match self.actor {
            Actor::Account(id) => Some(id),
            Actor::System(_) => None,
        }
    }
}
