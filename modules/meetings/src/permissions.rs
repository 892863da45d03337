//! What may be done with rooms. A seat on the session's roll is needed besides.

use plenum_authz::{Described, Permission};

/// Ask to enter the room of a session.
pub const JOIN: Permission = Permission::new("meetings.join");
/// Broadcast a session, and let an encoder publish into its room.
pub const BROADCAST: Permission = Permission::new("meetings.broadcast");
/// Record a session, and decide how long the recording is kept.
pub const RECORD: Permission = Permission::new("meetings.record");
/// The platform's own work on attendance.
pub const ATTEND: Permission = Permission::new("meetings.attend");

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    JOIN.described(
        ("Входить на видеозаседания", "Входить в комнату заседания, на которое приглашён"),
        ("Join video sessions", "Enter the room of a session to which one is called"),
    ),
    BROADCAST.described(
        (
            "Вести трансляции",
            "Показывать заседание по ссылке всем, у кого она есть, и подключать к нему камеру зала",
        ),
        (
            "Broadcast sessions",
            "Show a session to everybody who has the link, and connect the camera of a hall to it",
        ),
    ),
    RECORD.described(
        (
            "Вести запись заседаний",
            "Включать и останавливать видеозапись заседания, решать, сколько она хранится, и удалять её",
        ),
        (
            "Record sessions",
            "Start and stop the recording of a session, decide how long it is kept, and remove it",
        ),
    ),
];
