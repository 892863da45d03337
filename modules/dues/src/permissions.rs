//! What may be done with dues; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Described, Permission};

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

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    VIEW.described(
        ("Видеть взносы", "Начисления, платежи и долги"),
        ("See dues", "Charges, payments and debts"),
    ),
    MANAGE.described(
        ("Настраивать взносы", "Ставки и правила взносов"),
        ("Set up dues", "Rates and rules of dues"),
    ),
    CHARGE.described(
        ("Начислять взносы", "Начислять взносы за месяц и отдельным людям"),
        ("Charge dues", "Charge dues of a month and of single people"),
    ),
    RECORD.described(
        ("Проводить платежи", "Записывать платежи и разбирать банковские списки"),
        ("Record payments", "Record payments and work through bank lists"),
    ),
    OWN.described(
        ("Видеть свои взносы", "Собственные начисления и платежи"),
        ("See one's own dues", "One's own charges and payments"),
    ),
];

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
