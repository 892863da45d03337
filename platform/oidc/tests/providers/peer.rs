//! A provider that does what the test tells it to.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use plenum_oidc::Answered;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use url::{Url, form_urlencoded};

/// Who we are to it.
pub const CLIENT: &str = "plenum";
/// What it gave us.
pub const SECRET: &str = "a secret & more";

/// What it does; the beginning is what a good one does.
#[derive(Clone, Default)]
pub struct Play {
    /// Claims that are put into the ID token, over those that belong there.
    pub claims: Value,
    /// Claims of the second place.
    pub user_info: Value,
    /// The algorithm that the token names.
    pub algorithm: Option<&'static str>,
    /// Signs with a key that is not published.
    pub foreign_key: bool,
    /// Leaves the signature out.
    pub unsigned: bool,
    /// What stands in its description, over what belongs there.
    pub metadata: Value,
    /// Answers everything with this.
    pub broken: Option<StatusCode>,
}

/// A provider.
#[derive(Clone)]
pub struct Peer {
    pub issuer: String,
    inner: Arc<Inner>,
}

struct Inner {
    keys: [EcdsaKeyPair; 2],
    random: SystemRandom,
    play: Mutex<Play>,
    codes: Mutex<HashMap<String, HashMap<String, String>>>,
    /// What was asked, by path.
    heard: Mutex<Vec<String>>,
}

fn key(random: &SystemRandom) -> EcdsaKeyPair {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, random).expect("a key");
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), random).expect("a key")
}

fn over(mut base: Value, change: &Value) -> Value {
    for (name, value) in change.as_object().into_iter().flatten() {
        base[name] = value.clone();
    }
    base
}

impl Peer {
    /// Opens one on this machine, at an address that the test's own door to others lets through.
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let random = SystemRandom::new();
        let inner = Inner {
            keys: [key(&random), key(&random)],
            random,
            play: Mutex::default(),
            codes: Mutex::default(),
            heard: Mutex::default(),
        };
        let peer = Self { issuer, inner: Arc::new(inner) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(user_info))
            .with_state(peer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        peer
    }

    /// What it does from now on.
    pub fn plays(&self, play: Play) {
        *self.inner.play.lock().expect("not poisoned") = play;
    }

    /// What was asked of it, by path, since the last time.
    pub fn heard(&self) -> Vec<String> {
        std::mem::take(&mut *self.inner.heard.lock().expect("not poisoned"))
    }

    #[expect(clippy::result_large_err, reason = "an answer is what ends here, once in a test")]
    fn play(&self, path: &str) -> Result<Play, Response> {
        self.inner.heard.lock().expect("not poisoned").push(path.to_owned());
        let play = self.inner.play.lock().expect("not poisoned").clone();
        match play.broken {
            Some(status) => Err((status, "it is broken <script>").into_response()),
            None => Ok(play),
        }
    }

    /// Somebody signs in where the browser was sent; what the browser brings back.
    pub fn consent(&self, url: &str) -> Answered {
        let url = Url::parse(url).expect("an address");
        assert!(url.as_str().starts_with(&format!("{}/authorize?", self.issuer)), "{url}");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let code = format!("code-{}", plenum_identity::token::generate());
        let state = asked.get("state").cloned();
        self.inner.codes.lock().expect("not poisoned").insert(code.clone(), asked);
        Answered { code: Some(code), state, ..Answered::default() }
    }

    fn sign(&self, play: &Play, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = json!({ "alg": play.algorithm.unwrap_or("ES256"), "kid": "one" });
        let signed = format!("{}.{}", part(&head), part(claims));
        if play.unsigned {
            return format!("{signed}.");
        }
        let key = &self.inner.keys[usize::from(play.foreign_key)];
        let signature = key.sign(&self.inner.random, signed.as_bytes()).expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn describe(State(peer): State<Peer>) -> Response {
    let play = match peer.play("description") {
        Ok(play) => play,
        Err(answer) => return answer,
    };
    let issuer = &peer.issuer;
    let own = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["ES256"],
    });
    Json(over(own, &play.metadata)).into_response()
}

async fn keys(State(peer): State<Peer>) -> Response {
    if let Err(answer) = peer.play("keys") {
        return answer;
    }
    let point = peer.inner.keys[0].public_key().as_ref();
    let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let key = json!({ "kty": "EC", "crv": "P-256", "kid": "one", "x": part(&point[1..33]), "y": part(&point[33..]) });
    Json(json!({ "keys": [{ "kty": "unknown to us" }, key] })).into_response()
}

async fn token(State(peer): State<Peer>, headers: HeaderMap, body: String) -> Response {
    let play = match peer.play("token") {
        Ok(play) => play,
        Err(answer) => return answer,
    };
    let no = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let form: HashMap<String, String> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let said = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    // A code works once, with what it was asked with (RFC 6749 §4.1.3, RFC 7636 §4.6).
    let asked = peer.inner.codes.lock().expect("not poisoned").remove(said("code"));
    let Some(asked) = asked else { return no("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(said("code_verifier").as_bytes()));
    if asked["code_challenge"] != challenge || asked["redirect_uri"] != said("redirect_uri") {
        return no("invalid_grant");
    }
    let secret: String = form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let expected =
        format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{CLIENT}:{secret}")));
    if headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) != Some(expected.as_str()) {
        return no("invalid_client");
    }
    assert!(headers.get(header::COOKIE).is_none());
    let at = crate::house::now();
    let claims =
        json!({ "iss": peer.issuer, "aud": CLIENT, "exp": at + 300, "iat": at, "nonce": asked["nonce"] });
    let token = peer.sign(&play, &over(claims, &play.claims));
    Json(json!({ "access_token": "access", "token_type": "Bearer", "id_token": token })).into_response()
}

async fn user_info(State(peer): State<Peer>, headers: HeaderMap) -> Response {
    let play = match peer.play("userinfo") {
        Ok(play) => play,
        Err(answer) => return answer,
    };
    assert_eq!(headers[header::AUTHORIZATION], "Bearer access");
    Json(play.user_info).into_response()
}
