//! Accounts and sign-in; produces the viewer.
//!
//! An account is a person who signs in: global, it may act in several tenants. Passwords are kept as argon2id
//! (RFC 9106); sessions, resets and their cookies as SHA-256 of random tokens, so that who reads the database cannot
//! sign in with it. Secrets of authenticators, which have to be readable, are sealed by the vault. Of passkeys the server has the public half only.

mod admit;
pub mod breached;
mod browser;
mod confirm;
pub mod cookie;
mod external;
mod factors;
pub mod graphql;
mod letters;
mod lost;
mod notices;
mod otp;
mod passkeys;
pub mod password;
pub mod permissions;
mod recovery;
mod reseal;
mod seal;
mod source;
pub mod store;
pub mod token;
mod trail;
pub mod welcome;

pub use browser::{Browser, BrowserName};
pub use confirm::{ConfirmError, Confirmation, Proof};
pub use external::{Arrival, Entered, Present, Told};
pub use letters::{InvitationLetter, LetterError};
pub use lost::RemovedFactors;
pub use passkeys::Passkeys;
pub use reseal::{reseal, sealing};
pub use seal::{DoesNotOpen, Sealer};
pub use source::Identity;

plenum_kernel::id_types! {
    /// A sign-in of a browser.
    WebSessionId = "WebSession";
    /// A passkey of an account.
    PasskeyId = "Passkey";
}

/// Roles and permissions of this crate, for the policy.
pub const POLICY: &str = include_str!("policy.csv");
