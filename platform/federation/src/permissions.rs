//! What may be done here.

use plenum_authz::{Described, Permission};

/// Oversee the organizations of the federation: only the apparatus of the federation itself can use it.
pub const OVERSEE: Permission = Permission::new("federation.oversee");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[OVERSEE.described(
    (
        "Вести организации федерации",
        "Создавать, приостанавливать и удалять организации, задавать ограничения; действует только в аппарате федерации",
    ),
    (
        "Oversee the federation's organizations",
        "Make, suspend and delete organizations and limit them; of use in the apparatus of the federation only",
    ),
)];
