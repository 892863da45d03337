//! What may be done with accounts inside a tenant; roles stand beside in `policy.csv`.

use plenum_authz::{Described, Permission};

/// See who may enter the organization.
pub const COLLEAGUES: Permission = Permission::new("identity.colleagues");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[COLLEAGUES.described(
    ("Видеть коллег", "Выбирать людей организации исполнителями, подписантами и собеседниками"),
    ("See colleagues", "Choose people of the organization as assignees, signers and correspondents"),
)];
