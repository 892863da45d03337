//! What may be done with documents; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Described, Permission};

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

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    VIEW.described(
        ("Видеть документы", "Карточки документов, журналы и поиск"),
        ("See documents", "Cards of documents, journals and search"),
    ),
    REGISTER.described(
        ("Регистрировать документы", "Вести журналы и присваивать номера"),
        ("Register documents", "Keep journals and give numbers"),
    ),
    ROUTE.described(
        ("Направлять документы", "Отправлять документы на согласование, подпись и исполнение"),
        ("Route documents", "Send documents for approval, signature and execution"),
    ),
    SEND.described(
        ("Отправлять в другие организации", "Передавать документы другим организациям и принимать от них"),
        ("Send to organizations", "Deliver documents to other organizations and receive theirs"),
    ),
    TAKE_PART.described(
        ("Работать с документами на руках", "Согласовывать, подписывать и исполнять порученное"),
        ("Work on documents at hand", "Approve, sign and carry out what one is asked to"),
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
    /// Making cards, registering.
    Register = REGISTER;
    /// Routing.
    Routing = ROUTE;
    /// Sending.
    Send = SEND;
    /// Taking part.
    TakePart = TAKE_PART;
}
