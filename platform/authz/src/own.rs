//! The roles that a tenant makes for itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, PoisonError, RwLock},
};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter};
use plenum_kernel::TenantId;

use crate::PolicyError;

type Permissions = BTreeSet<Arc<str>>;

/// A tenant's own roles as they were at one version, with an enforcer of their own: the one of the platform's policy
/// stays small, for casbin looks at every rule (42 ms a decision with the roles of 1,000 tenants in one).
pub struct OwnRoles {
    tenant: TenantId,
    version: i64,
    roles: BTreeMap<String, Permissions>,
    asked: RwLock<Asked>,
}

/// The enforcer, with those roles only that were asked about: casbin keeps 700 bytes for each rule, and most roles of a
/// tenant are held by nobody who is here today.
struct Asked {
    enforcer: Enforcer,
    roles: BTreeSet<String>,
}

impl OwnRoles {
    /// Takes the roles, by their names in grants, and their permissions.
    ///
    /// # Errors
    /// [`PolicyError::Casbin`] when casbin does not take them.
    pub async fn load(
        tenant: TenantId,
        version: i64,
        roles: BTreeMap<String, BTreeSet<String>>,
    ) -> Result<Self, PolicyError> {
        // The same few permissions are in many roles: each text is kept once.
        let mut texts = Permissions::new();
        let roles = roles
            .into_iter()
            .map(|(role, permissions)| (role, permissions.iter().map(|one| kept(&mut texts, one)).collect()))
            .collect();
        let model = DefaultModel::from_str(include_str!("model.conf")).await.map_err(PolicyError::Casbin)?;
        let enforcer = Enforcer::new(model, MemoryAdapter::default()).await.map_err(PolicyError::Casbin)?;
        let asked = RwLock::new(Asked { enforcer, roles: BTreeSet::new() });
        Ok(Self { tenant, version, roles, asked })
    }

    /// Whose they are.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// How often they were changed until then.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The permissions of a role; none of one that is not there.
    #[must_use]
    pub fn permissions(&self, role: &str) -> BTreeSet<String> {
        self.roles.get(role).into_iter().flatten().map(ToString::to_string).collect()
    }

    /// Decides about one of these roles.
    pub(crate) fn enforce(
        &self,
        role: &str,
        scope: &str,
        place: &str,
        permission: &str,
    ) -> Result<bool, casbin::Error> {
        let request = (role, scope, place, permission);
        // Rules are added whole or not at all, so what a panic left behind is as good as before.
        let asked = self.asked.read().unwrap_or_else(PoisonError::into_inner);
        if asked.roles.contains(role) {
            return asked.enforcer.enforce(request);
        }
        drop(asked);
        let mut asked = self.asked.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(permissions) = self.roles.get(role).filter(|_| !asked.roles.contains(role)) {
            let rules = permissions.iter().map(|one| vec![role.to_owned(), one.to_string()]).collect();
            asked.enforcer.get_mut_model().add_policies("p", "p", rules);
            asked.roles.insert(role.to_owned());
        }
        asked.enforcer.enforce(request)
    }
}

fn kept(texts: &mut Permissions, text: &str) -> Arc<str> {
    if let Some(known) = texts.get(text) {
        return known.clone();
    }
    let new: Arc<str> = text.into();
    texts.insert(new.clone());
    new
}

impl PartialEq for OwnRoles {
    fn eq(&self, other: &Self) -> bool {
        (self.tenant, self.version) == (other.tenant, other.version)
    }
}

impl Eq for OwnRoles {}

impl fmt::Debug for OwnRoles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnRoles({} at version {})", self.tenant, self.version)
    }
}
