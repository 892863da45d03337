//! What may be done here.

use plenum_authz::{Described, Permission};

/// Export everything of the organization, and fetch it.
pub const TENANT: Permission = Permission::new("exports.tenant");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[TENANT.described(
    (
        "Выгружать все данные организации",
        "Заказать архив со всеми записями и файлами организации и скачать его",
    ),
    (
        "Export all data of the organization",
        "Order an archive with all records and files of the organization, and fetch it",
    ),
)];
