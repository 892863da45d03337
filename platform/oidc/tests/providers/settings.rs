//! Setting the provider: who may, what is taken, and that no address leads to where the server alone can go.

use plenum_kernel::TypedId;
use serde_json::{Value, json};

use crate::{
    house::{House, settings},
    peer::{Play, SECRET},
};

const SET: &str = "mutation ($input: ProviderInput!) { setProvider(input: $input) { status settings { provider { issuer } } } }";
const READ: &str =
    "{ providerSettings { redirectUri provider { label issuer clientId hasSecret addressClaim links } } }";

#[tokio::test]
async fn an_administrator_sets_the_provider_and_the_secret_is_never_shown() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("administrator", true).await;
    let mut browser = house.browser();
    browser.sign_in(&email).await;
    let data = browser.get(READ, Value::Null).await;
    assert_eq!(data["providerSettings"]["redirectUri"], "https://plenum.example.org/sign-in/by/alpha");
    assert_eq!(data["providerSettings"]["provider"]["hasSecret"], true);
    assert!(!data.to_string().contains(SECRET));
    let mut tx = house.world.system(&house.tenant).await;
    let stored: Vec<u8> = sqlx::query_scalar("SELECT sealed_secret FROM oidc.provider WHERE tenant_id = $1")
        .bind(house.tenant.id.uuid())
        .fetch_one(tx.conn())
        .await
        .expect("a row");
    assert!(!String::from_utf8_lossy(&stored).contains(SECRET));
    drop(tx);
    // Without a new one, the secret stays.
    let renamed = browser.set_provider(json!({ "label": "Иначе", "clientSecret": null })).await;
    assert_eq!(renamed["settings"]["provider"]["hasSecret"], true);
    let option = "{ signInOption(organization: \"alpha\") { label organization } }";
    let shown = house.browser().get(option, Value::Null).await;
    assert_eq!(shown["signInOption"], json!({ "label": "Иначе", "organization": "alpha" }));
    let none = house.browser().get("{ signInOption(organization: \"beta\") { label } }", Value::Null).await;
    assert_eq!(none["signInOption"], Value::Null);
    let removed =
        browser.get("mutation { removeProvider { settings { provider { label } } } }", Value::Null).await;
    assert_eq!(removed["removeProvider"]["settings"]["provider"], Value::Null);
    let begin = "mutation { beginProviderSignIn(organization: \"alpha\") { status } }";
    let data = house.browser().get(begin, Value::Null).await;
    assert_eq!(data["beginProviderSignIn"]["status"], "NO_PROVIDER");
}

#[tokio::test]
async fn others_do_not_set_it() {
    let house = House::empty().await;
    let input = json!({ "input": settings(&house, &json!({})) });
    assert_eq!(house.browser().refusal(SET, input.clone()).await.0, "UNAUTHENTICATED");
    let (_, email) = house.person("register_keeper", true).await;
    let mut browser = house.browser();
    browser.sign_in(&email).await;
    assert_eq!(browser.refusal(SET, input).await.0, "FORBIDDEN");
    assert_eq!(browser.refusal(READ, Value::Null).await.0, "FORBIDDEN");
    assert_eq!(house.peer.heard(), [""; 0], "nobody was called");
}

#[tokio::test]
async fn an_issuer_leads_to_no_address_of_ours() {
    let house = House::empty().await;
    let (_, email) = house.person("administrator", true).await;
    let mut browser = house.browser();
    browser.sign_in(&email).await;
    for issuer in [
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/",
        "https://127.0.0.1:5432/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://10.0.0.1/",
        "https://user@idp.example.org/",
        "http://idp.example.org/",
        "file:///etc/passwd",
        "gopher://idp.example.org/",
        "https://idp.example.org/?a=b",
        "https://idp.example.org/#a",
        "idp.example.org",
        "",
    ] {
        let input = json!({ "input": settings(&house, &json!({ "issuer": issuer })) });
        let answer = browser.ask(SET, input).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "INVALID", "{issuer}: {answer}");
        assert_eq!(extensions["fields"][0]["path"], "input.issuer", "{issuer}: {answer}");
    }
    // The name itself is innocent; what it leads to is not, and the answer does not tell which of the two it was.
    let hidden = browser.set_provider(json!({ "issuer": "https://localhost/" })).await;
    assert_eq!(hidden["status"], "UNREACHABLE");
    // Endpoints that the provider names are judged the same.
    for endpoint in ["token_endpoint", "jwks_uri", "authorization_endpoint"] {
        for address in
            ["https://169.254.169.254/", "http://127.0.0.1:1/", "javascript:alert(1)", "https://a.example/#b"]
        {
            house.peer.plays(Play { metadata: json!({ endpoint: address }), ..Play::default() });
            assert_eq!(browser.set_provider(json!({})).await["status"], "UNUSABLE", "{endpoint} {address}");
        }
    }
    for metadata in [
        json!({ "issuer": "https://another.example" }),
        json!({ "response_types_supported": ["id_token"] }),
        json!({ "code_challenge_methods_supported": ["plain"] }),
        json!({ "id_token_signing_alg_values_supported": ["HS256", "none"] }),
    ] {
        house.peer.plays(Play { metadata: metadata.clone(), ..Play::default() });
        assert_eq!(browser.set_provider(json!({})).await["status"], "UNUSABLE", "{metadata}");
    }
    let data = browser.get(READ, Value::Null).await;
    assert_eq!(data["providerSettings"]["provider"], Value::Null, "nothing was kept");
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_kept() {
    let house = House::empty().await;
    let (_, email) = house.person("administrator", true).await;
    let mut browser = house.browser();
    browser.sign_in(&email).await;
    for (change, path, reason) in [
        (json!({ "label": " " }), "input.label", "empty"),
        (json!({ "label": "я".repeat(61) }), "input.label", "too_long"),
        (json!({ "clientId": "" }), "input.clientId", "empty"),
        (json!({ "clientId": "a\u{0}b" }), "input.clientId", "sign"),
        (json!({ "addressClaim": "" }), "input.addressClaim", "empty"),
        (json!({ "mailDomains": ["nodot"] }), "input.mailDomains", "not_a_domain"),
        (json!({ "mailDomains": ["a b.example"] }), "input.mailDomains", "not_a_domain"),
        (json!({ "makesAccounts": true }), "input.mailDomains", "empty"),
    ] {
        let input = json!({ "input": settings(&house, &change) });
        let answer = browser.ask(SET, input).await;
        let field = &answer["errors"][0]["extensions"]["fields"][0];
        assert_eq!(
            (field["path"].as_str(), field["reason"].as_str()),
            (Some(path), Some(reason)),
            "{answer}"
        );
    }
    assert_eq!(house.peer.heard(), [""; 0]);
}

#[tokio::test]
async fn another_provider_knows_nobody_of_the_one_before() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", false).await;
    house.names("subject-1", &email);
    let mut person = house.browser();
    person.by_provider().await;
    let (_, administrator) = house.person("administrator", true).await;
    let mut browser = house.browser();
    browser.sign_in(&administrator).await;
    let same = browser.set_provider(json!({ "label": "Иначе" })).await;
    assert_eq!(same["settings"]["provider"]["links"], 1);
    assert!(person.tenants().await.is_some(), "another label ends nothing");

    // Another client of the same provider: people stay who they are, and sign in anew.
    let url = person.begin().await;
    let client = browser.set_provider(json!({ "clientId": "plenum-2" })).await;
    assert_eq!(client["settings"]["provider"]["links"], 1);
    assert_eq!(client["settings"]["provider"]["hasSecret"], true);
    assert_eq!(person.tenants().await, None);
    let answered = house.peer.consent(&url);
    let location = person.land_at("alpha", answered).await;
    assert!(location.ends_with("reason=expired"), "{location}");
}
