//! What recipients see and do: the letter, its way out, the test letter.

use plenum_mail::LetterView;
use serde_json::json;

use crate::{Office, text};

async fn only_letter(office: &Office) -> LetterView {
    let letters = office.outbox.list(10, None).await.unwrap();
    assert_eq!(letters.len(), 1, "{letters:?}");
    office.outbox.read(&letters[0].id).await.unwrap().unwrap()
}

/// The token in the link at the end of a letter.
fn token(letter: &LetterView) -> String {
    let (_, rest) = letter.text.split_once("https://plenum.example/u/").unwrap();
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

async fn sent() -> (Office, String, LetterView) {
    let office = Office::open().await;
    office.people(&office.tenant, &[("Белова Анна Ивановна", "ППО № 1", "anna@example.org", "да")]).await;
    let list = office.list("Новости").await;
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    office.work().await;
    let letter = only_letter(&office).await;
    (office, list, letter)
}

#[tokio::test]
async fn a_letter_greets_its_reader_and_says_how_to_leave() {
    let (_office, _, letter) = sent().await;
    assert_eq!(letter.summary.subject, "Новости для Анна");
    assert!(letter.summary.from.starts_with("Профсоюз <"), "{}", letter.summary.from);
    assert!(letter.text.starts_with("Здравствуйте, Анна Ивановна!"), "{}", letter.text);
    assert!(letter.text.contains("Рассылка «Новости»."), "{}", letter.text);
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing_and_the_button_leaves_this_list_only() {
    let (office, list, letter) = sent().await;
    let token = token(&letter);
    let look = "query($token: String!) { unsubscription(token: $token) { listName address unsubscribed } }";
    let expected = json!({ "listName": "Новости", "address": "a***@example.org", "unsubscribed": false });
    for _ in 0..2 {
        let answer = office.ask(None, look, json!({ "token": token })).await;
        assert_eq!(answer["data"]["unsubscription"], expected, "{answer}");
    }
    let leave = "mutation($token: String!) { unsubscribe(token: $token) { unsubscribed } }";
    for _ in 0..2 {
        let answer = office.ask(None, leave, json!({ "token": token })).await;
        assert_eq!(answer["data"]["unsubscribe"]["unsubscribed"], true, "{answer}");
    }
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "NO_RECIPIENTS");
    let other = office.list("Обучение").await;
    let campaign = office.campaign(&other, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");

    let back = "mutation($token: String!) { resubscribe(token: $token) { unsubscribed } }";
    let answer = office.ask(None, back, json!({ "token": token })).await;
    assert_eq!(answer["data"]["resubscribe"]["unsubscribed"], false, "{answer}");
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    for wrong in ["", "x", &token[1..]] {
        let answer = office.ask(None, leave, json!({ "token": wrong })).await;
        assert_eq!(answer["data"]["unsubscribe"], json!(null), "{answer}");
    }
}

#[tokio::test]
async fn who_leaves_between_the_ledger_and_the_letter_gets_none() {
    let (office, list, letter) = sent().await;
    let campaign = office.campaign(&list, json!({})).await;
    assert_eq!(office.step("startCampaign", &campaign).await, "OK");
    assert!(office.tokens().leave(&token(&letter), true).await.unwrap());
    // The ledger is written after: by the same rule there is no line.
    office.work().await;
    let (state, lines) = office.ledger(&campaign).await;
    assert_eq!((state.as_str(), lines.len()), ("DONE", 0));
}

#[tokio::test]
async fn the_test_letter_goes_to_the_writer_alone() {
    let office = Office::open().await;
    office.people(&office.tenant, &[("Белова Анна Ивановна", "ППО № 1", "anna@example.org", "да")]).await;
    let list = office.list("Новости").await;
    let campaign = office.campaign(&list, json!({})).await;
    let query = "mutation($id: ID!) { sendTestLetter(campaign: $id) { address } }";
    let address = text(&office.get(query, json!({ "id": campaign })).await["sendTestLetter"]["address"]);
    office.work().await;
    let letter = only_letter(&office).await;
    assert!(letter.summary.to.contains(&address), "{}", letter.summary.to);
    assert_eq!(letter.summary.subject, "[Проба] Новости для Анна");
    assert_eq!(office.ledger(&campaign).await.1.len(), 0);
}
