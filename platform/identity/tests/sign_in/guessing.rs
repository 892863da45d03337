//! Guessing is slow, and slow for the guesser alone.

use crate::browser::{Browser, Office, PASSWORD};

const SIGN_IN: &str = "mutation ($input: SignInInput!) { signIn(input: $input) { status } }";

async fn guess(browser: &mut Browser<'_>, email: &str) -> String {
    let input = serde_json::json!({ "input": { "email": email, "password": "not the password" } });
    let answer = browser.ask(SIGN_IN, input).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => answer["data"]["signIn"]["status"].as_str().expect("a status").to_owned(),
    }
}

#[tokio::test]
async fn a_guesser_waits_and_the_owner_elsewhere_does_not() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let (mut guesser, mut owner) = (office.browser(), office.browser());
    guesser.address = "198.51.100.7".to_owned();
    for _ in 0..5 {
        assert_eq!(guess(&mut guesser, &email).await, "WRONG_CREDENTIALS");
    }
    assert_eq!(guess(&mut guesser, &email).await, "RATE_LIMITED");
    assert_eq!(owner.sign_in(&email, PASSWORD).await, "OK");
    assert_eq!(guess(&mut guesser, &email).await, "RATE_LIMITED");
}

#[tokio::test]
async fn many_addresses_together_are_slowed_and_a_known_browser_is_not() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut owner = office.browser();
    assert_eq!(owner.sign_in(&email, PASSWORD).await, "OK");
    // Thirty guesses, each from another address.
    for number in 0..30 {
        let mut guesser = office.browser();
        guesser.address = format!("198.51.100.{number}");
        assert_eq!(guess(&mut guesser, &email).await, "WRONG_CREDENTIALS");
    }
    let mut stranger = office.browser();
    stranger.address = "203.0.113.1".to_owned();
    assert_eq!(guess(&mut stranger, &email).await, "RATE_LIMITED");
    assert_eq!(owner.sign_in(&email, PASSWORD).await, "OK");
    // It is not locked: whoever is patient gets in from a new device too.
    office.world.clock.advance(chrono::TimeDelta::seconds(16));
    assert_eq!(stranger.sign_in(&email, PASSWORD).await, "OK");
}

#[tokio::test]
async fn a_known_browser_that_guesses_is_slowed_by_itself() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let mut browser = office.browser();
    browser.sign_in(&email, PASSWORD).await;
    for number in 0..5 {
        browser.address = format!("198.51.100.{number}");
        assert_eq!(guess(&mut browser, &email).await, "WRONG_CREDENTIALS");
    }
    assert_eq!(guess(&mut browser, &email).await, "RATE_LIMITED");
}

#[tokio::test]
async fn a_sign_in_from_a_new_browser_is_told_by_mail() {
    let office = Office::open().await;
    let (_, email) = office.account().await;
    let (mut known, mut new) = (office.browser(), office.browser());
    known.sign_in(&email, PASSWORD).await;
    known.sign_in(&email, PASSWORD).await;
    new.address = "198.51.100.7".to_owned();
    new.sign_in(&email, PASSWORD).await;
    let letters = office.letters(&email, "Вход с нового устройства", 1).await;
    assert_eq!(letters.len(), 1, "neither the first browser nor a known one is told of");
    assert!(letters[0].text.contains("Firefox, Linux") && letters[0].text.contains("198.51.100.7"));
}
