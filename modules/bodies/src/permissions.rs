//! What may be done in bodies; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Permission};

/// See a body, its sessions and their minutes.
pub const VIEW: Permission = Permission::new("bodies.view");
/// Set up a body.
pub const CREATE: Permission = Permission::new("bodies.create");
/// Add and end seats.
pub const MANAGE: Permission = Permission::new("bodies.manage");
/// Call and cancel sessions.
pub const SCHEDULE: Permission = Permission::new("bodies.schedule");
/// Open and close sessions, items and votes.
pub const PRESIDE: Permission = Permission::new("bodies.preside");
/// Write measures down, before and during a session.
pub const RECORD: Permission = Permission::new("bodies.record");
/// Take part: vote. A seat is needed besides.
pub const TAKE_PART: Permission = Permission::new("bodies.take_part");
/// Follow the personal link of a notice.
pub const OPEN_NOTICE: Permission = Permission::new("bodies.open_notice");

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
    /// Setting up a body in a unit.
    Create = CREATE;
    /// Adding and ending seats.
    Manage = MANAGE;
    /// Calling and cancelling sessions.
    Schedule = SCHEDULE;
    /// Presiding.
    Preside = PRESIDE;
    /// Writing measures down.
    Record = RECORD;
    /// Voting.
    TakePart = TAKE_PART;
}
