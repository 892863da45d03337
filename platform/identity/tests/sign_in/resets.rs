//! Links for a new password: each works once, for a while, and only as the latest.

use chrono::TimeDelta;
use plenum_identity::store::resets;
use serde_json::json;

use crate::browser::{Browser, Office, PASSWORD, status};

const SUBJECT: &str = "Новый пароль";
const NEW: &str = "a quite different phrase";

/// Asks for a link; its token, which is none of those before.
async fn link(office: &Office, email: &str, before: &[&str]) -> String {
    let operation = "mutation ($email: String!) { requestPasswordReset(email: $email) { sent } }";
    office.browser().get(operation, json!({ "email": email })).await;
    let letters = office.letters(email, SUBJECT, before.len() + 1).await;
    let tokens = letters.iter().map(|letter| {
        let (_, rest) = letter.text.split_once("/reset-password?token=").expect("a link");
        rest.split(|sign: char| !sign.is_ascii_alphanumeric() && !"-_".contains(sign))
            .next()
            .unwrap_or_default()
    });
    tokens.into_iter().find(|token| !before.contains(token)).expect("a new link").to_owned()
}

/// Sets a password by a link; the status.
async fn set(browser: &mut Browser<'_>, token: &str, password: &str) -> String {
    let operation = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { status } }";
    let input = json!({ "input": { "token": token, "password": password } });
    status(&browser.get(operation, input).await["resetPassword"])
}

#[tokio::test]
async fn a_link_works_once_and_ends_what_was_open() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let (mut thief, mut owner) = (office.browser(), office.browser());
    thief.sign_in(&email, PASSWORD).await;
    let token = link(&office, &email, &[]).await;
    assert_eq!(set(&mut owner, &token, "short").await, "PASSWORD_TOO_SHORT");
    assert_eq!(set(&mut owner, &token, NEW).await, "OK");
    assert!(!thief.is_signed_in().await && !owner.is_signed_in().await);
    assert_eq!(owner.sign_in(&email, NEW).await, "OK");

    // Whoever finds the letter later gets nowhere, nor does who guesses.
    for token in [token.as_str(), "", "0"] {
        assert_eq!(set(&mut thief, token, "a password of the thief").await, "TOKEN_INVALID");
    }
    assert!(owner.is_signed_in().await);
    office.world.clock.advance(TimeDelta::hours(1));
    assert_eq!(owner.sign_in(&email, NEW).await, "OK");
}

#[tokio::test]
async fn two_at_once_use_a_link_once() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let token = link(&office, &email, &[]).await;
    let (mut one, mut other) = (office.browser(), office.browser());
    let (first, second) =
        tokio::join!(set(&mut one, &token, NEW), set(&mut other, &token, "another phrase of words"));
    let mut ended = [first, second];
    ended.sort_unstable();
    assert_eq!(ended, ["OK", "TOKEN_INVALID"]);
}

#[tokio::test]
async fn only_the_latest_link_works_and_for_two_hours() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    let first = link(&office, &email, &[]).await;
    office.world.clock.advance(TimeDelta::minutes(1));
    let second = link(&office, &email, &[&first]).await;
    assert_ne!(first, second);
    assert_eq!(set(&mut browser, &first, NEW).await, "TOKEN_INVALID");
    office.world.clock.advance(resets::LIFETIME);
    assert_eq!(set(&mut browser, &second, NEW).await, "TOKEN_INVALID");
    assert_eq!(browser.sign_in(&email, PASSWORD).await, "OK");
}

#[tokio::test]
async fn a_change_of_the_password_takes_links_back() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let token = link(&office, &email, &[]).await;
    let mut owner = office.browser();
    owner.sign_in(&email, PASSWORD).await;
    let change = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status } }";
    let input = json!({ "input": { "oldPassword": PASSWORD, "newPassword": NEW } });
    assert_eq!(status(&owner.get(change, input).await["changePassword"]), "OK");
    assert_eq!(set(&mut office.browser(), &token, "a third phrase of words").await, "TOKEN_INVALID");
    assert!(owner.is_signed_in().await);
}
