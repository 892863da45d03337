//! Work done later.

pub mod count_attendance;
pub mod expire_attempt;
pub mod print_certificate;
pub mod remind;
pub mod settle_course;
