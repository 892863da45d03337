//! The second factor: codes of an authenticator, each taken once, and recovery codes.

use chrono::TimeDelta;
use plenum_kernel::Clock;
use ring::hmac;
use serde_json::{Value, json};

use crate::browser::{Browser, Office, PASSWORD, status};

const START: &str = "mutation { startTotp { secret uri qr } }";
const PROVE: &str = "mutation ($code: String!) { proveTotp(code: $code) { status recoveryCodes security { recoveryCodesLeft } } }";
const REMOVE: &str = "mutation { removeTotp { security { totpSince recoveryCodesLeft } } }";
const RENEW: &str = "mutation { renewRecoveryCodes { recoveryCodes } }";
const SIGN_IN: &str = "mutation ($input: SignInInput!) { signIn(input: $input) { status ticket factors } }";
const SECOND: &str = "mutation ($ticket: String!, $proof: ProofInput!) { signInSecondStep(ticket: $ticket, proof: $proof) { status } }";

/// The code of an authenticator at the world's clock, so many steps from now (RFC 6238 §4.2).
pub fn code(office: &Office, secret: &str, steps: i64) -> String {
    let secret = data_encoding::BASE32_NOPAD.decode(secret.replace(' ', "").as_bytes()).expect("base 32");
    let step = office.world.clock.now().timestamp() / 30 + steps;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 0xf);
    let cut: [u8; 4] = tag.as_ref()[at..at + 4].try_into().expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(cut) & 0x7fff_ffff) % 1_000_000)
}

/// Sets an authenticator up: its secret, and the recovery codes.
pub async fn set_up(office: &Office, browser: &mut Browser<'_>) -> (String, Vec<String>) {
    let begun = browser.get(START, Value::Null).await;
    let secret = begun["startTotp"]["secret"].as_str().expect("a secret").to_owned();
    let proven = browser.get(PROVE, json!({ "code": code(office, &secret, -1) })).await;
    assert_eq!(status(&proven["proveTotp"]), "OK");
    let codes = proven["proveTotp"]["recoveryCodes"].as_array().expect("a list");
    (secret, codes.iter().map(|code| code.as_str().expect("a code").to_owned()).collect())
}

/// The first step; the ticket.
pub async fn first_step(browser: &mut Browser<'_>, email: &str) -> String {
    let input = json!({ "input": { "email": email, "password": PASSWORD } });
    let answer = browser.get(SIGN_IN, input).await["signIn"].clone();
    assert_eq!(status(&answer), "SECOND_FACTOR");
    assert_eq!(answer["factors"], json!(["TOTP", "RECOVERY_CODE"]));
    answer["ticket"].as_str().expect("a ticket").to_owned()
}

pub async fn second_step(browser: &mut Browser<'_>, ticket: &str, proof: Value) -> String {
    let data = browser.get(SECOND, json!({ "ticket": ticket, "proof": proof })).await;
    status(&data["signInSecondStep"])
}

#[tokio::test]
async fn a_code_is_asked_for_after_the_password_and_taken_once() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;

    let begun = browser.get(START, Value::Null).await;
    let secret = begun["startTotp"]["secret"].as_str().expect("a secret").to_owned();
    assert!(begun["startTotp"]["qr"].as_str().is_some_and(|qr| qr.contains("<svg")));
    let wrong = browser.get(PROVE, json!({ "code": "000000" })).await;
    assert_eq!(status(&wrong["proveTotp"]), "WRONG_CODE");
    let mut other = office.browser();
    assert_eq!(other.sign_in(&email, PASSWORD).await, "OK", "what is not proven is not asked for");
    let proven = browser.get(PROVE, json!({ "code": code(&office, &secret, 0) })).await;
    assert_eq!(status(&proven["proveTotp"]), "OK");
    assert_eq!(proven["proveTotp"]["security"]["recoveryCodesLeft"], 10);
    assert_eq!(browser.refusal(START, Value::Null).await, ("CONFLICT".into(), "totp_exists".into()));
    office.letters(&email, "Включены коды из приложения", 1).await;

    let mut browser = office.browser();
    let ticket = first_step(&mut browser, &email).await;
    assert!(!browser.is_signed_in().await, "the password alone is not enough");
    // The code that proved it was used up.
    assert_eq!(
        second_step(&mut browser, &ticket, json!({ "code": code(&office, &secret, 0) })).await,
        "WRONG"
    );
    let now = json!({ "code": code(&office, &secret, 1) });
    assert_eq!(second_step(&mut browser, &ticket, now.clone()).await, "OK");
    assert!(browser.is_signed_in().await);
    assert_eq!(second_step(&mut browser, &ticket, now.clone()).await, "EXPIRED", "a ticket works once");
    let mut replay = office.browser();
    let ticket = first_step(&mut replay, &email).await;
    assert_eq!(second_step(&mut replay, &ticket, now).await, "WRONG");
}

#[tokio::test]
async fn a_recovery_code_stands_in_once() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    let (_, codes) = set_up(&office, &mut browser).await;
    assert_eq!(codes.len(), 10);

    let mut lost = office.browser();
    let ticket = first_step(&mut lost, &email).await;
    let proof = json!({ "recoveryCode": codes[3].to_lowercase() });
    assert_eq!(second_step(&mut lost, &ticket, proof.clone()).await, "OK");
    let letters = office.letters(&email, "Использован резервный код", 1).await;
    assert!(letters[0].text.contains("Осталось кодов: 9"));
    let ticket = first_step(&mut lost, &email).await;
    assert_eq!(second_step(&mut lost, &ticket, proof).await, "WRONG");

    let renewed = browser.get(RENEW, Value::Null).await;
    let fresh = renewed["renewRecoveryCodes"]["recoveryCodes"][0].as_str().expect("a code").to_owned();
    assert_eq!(second_step(&mut lost, &ticket, json!({ "recoveryCode": codes[0] })).await, "WRONG");
    assert_eq!(second_step(&mut lost, &ticket, json!({ "recoveryCode": fresh })).await, "OK");
}

#[tokio::test]
async fn means_of_signing_in_change_only_when_confirmed() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    for operation in [START, REMOVE, RENEW] {
        assert_eq!(browser.refusal(operation, Value::Null).await.0, "UNAUTHENTICATED");
    }
    browser.sign_in(&email, PASSWORD).await;
    assert_eq!(browser.refusal(RENEW, Value::Null).await, ("CONFLICT".into(), "no_second_factor".into()));
    let (secret, _) = set_up(&office, &mut browser).await;
    office.world.clock.advance(TimeDelta::minutes(10));
    for operation in [START, REMOVE, RENEW] {
        assert_eq!(browser.refusal(operation, Value::Null).await, ("FORBIDDEN".into(), "confirm".into()));
    }
    let confirm = "mutation ($proof: ProofInput!) { confirmIdentity(proof: $proof) { status } }";
    let proof = json!({ "proof": { "code": code(&office, &secret, 0) } });
    assert_eq!(status(&browser.get(confirm, proof).await["confirmIdentity"]), "OK");
    for _ in 0..2 {
        let removed = browser.get(REMOVE, Value::Null).await;
        assert_eq!(removed["removeTotp"]["security"], json!({ "totpSince": null, "recoveryCodesLeft": 0 }));
    }
    assert_eq!(office.browser().sign_in(&email, PASSWORD).await, "OK");
}

#[tokio::test]
async fn guessing_codes_is_slow_though_the_password_is_known() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    set_up(&office, &mut browser).await;
    let mut thief = office.browser();
    thief.address = "198.51.100.7".to_owned();
    // Entering the password anew before each guess does not help.
    let mut ticket = String::new();
    for _ in 0..5 {
        ticket = first_step(&mut thief, &email).await;
        assert_eq!(second_step(&mut thief, &ticket, json!({ "code": "000000" })).await, "WRONG");
    }
    let guess = json!({ "ticket": ticket, "proof": { "code": "000000" } });
    assert_eq!(thief.refusal(SECOND, guess).await.0, "RATE_LIMITED");
    let again = json!({ "input": { "email": email, "password": PASSWORD } });
    assert_eq!(thief.refusal(SIGN_IN, again).await.0, "RATE_LIMITED");
}

#[tokio::test]
async fn a_ticket_ends_after_ten_minutes_and_with_the_password() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    let (secret, _) = set_up(&office, &mut browser).await;
    let mut other = office.browser();
    let ticket = first_step(&mut other, &email).await;
    let by_password = json!({ "ticket": ticket, "proof": { "password": PASSWORD } });
    assert_eq!(other.refusal(SECOND, by_password).await.0, "INVALID", "the password is no second factor");
    office.world.clock.advance(TimeDelta::minutes(10));
    let late = json!({ "code": code(&office, &secret, 0) });
    assert_eq!(second_step(&mut other, &ticket, late).await, "EXPIRED");

    let ticket = first_step(&mut other, &email).await;
    let confirm = "mutation ($proof: ProofInput!) { confirmIdentity(proof: $proof) { status } }";
    let proof = json!({ "proof": { "code": code(&office, &secret, 0) } });
    assert_eq!(status(&browser.get(confirm, proof).await["confirmIdentity"]), "OK");
    let change = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status } }";
    let input = json!({ "input": { "oldPassword": PASSWORD, "newPassword": "a quite different phrase" } });
    assert_eq!(status(&browser.get(change, input).await["changePassword"]), "OK");
    let now = json!({ "code": code(&office, &secret, 0) });
    assert_eq!(second_step(&mut other, &ticket, now).await, "EXPIRED");
}

#[tokio::test]
async fn the_password_alone_confirms_nobody_who_has_a_second_factor() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    let (secret, codes) = set_up(&office, &mut browser).await;
    office.world.clock.advance(TimeDelta::minutes(10));
    let confirm = "mutation ($proof: ProofInput!) { confirmIdentity(proof: $proof) { status } }";
    let change = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status } }";
    let input = json!({ "input": { "oldPassword": PASSWORD, "newPassword": "a quite different phrase" } });
    assert_eq!(browser.refusal(change, input.clone()).await, ("FORBIDDEN".into(), "confirm".into()));
    for (proof, expected) in [
        (json!({ "password": PASSWORD }), "SECOND_FACTOR"),
        (json!({ "code": "000000" }), "WRONG"),
        (json!({ "recoveryCode": codes[0] }), "OK"),
        (json!({ "recoveryCode": codes[0] }), "WRONG"),
        (json!({ "code": code(&office, &secret, 0) }), "OK"),
    ] {
        let answer = browser.get(confirm, json!({ "proof": proof })).await;
        assert_eq!(status(&answer["confirmIdentity"]), expected, "{proof}");
    }
    assert_eq!(status(&browser.get(change, input).await["changePassword"]), "OK");
}

#[tokio::test]
async fn an_operator_takes_lost_factors_away() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    set_up(&office, &mut browser).await;
    let removed = office.identity.remove_factors(&email.to_uppercase()).await.expect("removed");
    let removed = removed.expect("an account");
    assert!(removed.totp && removed.told);
    assert_eq!((removed.passkeys, removed.web_sessions), (0, 1));
    assert!(!browser.is_signed_in().await, "what was lost may be signed in");
    assert_eq!(browser.sign_in(&email, PASSWORD).await, "OK");
    office.letters(&email, "Второй фактор снят", 1).await;
    assert_eq!(office.identity.remove_factors("nobody@example.org").await.expect("looked"), None);
}
