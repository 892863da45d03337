//! The only SQL of members.

pub(crate) mod audience;
pub(crate) mod imports;
pub(crate) mod pages;
pub(crate) mod persons;
pub(crate) mod register;
pub(crate) mod tree;
