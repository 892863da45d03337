//! What may be done in learning; roles stand beside in `policy.csv`.

use plenum_authz::{Action, Described, Permission};

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

/// The words of the permissions of which roles are built.
pub const CATALOGUE: &[Described] = &[
    AUTHOR.described(
        ("Создавать курсы", "Готовить курсы, уроки и вопросы"),
        ("Author courses", "Make courses, lessons and questions"),
    ),
    ENROL.described(
        ("Записывать на курсы", "Записывать людей и группы на курсы"),
        ("Enrol", "Enrol people and groups in courses"),
    ),
    GRADE.described(
        ("Проверять работы", "Проверять ответы и ставить оценки"),
        ("Grade", "Check answers and grade them"),
    ),
    LEARN.described(
        ("Учиться", "Проходить курсы, на которые записан"),
        ("Learn", "Take the courses in which one is enrolled"),
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
    /// Making and changing a course.
    Write = AUTHOR;
    /// Enrolling in a course.
    Enrol = ENROL;
    /// Seeing results.
    Grade = GRADE;
}
