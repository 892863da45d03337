//! What may be done in conversations; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Described, Permission};

/// Read and write where one takes part. To be let into the tenant is enough: who takes part in a channel is asked of
/// the channel.
pub const TAKE_PART: Permission = Permission::new("chat.take_part");
/// Delete what others wrote, in channels that one takes part in.
pub const MODERATE: Permission = Permission::new("chat.moderate");
/// Open channels of units.
pub const MANAGE: Permission = Permission::new("chat.manage");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    TAKE_PART.described(
        ("Переписываться", "Читать и писать в своих беседах"),
        ("Chat", "Read and write in one's own conversations"),
    ),
    MODERATE.described(
        ("Модерировать беседы", "Удалять сообщения и закрывать беседы"),
        ("Moderate conversations", "Remove messages and close conversations"),
    ),
    MANAGE.described(
        ("Управлять каналами", "Создавать каналы подразделений и менять их состав"),
        ("Manage channels", "Make channels of units and change who takes part"),
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
    /// Reading and writing.
    TakePart = TAKE_PART;
    /// Opening a unit's channel.
    Manage = MANAGE;
}
