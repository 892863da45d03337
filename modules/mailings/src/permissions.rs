//! What may be done in mailings; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Described, Permission};

/// See campaigns, lists, and what became of letters.
pub const VIEW: Permission = Permission::new("mailings.view");
/// Write lists and campaigns.
pub const EDIT: Permission = Permission::new("mailings.edit");
/// Send, schedule, pause and call off.
pub const SEND: Permission = Permission::new("mailings.send");
/// The recipient's own act, by the link of a letter: no role has it.
pub const LEAVE: Permission = Permission::new("mailings.leave");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    VIEW.described(
        ("Видеть рассылки", "Рассылки, получатели и доставка"),
        ("See mailings", "Campaigns, their recipients and delivery"),
    ),
    EDIT.described(
        ("Готовить рассылки", "Писать письма и выбирать получателей"),
        ("Prepare mailings", "Write letters and choose recipients"),
    ),
    SEND.described(
        ("Отправлять рассылки", "Запускать и останавливать отправку"),
        ("Send mailings", "Start and stop the sending"),
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
    /// Seeing.
    View = VIEW;
    /// Writing lists and campaigns.
    Edit = EDIT;
    /// Sending, pausing and calling off.
    Send = SEND;
}
