//! What may be done with files. Whether a certain file may be seen is decided by the module that shows it.

use plenum_authz::Permission;

/// Begin an upload.
pub const UPLOAD: Permission = Permission::new("files.upload");
/// Get a link to a file that a module shows.
pub const VIEW: Permission = Permission::new("files.view");
