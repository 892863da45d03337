//! Who comes in by a provider, and what they may do then.

use chrono::TimeDelta;
use plenum_kernel::Clock;
use plenum_tenancy::store::access;
use ring::hmac;
use serde_json::{Value, json};

use crate::{
    house::{Browser, House, PASSWORD, reason},
    peer::Play,
};

const LINK: &str = "mutation { linkProvider { status url } }";
const CONFIRM: &str =
    "mutation ($password: String!) { confirmIdentity(proof: { password: $password }) { status } }";
const SESSIONS: &str = "{ viewer { security { webSessions { id isCurrent } } } }";
const OWN: &str = "{ ownProviderLink { label linkedSince isCurrent } }";

/// Links the account of somebody who is signed in by a password.
async fn link(browser: &mut Browser<'_>) -> String {
    let data = browser.get(LINK, Value::Null).await;
    let url = data["linkProvider"]["url"].as_str().expect("an address").to_owned();
    assert!(url.contains("prompt=login"), "{url}");
    let answered = browser.house.peer.consent(&url);
    browser.land_at("alpha", answered).await
}

#[tokio::test]
async fn who_is_invited_enters_by_a_verified_address_this_organization_only() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", false).await;
    house.names("subject-1", &email.to_uppercase());
    let mut browser = house.browser();
    assert_eq!(browser.by_provider().await, "/t/alpha/chat");
    assert_eq!(browser.tenants().await.as_deref(), Some(&["alpha".to_owned()][..]));
    assert!(!browser.cookies.contains_key("plenum-provider"), "what was begun is over");
    assert_eq!(browser.get(OWN, Value::Null).await["ownProviderLink"]["isCurrent"], true);
    // The account may enter the other organization too; this sign-in may not.
    browser.tenant = Some("beta".to_owned());
    assert_eq!(browser.refusal(OWN, Value::Null).await.0, "NOT_FOUND");
    assert_eq!(house.letters(&email, 1).await, ["Подключён вход через организацию"]);

    // Again, by the subject alone: the address is not asked for any more.
    house.peer.plays(Play { claims: json!({ "sub": "subject-1" }), ..Play::default() });
    assert_eq!(house.browser().by_provider().await, "/t/alpha/chat");
}

#[tokio::test]
async fn who_has_a_password_is_not_taken_over_and_links_when_signed_in() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", true).await;
    house.names("subject-1", &email);
    let mut browser = house.browser();
    assert_eq!(browser.refused().await, "link_first");
    assert_eq!(browser.tenants().await, None);

    browser.sign_in(&email).await;
    assert_eq!(link(&mut browser).await, "/t/alpha/security#provider=linked");
    let own = browser.get(OWN, Value::Null).await["ownProviderLink"].clone();
    assert!(own["linkedSince"].is_string() && own["isCurrent"] == false, "{own}");
    assert_eq!(browser.refusal(LINK, Value::Null).await.1, "linked");
    assert_eq!(house.letters(&email, 1).await, ["Подключён вход через организацию"]);

    let mut other = house.browser();
    assert_eq!(other.by_provider().await, "/t/alpha/chat");
    assert_eq!(other.tenants().await.as_deref(), Some(&["alpha".to_owned()][..]));

    // Unlinked, the sign-in by the provider ends and the one by the password stays.
    let unlink = "mutation { unlinkProvider { done link { linkedSince } } }";
    let done = browser.get(unlink, Value::Null).await["unlinkProvider"].clone();
    assert_eq!(done, json!({ "done": true, "link": { "linkedSince": null } }));
    assert_eq!(other.tenants().await, None);
    assert_eq!(browser.tenants().await.map(|all| all.len()), Some(2));
    assert_eq!(other.refused().await, "link_first");
    assert_eq!(house.letters(&email, 3).await.len(), 3);
}

#[tokio::test]
async fn a_sign_in_by_a_provider_confirms_nothing_and_sees_no_other_sign_in() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("administrator", true).await;
    let mut own = house.browser();
    own.sign_in(&email).await;
    house.names("subject-1", &email);
    link(&mut own).await;
    let mut browser = house.browser();
    browser.by_provider().await;

    let all = own.get(SESSIONS, Value::Null).await["viewer"]["security"]["webSessions"].clone();
    let seen = browser.get(SESSIONS, Value::Null).await["viewer"]["security"]["webSessions"].clone();
    assert_eq!((all.as_array().map(Vec::len), seen.as_array().map(Vec::len)), (Some(2), Some(1)));
    let foreign = all.as_array().expect("a list").iter().find(|one| one["isCurrent"] == true).expect("own");
    let end = "mutation ($id: ID!) { endWebSession(session: $id) { security { hasPassword } } }";
    assert_eq!(browser.refusal(end, json!({ "id": foreign["id"] })).await.0, "NOT_FOUND");
    browser.get("mutation { endOtherWebSessions { security { hasPassword } } }", Value::Null).await;
    assert!(own.tenants().await.is_some());

    let confirm = ("FORBIDDEN".to_owned(), "confirm".to_owned());
    assert_eq!(browser.refusal("mutation { startTotp { secret } }", Value::Null).await, confirm);
    assert_eq!(browser.refusal("mutation { removeProvider { status } }", Value::Null).await, confirm);
    // The password of the account is a proof of its holder here too, and opens no other organization.
    let confirmed = browser.get(CONFIRM, json!({ "password": PASSWORD })).await;
    assert_eq!(confirmed["confirmIdentity"]["status"], "OK");
    assert_eq!(browser.tenants().await.map(|all| all.len()), Some(1));
    let removed = browser.get("mutation { removeProvider { status } }", Value::Null).await;
    assert_eq!(removed["removeProvider"]["status"], "OK");
    assert_eq!(browser.tenants().await, None, "what its sign-in rests on is gone");
}

#[tokio::test]
async fn an_own_second_factor_is_asked_for() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", true).await;
    let mut own = house.browser();
    own.sign_in(&email).await;
    house.names("subject-1", &email);
    link(&mut own).await;
    let begun = own.get("mutation { startTotp { secret } }", Value::Null).await;
    let secret = begun["startTotp"]["secret"].as_str().expect("a secret").replace(' ', "");
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).expect("base 32");
    let code = |house: &House| {
        let step = house.world.clock.now().timestamp() / 30;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let at = usize::from(tag.as_ref()[19] & 0xf);
        let cut: [u8; 4] = tag.as_ref()[at..at + 4].try_into().expect("four bytes");
        format!("{:06}", (u32::from_be_bytes(cut) & 0x7fff_ffff) % 1_000_000)
    };
    let prove = "mutation ($code: String!) { proveTotp(code: $code) { status } }";
    own.get(prove, json!({ "code": code(&house) })).await;
    house.world.clock.advance(TimeDelta::seconds(60));

    let mut browser = house.browser();
    let location = browser.by_provider().await;
    let (page, ticket) = location.split_once("#step=").expect("a ticket");
    let (ticket, factors) = ticket.split_once('&').expect("what the account has");
    assert_eq!(factors, "factors=TOTP%2CRECOVERY_CODE");
    assert_eq!(page, "/sign-in?return=%2Ft%2Falpha%2Fchat");
    assert_eq!(browser.tenants().await, None);
    let second = "mutation ($ticket: String!, $code: String!) {
        signInSecondStep(ticket: $ticket, proof: { code: $code }) { status viewer { tenants { tenant { slug } } } } }";
    let data = browser.get(second, json!({ "ticket": ticket, "code": code(&house) })).await;
    assert_eq!(data["signInSecondStep"]["status"], "OK");
    assert_eq!(browser.tenants().await.as_deref(), Some(&["alpha".to_owned()][..]));
    // What they showed is their own: it confirms.
    browser.get("mutation { removeTotp { security { totpSince } } }", Value::Null).await;
}

#[tokio::test]
async fn who_is_not_known_comes_in_when_the_organization_wants_it() {
    let house = House::open(json!({ "mailDomains": ["Factory.example"] })).await;
    house.names("subject-1", "new@factory.example");
    assert_eq!(house.browser().refused().await, "not_invited");
    house.names("subject-1", "new@other.example");
    assert_eq!(house.browser().refused().await, "domain");

    let house = House::open(json!({ "makesAccounts": true, "mailDomains": ["factory.example"] })).await;
    house.peer.plays(Play {
        claims: json!({ "sub": "subject-1", "email": "new@factory.example" }),
        ..Play::default()
    });
    assert_eq!(house.browser().refused().await, "no_address");
    house.names("subject-1", "new@factory.example");
    let mut browser = house.browser();
    assert_eq!(browser.by_provider().await, "/t/alpha/chat");
    let data = browser.get("{ viewer { account { displayName email } permissions } }", Value::Null).await;
    assert_eq!(
        data["viewer"]["account"],
        json!({ "displayName": "Анна Ким", "email": "new@factory.example" })
    );
    assert_eq!(data["viewer"]["permissions"], json!([]), "roles are given by the administrator");
}

#[tokio::test]
async fn an_account_of_others_is_not_let_in_by_its_address() {
    // Whoever runs a provider names whom they like: an account that this organization does not know is not made to enter.
    let house = House::open(json!({ "makesAccounts": true, "mailDomains": ["example.org"] })).await;
    let id = house.world.account("Чужой").await;
    let mut tx = house.world.db.global(None).await.expect("a transaction opens");
    let account = plenum_identity::store::accounts::by_id(tx.conn(), id).await.expect("read").expect("there");
    drop(tx);
    house.names("subject-1", &account.email);
    let mut browser = house.browser();
    assert_eq!(browser.refused().await, "not_invited");
    assert_eq!(browser.tenants().await, None);
}

#[tokio::test]
async fn who_is_suspended_does_not_come_in() {
    let house = House::open(json!({})).await;
    let (id, email) = house.person("register_keeper", false).await;
    house.names("subject-1", &email);
    let mut browser = house.browser();
    browser.by_provider().await;
    let mut tx = house.world.system(&house.tenant).await;
    access::suspend(&mut tx, id, None).await.expect("suspended");
    tx.commit().await.expect("it commits");
    assert_eq!(browser.refusal(OWN, Value::Null).await.0, "NOT_FOUND");
    assert_eq!(house.browser().refused().await, "not_invited");
}

#[tokio::test]
async fn nobody_is_linked_with_two_and_nobody_links_for_another() {
    let house = House::open(json!({})).await;
    let (_, anna) = house.person("register_keeper", true).await;
    let (_, boris) = house.person("register_keeper", true).await;
    house.names("subject-1", &anna);
    let mut browser = house.browser();
    browser.sign_in(&anna).await;
    link(&mut browser).await;
    let mut second = house.browser();
    second.sign_in(&boris).await;
    assert_eq!(reason(&link(&mut second).await), "linked_otherwise");

    // Begun by one, ended when another is signed in.
    house.names("subject-2", &boris);
    let data = second.get(LINK, Value::Null).await;
    let answered = house.peer.consent(data["linkProvider"]["url"].as_str().expect("an address"));
    second.sign_in(&anna).await;
    assert_eq!(reason(&second.land_at("alpha", answered).await), "expired");
    // Not confirmed a short while ago, nobody links.
    house.world.clock.advance(TimeDelta::minutes(11));
    assert_eq!(second.refusal(LINK, Value::Null).await.1, "confirm");
}

#[tokio::test]
async fn claims_may_stand_in_the_second_place() {
    let house = House::open(json!({})).await;
    let (_, email) = house.person("register_keeper", false).await;
    let told = |subject: &str| Play {
        claims: json!({ "sub": "subject-1" }),
        user_info: json!({ "sub": subject, "email": email, "email_verified": true }),
        ..Play::default()
    };
    house.peer.plays(told("subject-2"));
    assert_eq!(house.browser().refused().await, "failed", "of somebody else");
    house.peer.plays(told("subject-1"));
    assert_eq!(house.browser().by_provider().await, "/t/alpha/chat");
}
