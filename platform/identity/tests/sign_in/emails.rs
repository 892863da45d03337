//! The address of an account: changed by a link that came to the new one, told to the old one, taken once.

use plenum_identity::store::email_changes;
use serde_json::{Value, json};

use crate::browser::{Browser, Office, PASSWORD, status};

const CHANGE: &str = "mutation ($email: String!) { changeEmail(email: $email) { security { email emailVerified pendingEmail } } }";
const CANCEL: &str = "mutation { cancelEmailChange { security { pendingEmail } } }";
const CONFIRM: &str = "mutation ($token: String!) { confirmEmail(token: $token) { status email } }";
const SHOWN: &str = "{ viewer { security { email emailVerified pendingEmail } } }";

/// The token of the only letter to an address that confirms it.
async fn token(office: &Office, to: &str) -> String {
    let letters = office.letters(to, "Подтвердите адрес", 1).await;
    let (_, rest) = letters[0].text.split_once("token=").expect("a link");
    rest.chars().take_while(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign)).collect()
}

async fn confirm(browser: &mut Browser<'_>, token: &str) -> String {
    status(&browser.get(CONFIRM, json!({ "token": token })).await["confirmEmail"])
}

#[tokio::test]
async fn an_address_changes_when_its_link_is_opened_and_the_old_one_is_told() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    let changed = browser.get(CHANGE, json!({ "email": " Anna.New@example.org " })).await;
    let expected = json!({ "email": email, "emailVerified": false, "pendingEmail": "Anna.New@example.org" });
    assert_eq!(changed["changeEmail"]["security"], expected);
    assert_eq!(office.browser().sign_in(&email, PASSWORD).await, "OK", "nothing changed yet");

    let link = token(&office, "Anna.New@example.org").await;
    let mut anybody = office.browser();
    assert_eq!(confirm(&mut anybody, &link).await, "OK");
    assert_eq!(confirm(&mut anybody, &link).await, "TOKEN_INVALID", "a link works once");
    let shown = browser.get(SHOWN, Value::Null).await;
    let expected = json!({ "email": "Anna.New@example.org", "emailVerified": true, "pendingEmail": null });
    assert_eq!(shown["viewer"]["security"], expected);
    assert_eq!(office.browser().sign_in(&email, PASSWORD).await, "WRONG_CREDENTIALS");
    assert_eq!(office.browser().sign_in("anna.new@example.org", PASSWORD).await, "OK");
    let told = office.letters(&email, "Адрес для входа изменён", 1).await;
    assert!(told[0].text.contains("Anna.New@example.org"));
}

#[tokio::test]
async fn a_link_is_over_after_a_day_and_when_another_is_asked_for_or_it_is_taken_back() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    browser.get(CHANGE, json!({ "email": "one@example.org" })).await;
    browser.get(CHANGE, json!({ "email": "two@example.org" })).await;
    let (one, two) = (token(&office, "one@example.org").await, token(&office, "two@example.org").await);
    assert_eq!(confirm(&mut browser, &one).await, "TOKEN_INVALID");
    browser.get(CANCEL, Value::Null).await;
    assert_eq!(confirm(&mut browser, &two).await, "TOKEN_INVALID");
    browser.get(CHANGE, json!({ "email": "three@example.org" })).await;
    let three = token(&office, "three@example.org").await;
    office.world.clock.advance(email_changes::LIFETIME);
    assert_eq!(confirm(&mut browser, &three).await, "TOKEN_INVALID");
    assert_eq!(office.browser().sign_in(&email, PASSWORD).await, "OK");
}

#[tokio::test]
async fn an_address_of_another_account_and_none_are_refused() {
    let office = Office::open().await;
    let ((_, anna), (_, boris)) = (office.account().await, office.account().await);
    let mut browser = office.browser();
    assert_eq!(browser.refusal(CHANGE, json!({ "email": "new@example.org" })).await.0, "UNAUTHENTICATED");
    browser.sign_in(&anna, PASSWORD).await;
    for wrong in ["", "anna", "a b@example.org", "a@example.org\r\nBcc: b@example.org", &"a".repeat(300)] {
        assert_eq!(browser.refusal(CHANGE, json!({ "email": wrong })).await.0, "INVALID", "{wrong:?}");
    }
    let asked = browser.get(CHANGE, json!({ "email": boris.to_uppercase() })).await;
    assert!(
        asked["changeEmail"]["security"]["pendingEmail"].is_string(),
        "it is not told who has an account"
    );
    let link = token(&office, &boris.to_uppercase()).await;
    assert_eq!(confirm(&mut browser, &link).await, "EMAIL_TAKEN");
    assert_eq!(office.browser().sign_in(&boris, PASSWORD).await, "OK");
    office.world.clock.advance(chrono::TimeDelta::minutes(10));
    let later = browser.refusal(CHANGE, json!({ "email": "new@example.org" })).await;
    assert_eq!(later, ("FORBIDDEN".into(), "confirm".into()));
}

#[tokio::test]
async fn the_own_address_is_confirmed_by_its_link_or_by_that_of_a_new_password() {
    let office = Office::open().await;
    for by_password in [false, true] {
        let (_, email) = office.account().await;
        let mut browser = office.browser();
        browser.sign_in(&email, PASSWORD).await;
        if by_password {
            let ask = "mutation ($email: String!) { requestPasswordReset(email: $email) { sent } }";
            browser.get(ask, json!({ "email": email })).await;
            let letters = office.letters(&email, "Новый пароль", 1).await;
            let (_, rest) = letters[0].text.split_once("token=").expect("a link");
            let link: String = rest
                .chars()
                .take_while(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign))
                .collect();
            let reset = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { status } }";
            let input = json!({ "input": { "token": link, "password": PASSWORD } });
            assert_eq!(status(&browser.get(reset, input).await["resetPassword"]), "OK");
            browser.sign_in(&email, PASSWORD).await;
        } else {
            browser.get(CHANGE, json!({ "email": email })).await;
            let link = token(&office, &email).await;
            assert_eq!(confirm(&mut browser, &link).await, "OK");
        }
        let shown = browser.get(SHOWN, Value::Null).await;
        assert_eq!(shown["viewer"]["security"]["emailVerified"], true);
        assert_eq!(shown["viewer"]["security"]["email"], Value::from(email));
    }
}
