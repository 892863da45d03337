//! What the API shows, and how it is put together.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use async_graphql::{Context, Enum, ID, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_authz::{Described, Grant, Text};
use plenum_db::{StoreError, TenantTx};
use plenum_graph::{Answer, Refusal, global};
use plenum_identity::store::accounts;
use plenum_kernel::{AccountId, OwnRoleId, TypedId};
use plenum_tenancy::{
    ready::{self, Given},
    store::{
        grants::{Held, Source},
        own_roles::{self, OwnRole},
    },
};

use crate::{
    Offices,
    domain::titles::{self, Title},
};

/// A text in both languages; what people wrote themselves is the same in both.
#[derive(SimpleObject, Clone)]
pub struct Words {
    ru: String,
    en: String,
}

impl From<Text> for Words {
    fn from(text: Text) -> Self {
        Self { ru: text.ru.to_owned(), en: text.en.to_owned() }
    }
}

impl From<Title> for Words {
    fn from(title: Title) -> Self {
        Self { ru: title.ru, en: title.en }
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self { ru: text.to_owned(), en: text.to_owned() }
    }
}

/// A permission of which roles are built.
#[derive(SimpleObject, Clone)]
#[graphql(name = "Permission")]
pub struct PermissionNode {
    /// `section.verb`.
    name: String,
    title: Words,
    meaning: Words,
}

impl From<&Described> for PermissionNode {
    fn from(described: &Described) -> Self {
        Self {
            name: described.permission.as_str().to_owned(),
            title: described.title.into(),
            meaning: described.meaning.into(),
        }
    }
}

/// A role: one that every organization has, or one of its own.
#[derive(SimpleObject, Clone)]
#[graphql(name = "Role")]
pub struct RoleNode {
    /// The name of a ready role, or the id of an own one.
    id: ID,
    title: Words,
    meaning: Words,
    /// Whether every organization has it; it cannot be changed then.
    ready: bool,
    /// Whether it comes with a seat in a body, and cannot be given by hand.
    by_office: bool,
    /// The names of its permissions, sorted.
    permissions: Vec<String>,
    /// How many people hold it now.
    holders: i32,
}

/// What a role comes from.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum RoleSource {
    /// Somebody gave it.
    Hand,
    /// A seat in a body: it ends with the seat.
    Office,
    /// A record in the register: it ends with membership.
    Membership,
}

impl From<Source> for RoleSource {
    fn from(source: Source) -> Self {
        match source {
            Source::Hand => Self::Hand,
            Source::Office => Self::Office,
            Source::Membership => Self::Membership,
        }
    }
}

/// A role that somebody holds, and why.
#[derive(SimpleObject, Clone)]
#[graphql(name = "RoleGrant")]
pub struct GrantNode {
    id: ID,
    /// The role's id.
    role: ID,
    title: Words,
    unit: ID,
    unit_name: String,
    /// The body, when it holds there only.
    office: Option<String>,
    source: RoleSource,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    /// Whether its term has begun and not ended.
    holds: bool,
    /// Who gave it; null is the platform.
    given_by: Option<String>,
    given_at: DateTime<Utc>,
    reason: Option<String>,
}

/// A permission that somebody has, with the reasons.
#[derive(SimpleObject, Clone)]
pub struct HeldPermission {
    permission: String,
    /// The roles that give it.
    #[graphql(complexity = "plenum_graph::cost::list(2, child_complexity)")]
    because: Vec<GrantNode>,
}

/// A person and what they may do.
#[derive(SimpleObject, Clone)]
pub struct PersonAccess {
    account: ID,
    name: String,
    /// Since when they may enter.
    since: DateTime<Utc>,
    /// Since when nothing is allowed, though everything is kept.
    suspended_at: Option<DateTime<Utc>>,
    suspended_by: Option<String>,
    suspended_reason: Option<String>,
    /// Roles in the order in which they were given, those not begun or over included.
    #[graphql(complexity = "plenum_graph::cost::list(5, child_complexity)")]
    grants: Vec<GrantNode>,
    /// What the roles that hold now allow; nothing when suspended.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    permissions: Vec<HeldPermission>,
}

impl PersonAccess {
    /// Whether there is a role to show.
    pub(super) fn is_shown(&self) -> bool {
        !self.grants.is_empty()
    }
}

/// Somebody who has a permission in a unit.
#[derive(SimpleObject, Clone)]
pub struct PermissionHolder {
    account: ID,
    name: String,
    /// The roles that give it there.
    #[graphql(complexity = "plenum_graph::cost::list(2, child_complexity)")]
    because: Vec<GrantNode>,
}

/// The outside form of a role's name.
pub(super) fn outside(role: &str) -> ID {
    own_roles::id_of(role).map_or_else(|| ID(role.to_owned()), global)
}

/// The name in grants of a role that exists.
pub(super) async fn inside(tx: &mut TenantTx, role: &ID) -> Answer<String> {
    if ready::by_name(role).is_some() {
        return Ok(role.to_string());
    }
    let id = OwnRoleId::parse_global(role).map_err(|_| Refusal::not_found())?;
    let known = own_roles::all(tx).await?.iter().any(|own| own.id == id);
    if known { Ok(own_roles::key(id)) } else { Err(Refusal::not_found()) }
}

/// All roles, ready ones first.
pub(super) fn roles(tx: &TenantTx, own: &[OwnRole], holders: &HashMap<String, i64>) -> Vec<RoleNode> {
    let count =
        |role: &str| i32::try_from(holders.get(role).copied().unwrap_or_default()).unwrap_or(i32::MAX);
    let ready = ready::ROLES.iter().map(|role| RoleNode {
        id: ID(role.name.to_owned()),
        title: role.title.into(),
        meaning: role.meaning.into(),
        ready: true,
        by_office: role.given == Given::ByOffice,
        permissions: tx.policy().permissions_of_role(role.name).into_iter().collect(),
        holders: count(role.name),
    });
    let own = own.iter().map(|role| RoleNode {
        id: global(role.id),
        title: role.name.as_str().into(),
        meaning: role.description.as_str().into(),
        ready: false,
        by_office: false,
        permissions: role.permissions.iter().cloned().collect(),
        holders: count(&own_roles::key(role.id)),
    });
    ready.chain(own).collect()
}

/// Puts names to grants: loaded once for all that one answer shows.
pub(super) struct Explained {
    names: HashMap<AccountId, String>,
    own: Vec<OwnRole>,
    offices: HashMap<uuid::Uuid, String>,
    now: DateTime<Utc>,
}

impl Explained {
    pub(super) async fn load(
        ctx: &Context<'_>,
        tx: &mut TenantTx,
        held: &[Held],
        others: &[AccountId],
    ) -> Result<Self, StoreError> {
        let mut accounts: Vec<AccountId> = held.iter().filter_map(|one| one.given_by).collect();
        accounts.extend(held.iter().map(|one| one.account));
        accounts.extend_from_slice(others);
        accounts.sort();
        accounts.dedup();
        let names = accounts::names(tx.conn(), &accounts).await?;
        let own = own_roles::all(tx).await?;
        let mut offices = HashMap::new();
        let port = ctx.data_unchecked::<Arc<dyn Offices>>();
        for (kind, id) in held.iter().filter_map(|one| one.inner.as_ref()) {
            if !offices.contains_key(id)
                && let Some(name) = port.name(tx, kind, *id).await?
            {
                offices.insert(*id, name);
            }
        }
        Ok(Self { names, own, offices, now: tx.now() })
    }

    pub(super) fn name(&self, account: AccountId) -> String {
        self.names.get(&account).cloned().unwrap_or_default()
    }

    pub(super) fn grant(&self, held: &Held) -> GrantNode {
        let title = titles::of_role(&held.role, &self.own).into();
        GrantNode {
            id: global(held.id),
            role: outside(&held.role),
            title,
            unit: global(held.unit),
            unit_name: held.unit_name.clone(),
            office: held.inner.as_ref().and_then(|(_, id)| self.offices.get(id).cloned()),
            source: held.source.into(),
            from: held.from,
            until: held.until,
            holds: held.holds(self.now),
            given_by: held.given_by.map(|account| self.name(account)),
            given_at: held.given_at,
            reason: held.reason.clone(),
        }
    }

    /// A person with the grants shown; what they allow is explained by them.
    pub(super) fn person(
        &self,
        tx: &TenantTx,
        access: &plenum_tenancy::store::access::Access,
        held: &[&Held],
        own: Option<&Arc<plenum_authz::OwnRoles>>,
    ) -> PersonAccess {
        let mut because: BTreeMap<String, Vec<GrantNode>> = BTreeMap::new();
        if access.suspended_at.is_none() {
            for one in held.iter().filter(|one| one.holds(self.now)) {
                for permission in tx.policy().permissions_of_grant(&as_grant(one, own)) {
                    because.entry(permission).or_default().push(self.grant(one));
                }
            }
        }
        PersonAccess {
            account: global(access.account),
            name: self.name(access.account),
            since: access.since,
            suspended_at: access.suspended_at,
            suspended_by: access.suspended_by.map(|account| self.name(account)),
            suspended_reason: access.suspended_reason.clone(),
            grants: held.iter().map(|one| self.grant(one)).collect(),
            permissions: because
                .into_iter()
                .map(|(permission, because)| HeldPermission { permission, because })
                .collect(),
        }
    }

    pub(super) fn holder(&self, account: AccountId, held: &[&Held]) -> PermissionHolder {
        PermissionHolder {
            account: global(account),
            name: self.name(account),
            because: held.iter().map(|one| self.grant(one)).collect(),
        }
    }
}

/// A grant as the policy decides on it.
pub(super) fn as_grant(held: &Held, own: Option<&Arc<plenum_authz::OwnRoles>>) -> Grant {
    let own = own.filter(|_| own_roles::is_own(&held.role)).cloned();
    Grant { until: held.until, own, ..Grant::lasting(held.role.clone(), held.place(), held.unit.uuid()) }
}
