//! Who may do what, where. The only home of casbin.
//!
//! Three words carry it. A [`Permission`] names an act (`members.import`). A [`Grant`] gives a role in a
//! scope. The [`Policy`] (roles and their permissions, from checked-in files) answers whether the grants of a
//! [`Viewer`] allow a permission at a [`Place`].
//!
//! A tenant's [`OwnRoles`] are built from the same permissions; they come with the grants, at the version that held
//! when the grants were read. So do the modules that the tenant does without ([`ModulesOff`]): here, where permissions are
//! looked up, they are refused, and nowhere else.
//!
//! Invariants: no rule means no; a place and a scope always end in a slash, so `…/7/` never governs `…/70/`.
//! This crate reads no database: grants come with the viewer.

mod catalogue;
mod off;
mod own;
mod permission;
mod place;
mod policy;
mod viewer;

pub use catalogue::{Catalogue, Described, Text};
pub use off::ModulesOff;
pub use own::OwnRoles;
pub use permission::{Action, Permission};
pub use place::Place;
pub use policy::{Policy, PolicyError};
pub use viewer::{Actor, Grant, Viewer};
