//! Sign-in in the API.

mod colleagues;
mod mutations;
mod viewer;

pub use colleagues::{ColleagueNode, ColleaguesQuery};
pub use mutations::IdentityMutation;
pub use viewer::{AccountNode, IdentityQuery, LanguageName, ViewerNode};
