//! Members between organizations, with the program killed at random moments of being asked for and of being taken over.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Client, PATIENCE, Server, data_dir, done};

/// One member each, and two kills: twenty in all.
const SURNAMES: [&str; 10] = [
    "Переездова",
    "Дорогина",
    "Путевая",
    "Странникова",
    "Вокзальная",
    "Кочевникова",
    "Перевозова",
    "Скиталина",
    "Путникова",
    "Проездова",
];
/// Telling takes some milliseconds, taking over some tens: the moments lie before, in and after them.
const LONGEST_MS: u64 = 120;

/// The records of this surname in an organization: state, consent, and the kinds of their history, the latest first.
async fn records(client: &Client, surname: &str) -> Vec<(Value, Value, Vec<String>)> {
    let query = "query($search: String!) { members(filter: { search: $search, states: [ACTIVE, LEFT] }) {
        nodes { fullName state consentState history(first: 50) { nodes { kind } } } } }";
    let found = done(client, query, json!({ "search": surname })).await;
    let nodes = found["nodes"].as_array().expect("nodes").iter();
    nodes
        .filter(|node| node["fullName"].as_str().is_some_and(|name| name.starts_with(surname)))
        .map(|node| {
            let lines = node["history"]["nodes"].as_array().expect("lines").iter();
            let kinds = lines.map(|line| line["kind"].as_str().expect("a kind").to_owned());
            (node["state"].clone(), node["consentState"].clone(), kinds.collect())
        })
        .collect()
}

/// Waits until the organization has a transfer of this id in this state.
async fn reaches(client: &Client, transfer: &Value, state: &str) -> usize {
    let query = "query($id: ID!) { node(id: $id) { ... on MemberTransfer { state } } }";
    let mut looked = 0;
    let there = async {
        while done(client, query, json!({ "id": transfer })).await["state"] != state {
            looked += 1;
        }
    };
    tokio::time::timeout(PATIENCE, there).await.unwrap_or_else(|_| panic!("{transfer} never is {state}"));
    looked
}

async fn killed_at_random(server: Server, dir: &std::path::Path) -> Server {
    tokio::time::sleep(Duration::from_millis(rand::random_range(0..LONGEST_MS))).await;
    server.kill_everything().await;
    Server::start(dir).await
}

#[tokio::test]
async fn a_member_arrives_exactly_once_whenever_the_program_is_killed() {
    let dir = data_dir();
    let mut server = Server::start(dir.path()).await;
    let mut on_the_way = [0, 0];
    for (turn, surname) in SURNAMES.into_iter().enumerate() {
        let here = Client::sign_in(&server, "admin", "education").await;
        let unit =
            done(&here, "{ units(first: 1) { nodes { id } } }", json!({})).await["nodes"][0]["id"].clone();
        let add = "mutation($input: MemberInput!) { addMember(input: $input) { status member { id } } }";
        let input = json!({ "unit": unit, "surname": surname, "givenName": "Анна", "birthDate": "01.02.1980",
            "cardNumber": format!("П-{turn}") });
        let member = done(&here, add, json!({ "input": input })).await["member"]["id"].clone();
        let consent = "mutation($input: RecordConsentInput!) { recordConsent(input: $input) { status } }";
        let input = json!({ "member": member, "act": "GIVEN", "textVersion": "2026", "on": "01.02.2026" });
        done(&here, consent, json!({ "input": input })).await;
        let neighbours = done(&here, "{ organizations { id slug } }", json!({})).await;
        let to = neighbours
            .as_array()
            .expect("a list")
            .iter()
            .find(|one| one["slug"] == "health")
            .expect("it")["id"]
            .clone();
        let ask = "mutation($member: ID!, $tenant: ID!) {
            requestTransfer(member: $member, tenant: $tenant) { status transfer { id } } }";
        let asked = done(&here, ask, json!({ "member": member, "tenant": to })).await;
        assert_eq!(asked["status"], "OK", "{asked}");
        let transfer = asked["transfer"]["id"].clone();
        server = killed_at_random(server, dir.path()).await;

        let there = Client::sign_in(&server, "admin", "health").await;
        on_the_way[0] += usize::from(reaches(&there, &transfer, "REQUESTED").await > 0);
        let unit =
            done(&there, "{ units(first: 1) { nodes { id } } }", json!({})).await["nodes"][0]["id"].clone();
        let accept =
            "mutation($id: ID!, $unit: ID!) { acceptTransfer(transfer: $id, unit: $unit) { status } }";
        let accepted = done(&there, accept, json!({ "id": transfer, "unit": unit })).await;
        assert_eq!(accepted["status"], "OK", "{accepted}");
        server = killed_at_random(server, dir.path()).await;

        let here = Client::sign_in(&server, "admin", "education").await;
        let there = Client::sign_in(&server, "admin", "health").await;
        on_the_way[1] += usize::from(reaches(&here, &transfer, "DONE").await > 0);
        reaches(&there, &transfer, "DONE").await;
        let arrived = records(&there, surname).await;
        assert_eq!(
            arrived,
            [(
                json!("ACTIVE"),
                json!("GIVEN"),
                words(&["ARRIVED", "TRANSFER_REQUESTED", "CONSENT", "ADDED"])
            )],
            "turn {turn}"
        );
        let left = records(&here, surname).await;
        assert_eq!(
            left,
            [(json!("LEFT"), json!("GIVEN"), words(&["LEFT", "TRANSFER_REQUESTED", "CONSENT", "ADDED"]))],
            "turn {turn}"
        );
    }
    eprintln!(
        "killed {} times; at the next start {} of the requests and {} of the members were still on their way",
        2 * SURNAMES.len(),
        on_the_way[0],
        on_the_way[1]
    );
    server.stop().await;
}

fn words(all: &[&str]) -> Vec<String> {
    all.iter().map(|&word| word.to_owned()).collect()
}
