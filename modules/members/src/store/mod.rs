//! The only SQL of this module.

pub(crate) mod audience;
pub(crate) mod cards;
pub(crate) mod consents;
pub(crate) mod corrections;
pub(crate) mod exports;
pub(crate) mod filters;
pub(crate) mod history;
pub(crate) mod imports;
pub(crate) mod offices;
pub(crate) mod pages;
pub(crate) mod persons;
pub(crate) mod register;
pub(crate) mod sealed;
pub(crate) mod transfers;
pub(crate) mod tree;
