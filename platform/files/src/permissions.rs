//! What may be done with files. Whether a certain file may be seen is decided by the module that shows it.

use plenum_authz::{Described, Permission};

/// Begin an upload.
pub const UPLOAD: Permission = Permission::new("files.upload");
/// Get a link to a file that a module shows.
pub const VIEW: Permission = Permission::new("files.view");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    UPLOAD.described(
        ("Загружать файлы", "Прикладывать файлы к документам, урокам и сообщениям"),
        ("Upload files", "Attach files to documents, lessons and messages"),
    ),
    VIEW.described(
        ("Скачивать файлы", "Открывать файлы там, где их показывает раздел"),
        ("Download files", "Open files where a section shows them"),
    ),
];
