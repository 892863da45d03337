//! What may be done to the tree.

use plenum_authz::Permission;

/// See the tenant's name and units.
pub const VIEW: Permission = Permission::new("tenancy.view");
