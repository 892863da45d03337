//! What may be done with the register; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Described, Permission};

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

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    VIEW.described(
        ("Видеть реестр", "Карточки членов профсоюза, поиск и списки"),
        ("See the register", "Cards of members, search and lists"),
    ),
    IMPORT.described(
        ("Загружать реестр", "Загружать реестр из файла и видеть прежние загрузки"),
        ("Import the register", "Import the register from a file, and see earlier imports"),
    ),
    EDIT.described(
        ("Менять карточки", "Добавлять людей, менять сведения и переводить между подразделениями"),
        ("Change cards", "Add people, change their records and move them between units"),
    ),
    EXPORT.described(
        ("Выгружать списки", "Сохранять списки людей в файл"),
        ("Export lists", "Write lists of people into files"),
    ),
    TRANSFER.described(
        ("Переводить в другие организации", "Передавать людей другим организациям и принимать их"),
        ("Transfer", "Send people to other organizations and take them over"),
    ),
    INVITE.described(
        ("Приглашать в личный кабинет", "Отправлять членам профсоюза приглашение войти"),
        ("Invite to the portal", "Send members an invitation to sign in"),
    ),
    APPROVE.described(
        ("Решать по исправлениям", "Принимать и отклонять исправления, о которых просят члены профсоюза"),
        ("Decide on corrections", "Accept and refuse corrections that members ask for"),
    ),
    PORTAL.described(
        ("Видеть свою карточку", "Видеть и просить исправить собственные сведения"),
        ("See one's own card", "See one's own record and ask for corrections"),
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
