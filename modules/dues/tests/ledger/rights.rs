//! Who sees and does what.

use plenum_authz::Viewer;
use plenum_dues::reactions;
use plenum_events::{Publish, Reactions};
use plenum_jobs::Worker;
use plenum_kernel::TypedId;
use plenum_members_api::{MemberId, MemberMoved};
use serde_json::{Value, json};
use sqlx::Connection;

use crate::{DUES, Office, payment};

const MINE: &str = "{ myDues { fullName balanceKopecks entries { nodes { kopecks } } } }";

async fn link(office: &Office, viewer: &Viewer, member: &str) {
    let id = MemberId::parse_global(member).unwrap();
    let mut connection = sqlx::PgConnection::connect(&office.world.database().superuser_url()).await.unwrap();
    sqlx::query("UPDATE members.person SET account_id = $2 WHERE id = $1")
        .bind(id.uuid())
        .bind(viewer.account().unwrap().uuid())
        .execute(&mut connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_member_sees_their_own_dues_and_nobody_elses() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let member = office.member("Абрамов").await;
    office.pay(&treasurer, payment(&member, 12_300, 1)).await;
    let viewer = office.world.viewer(&office.tenant, "member").await;
    assert_eq!(office.get(&viewer, MINE, json!({})).await["myDues"], Value::Null, "no record is linked");
    link(&office, &viewer, &member).await;
    assert_eq!(
        office.get(&viewer, MINE, json!({})).await["myDues"],
        json!({ "fullName": "Абрамов Иван Ильич", "balanceKopecks": 12_300, "entries": { "nodes": [{ "kopecks": 12_300 }] } })
    );
    let export = "mutation { exportMyDues(from: \"2026-11\", until: \"2026-11\", format: CSV) { name url } }";
    // The role of files is not this test's matter: the name is enough.
    assert!(
        office.get(&viewer, &export.replace(" url", ""), json!({})).await["exportMyDues"]["name"].is_string()
    );
    assert_eq!(office.refusal(Some(&viewer), DUES, json!({ "member": member })).await.0, "FORBIDDEN");
    let pay = office.pay(&viewer, payment(&member, 100, 2)).await;
    assert_eq!(pay["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(office.refusal(None, MINE, json!({})).await.0, "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_treasurer_of_one_unit_works_in_that_unit_only() {
    let office = Office::open().await;
    let treasurer = office.world.viewer_in(&office.tenant, "treasurer", office.tenant.units[0]).await;
    let (ours, theirs) = (office.member("Абрамов").await, office.member("Дёмин").await);
    let paid = office.pay(&treasurer, payment(&ours, 100, 1)).await;
    assert_eq!(paid["data"]["recordPayment"]["balanceKopecks"], 100, "{paid}");
    assert_eq!(
        office.pay(&treasurer, payment(&theirs, 100, 2)).await["errors"][0]["extensions"]["code"],
        "FORBIDDEN"
    );
    assert_eq!(office.dues(&treasurer, &theirs).await, Value::Null);
    let charge = "mutation($unit: ID!) { chargeMonth(unit: $unit, month: \"2026-11\") { id } }";
    for unit in [office.tenant.root, office.tenant.units[1]] {
        let refused = office.refusal(Some(&treasurer), charge, json!({ "unit": unit.to_string() })).await;
        assert_eq!(refused.0, "FORBIDDEN");
    }
    let by_unit = "{ duesByUnit(month: \"2026-11\") { nodes { unit { name } paidKopecks } } }";
    assert_eq!(
        office.get(&treasurer, by_unit, json!({})).await["duesByUnit"]["nodes"],
        json!([{ "unit": { "name": "ППО № 1" }, "paidKopecks": 100 }])
    );
    // What may not be seen does not cut a page short.
    let last = office.world.viewer_in(&office.tenant, "treasurer", office.tenant.units[1]).await;
    let first =
        "{ duesByUnit(month: \"2026-11\", first: 1) { nodes { unit { name } } pageInfo { hasNextPage } } }";
    assert_eq!(
        office.get(&last, first, json!({})).await["duesByUnit"],
        json!({ "nodes": [{ "unit": { "name": "ППО № 2" } }], "pageInfo": { "hasNextPage": false } })
    );
}

#[tokio::test]
async fn a_neighbour_finds_nothing() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let member = office.member("Абрамов").await;
    office.pay(&treasurer, payment(&member, 100, 1)).await;
    let entry = office.dues(&treasurer, &member).await["entries"]["nodes"][0]["id"].clone();
    let neighbour = office.world.viewer(office.tenant.twin(), "administrator").await;
    assert_eq!(office.dues(&neighbour, &member).await, Value::Null);
    let pay = office.pay(&neighbour, payment(&member, 100, 2)).await;
    assert_eq!(pay["errors"][0]["extensions"]["code"], "NOT_FOUND");
    let reverse = "mutation($entry: ID!) { reverseEntry(entry: $entry, reason: \"чужое\") { status } }";
    assert_eq!(office.refusal(Some(&neighbour), reverse, json!({ "entry": entry })).await.0, "NOT_FOUND");
    assert_eq!(office.balance(&treasurer, &member).await, 100);
}

#[tokio::test]
async fn the_application_can_change_nothing_in_the_ledger() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let member = office.member("Абрамов").await;
    office.pay(&treasurer, payment(&member, 100, 1)).await;
    for statement in ["UPDATE dues.entry SET kopecks = 1", "DELETE FROM dues.entry", "TRUNCATE dues.entry"] {
        let mut tx = office.tx(office.tenant.id).await;
        let refused = sqlx::query(statement).execute(tx.conn()).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{statement}: {refused}");
    }
    assert_eq!(office.balance(&treasurer, &member).await, 100);
}

#[tokio::test]
async fn a_debt_follows_the_member_to_another_unit() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let root = office.tenant.root.to_string();
    office.set_rate(&treasurer, &root, "FIXED", 30_000, "2026-01").await;
    office.charge(&treasurer, &root, "2026-10").await;
    let debtors = "query($unit: ID!) { debtors(unit: $unit) { nodes { fullName } } duesDebt(unit: $unit) { debtors kopecks } }";
    let of = async |unit: usize| {
        let variables = json!({ "unit": office.tenant.units[unit].to_string() });
        office.get(&treasurer, debtors, variables).await["duesDebt"].clone()
    };
    assert_eq!(of(1).await, json!({ "debtors": 2, "kopecks": 60_000 }));
    let member = MemberId::parse_global(&office.member("Абрамов").await).unwrap();
    let [from, to] = [office.tenant.units[0], office.tenant.units[1]];
    let mut tx = office.tx(office.tenant.id).await;
    tx.publish(&MemberMoved { member, from, to }).await.unwrap();
    tx.commit().await.unwrap();
    let worker = reactions(Reactions::new()).register(Worker::new(office.world.db.clone(), "test"));
    worker.drain(office.tenant.id).await.unwrap();
    assert_eq!(of(1).await, json!({ "debtors": 3, "kopecks": 90_000 }));
    assert_eq!(of(0).await, json!({ "debtors": 2, "kopecks": 60_000 }));
}
