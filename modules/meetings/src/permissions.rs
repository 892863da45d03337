//! What may be done with rooms. A seat on the session's roll is needed besides.

use plenum_authz::{Described, Permission};

/// Ask to enter the room of a session.
pub const JOIN: Permission = Permission::new("meetings.join");
/// The platform's own work on attendance.
pub const ATTEND: Permission = Permission::new("meetings.attend");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[JOIN.described(
    ("Входить на видеозаседания", "Входить в комнату заседания, на которое приглашён"),
    ("Join video sessions", "Enter the room of a session to which one is called"),
)];
