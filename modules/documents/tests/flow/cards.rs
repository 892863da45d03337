//! Cards are rewritten by who read their latest state, and not while they are decided on.

use serde_json::json;

use crate::office::{Office, fault, reason};

fn edit(document: &str, revision: &str, input: &str) -> String {
    format!(
        "mutation {{ editDocument(document: \"{document}\", {revision} input: {{ {input} }}) {{ title revision }} }}"
    )
}

const SEEN: &str = "title summary correspondent pages dueOn tags revision executor { id } \
                    history { what detail } viewerCan { edit editRefused }";

#[tokio::test]
async fn a_card_is_rewritten_and_its_history_names_the_fields() {
    let office = Office::open().await;
    let document = office.document("INCOMING", "О смете").await;
    let executor = office.clerk.account().expect("a person");
    let input = format!(
        "title: \"О смете на год\", correspondent: \"Облсовпроф\", pages: 3, tags: [\"смета\"], \
         dueOn: \"2026-12-10\", executor: \"{executor}\""
    );
    let edited = office.done(&office.clerk, &edit(&document, "revision: 1,", &input)).await;
    assert_eq!(edited, json!({ "title": "О смете на год", "revision": 2 }));
    let seen = office.see(&office.clerk, &document, SEEN).await;
    assert_eq!(seen["correspondent"], "Облсовпроф");
    assert_eq!(seen["pages"], 3);
    assert_eq!(seen["executor"]["id"], executor.to_string());
    assert_eq!(
        seen["history"][0],
        json!({ "what": "edited", "detail": "title correspondent executor pages due_on tags" })
    );
    assert_eq!(seen["viewerCan"], json!({ "edit": true, "editRefused": null }));
    let found =
        office.done(&office.clerk, "{ documents(filter: { search: \"облсовпроф\" }) { nodes { title } } }");
    assert_eq!(found.await["nodes"][0]["title"], "О смете на год");

    // Again the same: nothing is written.
    let again = office.done(&office.clerk, &edit(&document, "revision: 2,", &input)).await;
    assert_eq!(again["revision"], 2);
    let lines = office.see(&office.clerk, &document, "history { what }").await;
    assert_eq!(lines["history"].as_array().map(Vec::len), Some(2), "{lines}");
}

#[tokio::test]
async fn who_read_an_older_card_is_told_and_overwrites_nothing() {
    let office = Office::open().await;
    let other = office.person("clerk").await;
    let document = office.document("ORDER", "О дежурстве").await;
    office.done(&other, &edit(&document, "revision: 1,", "title: \"О дежурстве в праздники\"")).await;
    let stale = office.ask(&office.clerk, &edit(&document, "revision: 1,", "title: \"Иначе\"")).await;
    assert_eq!(stale["errors"][0]["extensions"]["code"], "CONFLICT", "{stale}");
    assert_eq!(reason(&stale), "changed_meanwhile");
    assert_eq!(office.see(&office.clerk, &document, "title").await["title"], "О дежурстве в праздники");
    let wrong = office.ask(&office.clerk, &edit(&document, "revision: 2,", "title: \" \", pages: 0")).await;
    assert_eq!(fault(&wrong), ("input.title".to_owned(), "empty".to_owned()));
}

#[tokio::test]
async fn a_card_rests_while_its_document_is_on_its_route() {
    let office = Office::open().await;
    let (chair, member) = (office.person("member").await, office.person("member").await);
    let document = office.paper("ORDER", "О графике").await;
    office.route(&document, &[(1, "APPROVE", &chair)]).await;
    let seen = office.see(&office.clerk, &document, SEEN).await;
    assert_eq!(seen["viewerCan"], json!({ "edit": false, "editRefused": "card_on_route" }));
    let refused = office.ask(&office.clerk, &edit(&document, "", "title: \"Иначе\"")).await;
    assert_eq!(reason(&refused), "card_on_route");
    // Who may not rewrite it anyway is told of no state.
    let theirs = office.see(&chair, &document, SEEN).await;
    assert_eq!(theirs["viewerCan"], json!({ "edit": false, "editRefused": null }));
    assert!(office.see(&member, &document, SEEN).await.is_null());

    let step = office.my_step(&chair, &document).await;
    office.decide(&chair, &step).await;
    let edited =
        office.done(&office.clerk, &edit(&document, "revision: 1,", "title: \"О графике смен\"")).await;
    assert_eq!(edited["revision"], 2);
}
