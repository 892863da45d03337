//! Blobs and signed links; the only home of the object store.
//!
//! The row of a file is tenant data under row security; its bytes lie in the object store (a local folder or S3)
//! under `tenant/file`. Browsers reach the bytes by links that this server signs (HMAC-SHA256, RFC 2104), each for
//! one file and one act, for ten minutes. What is fetched is never shown in place, except a PDF that [`inspect`] found
//! clean and for which a module asks a link of its own.

pub mod graphql;
mod inspect;
mod link;
pub mod permissions;
mod range;
mod routes;
pub mod store;
mod vault;

pub use inspect::{ContentKind, Flag, Inspection, inspect};
pub use link::{LinkAct, LinkKey};
pub use routes::router;
pub use store::{File, FileId};
pub use vault::{Files, FilesError, ObjectConfig};

/// Roles and permissions of this crate, for the policy.
pub const POLICY: &str = "p, member, files.upload\np, member, files.view\n";
