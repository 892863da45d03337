//! What may be done with the register; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Permission};

/// See people on record.
pub const VIEW: Permission = Permission::new("members.view");
/// Import a register, and see imports.
pub const IMPORT: Permission = Permission::new("members.import");

/// Seeing people.
#[derive(Debug, Clone, Copy)]
pub struct View;

impl Action for View {
    const PERMISSION: Permission = VIEW;
}

/// Importing a register.
#[derive(Debug, Clone, Copy)]
pub struct RunImport;

impl Action for RunImport {
    const PERMISSION: Permission = IMPORT;
}
