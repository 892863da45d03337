//! Signed tokens (JWS, RFC 7515; JWT, RFC 7519): compact form, asymmetric signatures, the keys that a provider names.
//!
//! The cryptography is ring's. `none` and the algorithms with a shared secret are no algorithms here: a token that names
//! one is not read further, so that a public key is never taken for a secret (RFC 8725 §2.1).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde::{Deserialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// The longest token that is read, bytes.
const LONGEST: usize = 32 * 1024;
/// The most keys of a set that are looked at.
const MOST_KEYS: usize = 50;

/// A token cannot be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// It is no token in compact form, or its parts are no JSON.
    #[error("the token is not in the compact form of signed tokens")]
    Form,
    /// It names an algorithm that is not taken.
    #[error("the token's algorithm is not taken")]
    Algorithm,
    /// No key of the set is meant.
    #[error("no key of the provider is the token's")]
    UnknownKey,
    /// The signature is not by that key.
    #[error("the token's signature is wrong")]
    Signature,
}

/// The algorithms that are taken (RFC 7518 §3.1, RFC 8037).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, which every provider has (OpenID Connect Core 1.0 §15.1).
    Rs256,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "PS256" => Self::Ps256,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "EdDSA" | "Ed25519" => Self::EdDsa,
            _ => return None,
        })
    }

    /// Whether a name of an algorithm is one of these.
    #[must_use]
    pub fn is_taken(name: &str) -> bool {
        Self::named(name).is_some()
    }

    /// The name that an ID token gives the access token beside it, for the algorithms with SHA-256; others are not
    /// compared.
    #[must_use]
    pub fn token_hash(self, token: &str) -> Option<String> {
        matches!(self, Self::Rs256 | Self::Ps256 | Self::Es256).then(|| half_hash(token))
    }

    fn key_type(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Rs256 | Self::Ps256 => ("RSA", None),
            Self::Es256 => ("EC", Some("P-256")),
            Self::Es384 => ("EC", Some("P-384")),
            Self::EdDsa => ("OKP", Some("Ed25519")),
        }
    }
}

/// A public key, as providers publish it (RFC 7517).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Jwk {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    n: Option<String>,
    #[serde(default)]
    e: Option<String>,
    #[serde(default)]
    x: Option<String>,
    #[serde(default)]
    y: Option<String>,
}

/// The keys of a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Jwks {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    /// Extensions that must be understood; none is (RFC 7515 §4.1.11).
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

/// What a token says, and how it is signed, after its signature was found to be that of a key of the set.
///
/// # Errors
/// [`JoseError`].
pub fn open<T: DeserializeOwned>(token: &str, keys: &Jwks) -> Result<(T, Algorithm), JoseError> {
    if token.len() > LONGEST {
        return Err(JoseError::Form);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(JoseError::Form)?;
    let (head, payload) = signed.split_once('.').ok_or(JoseError::Form)?;
    let header: Header = serde_json::from_slice(&decode(head)?).map_err(|_| JoseError::Form)?;
    if header.crit.is_some() {
        return Err(JoseError::Form);
    }
    let algorithm = Algorithm::named(&header.alg).ok_or(JoseError::Algorithm)?;
    let key = keys.find(&header, algorithm)?;
    verify(&key, algorithm, signed.as_bytes(), &decode(signature)?)?;
    let said = serde_json::from_slice(&decode(payload)?).map_err(|_| JoseError::Form)?;
    Ok((said, algorithm))
}

impl Jwks {
    /// The one key that is meant. Keys that are not read are passed over: a set may have those of other algorithms.
    fn find(&self, header: &Header, algorithm: Algorithm) -> Result<Jwk, JoseError> {
        let (kty, crv) = algorithm.key_type();
        let fits = |key: &Jwk| {
            key.kty == kty
                && crv.is_none_or(|crv| key.crv.as_deref() == Some(crv))
                && key.usage.as_deref().is_none_or(|usage| usage == "sig")
                && key.alg.as_deref().is_none_or(|alg| alg == header.alg)
                && header.kid.as_ref().is_none_or(|kid| key.kid.as_ref() == Some(kid))
        };
        let read = self.keys.iter().take(MOST_KEYS).filter_map(|key| Jwk::deserialize(key).ok());
        let mut found = read.filter(fits);
        let first = found.next().ok_or(JoseError::UnknownKey)?;
        // Without a name, only a single key is meant without doubt.
        if found.next().is_some() { Err(JoseError::UnknownKey) } else { Ok(first) }
    }
}

fn verify(key: &Jwk, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> Result<(), JoseError> {
    match algorithm {
        Algorithm::Rs256 => rsa(key, &RSA_PKCS1_2048_8192_SHA256, message, signature),
        Algorithm::Ps256 => rsa(key, &RSA_PSS_2048_8192_SHA256, message, signature),
        Algorithm::Es256 => curve(key, &ECDSA_P256_SHA256_FIXED, 32, message, signature),
        Algorithm::Es384 => curve(key, &ECDSA_P384_SHA384_FIXED, 48, message, signature),
        Algorithm::EdDsa => {
            let x = part(key.x.as_deref())?;
            UnparsedPublicKey::new(&ED25519, x).verify(message, signature).map_err(|_| JoseError::Signature)
        }
    }
}

fn rsa(key: &Jwk, how: &'static RsaParameters, message: &[u8], signature: &[u8]) -> Result<(), JoseError> {
    let (n, e) = (part(key.n.as_deref())?, part(key.e.as_deref())?);
    // Some providers write a sign byte before the modulus.
    let (n, e) = (trimmed(&n), trimmed(&e));
    RsaPublicKeyComponents { n, e }.verify(how, message, signature).map_err(|_| JoseError::Signature)
}

fn curve(
    key: &Jwk,
    how: &'static dyn VerificationAlgorithm,
    size: usize,
    message: &[u8],
    signature: &[u8],
) -> Result<(), JoseError> {
    let (x, y) = (part(key.x.as_deref())?, part(key.y.as_deref())?);
    if x.len() != size || y.len() != size {
        return Err(JoseError::UnknownKey);
    }
    let point = [&[4_u8][..], &x, &y].concat();
    UnparsedPublicKey::new(how, point).verify(message, signature).map_err(|_| JoseError::Signature)
}

fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

fn part(text: Option<&str>) -> Result<Vec<u8>, JoseError> {
    decode(text.ok_or(JoseError::UnknownKey)?)
}

fn decode(text: &str) -> Result<Vec<u8>, JoseError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| JoseError::Form)
}

/// The left half of the SHA-256 of a text: how an ID token names the access token beside it (OpenID Connect Core 1.0
/// §3.1.3.6), for the algorithms with SHA-256.
fn half_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text.as_bytes())[..16])
}

#[cfg(test)]
mod tests {
    use ring::{
        hmac,
        rand::SystemRandom,
        signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair},
    };
    use serde_json::{Value, json};

    use super::*;

    struct Signer {
        key: EcdsaKeyPair,
        random: SystemRandom,
    }

    impl Signer {
        fn new() -> Self {
            let random = SystemRandom::new();
            let pkcs8 =
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
            let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random)
                .expect("a key");
            Self { key, random }
        }

        fn jwk(&self, kid: &str) -> Value {
            let point = self.key.public_key().as_ref();
            json!({ "kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "alg": "ES256",
                "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]) })
        }

        fn sign(&self, head: &Value, claims: &Value) -> String {
            let signed = unsigned(head, claims);
            let signature = self.key.sign(&self.random, signed.as_bytes()).expect("signed");
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
        }
    }

    fn unsigned(head: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", part(head), part(claims))
    }

    fn keys(keys: Vec<Value>) -> Jwks {
        Jwks { keys }
    }

    fn read(token: &str, keys: &Jwks) -> Result<Value, JoseError> {
        open(token, keys).map(|(said, _)| said)
    }

    #[test]
    fn a_token_opens_with_its_key_only() {
        let (signer, other) = (Signer::new(), Signer::new());
        let claims = json!({ "sub": "anna" });
        let token = signer.sign(&json!({ "alg": "ES256", "kid": "a" }), &claims);
        assert_eq!(read(&token, &keys(vec![other.jwk("b"), signer.jwk("a")])), Ok(claims));
        assert_eq!(read(&token, &keys(vec![other.jwk("a")])), Err(JoseError::Signature));
        assert_eq!(read(&token, &keys(vec![signer.jwk("b")])), Err(JoseError::UnknownKey));
        assert_eq!(read(&token, &keys(vec![])), Err(JoseError::UnknownKey));
        let encryption = json!({ "use": "enc" });
        let mut jwk = signer.jwk("a");
        jwk.as_object_mut().expect("an object").extend(encryption.as_object().expect("an object").clone());
        assert_eq!(read(&token, &keys(vec![jwk])), Err(JoseError::UnknownKey));
    }

    #[test]
    fn a_changed_token_does_not_open() {
        let signer = Signer::new();
        let token = signer.sign(&json!({ "alg": "ES256" }), &json!({ "sub": "anna" }));
        let set = keys(vec![signer.jwk("a")]);
        assert!(read(&token, &set).is_ok());
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let forged = unsigned(&json!({ "alg": "ES256" }), &json!({ "sub": "boris" }));
        assert_eq!(read(&format!("{forged}.{signature}"), &set), Err(JoseError::Signature));
        assert_eq!(read(&format!("{signed}."), &set), Err(JoseError::Signature));
        assert_eq!(read(signed, &set), Err(JoseError::Form));
        assert_eq!(read(&format!("{token}="), &set), Err(JoseError::Form));
        assert_eq!(read(&format!("x.{token}"), &set), Err(JoseError::Form));
        assert_eq!(read("", &set), Err(JoseError::Form));
        assert_eq!(read(&"a".repeat(LONGEST + 1), &set), Err(JoseError::Form));
    }

    #[test]
    fn no_signature_and_a_public_key_as_a_secret_are_no_signatures() {
        let signer = Signer::new();
        let set = keys(vec![signer.jwk("a")]);
        let claims = json!({ "sub": "anna" });
        for alg in ["none", "None", "NONE", "", "HS256", "RS1", "ES256K"] {
            let signed = unsigned(&json!({ "alg": alg, "kid": "a" }), &claims);
            assert_eq!(read(&format!("{signed}."), &set), Err(JoseError::Algorithm), "{alg}");
        }
        // The classic: the public key, which everybody has, as the secret of an HMAC.
        let signed = unsigned(&json!({ "alg": "HS256", "kid": "a" }), &claims);
        let secret = hmac::Key::new(hmac::HMAC_SHA256, signer.key.public_key().as_ref());
        let tag = URL_SAFE_NO_PAD.encode(hmac::sign(&secret, signed.as_bytes()));
        assert_eq!(read(&format!("{signed}.{tag}"), &set), Err(JoseError::Algorithm));
        // A key in the token itself, or behind an address in it, is nobody's.
        let other = Signer::new();
        let own = json!({ "alg": "ES256", "jwk": other.jwk("a"), "jku": "https://evil.example/keys" });
        assert_eq!(read(&other.sign(&own, &claims), &set), Err(JoseError::Signature));
        let extended = json!({ "alg": "ES256", "crit": ["b64"], "b64": false });
        assert_eq!(read(&signer.sign(&extended, &claims), &set), Err(JoseError::Form));
    }

    #[test]
    fn a_key_is_taken_for_its_own_algorithm_only() {
        let random = SystemRandom::new();
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).expect("a key");
        let key = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("a key");
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.public_key()) });
        let signed = unsigned(&json!({ "alg": "EdDSA" }), &json!({ "sub": "anna" }));
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes())));
        assert_eq!(read(&token, &keys(vec![jwk.clone()])), Ok(json!({ "sub": "anna" })));
        let mut other = jwk;
        other["alg"] = json!("ES256");
        assert_eq!(read(&token, &keys(vec![other])), Err(JoseError::UnknownKey));
        // Two that fit, and nothing tells which.
        let signer = Signer::new();
        let unnamed = signer.sign(&json!({ "alg": "ES256" }), &json!({}));
        assert_eq!(read(&unnamed, &keys(vec![signer.jwk("a"), signer.jwk("b")])), Err(JoseError::UnknownKey));
    }

    #[test]
    fn the_example_of_the_specification_opens() {
        // RFC 7515, appendix A.2: RS256.
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc\
                     19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5\
                     YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQB\
                     MHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEU\
                     ipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        let n = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SF\
                 d2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7\
                 WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs\
                 91kzk2PAcDTW9gb54h4FRWyuXpoQ";
        let set = keys(vec![json!({ "kty": "RSA", "n": n, "e": "AQAB" })]);
        let said = read(token, &set).expect("the example is right");
        assert_eq!(said["iss"], "joe");
    }
}
