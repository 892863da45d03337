//! What may be done with documents; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Permission};

/// See all documents of a unit and those below it, and the journals.
pub const VIEW: Permission = Permission::new("documents.view");
/// Make cards and journals, register.
pub const REGISTER: Permission = Permission::new("documents.register");
/// Send documents on their routes, give resolutions.
pub const ROUTE: Permission = Permission::new("documents.route");
/// Send to other organizations.
pub const SEND: Permission = Permission::new("documents.send");
/// See and act where one takes part: as author, executor, participant of the route, or with a task.
pub const TAKE_PART: Permission = Permission::new("documents.take_part");

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
    /// Making cards, registering.
    Register = REGISTER;
    /// Routing.
    Routing = ROUTE;
    /// Sending.
    Send = SEND;
    /// Taking part.
    TakePart = TAKE_PART;
}
