//! What may be done with accounts inside a tenant; roles stand beside in `policy.csv`.

use plenum_authz::Permission;

/// See who may enter the organization.
pub const COLLEAGUES: Permission = Permission::new("identity.colleagues");
