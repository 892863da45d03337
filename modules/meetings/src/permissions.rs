//! What may be done with rooms. A seat on the session's roll is needed besides.

use plenum_authz::Permission;

/// Ask to enter the room of a session.
pub const JOIN: Permission = Permission::new("meetings.join");
/// The platform's own work on attendance.
pub const ATTEND: Permission = Permission::new("meetings.attend");
