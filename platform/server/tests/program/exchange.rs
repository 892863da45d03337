//! Documents between organizations, with the program killed at random moments of the delivery.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Client, PATIENCE, Server, data_dir, done};

const KILLS: usize = 20;
/// A delivery takes some tens of milliseconds: the moments lie before, in and after it.
const LONGEST_MS: u64 = 160;

/// A registered document with a file; its id.
async fn registered(admin: &Client, journal: &Value, title: &str) -> Value {
    let file = admin.upload("letter.csv", format!("{title};letter\n").into_bytes()).await;
    let create =
        "mutation($title: String!) { createDocument(kind: OUTGOING, input: { title: $title }) { id } }";
    let document = done(admin, create, json!({ "title": title })).await["id"].clone();
    let add = "mutation($document: ID!, $file: ID!) { addVersion(document: $document, file: $file) { id } }";
    done(admin, add, json!({ "document": document, "file": file })).await;
    let register = "mutation($document: ID!, $journal: ID!) { registerDocument(document: $document, journal: $journal) { status } }";
    done(admin, register, json!({ "document": document, "journal": journal })).await;
    document
}

/// How many documents of this title there are, and their numbers.
async fn arrived(there: &Client, title: &str) -> Vec<Value> {
    let query = "query($search: String!) { documents(first: 100, filter: { kind: INCOMING, search: $search }) { nodes { title number } } }";
    let found = done(there, query, json!({ "search": format!("\"{title}\"") })).await;
    let nodes = found["nodes"].as_array().expect("nodes");
    nodes.iter().filter(|node| node["title"] == title).map(|node| node["number"].clone()).collect()
}

#[tokio::test]
async fn a_document_arrives_exactly_once_whenever_the_program_is_killed() {
    let dir = data_dir();
    let mut server = Server::start(dir.path()).await;
    let admin = Client::sign_in(&server, "admin", "federation").await;
    let open = "mutation { createJournal(input: { kind: OUTGOING, name: \"Проба обмена\", pattern: \"T-{n}\" }) { id } }";
    let journal = done(&admin, open, json!({})).await["id"].clone();
    let organizations = done(&admin, "{ documentRecipients { id slug } }", json!({})).await;
    let education = organizations
        .as_array()
        .expect("a list")
        .iter()
        .find(|one| one["slug"] == "education")
        .map(|one| one["id"].clone())
        .expect("the organization");
    let mut admin = admin;
    let mut on_the_way = 0;
    let mut numbers = Vec::new();
    for turn in 0..KILLS {
        let title = format!("Обмен номер {turn} слово{turn}");
        let document = registered(&admin, &journal, &title).await;
        let send = "mutation($document: ID!, $to: [ID!]!) { sendDocument(document: $document, organizations: $to) { id } }";
        done(&admin, send, json!({ "document": document, "to": [education] })).await;
        tokio::time::sleep(Duration::from_millis(rand::random_range(0..LONGEST_MS))).await;
        server.kill_everything().await;

        server = Server::start(dir.path()).await;
        admin = Client::sign_in(&server, "admin", "federation").await;
        let receipt =
            "query($id: ID!) { node(id: $id) { ... on Document { dispatches { receivedAt theirNumber } } } }";
        let mut looked = 0;
        let number = async {
            loop {
                let now = done(&admin, receipt, json!({ "id": document })).await;
                let dispatches = now["dispatches"].as_array().expect("dispatches").clone();
                assert_eq!(dispatches.len(), 1, "{now}");
                if !dispatches[0]["receivedAt"].is_null() {
                    return dispatches[0]["theirNumber"].clone();
                }
                looked += 1;
            }
        };
        let number = tokio::time::timeout(PATIENCE, number).await.expect("the receipt comes");
        on_the_way += usize::from(looked > 0);
        let there = Client::sign_in(&server, "admin", "education").await;
        assert_eq!(arrived(&there, &title).await, std::slice::from_ref(&number), "turn {turn}");
        numbers.push(number);
    }
    eprintln!("killed {KILLS} times; {on_the_way} times the document was still on its way at the next start");
    let before = numbers.len();
    numbers.sort_by_key(ToString::to_string);
    numbers.dedup();
    assert_eq!(numbers.len(), before, "a number was given twice");
    server.stop().await;
}
