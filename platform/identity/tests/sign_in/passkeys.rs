//! Passkeys: added, signed in with, shown as second factor and as confirmation, refused, removed.

use chrono::TimeDelta;
use plenum_audit::EntryFilter;
use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_identity::store::ceremonies;
use plenum_kernel::{AccountId, TypedId};
use serde_json::{Value, json};
use testkit::Authenticator;

use crate::browser::{Browser, ORIGIN, Office, PASSWORD, status};

const START: &str = "mutation { startPasskey { ticket options } }";
const ADD: &str = "mutation ($input: PasskeyAnswerInput!, $name: String!) { addPasskey(input: $input, name: $name) { \
                   status recoveryCodes security { recoveryCodesLeft passkeys { id name lastUsedAt } } } }";
const RENAME: &str = "mutation ($passkey: ID!, $name: String!) { renamePasskey(passkey: $passkey, name: $name) { \
                      security { passkeys { name } } } }";
const REMOVE: &str = "mutation ($passkey: ID!) { removePasskey(passkey: $passkey) { security { recoveryCodesLeft \
                      passkeys { id } } } }";
const START_SIGN_IN: &str = "mutation { startPasskeySignIn { ticket options } }";
const SIGN_IN: &str = "mutation ($input: PasskeyAnswerInput!) { signInWithPasskey(input: $input) { status viewer { \
                       account { email } } } }";
const FIRST_STEP: &str =
    "mutation ($input: SignInInput!) { signIn(input: $input) { status ticket factors } }";
const START_SECOND: &str =
    "mutation ($ticket: String!) { startPasskeySecondStep(ticket: $ticket) { ticket options } }";
const SECOND: &str = "mutation ($ticket: String!, $proof: ProofInput!) { signInSecondStep(ticket: $ticket, proof: $proof) { status } }";
const START_CONFIRM: &str = "mutation { startPasskeyConfirmation { ticket options } }";
const CONFIRM: &str = "mutation ($proof: ProofInput!) { confirmIdentity(proof: $proof) { status } }";

/// Asks for a ceremony; its ticket and options.
async fn ask(browser: &mut Browser<'_>, operation: &str, variables: Value) -> (String, String) {
    let data = browser.get(operation, variables).await;
    let begun = data.as_object().and_then(|all| all.values().next()).expect("one field");
    let word = |name: &str| begun[name].as_str().expect("a text").to_owned();
    (word("ticket"), word("options"))
}

/// Adds a passkey of this device; the payload.
async fn add(browser: &mut Browser<'_>, device: &mut Authenticator, name: &str) -> Value {
    let (ticket, options) = ask(browser, START, Value::Null).await;
    let input = json!({ "ticket": ticket, "answer": device.create(&options) });
    browser.get(ADD, json!({ "input": input, "name": name })).await["addPasskey"].clone()
}

/// Signs in with a passkey of this device; the status.
async fn sign_in(browser: &mut Browser<'_>, device: &mut Authenticator) -> String {
    let (ticket, options) = ask(browser, START_SIGN_IN, Value::Null).await;
    let input = json!({ "ticket": ticket, "answer": device.get(&options) });
    status(&browser.get(SIGN_IN, json!({ "input": input })).await["signInWithPasskey"])
}

/// Somebody with a passkey: their account, address, browser and device.
async fn holder(office: &Office) -> (AccountId, String, Browser<'_>, Authenticator) {
    let (id, email) = office.account().await;
    let (mut browser, mut device) = (office.browser(), Authenticator::at(ORIGIN));
    browser.sign_in(&email, PASSWORD).await;
    assert_eq!(status(&add(&mut browser, &mut device, "Телефон").await), "OK");
    (id, email, browser, device)
}

#[tokio::test]
async fn a_passkey_signs_in_by_itself() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let (mut browser, mut device) = (office.browser(), Authenticator::at(ORIGIN));
    browser.sign_in(&email, PASSWORD).await;
    let (ticket, options) = ask(&mut browser, START, Value::Null).await;
    let asked: Value = serde_json::from_str(&options).expect("options are JSON");
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    let input = json!({ "ticket": ticket, "answer": device.create(&options) });
    let added = browser.get(ADD, json!({ "input": input, "name": " Телефон " })).await["addPasskey"].clone();
    assert_eq!(status(&added), "OK");
    assert_eq!(added["recoveryCodes"].as_array().map(Vec::len), Some(10), "it is the first second factor");
    assert_eq!(added["security"]["passkeys"][0]["name"], "Телефон");
    office.letters(&email, "Добавлен ключ входа", 1).await;

    let mut elsewhere = office.browser();
    let (ticket, options) = ask(&mut elsewhere, START_SIGN_IN, Value::Null).await;
    let asked: Value = serde_json::from_str(&options).expect("options are JSON");
    assert_eq!(asked["allowCredentials"], json!([]), "the question names nobody");
    assert_eq!(asked["userVerification"], "required");
    let input = json!({ "ticket": ticket, "answer": device.get(&options) });
    let entered = elsewhere.get(SIGN_IN, json!({ "input": input })).await["signInWithPasskey"].clone();
    assert_eq!(status(&entered), "OK");
    assert_eq!(entered["viewer"]["account"]["email"], Value::from(email));
    assert!(elsewhere.is_signed_in().await);
}

#[tokio::test]
async fn an_answer_is_taken_once_and_in_time() {
    let office = Office::open().await;
    let (_, _, _, mut device) = holder(&office).await;
    let mut browser = office.browser();
    let (ticket, options) = ask(&mut browser, START_SIGN_IN, Value::Null).await;
    let input = json!({ "input": { "ticket": ticket, "answer": device.get(&options) } });
    assert_eq!(status(&browser.get(SIGN_IN, input.clone()).await["signInWithPasskey"]), "OK");
    let mut thief = office.browser();
    assert_eq!(status(&thief.get(SIGN_IN, input.clone()).await["signInWithPasskey"]), "EXPIRED");
    // The same answer to another question.
    let (ticket, _) = ask(&mut thief, START_SIGN_IN, Value::Null).await;
    let replayed = json!({ "input": { "ticket": ticket, "answer": input["input"]["answer"] } });
    assert_eq!(status(&thief.get(SIGN_IN, replayed.clone()).await["signInWithPasskey"]), "REFUSED");
    assert_eq!(
        status(&thief.get(SIGN_IN, replayed).await["signInWithPasskey"]),
        "EXPIRED",
        "what was refused is over"
    );

    let (ticket, options) = ask(&mut browser, START_SIGN_IN, Value::Null).await;
    let late = json!({ "input": { "ticket": ticket, "answer": device.get(&options) } });
    office.world.clock.advance(ceremonies::LIFETIME);
    assert_eq!(status(&thief.get(SIGN_IN, late).await["signInWithPasskey"]), "EXPIRED");
    assert!(!thief.is_signed_in().await);
}

#[tokio::test]
async fn what_is_no_proof_of_the_person_is_refused() {
    let office = Office::open().await;
    let (_, _, _, mut device) = holder(&office).await;
    let (other, _) = office.account().await;
    let mut browser = office.browser();
    device.verifies = false;
    assert_eq!(sign_in(&mut browser, &mut device).await, "REFUSED", "nobody was made sure of");
    device.verifies = true;
    device.origin = "http://localhost.example".to_owned();
    assert_eq!(sign_in(&mut browser, &mut device).await, "REFUSED", "another site asked");
    device.origin = ORIGIN.to_owned();
    device.claim(other.uuid());
    assert_eq!(sign_in(&mut browser, &mut device).await, "REFUSED", "it is not that account's");
    let mut unknown = Authenticator::at(ORIGIN);
    let question = json!({ "rp": { "id": "localhost" }, "challenge": "AAAA", "user": { "id": "AAAA" } });
    unknown.create(&question.to_string());
    unknown.claim(other.uuid());
    assert_eq!(sign_in(&mut browser, &mut unknown).await, "REFUSED", "nobody keeps this key");
    let (ticket, _) = ask(&mut browser, START_SIGN_IN, Value::Null).await;
    let nonsense = json!({ "input": { "ticket": ticket, "answer": "{}" } });
    assert_eq!(status(&browser.get(SIGN_IN, nonsense).await["signInWithPasskey"]), "REFUSED");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_copied_key_is_refused_told_and_recorded() {
    let office = Office::open().await;
    let tenant = office.world.tenant("alpha", &["ППО № 1"]).await;
    let person = office.world.viewer(&tenant, "member").await;
    let (id, email) = office.give_password(person.account().expect("a person")).await;
    let (mut browser, mut device) = (office.browser(), Authenticator::at(ORIGIN));
    browser.sign_in(&email, PASSWORD).await;
    assert_eq!(status(&add(&mut browser, &mut device, "Ключ").await), "OK");
    device.set_counter(6);
    assert_eq!(sign_in(&mut browser, &mut device).await, "OK");
    for counter in [6, 3] {
        device.set_counter(counter);
        assert_eq!(sign_in(&mut office.browser(), &mut device).await, "REFUSED");
    }
    office.letters(&email, "Отклонён ключ входа", 2).await;
    device.set_counter(7);
    assert_eq!(sign_in(&mut browser, &mut device).await, "OK", "the original goes on");

    const READ: Permission = Permission::new("identity.test");
    let system = Viewer::system(tenant.id, "test");
    let mut tx = office.world.db.tenant(&system, READ, Access::Read).await.expect("a transaction opens");
    let ours = EntryFilter { action: Some("identity.".to_owned()), ..EntryFilter::default() };
    let entries = plenum_audit::list(&mut tx, &ours, None, 10).await.expect("the record can be read");
    let acts: Vec<(&str, &str)> =
        entries.iter().map(|entry| (entry.action.as_str(), entry.subject.as_str())).collect();
    let subject = id.global();
    let refused = ("identity.refuse_copied_passkey", subject.as_str());
    assert_eq!(acts[..3], [refused, refused, ("identity.add_passkey", subject.as_str())]);
}

#[tokio::test]
async fn a_passkey_is_asked_for_after_the_password_and_confirms() {
    let office = Office::open().await;
    let (_, email, mut browser, mut device) = holder(&office).await;
    let mut elsewhere = office.browser();
    let input = json!({ "input": { "email": email, "password": PASSWORD } });
    let first = elsewhere.get(FIRST_STEP, input).await["signIn"].clone();
    assert_eq!(first["status"], "SECOND_FACTOR");
    assert_eq!(first["factors"], json!(["PASSKEY", "RECOVERY_CODE"]));
    let step = first["ticket"].clone();
    let (ticket, options) = ask(&mut elsewhere, START_SECOND, json!({ "ticket": step })).await;
    let asked: Value = serde_json::from_str(&options).expect("options are JSON");
    assert_eq!(asked["allowCredentials"].as_array().map(Vec::len), Some(1));
    let proof = json!({ "passkey": { "ticket": ticket, "answer": device.get(&options) } });
    let shown = json!({ "ticket": step, "proof": proof });
    assert_eq!(status(&elsewhere.get(SECOND, shown.clone()).await["signInSecondStep"]), "OK");
    assert_eq!(status(&elsewhere.get(SECOND, shown).await["signInSecondStep"]), "EXPIRED");
    assert_eq!(
        elsewhere.refusal(START_SECOND, json!({ "ticket": step })).await,
        ("CONFLICT".into(), "step_expired".into())
    );

    office.world.clock.advance(TimeDelta::minutes(10));
    assert_eq!(browser.refusal(START, Value::Null).await, ("FORBIDDEN".into(), "confirm".into()));
    let (ticket, options) = ask(&mut browser, START_CONFIRM, Value::Null).await;
    let proof = json!({ "proof": { "passkey": { "ticket": ticket, "answer": device.get(&options) } } });
    assert_eq!(status(&browser.get(CONFIRM, proof.clone()).await["confirmIdentity"]), "OK");
    assert_eq!(status(&browser.get(CONFIRM, proof).await["confirmIdentity"]), "WRONG", "it is taken once");
    browser.get(START, Value::Null).await;
}

#[tokio::test]
async fn a_ceremony_serves_its_account_and_its_purpose_only() {
    let office = Office::open().await;
    let (_, _, mut anna, mut her_key) = holder(&office).await;
    let (_, _, mut boris, mut his_key) = holder(&office).await;
    let (ticket, options) = ask(&mut boris, START_CONFIRM, Value::Null).await;
    let his = json!({ "proof": { "passkey": { "ticket": ticket, "answer": his_key.get(&options) } } });
    assert_eq!(status(&anna.get(CONFIRM, his.clone()).await["confirmIdentity"]), "WRONG");
    assert_eq!(status(&boris.get(CONFIRM, his).await["confirmIdentity"]), "WRONG", "it was shown once");

    // A key of hers does not answer a question to him.
    let (ticket, options) = ask(&mut boris, START_CONFIRM, Value::Null).await;
    let mut options: Value = serde_json::from_str(&options).expect("options are JSON");
    options["allowCredentials"] = json!([]);
    let hers = json!({ "passkey": { "ticket": ticket, "answer": her_key.get(&options.to_string()) } });
    assert_eq!(status(&boris.get(CONFIRM, json!({ "proof": hers })).await["confirmIdentity"]), "WRONG");

    // A question of signing in confirms nothing, and one of a confirmation lets nobody in.
    let (ticket, options) = ask(&mut anna, START_SIGN_IN, Value::Null).await;
    let proof = json!({ "passkey": { "ticket": ticket, "answer": her_key.get(&options) } });
    assert_eq!(status(&anna.get(CONFIRM, json!({ "proof": proof })).await["confirmIdentity"]), "WRONG");
    let (ticket, options) = ask(&mut anna, START_CONFIRM, Value::Null).await;
    let input = json!({ "input": { "ticket": ticket, "answer": her_key.get(&options) } });
    let mut nobody = office.browser();
    assert_eq!(status(&nobody.get(SIGN_IN, input).await["signInWithPasskey"]), "EXPIRED");

    // What he asked for to add a key adds none to her account.
    let (ticket, options) = ask(&mut boris, START, Value::Null).await;
    let input = json!({ "ticket": ticket, "answer": his_key.create(&options) });
    let added = anna.get(ADD, json!({ "input": input, "name": "Чужой" })).await["addPasskey"].clone();
    assert_eq!(status(&added), "EXPIRED");
    assert_eq!(added["security"]["passkeys"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn passkeys_are_named_and_removed_and_the_last_takes_the_recovery_codes_along() {
    let office = Office::open().await;
    let (_, email, mut browser, mut device) = holder(&office).await;
    let second = add(&mut browser, &mut device, "Ноутбук").await;
    assert_eq!(second["recoveryCodes"], json!([]), "there are recovery codes already");
    let passkeys = second["security"]["passkeys"].as_array().expect("a list").clone();
    let (first, second) = (json!({ "passkey": passkeys[0]["id"] }), json!({ "passkey": passkeys[1]["id"] }));
    let named = |name: &str| json!({ "passkey": passkeys[0]["id"], "name": name });
    let renamed = browser.get(RENAME, named("Рабочий телефон")).await;
    assert_eq!(renamed["renamePasskey"]["security"]["passkeys"][0]["name"], "Рабочий телефон");
    for wrong in ["  ", &"я".repeat(101)] {
        assert_eq!(browser.refusal(RENAME, named(wrong)).await.0, "INVALID");
    }

    let (_, _, mut stranger, _) = holder(&office).await;
    assert_eq!(stranger.refusal(RENAME, named("Мой")).await.0, "NOT_FOUND");
    assert_eq!(stranger.refusal(REMOVE, first.clone()).await.0, "NOT_FOUND");
    office.world.clock.advance(TimeDelta::minutes(10));
    assert_eq!(browser.refusal(REMOVE, first.clone()).await, ("FORBIDDEN".into(), "confirm".into()));
    let (ticket, options) = ask(&mut browser, START_CONFIRM, Value::Null).await;
    let proof = json!({ "proof": { "passkey": { "ticket": ticket, "answer": device.get(&options) } } });
    browser.get(CONFIRM, proof).await;

    let left = browser.get(REMOVE, second.clone()).await["removePasskey"]["security"].clone();
    assert_eq!(left["recoveryCodesLeft"], 10);
    assert_eq!(sign_in(&mut office.browser(), &mut device).await, "REFUSED", "the newest key was removed");
    let left = browser.get(REMOVE, first.clone()).await["removePasskey"]["security"].clone();
    assert_eq!(left, json!({ "recoveryCodesLeft": 0, "passkeys": [] }));
    assert_eq!(browser.refusal(REMOVE, first).await.0, "NOT_FOUND");
    assert_eq!(browser.refusal(START_CONFIRM, Value::Null).await, ("CONFLICT".into(), "no_passkey".into()));
    assert_eq!(office.browser().sign_in(&email, PASSWORD).await, "OK", "the password is enough again");
    office.letters(&email, "Удалён ключ входа", 2).await;
}
