//! What may be done with sign-in by a provider; roles stand beside in `policy.csv`.

use plenum_authz::{Described, Permission};

/// Set the organization's provider of sign-in.
pub const MANAGE: Permission = Permission::new("oidc.manage");
/// Link one's own account with the organization's provider.
pub const OWN: Permission = Permission::new("oidc.own");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    MANAGE.described(
        (
            "Настраивать вход через организацию",
            "Подключать и отключать собственную систему входа организации",
        ),
        (
            "Set up sign-in by the organization",
            "Connect and disconnect the organization's own sign-in system",
        ),
    ),
    OWN.described(
        ("Входить через организацию", "Связать свою учётную запись с системой входа организации"),
        ("Sign in by the organization", "Link one's own account with the organization's sign-in system"),
    ),
];
