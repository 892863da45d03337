//! What attackers send, at each place where they can stand.

use axum::http::StatusCode;
use chrono::TimeDelta;
use plenum_oidc::Answered;
use serde_json::{Value, json};
use url::Url;

use crate::{
    house::{House, now, reason},
    peer::Play,
};

#[tokio::test]
async fn a_token_that_is_not_this_sign_ins_lets_nobody_in() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", false).await;
    let person = json!({ "sub": "subject-1", "email": email, "email_verified": true });
    let with = |change: Value| {
        let mut claims = person.clone();
        claims.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        Play { claims, ..Play::default() }
    };
    let good = with(json!({}));
    for (what, play) in [
        ("another issuer", with(json!({ "iss": "https://evil.example" }))),
        ("another audience", with(json!({ "aud": "another" }))),
        ("an audience among others", with(json!({ "aud": ["plenum", "another"] }))),
        ("made for another", with(json!({ "aud": ["plenum", "another"], "azp": "another" }))),
        ("another nonce", with(json!({ "nonce": "replayed" }))),
        ("no nonce", with(json!({ "nonce": null }))),
        ("over", with(json!({ "exp": now() - 61 }))),
        ("old", with(json!({ "iat": now() - 3_600 }))),
        ("of the future", with(json!({ "iat": now() + 3_600 }))),
        ("nobody", with(json!({ "sub": "" }))),
        ("another access token", with(json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" }))),
        ("no signature", Play { unsigned: true, algorithm: Some("none"), ..good.clone() }),
        ("no signature under a name", Play { unsigned: true, ..good.clone() }),
        ("a shared secret", Play { algorithm: Some("HS256"), ..good.clone() }),
        ("another algorithm", Play { algorithm: Some("RS256"), ..good.clone() }),
        ("another key", Play { foreign_key: true, ..good.clone() }),
        ("a broken provider", Play { broken: Some(StatusCode::INTERNAL_SERVER_ERROR), ..good.clone() }),
        ("a redirect", Play { broken: Some(StatusCode::FOUND), ..good.clone() }),
    ] {
        let mut browser = house.browser();
        let url = browser.begin().await;
        let answered = house.peer.consent(&url);
        house.peer.plays(play);
        let location = browser.land_at("alpha", answered).await;
        assert_eq!(reason(&location), "failed", "{what}");
        assert!(!location.contains("broken"), "{location}");
        assert_eq!(browser.tenants().await, None, "{what}");
        house.peer.plays(good.clone());
    }
    assert_eq!(house.browser().by_provider().await, "/t/alpha/chat");
}

#[tokio::test]
async fn an_answer_is_taken_from_the_browser_that_asked_once_and_in_time() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", false).await;
    house.names("subject-1", &email);
    let begun = || async {
        let mut browser = house.browser();
        let url = browser.begin().await;
        (browser, house.peer.consent(&url))
    };
    let expired = |location: String| assert_eq!(reason(&location), "expired");

    // The victim's browser is sent to the attacker's answer (login CSRF), with and without a sign-in of its own under way.
    let (_, planted) = begun().await;
    expired(house.browser().land_at("alpha", planted.clone()).await);
    let (mut victim, _) = begun().await;
    expired(victim.land_at("alpha", planted).await);

    let (mut browser, answered) = begun().await;
    for state in [None, Some(String::new()), Some("guessed".to_owned())] {
        let mut other = browser.clone();
        expired(other.land_at("alpha", Answered { state, ..answered.clone() }).await);
        assert_eq!(other.tenants().await, None);
    }
    // At the door of another organization (mix-up), and of none.
    for organization in ["beta", "nowhere", ""] {
        expired(browser.clone().land_at(organization, answered.clone()).await);
    }
    // Replayed, with the cookie that the browser had before.
    let mut thief = browser.clone();
    assert_eq!(browser.land_at("alpha", answered.clone()).await, "/t/alpha/chat");
    house.peer.heard();
    expired(thief.land_at("alpha", answered).await);
    assert_eq!(house.peer.heard(), [""; 0], "the provider is not asked");

    let (mut late, answered) = begun().await;
    house.world.clock.advance(TimeDelta::minutes(10));
    expired(late.land_at("alpha", answered).await);
    let mut forged = house.browser();
    forged.cookies.insert("plenum-provider".to_owned(), "AAAA".repeat(40));
    expired(forged.land_at("alpha", Answered { state: Some("a".to_owned()), ..Answered::default() }).await);
}

#[tokio::test]
async fn who_answers_is_the_one_who_was_asked() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", false).await;
    house.names("subject-1", &email);
    let mut browser = house.browser();
    let url = browser.begin().await;
    let evil = Answered { iss: Some("https://evil.example".to_owned()), ..house.peer.consent(&url) };
    assert_eq!(reason(&browser.land_at("alpha", evil).await), "failed");
    let url = browser.begin().await;
    let good = Answered { iss: Some(house.peer.issuer.clone()), ..house.peer.consent(&url) };
    assert_eq!(browser.land_at("alpha", good).await, "/t/alpha/chat");

    // One that promises to say its name (RFC 9207) and does not, was not the one.
    let house = House::empty().await;
    let (_, administrator) = house.person("administrator", true).await;
    house.peer.plays(Play {
        metadata: json!({ "authorization_response_iss_parameter_supported": true }),
        ..Play::default()
    });
    let mut browser = house.browser();
    browser.sign_in(&administrator).await;
    browser.set_provider(json!({})).await;
    assert_eq!(house.browser().refused().await, "failed");
}

#[tokio::test]
async fn the_code_is_bound_to_the_browser_by_pkce() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", false).await;
    house.names("subject-1", &email);
    let mut browser = house.browser();
    let url = Url::parse(&browser.begin().await).expect("an address");
    let asked =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(asked("code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(asked("response_type").as_deref(), Some("code"));
    assert_eq!(asked("redirect_uri").as_deref(), Some("https://plenum.example.org/sign-in/by/alpha"));
    assert_eq!(asked("code_challenge").map(|text| text.len()), Some(43));
    // A code that was asked for by somebody else (injection): the provider finds that it does not fit.
    let foreign = house.peer.consent(&house.browser().begin().await);
    let injected = Answered { code: foreign.code, state: asked("state"), ..Answered::default() };
    assert_eq!(reason(&browser.land_at("alpha", injected).await), "failed");
    assert_eq!(browser.tenants().await, None);
}

#[tokio::test]
async fn a_refusal_of_the_provider_is_told_without_its_words() {
    let house = House::open(json!({})).await;
    for (error, expected) in
        [("access_denied", "cancelled"), ("server_error", "failed"), ("<script>", "failed")]
    {
        let mut browser = house.browser();
        let url = browser.begin().await;
        let state = house.peer.consent(&url).state;
        let refused = Answered { state, error: Some(error.to_owned()), ..Answered::default() };
        let location = browser.land_at("alpha", refused).await;
        assert_eq!(reason(&location), expected);
        assert!(!location.contains("script"));
    }
}

#[tokio::test]
async fn a_return_address_stays_in_the_house() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", false).await;
    house.names("subject-1", &email);
    let operation =
        "mutation ($to: String!) { beginProviderSignIn(organization: \"alpha\", returnTo: $to) { url } }";
    for to in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let mut browser = house.browser();
        let data = browser.get(operation, json!({ "to": to })).await;
        let answered = house.peer.consent(data["beginProviderSignIn"]["url"].as_str().expect("an address"));
        assert_eq!(browser.land_at("alpha", answered).await, "/t/alpha", "{to}");
    }
}

#[tokio::test]
async fn keys_that_were_renewed_are_asked_for_but_not_without_end() {
    let house = House::open(json!({})).await;
    let unknown = Play { algorithm: Some("RS256"), claims: json!({ "sub": "subject-1" }), ..Play::default() };
    house.peer.plays(unknown);
    house.world.clock.advance(TimeDelta::minutes(2));
    house.browser().by_provider().await;
    assert_eq!(house.peer.heard(), ["token", "keys"]);
    house.browser().by_provider().await;
    assert_eq!(house.peer.heard(), ["token"], "asked a moment ago");
    // One that fails is not asked again at once, whoever begins.
    house.world.clock.advance(TimeDelta::minutes(11));
    house.peer.plays(Play { broken: Some(StatusCode::BAD_GATEWAY), ..Play::default() });
    let operation = "mutation { beginProviderSignIn(organization: \"alpha\") { status url } }";
    for _ in 0..3 {
        let data = house.browser().get(operation, Value::Null).await;
        assert_eq!(data["beginProviderSignIn"], json!({ "status": "UNAVAILABLE", "url": null }));
    }
    assert_eq!(house.peer.heard(), ["description"]);
}
