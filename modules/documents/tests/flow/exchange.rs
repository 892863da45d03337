//! Between organizations.

use plenum_authz::Viewer;
use sqlx::Row;
use testkit::Tenant;

use crate::office::{Office, PASSWORD, reason, text};

async fn sent(office: &Office, other: &Tenant) -> String {
    let chair = office.person("member").await;
    let document = office.paper("OUTGOING", "О совместном заседании").await;
    let send = format!(
        "mutation {{ sendDocument(document: \"{document}\", organizations: [\"{}\"]) {{ dispatches {{ receivedAt }} }} }}",
        other.id
    );
    assert_eq!(reason(&office.ask(&office.clerk, &send).await), "not_registered");
    office.route(&document, &[(1, "SIGN", &chair)]).await;
    let step = office.my_step(&chair, &document).await;
    office.sign(&chair, &step, PASSWORD).await;
    let journal = office.journal("OUTGOING").await;
    let register = format!(
        "mutation {{ registerDocument(document: \"{document}\", journal: \"{journal}\") {{ number }} }}"
    );
    office.done(&office.clerk, &register).await;
    let refused = office.ask(&chair, &send).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN", "{refused}");
    let answer = office.done(&office.clerk, &send).await;
    assert!(answer["dispatches"][0]["receivedAt"].is_null(), "{answer}");
    // Again, it is on its way already.
    let again = office.done(&office.clerk, &send).await;
    assert_eq!(again["dispatches"].as_array().map(Vec::len), Some(1), "{again}");
    document
}

#[tokio::test]
async fn a_document_arrives_once_and_a_receipt_comes_back() {
    let office = Office::open().await;
    let other = office.server.world.tenant("beta", &[]).await;
    let there: Viewer = office.server.world.viewer(&other, "clerk").await;
    let document = sent(&office, &other).await;
    office.work().await;

    // As if the worker had died just before it could say that it was done, and again.
    for _ in 0..3 {
        let mut tx = office.server.world.system(&office.tenant).await;
        sqlx::query("UPDATE documents.dispatch SET state = 'sending', received_at = NULL, their_number = NULL, their_date = NULL")
            .execute(tx.conn())
            .await
            .expect("undone");
        sqlx::query("UPDATE jobs.job SET state = 'due', finished_at = NULL WHERE kind = 'documents.deliver'")
            .execute(tx.conn())
            .await
            .expect("due again");
        tx.commit().await.expect("committed");
        office.work().await;
    }
    let here = office
        .see(&office.clerk, &document, "dispatches { receivedAt theirNumber theirDate } history { what }")
        .await;
    assert_eq!(here["dispatches"][0]["theirNumber"], "1-26", "{here}");
    assert_eq!(here["dispatches"][0]["theirDate"], "2026-11-23");

    let all = office
        .server
        .ask(
            &there,
            "{ documents { nodes { id kind title number theirNumber receivedFrom versions { sha256 flag } \
             statedSignatures { signer matches } } } }",
        )
        .await;
    let nodes = all["data"]["documents"]["nodes"].as_array().unwrap_or_else(|| panic!("{all}"));
    assert_eq!(nodes.len(), 1, "{all}");
    assert_eq!((&nodes[0]["kind"], &nodes[0]["number"]), (&"INCOMING".into(), &"1-26".into()));
    assert_eq!(nodes[0]["theirNumber"], "1-26");
    assert_eq!(nodes[0]["receivedFrom"], "Профсоюз");
    assert_eq!(nodes[0]["statedSignatures"][0]["matches"], true, "{all}");
    for (tenant, action) in [(&office.tenant, "documents.send"), (&other, "documents.receive")] {
        let mut tx = office.server.world.system(tenant).await;
        let count: i64 = sqlx::query("SELECT count(*) FROM audit.entry WHERE action = $1")
            .bind(action)
            .fetch_one(tx.conn())
            .await
            .expect("the audit can be read")
            .get(0);
        assert_eq!(count, 1, "{action}");
    }
}

#[tokio::test]
async fn nothing_is_sent_out_of_the_tree() {
    let office = Office::open().await;
    let document = office.paper("OUTGOING", "Письмо").await;
    for stranger in [office.tenant.twin().id, office.tenant.id] {
        let send = format!(
            "mutation {{ sendDocument(document: \"{document}\", organizations: [\"{stranger}\"]) {{ id }} }}"
        );
        let refused = office.ask(&office.clerk, &send).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{refused}");
    }
    let recipients = office.done(&office.clerk, "{ documentRecipients { slug } }").await;
    let slugs: Vec<String> =
        recipients.as_array().expect("a list").iter().map(|one| text(&one["slug"])).collect();
    assert_eq!(slugs, ["federation"]);
}
