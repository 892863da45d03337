//! What learning does when something happened elsewhere.

pub mod train;
