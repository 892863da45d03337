//! Sign-in in the API.

mod colleagues;
mod emails;
mod factors;
mod passkeys;
mod passwords;
mod security;
mod sign_in;
mod viewer;

use async_graphql::{Context, MergedObject};
use plenum_db::PgConnection;
use plenum_graph::{Answer, Doors, Refusal};
use plenum_kernel::TenantId;

use crate::{ConfirmError, passkeys::PasskeyError, store::bound_sessions};

pub use colleagues::{ColleagueNode, ColleaguesQuery};
pub use passkeys::{PasskeyAnswerInput, PasskeyNode};
use security::own_session;
pub use security::{ProofInput, SecurityNode};
pub use viewer::{AccountNode, IdentityQuery, LanguageName, ViewerNode};

/// Root fields that change something.
#[derive(MergedObject, Default)]
pub struct IdentityMutation(
    sign_in::SignInMutation,
    passwords::PasswordMutation,
    security::SecurityMutation,
    emails::EmailMutation,
    factors::FactorsMutation,
    passkeys::PasskeyMutation,
    passkeys::PasskeySignInMutation,
    viewer::AccountMutation,
);

/// The only organization that the caller's sign-in enters, when it is by that one's provider.
async fn bound_to(ctx: &Context<'_>, conn: &mut PgConnection) -> Answer<Option<TenantId>> {
    match &ctx.scope().credential().token_hash {
        Some(hash) => Ok(bound_sessions::of_session(conn, hash).await?),
        None => Ok(None),
    }
}

/// A proof that does not fit, where no status tells it.
fn refuse(error: ConfirmError) -> Refusal {
    match error {
        ConfirmError::Wrong => Refusal::forbidden("wrong_proof"),
        ConfirmError::SecondFactor => Refusal::forbidden("second_factor"),
        ConfirmError::Wait(seconds) => Refusal::rate_limited(seconds),
        ConfirmError::Store(error) => error.into(),
    }
}

/// A ceremony with a passkey that could not be begun, or whose answer no status tells.
fn refuse_passkey(error: PasskeyError) -> Refusal {
    match error {
        PasskeyError::Unavailable => Refusal::conflict("passkeys_unavailable"),
        PasskeyError::TooMany => Refusal::conflict("too_many_passkeys"),
        PasskeyError::Expired | PasskeyError::Refused => Refusal::forbidden("wrong_proof"),
        PasskeyError::Store(error) => error.into(),
        error @ (PasskeyError::Kept(_) | PasskeyError::Begin(_)) => Refusal::internal(&error),
    }
}
