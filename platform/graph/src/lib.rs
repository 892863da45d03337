//! What every GraphQL resolver stands on: the request's scope, the doors to transactions, refusals, paging.
//!
//! A root field's first line is [`Doors::read`] or [`Doors::write`] with the permission that it needs; a field that
//! opens no door sees nothing, so the default is denial. Failures are logged once, here, under an incident id;
//! the caller learns the id and nothing else.

mod armour;
pub mod cost;
mod doors;
mod ids;
mod paging;
mod refusal;
mod scope;
mod withdrawal;

pub use armour::{Armour, Flaw};
pub use doors::{CONFIRMED_FOR, Door, Doors, Finish};
pub use ids::{global, parse_id, parse_optional_id};
pub use paging::{Paged, Paging, paged};
pub use refusal::{Answer, FieldFault, Refusal};
pub use scope::{Credential, RequestScope, Resolved, SignedIn, ViewerSource};
pub use withdrawal::Withdrawal;
