//! Sign-in in the API.

mod colleagues;
mod factors;
mod passwords;
mod security;
mod sign_in;
mod viewer;

use async_graphql::MergedObject;
use plenum_graph::Refusal;

use crate::ConfirmError;

pub use colleagues::{ColleagueNode, ColleaguesQuery};
pub use security::SecurityNode;
use security::{ProofInput, own_session};
pub use viewer::{AccountNode, IdentityQuery, LanguageName, ViewerNode};

/// Root fields that change something.
#[derive(MergedObject, Default)]
pub struct IdentityMutation(
    sign_in::SignInMutation,
    passwords::PasswordMutation,
    security::SecurityMutation,
    factors::FactorsMutation,
    viewer::AccountMutation,
);

/// A proof that does not fit, where no status tells it.
fn refuse(error: ConfirmError) -> Refusal {
    match error {
        ConfirmError::Wrong => Refusal::forbidden("wrong_proof"),
        ConfirmError::Wait(seconds) => Refusal::rate_limited(seconds),
        ConfirmError::Store(error) => error.into(),
    }
}
