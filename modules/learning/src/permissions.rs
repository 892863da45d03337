//! What may be done in learning; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Permission};

/// Make and change courses.
pub const AUTHOR: Permission = Permission::new("learning.author");
/// Enrol and withdraw learners.
pub const ENROL: Permission = Permission::new("learning.enrol");
/// See how learners do, and revoke certificates.
pub const GRADE: Permission = Permission::new("learning.grade");
/// Learn: see the catalogue and one's own courses.
pub const LEARN: Permission = Permission::new("learning.learn");
/// Check a certificate without a session; the platform itself does it.
pub const VERIFY: Permission = Permission::new("learning.verify");

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
    /// Making and changing a course.
    Write = AUTHOR;
    /// Enrolling in a course.
    Enrol = ENROL;
    /// Seeing results.
    Grade = GRADE;
}
