//! What may be done with dues; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Permission};

/// See what members owe and have paid.
pub const VIEW: Permission = Permission::new("dues.view");
/// Set rates, write down declared salaries and exemptions.
pub const MANAGE: Permission = Permission::new("dues.manage");
/// Charge months.
pub const CHARGE: Permission = Permission::new("dues.charge");
/// Record payments and take entries back.
pub const RECORD: Permission = Permission::new("dues.record");
/// See one's own dues.
pub const OWN: Permission = Permission::new("dues.own");

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
    /// Seeing dues.
    View = VIEW;
    /// Setting what is to be paid.
    Manage = MANAGE;
    /// Charging.
    Charge = CHARGE;
    /// Recording payments and corrections.
    Record = RECORD;
}
