//! What may be done with the register; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Permission};

/// See people on record.
pub const VIEW: Permission = Permission::new("members.view");
/// Import a register, and see imports.
pub const IMPORT: Permission = Permission::new("members.import");

/// Change records, add and move them.
pub const EDIT: Permission = Permission::new("members.edit");
/// Write lists of people into files.
pub const EXPORT: Permission = Permission::new("members.export");
/// Send people to other organizations and take them over.
pub const TRANSFER: Permission = Permission::new("members.transfer");
/// Invite people to the portal.
pub const INVITE: Permission = Permission::new("members.invite");
/// Decide on corrections that members ask for.
pub const APPROVE: Permission = Permission::new("members.approve");
/// See and correct one's own record.
pub const PORTAL: Permission = Permission::new("members.portal");
/// Check a membership card: for everybody, done by the platform.
pub const VERIFY: Permission = Permission::new("members.verify_card");

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $permission:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $name;
        impl Action for $name {
            const PERMISSION: Permission = $permission;
        }
    )+};
}

actions! {
    /// Seeing people.
    View = VIEW;
    /// Importing a register.
    RunImport = IMPORT;
    /// Changing records.
    Edit = EDIT;
    /// Writing lists into files.
    Export = EXPORT;
    /// Sending and taking over.
    Transfer = TRANSFER;
    /// Inviting.
    Invite = INVITE;
    /// Deciding on corrections.
    Approve = APPROVE;
}
