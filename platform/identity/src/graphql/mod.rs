//! Sign-in in the API.

mod mutations;
mod viewer;

pub use mutations::IdentityMutation;
pub use viewer::{AccountNode, IdentityQuery, LanguageName, ViewerNode};
