//! What may be done in bodies; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Described, Permission};

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

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    VIEW.described(
        ("Видеть органы", "Состав органов, заседания и протоколы"),
        ("See bodies", "Bodies, their sessions and minutes"),
    ),
    CREATE.described(
        ("Создавать органы", "Заводить выборные органы подразделений"),
        ("Set up bodies", "Set up elected bodies of units"),
    ),
    MANAGE.described(
        ("Вести состав органов", "Вводить людей в состав и выводить из него"),
        ("Manage seats", "Give seats in bodies and end them"),
    ),
    SCHEDULE.described(
        ("Созывать заседания", "Назначать заседания с повесткой и отменять их"),
        ("Call sessions", "Call sessions with their agenda, and cancel them"),
    ),
    PRESIDE.described(
        ("Вести заседания", "Открывать и закрывать заседания, вопросы и голосования"),
        ("Preside", "Open and close sessions, items and votes"),
    ),
    RECORD.described(
        ("Записывать поручения", "Записывать поручения до заседания и во время него"),
        ("Record measures", "Write measures down before and during a session"),
    ),
    TAKE_PART.described(
        ("Голосовать в органах", "Участвовать в заседаниях тех органов, где есть место"),
        ("Vote in bodies", "Take part in sessions of the bodies in which one has a seat"),
    ),
    OPEN_NOTICE.described(
        ("Открывать извещения", "Переходить по личной ссылке из извещения о заседании"),
        ("Open notices", "Follow the personal link of a notice of a session"),
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
