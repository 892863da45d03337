//! The rules of learning: pure.

pub mod course;
pub mod numbers;
pub mod paper;
pub mod progress;
pub mod question;
pub mod shuffle;
