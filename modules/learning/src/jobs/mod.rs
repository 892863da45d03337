//! Work done later.

pub mod announce;
pub mod count_attendance;
pub mod expire_attempt;
pub mod print_certificate;
mod reader;
pub mod remind;
pub mod settle_course;
