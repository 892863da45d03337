//! Roles and their permissions, and the decision.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, RwLock},
};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, RbacApi};
use plenum_kernel::TenantId;

use crate::{Actor, Grant, OwnRoles, Permission, Place, Viewer};

/// Decisions kept before the memory of them is dropped: about 20 MB at the most.
const REMEMBERED: usize = 100_000;

/// Tenants whose own roles are kept before the memory of them is dropped.
const TENANTS: usize = 2_000;

/// Role (an own one with its version), scope, place, permission.
type Question = (String, String, String, &'static str);

/// The platform's policy: which role may do what. Built once at the start, shared.
pub struct Policy {
    enforcer: Enforcer,
    /// What was decided. A casbin decision costs tens of microseconds; lists ask the
    /// same one again and again.
    remembered: RwLock<HashMap<Question, bool>>,
    roles: BTreeSet<String>,
    /// Own roles of tenants, as they were when they were last needed.
    own: RwLock<HashMap<TenantId, Arc<OwnRoles>>>,
}

/// A policy file is wrong. Found at the start, never at a request.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// A line is neither `p, role, permission` nor `g, role, role`.
    #[error("policy line {line} of {file} is neither `p, role, permission` nor `g, role, base role`: {text}")]
    Line {
        /// The file's name.
        file: &'static str,
        /// The line's number, from 1.
        line: usize,
        /// The line.
        text: String,
    },
    /// Casbin did not take it.
    #[error("could not load the policy")]
    Casbin(#[source] casbin::Error),
}

impl Policy {
    /// Reads policy files: pairs of a name and the text. Lines are `p, role, permission`, `g, role, base role`,
    /// blank, or comments beginning with `#`.
    ///
    /// # Errors
    /// [`PolicyError`] naming the line that is wrong.
    pub async fn load(files: &[(&'static str, &str)]) -> Result<Self, PolicyError> {
        let mut rules: Vec<Vec<String>> = Vec::new();
        let mut inherits: Vec<Vec<String>> = Vec::new();
        let mut roles = BTreeSet::new();
        for (file, text) in files {
            for (index, raw) in text.lines().enumerate() {
                let line = raw.split('#').next().unwrap_or_default().trim();
                if line.is_empty() {
                    continue;
                }
                let words: Vec<&str> = line.split(',').map(str::trim).collect();
                match words.as_slice() {
                    ["p", role, permission] => {
                        roles.insert((*role).to_owned());
                        rules.push(vec![(*role).to_owned(), (*permission).to_owned()]);
                    }
                    ["g", role, base] => {
                        roles.insert((*role).to_owned());
                        inherits.push(vec![(*role).to_owned(), (*base).to_owned()]);
                    }
                    _ => return Err(PolicyError::Line { file, line: index + 1, text: raw.to_owned() }),
                }
            }
        }
        rules.sort();
        rules.dedup();
        inherits.sort();
        inherits.dedup();
        let model = DefaultModel::from_str(include_str!("model.conf")).await.map_err(PolicyError::Casbin)?;
        let mut enforcer =
            Enforcer::new(model, MemoryAdapter::default()).await.map_err(PolicyError::Casbin)?;
        enforcer.add_policies(rules).await.map_err(PolicyError::Casbin)?;
        enforcer.add_grouping_policies(inherits).await.map_err(PolicyError::Casbin)?;
        Ok(Self { enforcer, remembered: RwLock::default(), roles, own: RwLock::default() })
    }

    /// All roles that the policy names.
    #[must_use]
    pub fn roles(&self) -> &BTreeSet<String> {
        &self.roles
    }

    /// May this viewer do this here? The platform itself may.
    #[must_use]
    pub fn allows(&self, viewer: &Viewer, permission: Permission, place: &Place) -> bool {
        matches!(viewer.actor, Actor::System(_))
            || (!viewer.off.forbid(permission)
                && viewer.grants.iter().any(|grant| self.decide(grant, place, permission)))
    }

    /// May this viewer do this anywhere in the tenant? The door of every root field; what is behind it is
    /// decided at its own place.
    #[must_use]
    pub fn allows_somewhere(&self, viewer: &Viewer, permission: Permission) -> bool {
        matches!(viewer.actor, Actor::System(_))
            || (!viewer.off.forbid(permission)
                && viewer.grants.iter().any(|grant| self.decide(grant, &grant.scope, permission)))
    }

    /// The grants of the viewer that give this permission: row filters take their units.
    #[must_use]
    pub fn grants_giving<'v>(&self, viewer: &'v Viewer, permission: Permission) -> Vec<&'v Grant> {
        if viewer.off.forbid(permission) {
            return Vec::new();
        }
        viewer.grants.iter().filter(|grant| self.decide(grant, &grant.scope, permission)).collect()
    }

    /// All permissions that the viewer has somewhere in the tenant, sorted; none of a module that is off.
    #[must_use]
    pub fn permissions_of(&self, viewer: &Viewer) -> BTreeSet<String> {
        let mut all: BTreeSet<String> =
            viewer.grants.iter().flat_map(|grant| self.permissions_of_grant(grant)).collect();
        all.retain(|name| !viewer.off.forbid_named(name));
        all
    }

    /// All permissions that a grant gives, sorted.
    #[must_use]
    pub fn permissions_of_grant(&self, grant: &Grant) -> BTreeSet<String> {
        match &grant.own {
            Some(own) => own.permissions(&grant.role),
            None => self.permissions_of_role(&grant.role),
        }
    }

    /// A tenant's own roles, when they were loaded at this version.
    #[must_use]
    pub fn own_roles(&self, tenant: TenantId, version: i64) -> Option<Arc<OwnRoles>> {
        let own = self.own.read().ok()?;
        own.get(&tenant).filter(|own| own.version() == version).cloned()
    }

    /// Keeps a tenant's own roles for the requests after this one.
    pub fn keep_own_roles(&self, own: OwnRoles) -> Arc<OwnRoles> {
        let own = Arc::new(own);
        if let Ok(mut all) = self.own.write() {
            if all.len() >= TENANTS && !all.contains_key(&own.tenant()) {
                all.clear();
            }
            all.insert(own.tenant(), own.clone());
        }
        own
    }

    /// All permissions of a role, those that it inherits included, sorted.
    #[must_use]
    pub fn permissions_of_role(&self, role: &str) -> BTreeSet<String> {
        self.enforcer
            .get_implicit_permissions_for_user(role, None)
            .into_iter()
            .filter_map(|rule| rule.into_iter().nth(1))
            .collect()
    }

    /// The roles of the policy that give a permission, those that inherit it included.
    #[must_use]
    pub fn roles_with(&self, permission: Permission) -> BTreeSet<String> {
        let gives = |role: &&String| self.permissions_of_role(role).contains(permission.as_str());
        self.roles.iter().filter(gives).cloned().collect()
    }

    /// Whether this grant allows the permission at the place.
    #[must_use]
    pub fn decide(&self, grant: &Grant, place: &Place, permission: Permission) -> bool {
        let role = match &grant.own {
            Some(own) => format!("{}@{}", grant.role, own.version()),
            None => grant.role.clone(),
        };
        let key = (role, grant.scope.as_str().to_owned(), place.as_str().to_owned(), permission.as_str());
        if let Some(known) = self.remembered.read().ok().and_then(|map| map.get(&key).copied()) {
            return known;
        }
        let (role, scope) = (grant.role.as_str(), grant.scope.pattern());
        let decided = match &grant.own {
            Some(own) => own.enforce(role, &scope, place.as_str(), permission.as_str()),
            None => self.enforcer.enforce((role, scope.as_str(), place.as_str(), permission.as_str())),
        };
        // A decision that cannot be made is a refusal.
        let allowed = decided.unwrap_or_else(|error| {
            tracing::error!(%error, "could not decide {permission}");
            false
        });
        if let Ok(mut map) = self.remembered.write() {
            if map.len() >= REMEMBERED {
                map.clear();
            }
            map.insert(key, allowed);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use plenum_kernel::AccountId;
    use uuid::Uuid;

    use super::*;
    use crate::ModulesOff;

    const VIEW: Permission = Permission::new("members.view");
    const IMPORT: Permission = Permission::new("members.import");
    const TALK: Permission = Permission::new("chat.talk");
    const POLICY: &str = "p, speaker, chat.talk\np, member, members.view_own\np, register_keeper, members.import # keeps\n\
                          p, reader, members.view\ng, register_keeper, reader\n";

    fn unit(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn viewer(role: &str, path: &[Uuid]) -> Viewer {
        Viewer {
            actor: Actor::Account(AccountId::new()),
            tenant: TenantId::new(),
            grants: vec![Grant::lasting(role, Place::of_units(path), path[path.len() - 1])],
            off: ModulesOff::default(),
            request: None,
        }
    }

    async fn policy() -> Policy {
        Policy::load(&[("test", POLICY)]).await.expect("the policy loads")
    }

    #[tokio::test]
    async fn a_role_holds_here_and_below_and_nowhere_else() {
        let policy = policy().await;
        let keeper = viewer("register_keeper", &[unit(1), unit(7)]);
        assert!(policy.allows(&keeper, IMPORT, &Place::of_units(&[unit(1), unit(7)])));
        assert!(policy.allows(&keeper, IMPORT, &Place::of_units(&[unit(1), unit(7), unit(8)])));
        assert!(!policy.allows(&keeper, IMPORT, &Place::of_units(&[unit(1)])));
        assert!(!policy.allows(&keeper, IMPORT, &Place::of_units(&[unit(1), unit(70)])));
    }

    #[tokio::test]
    async fn a_role_inherits_and_nothing_else_is_allowed() {
        let policy = policy().await;
        let root = Place::of_units(&[unit(1)]);
        assert!(policy.allows(&viewer("register_keeper", &[unit(1)]), VIEW, &root));
        assert!(!policy.allows(&viewer("reader", &[unit(1)]), IMPORT, &root));
        assert!(!policy.allows(&viewer("unheard_of", &[unit(1)]), VIEW, &root));
        assert!(!policy.allows_somewhere(&viewer("member", &[unit(1)]), VIEW));
        let all = policy.permissions_of(&viewer("register_keeper", &[unit(1)]));
        assert_eq!(all.into_iter().collect::<Vec<_>>(), ["members.import", "members.view"]);
    }

    #[tokio::test]
    async fn an_own_role_allows_what_it_is_made_of_at_its_version_and_nothing_else() {
        let policy = policy().await;
        let path = [unit(1), unit(7)];
        let mut helper = viewer("own:helper", &path);
        assert!(
            !policy.allows(&helper, VIEW, &Place::of_units(&path)),
            "a role that was not loaded allows nothing"
        );
        for (version, permission, other) in [(1, VIEW, IMPORT), (2, IMPORT, VIEW)] {
            assert!(policy.own_roles(helper.tenant, version).is_none());
            let roles =
                BTreeMap::from([("own:helper".to_owned(), BTreeSet::from([permission.as_str().to_owned()]))]);
            let own = OwnRoles::load(helper.tenant, version, roles).await.expect("casbin takes them");
            helper.grants[0].own = Some(policy.keep_own_roles(own));
            assert!(policy.own_roles(helper.tenant, version).is_some());
            assert!(policy.allows(&helper, permission, &Place::of_units(&path)));
            assert!(!policy.allows(&helper, permission, &Place::of_units(&[unit(1)])));
            assert!(!policy.allows(&helper, other, &Place::of_units(&path)));
            let all = policy.permissions_of(&helper);
            assert_eq!(all.into_iter().collect::<Vec<_>>(), [permission.as_str()]);
        }
    }

    #[tokio::test]
    async fn what_the_tenant_does_without_is_allowed_to_nobody_but_the_platform() {
        let policy = policy().await;
        let place = Place::of_units(&[unit(1)]);
        let mut keeper = viewer("register_keeper", &[unit(1)]);
        keeper.grants.push(Grant::lasting("speaker", place.clone(), unit(1)));
        assert!(policy.allows(&keeper, TALK, &place));
        keeper.off = ModulesOff::new(["chat".to_owned()]);
        assert!(!policy.allows(&keeper, TALK, &place));
        assert!(!policy.allows_somewhere(&keeper, TALK));
        assert!(policy.grants_giving(&keeper, TALK).is_empty());
        assert!(policy.allows(&keeper, VIEW, &place), "other modules stay");
        let all = policy.permissions_of(&keeper);
        assert_eq!(all.into_iter().collect::<Vec<_>>(), ["members.import", "members.view"]);
        let platform = Viewer { off: keeper.off.clone(), ..Viewer::system(keeper.tenant, "test") };
        assert!(policy.allows(&platform, TALK, &place));
    }

    #[tokio::test]
    async fn a_wrong_line_is_named() {
        let error = Policy::load(&[("x.csv", "p, a, b\nq, c")]).await.err().map(|e| e.to_string());
        assert_eq!(
            error.as_deref(),
            Some("policy line 2 of x.csv is neither `p, role, permission` nor `g, role, base role`: q, c")
        );
    }
}
