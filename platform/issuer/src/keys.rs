//! Keys that sign ID tokens: made when they are first needed, sealed by the vault, renewed by an operator's command.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair as FreshRsa, KeySize},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use plenum_db::{Db, GlobalTx, StoreError};
use plenum_kernel::TypedId;
use ring::{
    rand::SystemRandom,
    rsa::PublicKeyComponents,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use serde_json::{Value, json};

use crate::{SigningKeyId, store::keys};

/// The algorithms that sign.
pub(crate) const ALGORITHMS: [&str; 2] = ["RS256", "ES256"];

/// A token cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The cryptography failed, or the key that is kept is none.
    #[error("a key could not be made or used")]
    Crypto,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes new keys; those before sign no more, and are shown for another month. Tells their names.
///
/// # Errors
/// [`KeyError`].
pub async fn rotate(db: &Db) -> Result<Vec<String>, KeyError> {
    let mut tx = db.global(None).await?;
    keys::retire(&mut tx).await?;
    let mut names = Vec::new();
    for algorithm in ALGORITHMS {
        names.push(format!("{algorithm} {}", kid(make(&mut tx, algorithm).await?)));
    }
    tx.commit().await?;
    Ok(names)
}

/// The set of public keys (RFC 7517 §5), with one of each algorithm at least.
pub(crate) async fn jwks(db: &Db) -> Result<Value, KeyError> {
    for algorithm in ALGORITHMS {
        active(db, algorithm).await?;
    }
    let mut tx = db.global(None).await?;
    Ok(json!({ "keys": keys::shown(&mut tx).await? }))
}

/// A signed token of these claims (RFC 7515 §7.1).
pub(crate) async fn sign(db: &Db, algorithm: &str, claims: &Value) -> Result<String, KeyError> {
    let key = active(db, algorithm).await?;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = json!({ "alg": algorithm, "typ": "JWT", "kid": kid(key.id) });
    let signed = format!("{}.{}", part(&head), part(claims));
    let signature = signature(algorithm, key.key.bytes(), signed.as_bytes())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn kid(id: SigningKeyId) -> String {
    id.uuid().simple().to_string()
}

/// The key that signs now; made when there is none.
async fn active(db: &Db, algorithm: &str) -> Result<keys::Key, KeyError> {
    let mut tx = db.global(None).await?;
    if let Some(key) = keys::active(&mut tx, algorithm).await? {
        return Ok(key);
    }
    make(&mut tx, algorithm).await?;
    tx.commit().await?;
    let mut tx = db.global(None).await?;
    // Of two that made one at once, the first stays.
    keys::active(&mut tx, algorithm).await?.ok_or(KeyError::Crypto)
}

async fn make(tx: &mut GlobalTx, algorithm: &str) -> Result<SigningKeyId, KeyError> {
    let id = SigningKeyId::new();
    let name = algorithm.to_owned();
    // A key of RSA takes a while to be found.
    let made = tokio::task::spawn_blocking(move || fresh(&name, &kid(id))).await;
    let (key, public_key) = made.map_err(|_| KeyError::Crypto)??;
    keys::insert(tx, id, algorithm, &key, &public_key).await?;
    Ok(id)
}

/// A new key, PKCS#8, and its public half (RFC 7517, RFC 7518 §6).
fn fresh(algorithm: &str, kid: &str) -> Result<(Vec<u8>, Value), KeyError> {
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    if algorithm == "ES256" {
        let random = SystemRandom::new();
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .map_err(|_| KeyError::Crypto)?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random)
            .map_err(|_| KeyError::Crypto)?;
        // An uncompressed point: a byte, x, y.
        let point = key.public_key().as_ref();
        let public_key = json!({ "kty": "EC", "crv": "P-256", "x": part(&point[1..33]), "y": part(&point[33..]),
            "use": "sig", "alg": algorithm, "kid": kid });
        return Ok((made.as_ref().to_vec(), public_key));
    }
    let made = FreshRsa::generate(KeySize::Rsa2048).map_err(|_| KeyError::Crypto)?;
    let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&made).map_err(|_| KeyError::Crypto)?;
    let key = RsaKeyPair::from_pkcs8(der.as_ref()).map_err(|_| KeyError::Crypto)?;
    let PublicKeyComponents { n, e }: PublicKeyComponents<Vec<u8>> = key.public().into();
    let public_key =
        json!({ "kty": "RSA", "n": part(&n), "e": part(&e), "use": "sig", "alg": algorithm, "kid": kid });
    Ok((der.as_ref().to_vec(), public_key))
}

fn signature(algorithm: &str, key: &[u8], message: &[u8]) -> Result<Vec<u8>, KeyError> {
    let random = SystemRandom::new();
    if algorithm == "ES256" {
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key, &random)
            .map_err(|_| KeyError::Crypto)?;
        return Ok(key.sign(&random, message).map_err(|_| KeyError::Crypto)?.as_ref().to_vec());
    }
    let key = RsaKeyPair::from_pkcs8(key).map_err(|_| KeyError::Crypto)?;
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).map_err(|_| KeyError::Crypto)?;
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use plenum_oidc::jose::{Jwks, open};

    use super::*;

    #[test]
    fn what_is_signed_opens_with_the_key_that_is_shown() {
        for algorithm in ALGORITHMS {
            let (key, public_key) = fresh(algorithm, "one").expect("a key");
            let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
            let signed = format!(
                "{}.{}",
                part(json!({ "alg": algorithm, "kid": "one" })),
                part(json!({ "sub": "anna" }))
            );
            let signature = signature(algorithm, &key, signed.as_bytes()).expect("signed");
            let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
            let shown: Jwks = serde_json::from_value(json!({ "keys": [public_key] })).expect("keys");
            let (said, _) = open::<Value>(&token, &shown).expect("it opens");
            assert_eq!(said, json!({ "sub": "anna" }));
        }
    }
}
