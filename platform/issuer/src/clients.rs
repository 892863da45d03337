//! Registering sites: an operator's act.

use plenum_db::{Db, StoreError};
use plenum_identity::token;
use url::Url;

use crate::store::clients::{self, Client};

/// A site to be registered.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// By what it calls itself; letters, digits and `-_.`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where people are sent back to.
    pub redirect_uris: Vec<String>,
    /// Where people are sent after signing out.
    pub logout_uris: Vec<String>,
    /// Whether it cannot keep a secret.
    pub public: bool,
    /// Whether its tokens are signed by ES256 instead of RS256.
    pub es256: bool,
    /// Whether it is told of organizations and roles.
    pub tells_organizations: bool,
}

/// A site cannot be registered or removed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Its id has other signs.
    #[error("«{0}» is no id: letters, digits, «-», «_» and «.», at most a hundred")]
    Id(String),
    /// The name is empty or too long.
    #[error("a name has one to a hundred signs")]
    Name,
    /// An address is not one that people are sent to.
    #[error("«{0}» is no address to send people to: https, or http on this machine, without a part behind #")]
    Address(String),
    /// Addresses are missing, or too many.
    #[error("one to twenty redirect addresses are needed, and at most twenty for signing out")]
    Count,
    /// The id is taken.
    #[error("there is a site «{0}» already")]
    Taken(String),
    /// There is none.
    #[error("there is no site «{0}»")]
    Unknown(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Registers a site; its secret, which is told this once.
///
/// # Errors
/// [`ClientError`].
pub async fn add(db: &Db, new: NewClient) -> Result<Option<String>, ClientError> {
    let is_id = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if new.id.is_empty() || new.id.len() > 100 || !new.id.chars().all(is_id) {
        return Err(ClientError::Id(new.id));
    }
    if new.name.trim().is_empty() || new.name.chars().count() > 100 {
        return Err(ClientError::Name);
    }
    if !(1..=20).contains(&new.redirect_uris.len()) || new.logout_uris.len() > 20 {
        return Err(ClientError::Count);
    }
    if let Some(wrong) = new.redirect_uris.iter().chain(&new.logout_uris).find(|uri| !is_address(uri)) {
        return Err(ClientError::Address(wrong.clone()));
    }
    let secret = (!new.public).then(token::generate);
    let client = Client {
        id: new.id,
        name: new.name.trim().to_owned(),
        secret_hash: secret.as_deref().map(|secret| token::hash(secret).to_vec()),
        redirect_uris: new.redirect_uris,
        logout_uris: new.logout_uris,
        signed_by: if new.es256 { "ES256" } else { "RS256" }.to_owned(),
        tells_organizations: new.tells_organizations,
    };
    let mut tx = db.operator("issuer.add_client").await?;
    if !clients::insert(&mut tx, &client).await? {
        return Err(ClientError::Taken(client.id));
    }
    tx.commit().await?;
    Ok(secret)
}

/// Removes a site.
///
/// # Errors
/// [`ClientError`].
pub async fn remove(db: &Db, id: &str) -> Result<(), ClientError> {
    let mut tx = db.operator("issuer.remove_client").await?;
    match clients::delete(&mut tx, id).await {
        Ok(()) => {}
        Err(StoreError::Rows { .. }) => return Err(ClientError::Unknown(id.to_owned())),
        Err(error) => return Err(error.into()),
    }
    tx.commit().await?;
    Ok(())
}

/// All sites.
///
/// # Errors
/// [`ClientError`].
pub async fn all(db: &Db) -> Result<Vec<Client>, ClientError> {
    let mut tx = db.global(None).await?;
    Ok(clients::all(tx.conn()).await?)
}

/// A site in lines, for people.
#[must_use]
pub fn describe(client: &Client) -> String {
    let secret = if client.secret_hash.is_some() { "with a secret" } else { "public" };
    let organizations = if client.tells_organizations { ", told of organizations and roles" } else { "" };
    format!(
        "{}: {} ({secret}, {}{organizations})\n  {}",
        client.id,
        client.name,
        client.signed_by,
        client.redirect_uris.join("\n  ")
    )
}

/// Compared whole later on, so no wildcard is of use; plain http for what runs on this machine only (RFC 8252 §7.3).
fn is_address(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && here);
    scheme
        && url.fragment().is_none()
        && url.username().is_empty()
        && text.len() <= 500
        && !text.contains('*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_sent_to_addresses_that_are_whole_and_encrypted() {
        for good in [
            "https://site.example/back",
            "http://127.0.0.1:3000/back",
            "http://[::1]/",
            "https://a.example/?b=c",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "http://site.example/",
            "https://site.example/#a",
            "https://*.example/",
            "javascript:alert(1)",
            "/back",
            "https://user@site.example/",
            "",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
