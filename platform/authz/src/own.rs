//! The roles that a tenant makes for itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use plenum_kernel::TenantId;

use crate::PolicyError;

/// A tenant's own roles as they were at one version, with an enforcer of their own: the one of the platform's policy
/// stays small, for casbin looks at every rule (42 ms a decision with the roles of 1,000 tenants in one).
pub struct OwnRoles {
    tenant: TenantId,
    version: i64,
    roles: BTreeMap<String, BTreeSet<String>>,
    enforcer: Enforcer,
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
        let rules: Vec<Vec<String>> = roles
            .iter()
            .flat_map(|(role, permissions)| permissions.iter().map(|one| vec![role.clone(), one.clone()]))
            .collect();
        let model = DefaultModel::from_str(include_str!("model.conf")).await.map_err(PolicyError::Casbin)?;
        let mut enforcer =
            Enforcer::new(model, MemoryAdapter::default()).await.map_err(PolicyError::Casbin)?;
        enforcer.add_policies(rules).await.map_err(PolicyError::Casbin)?;
        Ok(Self { tenant, version, roles, enforcer })
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
        self.roles.get(role).cloned().unwrap_or_default()
    }

    pub(crate) fn enforcer(&self) -> &Enforcer {
        &self.enforcer
    }
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
