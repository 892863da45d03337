//! Words that every crate shares: typed ids, the clock, languages, money, error codes.
//!
//! Pure: no I/O, no async, no ambient time. What reads the clock takes a [`clock::Clock`].

pub mod clock;
pub mod error;
pub mod id;
pub mod language;
pub mod money;

pub use clock::{Clock, SystemClock};
pub use error::ErrorCode;
pub use id::{AccountId, FileId, InvitationId, OwnRoleId, RoleGrantId, TenantId, TypedId, UnitId};
pub use language::Language;
pub use money::Money;
