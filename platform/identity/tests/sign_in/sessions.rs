//! Sessions: listed, ended, rotated; the password changed; what weighs confirmed.

use chrono::TimeDelta;
use plenum_identity::store::web_sessions;
use serde_json::{Value, json};

use crate::browser::{Office, PASSWORD, status};

const CHANGE: &str = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { status } }";
const CONFIRM: &str = "mutation ($proof: ProofInput!) { confirmIdentity(proof: $proof) { status } }";
const END: &str =
    "mutation ($session: ID!) { endWebSession(session: $session) { security { hasPassword } } }";
const END_OTHERS: &str = "mutation { endOtherWebSessions { security { webSessions { id } } } }";
const CONFIRMED: &str = "{ viewer { security { confirmedUntil } } }";

fn change(old: &str, new: &str) -> Value {
    json!({ "input": { "oldPassword": old, "newPassword": new } })
}

#[tokio::test]
async fn sign_ins_are_listed_and_each_can_be_ended() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let (mut here, mut there) = (office.browser(), office.browser());
    there.address = "198.51.100.7".to_owned();
    assert_eq!(there.sign_in(&email, PASSWORD).await, "OK");
    office.world.clock.advance(TimeDelta::minutes(1));
    assert_eq!(here.sign_in(&email, PASSWORD).await, "OK");

    let sessions = here.sessions().await;
    assert_eq!(sessions.len(), 2);
    assert_eq!(
        (sessions[0]["isCurrent"].as_bool(), sessions[1]["isCurrent"].as_bool()),
        (Some(true), Some(false))
    );
    assert_eq!(sessions[1]["browser"], "Firefox");
    assert_eq!(sessions[1]["system"], "Linux");
    assert_eq!(sessions[1]["address"], "198.51.100.7");

    let session = json!({ "session": sessions[1]["id"] });
    here.get(END, session.clone()).await;
    assert!(!there.is_signed_in().await && here.is_signed_in().await);
    assert_eq!(here.refusal(END, session).await.0, "NOT_FOUND");
}

#[tokio::test]
async fn nobody_ends_a_sign_in_of_somebody_else() {
    let office = Office::open().await;
    let ((_, anna), (_, boris)) = (office.account().await, office.account().await);
    let (mut a, mut b) = (office.browser(), office.browser());
    a.sign_in(&anna, PASSWORD).await;
    b.sign_in(&boris, PASSWORD).await;
    let session = json!({ "session": a.sessions().await[0]["id"] });
    assert_eq!(b.refusal(END, session.clone()).await.0, "NOT_FOUND");
    assert_eq!(office.browser().refusal(END, session).await.0, "UNAUTHENTICATED");
    b.get(END_OTHERS, Value::Null).await;
    assert!(a.is_signed_in().await);
}

#[tokio::test]
async fn all_others_are_ended_at_once() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let (mut here, mut there) = (office.browser(), office.browser());
    there.sign_in(&email, PASSWORD).await;
    here.sign_in(&email, PASSWORD).await;
    for _ in 0..2 {
        let data = here.get(END_OTHERS, Value::Null).await;
        let left = data["endOtherWebSessions"]["security"]["webSessions"].as_array().expect("a list").len();
        assert_eq!(left, 1);
    }
    assert!(here.is_signed_in().await && !there.is_signed_in().await);
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    // Used now and then it lives on, but no longer than thirty days.
    for _ in 0..2 {
        office.world.clock.advance(web_sessions::IDLE - TimeDelta::hours(1));
        assert!(browser.is_signed_in().await);
    }
    office.world.clock.advance(TimeDelta::days(3));
    assert!(!browser.is_signed_in().await);

    browser.sign_in(&email, PASSWORD).await;
    office.world.clock.advance(web_sessions::IDLE);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_token_planted_before_the_sign_in_is_worth_nothing() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut victim = office.browser();
    victim.cookies.insert("plenum".to_owned(), "planted".to_owned());
    let mut attacker = victim.clone();
    victim.sign_in(&email, PASSWORD).await;
    assert_ne!(victim.token(), "planted");
    assert!(victim.is_signed_in().await && !attacker.is_signed_in().await);

    // Signing in again does not keep the token of before either.
    let mut before = victim.clone();
    victim.sign_in(&email, PASSWORD).await;
    assert!(!before.is_signed_in().await);
}

#[tokio::test]
async fn a_confirmation_holds_for_ten_minutes_and_changes_the_token() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    let until = |data: &Value| data["viewer"]["security"]["confirmedUntil"].clone();
    assert!(!until(&browser.get(CONFIRMED, Value::Null).await).is_null());
    office.world.clock.advance(TimeDelta::minutes(10));
    assert!(until(&browser.get(CONFIRMED, Value::Null).await).is_null());

    let mut other_tab = browser.clone();
    let wrong = browser.get(CONFIRM, json!({ "proof": { "password": "another password" } })).await;
    assert_eq!(status(&wrong["confirmIdentity"]), "WRONG");
    assert_eq!(browser.refusal(CONFIRM, json!({ "proof": {} })).await.0, "INVALID");
    let right = browser.get(CONFIRM, json!({ "proof": { "password": PASSWORD } })).await;
    assert_eq!(status(&right["confirmIdentity"]), "OK");
    assert!(!until(&browser.get(CONFIRMED, Value::Null).await).is_null());

    // Requests under way with the token of before are answered for a moment, and then no more.
    assert_ne!(browser.token(), other_tab.token());
    assert!(other_tab.is_signed_in().await);
    office.world.clock.advance(TimeDelta::minutes(1));
    assert!(!other_tab.is_signed_in().await && browser.is_signed_in().await);
}

#[tokio::test]
async fn changing_the_password_ends_the_other_sign_ins() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let (mut here, mut there) = (office.browser(), office.browser());
    there.sign_in(&email, PASSWORD).await;
    here.sign_in(&email, PASSWORD).await;
    let changed = "a quite different phrase";
    let before = here.token();

    let wrong = here.get(CHANGE, change("not the password", changed)).await;
    assert_eq!(status(&wrong["changePassword"]), "WRONG_PASSWORD");
    let short = here.get(CHANGE, change(PASSWORD, "short")).await;
    assert_eq!(status(&short["changePassword"]), "PASSWORD_TOO_SHORT");
    for leaked in ["Qwertyuiop", "йцукенгшщз"] {
        let answer = here.get(CHANGE, change(PASSWORD, leaked)).await;
        assert_eq!(status(&answer["changePassword"]), "PASSWORD_BREACHED", "{leaked}");
    }
    assert!(there.is_signed_in().await, "what was refused changed nothing");
    assert_eq!(office.browser().refusal(CHANGE, change(PASSWORD, changed)).await.0, "UNAUTHENTICATED");

    let data = here.get(CHANGE, change(PASSWORD, changed)).await;
    assert_eq!(status(&data["changePassword"]), "OK");
    assert!(here.is_signed_in().await && !there.is_signed_in().await);
    assert_ne!(here.token(), before);
    assert_eq!(there.sign_in(&email, PASSWORD).await, "WRONG_CREDENTIALS");
    assert_eq!(there.sign_in(&email, changed).await, "OK");
    office.letters(&email, "Пароль изменён", 1).await;
}

#[tokio::test]
async fn a_link_for_a_new_password_works_once_and_takes_no_leaked_one() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    let ask = "mutation ($email: String!) { requestPasswordReset(email: $email) { sent } }";
    browser.get(ask, json!({ "email": email })).await;
    let letter = office.letters(&email, "Новый пароль", 1).await;
    let (_, rest) = letter[0].text.split_once("token=").expect("a link");
    let token: String =
        rest.chars().take_while(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign)).collect();
    let reset = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { status } }";
    let with = |password: &str| json!({ "input": { "token": token, "password": password } });
    for (password, expected) in [
        ("short", "PASSWORD_TOO_SHORT"),
        ("1234567890", "PASSWORD_BREACHED"),
        ("a quite different phrase", "OK"),
        ("yet another long phrase", "TOKEN_INVALID"),
    ] {
        assert_eq!(
            status(&browser.get(reset, with(password)).await["resetPassword"]),
            expected,
            "{password}"
        );
    }
    assert!(!browser.is_signed_in().await);
    assert_eq!(browser.sign_in(&email, "a quite different phrase").await, "OK");
}
