//! The token endpoint: a code for an ID token (OpenID Connect Core 1.0 §3.1.3).

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use plenum_identity::{store::accounts, token};
use plenum_kernel::{AccountId, TypedId};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use crate::{
    Issuer,
    authorize::Asked,
    keys::{self, KeyError},
    store::{
        admissions::{self, ACCESS, Admission},
        clients::{self, Client},
    },
};

/// How long an ID token may be looked at, seconds.
const ID_TOKEN_S: i64 = 600;

/// Why there are no tokens (RFC 6749 §5.2).
#[derive(Debug)]
pub(crate) enum Refused {
    /// The site is not known, or could not prove that it is itself.
    Client,
    /// The request has not what it needs.
    Request,
    /// The code is not good: unknown, used, too old, another's, without its verifier.
    Grant,
    /// Another flow.
    GrantType,
    /// Ours.
    Failed(KeyError),
}

impl From<plenum_db::StoreError> for Refused {
    fn from(error: plenum_db::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<KeyError> for Refused {
    fn from(error: KeyError) -> Self {
        Self::Failed(error)
    }
}

/// The subject of an account: the same for all sites, and no address.
pub(crate) fn subject(account: AccountId) -> String {
    account.uuid().simple().to_string()
}

impl Issuer {
    pub(crate) async fn tokens(
        &self,
        form: Option<Asked>,
        authorization: Option<&str>,
    ) -> Result<Value, Refused> {
        let form = form.ok_or(Refused::Request)?;
        let get = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let client = self.client(&form, authorization).await?;
        match get("grant_type") {
            Some("authorization_code") => {}
            Some(_) => return Err(Refused::GrantType),
            None => return Err(Refused::Request),
        }
        let (Some(code), Some(uri), Some(verifier)) =
            (get("code"), get("redirect_uri"), get("code_verifier"))
        else {
            return Err(Refused::Request);
        };
        let mut tx = self.identity.db.global(None).await?;
        let admission = admissions::redeem(&mut tx, &client.id, &token::hash(code)).await?;
        // Used up, whatever is wrong with the rest.
        tx.commit().await?;
        let admission = admission.ok_or(Refused::Grant)?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        if admission.redirect_uri != uri
            || admission.challenge != challenge
            || !(43..=128).contains(&verifier.len())
        {
            return Err(Refused::Grant);
        }
        let access_token = token::generate();
        let mut tx = self.identity.db.global(Some(admission.account)).await?;
        accounts::by_id(tx.conn(), admission.account).await?.ok_or(Refused::Grant)?;
        admissions::grant(&mut tx, admission.id, &token::hash(&access_token)).await?;
        tx.commit().await?;
        let id_token = self.id_token(&client, &admission, &access_token).await?;
        Ok(json!({
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": ACCESS.num_seconds(),
            "id_token": id_token,
            "scope": admission.scope,
        }))
    }

    async fn id_token(
        &self,
        client: &Client,
        admission: &Admission,
        access_token: &str,
    ) -> Result<String, KeyError> {
        let now = self.identity.db.clock().now().timestamp();
        let half = URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token.as_bytes())[..16]);
        let mut claims = json!({
            "iss": *self.name,
            "sub": subject(admission.account),
            "aud": client.id,
            "exp": now + ID_TOKEN_S,
            "iat": now,
            "auth_time": admission.signed_in_at.timestamp(),
            "at_hash": half,
        });
        if let Some(nonce) = &admission.nonce {
            claims["nonce"] = json!(nonce);
        }
        keys::sign(&self.identity.db, &client.signed_by, &claims).await
    }

    /// The site, by the secret that it shows in one of two ways (RFC 6749 §2.3.1), or by its name when it has none.
    async fn client(&self, form: &Asked, authorization: Option<&str>) -> Result<Client, Refused> {
        let in_form = form.get("client_secret").map(String::as_str);
        let (id, secret) = match authorization {
            Some(header) => {
                let (id, secret) = basic(header).ok_or(Refused::Client)?;
                let other = form.get("client_id").is_some_and(|other| *other != id);
                if in_form.is_some() || other {
                    return Err(Refused::Request);
                }
                (id, Some(secret))
            }
            None => (form.get("client_id").ok_or(Refused::Client)?.clone(), in_form.map(str::to_owned)),
        };
        let mut tx = self.identity.db.global(None).await?;
        let client = clients::get(tx.conn(), &id).await?.ok_or(Refused::Client)?;
        // Both sides are hashes of 256 random bits: how far they are alike tells nothing.
        let fits = match (&client.secret_hash, secret) {
            (Some(hash), Some(secret)) => token::hash(&secret)[..] == hash[..],
            (None, None) => true,
            _ => false,
        };
        if fits { Ok(client) } else { Err(Refused::Client) }
    }
}

/// Name and secret of a header, each written as in a form.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    // A name without a value reads back as the name.
    let read = |text: &str| {
        form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
    };
    Some((read(id), read(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_it_is_written() {
        let header = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        assert_eq!(basic(&header("a%26b:c+d%25")), Some(("a&b".to_owned(), "c d%".to_owned())));
        assert_eq!(
            basic(&header("site:secret").replace("Basic", "basic")),
            Some(("site".into(), "secret".into()))
        );
        for wrong in ["Bearer abc", "Basic", "Basic ???", &header("no colon")] {
            assert_eq!(basic(wrong), None, "{wrong}");
        }
    }
}
