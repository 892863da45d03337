//! The endpoints.

use axum::{
    Json, Router,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use plenum_identity::{cookie, token as tokens};
use plenum_oidc::jose::{self, Jwks};
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

use crate::{
    Issuer,
    authorize::{self, Outcome},
    keys,
    store::clients,
    token::{Refused, subject},
};

/// The endpoints of the provider.
pub fn router(issuer: Issuer) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(describe))
        .route("/oidc/keys", get(keys_shown))
        .route("/oidc/authorize", get(authorize_endpoint))
        .route("/oidc/token", post(token_endpoint))
        .route("/oidc/userinfo", get(userinfo).post(userinfo))
        .route("/oidc/end-session", get(end_session))
        .with_state(issuer)
}

/// OpenID Connect Discovery 1.0 §3.
async fn describe(State(issuer): State<Issuer>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", issuer.name);
    Json(json!({
        "issuer": *issuer.name,
        "authorization_endpoint": at("/oidc/authorize"),
        "token_endpoint": at("/oidc/token"),
        "userinfo_endpoint": at("/oidc/userinfo"),
        "jwks_uri": at("/oidc/keys"),
        "end_session_endpoint": at("/oidc/end-session"),
        "scopes_supported": ["openid", "profile", "email", "organizations"],
        "claims_supported": ["sub", "name", "locale", "email", "organizations", "auth_time"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": keys::ALGORITHMS,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "select_account"],
        "authorization_response_iss_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    }))
}

async fn keys_shown(State(issuer): State<Issuer>) -> Response {
    match keys::jwks(&issuer.identity.db).await {
        Ok(keys) => ([(header::CACHE_CONTROL, "public, max-age=300")], Json(keys)).into_response(),
        Err(error) => failed(&error),
    }
}

async fn authorize_endpoint(
    State(issuer): State<Issuer>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = authorize::read(query.as_deref().unwrap_or_default());
    let secure = issuer.identity.secure_cookies;
    let token_hash = cookie::read(&headers, secure).map(|secret| tokens::hash(&secret));
    match issuer.authorize(asked, token_hash).await {
        Ok(Outcome::Unknown(why)) => (StatusCode::BAD_REQUEST, why).into_response(),
        Ok(Outcome::Back(url)) => sent(&url),
        Ok(Outcome::SignIn(own)) => sent(&sign_in(&own)),
        Ok(Outcome::SignInAgain(own)) => match issuer.end(token_hash.as_ref()).await {
            Ok(()) => with_cookie(sent(&sign_in(&own)), &cookie::clear(secure)),
            Err(error) => failed(&error),
        },
        Err(error) => failed(&error),
    }
}

async fn token_endpoint(State(issuer): State<Issuer>, headers: HeaderMap, body: String) -> Response {
    let form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .filter(|value| {
            value.split(';').next().unwrap_or_default().trim() == "application/x-www-form-urlencoded"
        })
        .and_then(|_| authorize::read(&body));
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (status, answer) = match issuer.tokens(form, authorization).await {
        Ok(tokens) => (StatusCode::OK, tokens),
        Err(Refused::Client) => (StatusCode::UNAUTHORIZED, json!({ "error": "invalid_client" })),
        Err(Refused::Request) => (StatusCode::BAD_REQUEST, json!({ "error": "invalid_request" })),
        Err(Refused::Grant) => (StatusCode::BAD_REQUEST, json!({ "error": "invalid_grant" })),
        Err(Refused::GrantType) => (StatusCode::BAD_REQUEST, json!({ "error": "unsupported_grant_type" })),
        Err(Refused::Failed(error)) => return failed(&error),
    };
    let mut answer = (status, Json(answer)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic"));
    }
    kept_nowhere(answer)
}

async fn userinfo(State(issuer): State<Issuer>, headers: HeaderMap) -> Response {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = shown.and_then(|value| value.split_once(' '));
    let bearer = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let claims = match bearer {
        Some((_, token)) => issuer.claims(token.trim()).await,
        None => Ok(None),
    };
    match claims {
        Ok(Some(claims)) => kept_nowhere(Json(claims).into_response()),
        Ok(None) => {
            let why = if bearer.is_some() { "Bearer error=\"invalid_token\"" } else { "Bearer" };
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, why)]).into_response()
        }
        Err(error) => failed(&error),
    }
}

#[derive(Deserialize)]
struct Hint {
    sub: String,
    aud: String,
}

/// Ends the sign-in of whom the hint names (OpenID Connect RP-Initiated Logout 1.0 §2). Without a hint that is ours, anybody
/// could sign anybody out: then nothing ends.
async fn end_session(
    State(issuer): State<Issuer>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let asked = authorize::read(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let secure = issuer.identity.secure_cookies;
    let token_hash = cookie::read(&headers, secure).map(|secret| tokens::hash(&secret));
    let ended = async {
        let keys = keys::jwks(&issuer.identity.db).await?;
        let keys: Jwks = serde_json::from_value(keys).unwrap_or_default();
        let Some((hint, _)) =
            asked.get("id_token_hint").and_then(|hint| jose::open::<Hint>(hint, &keys).ok())
        else {
            return Ok(None);
        };
        let session = issuer.session(token_hash.as_ref()).await?;
        let is_theirs = session.is_some_and(|session| subject(session.account) == hint.sub);
        if is_theirs {
            issuer.end(token_hash.as_ref()).await?;
        }
        let mut tx = issuer.identity.db.global(None).await?;
        let client = clients::get(tx.conn(), &hint.aud).await?;
        Ok::<_, keys::KeyError>(client.map(|client| (client, is_theirs)))
    };
    let ended = match ended.await {
        Ok(ended) => ended,
        Err(error) => return failed(&error),
    };
    let Some((client, is_theirs)) = ended else { return sent("/") };
    let wanted = asked.get("post_logout_redirect_uri");
    let place = wanted.filter(|uri| client.logout_uris.contains(uri)).and_then(|uri| Url::parse(uri).ok());
    let place = place.map_or_else(
        || "/sign-in".to_owned(),
        |mut url| {
            if let Some(state) = asked.get("state") {
                url.query_pairs_mut().append_pair("state", state);
            }
            url.into()
        },
    );
    if is_theirs { with_cookie(sent(&place), &cookie::clear(secure)) } else { sent(&place) }
}

fn sign_in(own: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("return", own).finish();
    format!("/sign-in?{query}")
}

fn sent(place: &str) -> Response {
    let Ok(place) = HeaderValue::from_str(place) else { return StatusCode::BAD_REQUEST.into_response() };
    kept_nowhere((StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response())
}

fn with_cookie(mut answer: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

fn kept_nowhere(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

fn failed(error: &(dyn std::error::Error + 'static)) -> Response {
    let cause = error.source().map(ToString::to_string);
    tracing::error!(cause, "the provider of identities failed: {error}");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
