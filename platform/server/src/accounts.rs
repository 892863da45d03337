//! What an operator does with accounts from the command line.

use anyhow::bail;
use plenum_identity::Identity;

/// Recorded with the operator's acts; the record of each organization that the account may enter has the account.
const REMOVE: &str = "accounts.remove_factors";

/// Takes the second factors of an account away. Tells what was there.
///
/// # Errors
/// When there is no such account, no operator's role, or the database fails.
pub async fn remove_factors(identity: &Identity, email: &str) -> anyhow::Result<String> {
    // First, so that nothing is done without a record: there may be no operator's role.
    identity.db.operator(REMOVE).await?.commit().await?;
    let Some(removed) = identity.remove_factors(email).await? else {
        bail!("there is no account «{email}»");
    };
    let totp = if removed.totp { "an authenticator" } else { "no authenticator" };
    let told = if removed.told { "was told by mail" } else { "could not be told by mail: tell them" };
    Ok(format!(
        "removed: {totp}, {} passkeys, all recovery codes; {} sign-ins ended. The holder {told}",
        removed.passkeys, removed.web_sessions
    ))
}
