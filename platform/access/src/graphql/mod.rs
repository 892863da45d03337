//! Access in the API.

mod mutations;
mod nodes;
mod queries;

pub use mutations::AccessMutation;
pub use queries::AccessQuery;
