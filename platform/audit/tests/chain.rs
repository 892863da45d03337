//! The chain in the real database, and what is done to it.

use futures_util::future::join_all;
use plenum_audit::{
    EntryFilter,
    chain::{BEGINNING, Content, Hash, link},
    latest, list,
    verify::{Fault, Report, verify},
};
use plenum_kernel::TypedId;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use testkit::{Tenant, World};
use uuid::Uuid;

async fn act(world: &World, tenant: &Tenant, action: &'static str, detail: Value) {
    let mut tx = world.system(tenant).await;
    plenum_audit::record(&mut tx, action, tenant.root, detail).await.expect("recorded");
    tx.commit().await.expect("committed");
}

async fn checked(world: &World, tenant: &Tenant, known: Option<(i64, Hash)>) -> Report {
    let mut tx = world.system(tenant).await;
    verify(&mut tx, known).await.expect("checked")
}

/// What only somebody with the whole database in hand can do.
async fn tamper(world: &World, sql: &str) {
    let url = world.database().superuser_url();
    let mut connection = PgConnection::connect(&url).await.expect("the superuser connects");
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.expect("done");
    assert!(done.rows_affected() > 0, "{sql}");
}

#[tokio::test]
async fn acts_of_many_at_once_are_one_chain_without_gaps() {
    let world = World::builder().build().await;
    let ours = world.tenant("ours", &[]).await;
    join_all((0..40_i32).map(async |number| {
        let mut tx = world.system(&ours).await;
        for part in 0..number % 3 + 1 {
            let detail = json!({ "number": number, "part": part });
            plenum_audit::record(&mut tx, "test.act", ours.root, detail).await.expect("recorded");
        }
        if number % 4 == 0 {
            tx.rollback().await.expect("undone");
        } else {
            tx.commit().await.expect("committed");
        }
    }))
    .await;
    act(&world, ours.twin(), "test.elsewhere", json!({})).await;

    let report = checked(&world, &ours, None).await;
    let kept: i64 = (0..40).filter(|number| number % 4 != 0).map(|number| number % 3 + 1).sum();
    assert_eq!((report.entries, report.before_chain, report.fault), (kept, 0, None));
    let mut tx = world.system(&ours).await;
    let mut numbers: Vec<_> = latest(&mut tx, "test.act", 200)
        .await
        .expect("read")
        .iter()
        .filter_map(|entry| entry.number)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=kept).collect::<Vec<_>>());
    // Another tenant's chain is its own, and begins anew.
    assert_eq!(checked(&world, ours.twin(), None).await.entries, 1);
}

#[tokio::test]
async fn details_are_the_same_after_the_database_kept_them() {
    let world = World::builder().build().await;
    let ours = world.tenant("ours", &[]).await;
    for detail in [
        json!({}),
        json!({ "я": "Ёлка \"и\" \\ \u{1f600}\n", "a": { "z": 1, "b": [] } }),
        json!([1.5, -0.25, 1e300, 12_345_678_901_234_567_890_u64, i64::MIN, 0.1, 1e-7]),
        json!(null),
    ] {
        act(&world, &ours, "test.detail", detail.clone()).await;
        let report = checked(&world, &ours, None).await;
        assert_eq!(report.fault, None, "{detail}");
    }
}

#[tokio::test]
async fn every_kind_of_tampering_shows() {
    let world = World::builder().build().await;
    let ours = world.tenant("ours", &[]).await;
    for number in 1..=6 {
        act(&world, &ours, "test.act", json!({ "number": number })).await;
    }
    let whole = checked(&world, &ours, None).await;
    let head = whole.head;
    assert_eq!((whole.entries, whole.fault), (6, None));
    assert_eq!(checked(&world, &ours, head).await.fault, None);
    let tenant = ours.id.uuid();

    tamper(
        &world,
        &format!("UPDATE audit.entry SET detail = '{{}}' WHERE tenant_id = '{tenant}' AND number = 4"),
    )
    .await;
    assert_eq!(checked(&world, &ours, None).await.fault, Some(Fault::Changed(4)));
    tamper(
        &world,
        &format!(
            "UPDATE audit.entry SET detail = '{{\"number\": 4}}' WHERE tenant_id = '{tenant}' AND number = 4"
        ),
    )
    .await;
    assert_eq!(checked(&world, &ours, None).await.fault, None);

    tamper(&world, &format!("DELETE FROM audit.entry WHERE tenant_id = '{tenant}' AND number = 6")).await;
    assert_eq!(checked(&world, &ours, None).await.fault, None, "the chain alone cannot tell its end");
    assert_eq!(checked(&world, &ours, head).await.fault, Some(Fault::Missing(6)));

    tamper(&world, &format!("DELETE FROM audit.entry WHERE tenant_id = '{tenant}' AND number = 2")).await;
    assert_eq!(checked(&world, &ours, None).await.fault, Some(Fault::Missing(2)));
}

#[tokio::test]
async fn a_chain_written_anew_shows_against_a_head_that_was_noted() {
    let world = World::builder().build().await;
    let ours = world.tenant("ours", &[]).await;
    act(&world, &ours, "test.act", json!({ "votes": 10 })).await;
    let head = checked(&world, &ours, None).await.head;
    let mut tx = world.system(&ours).await;
    let entry = latest(&mut tx, "test.act", 1).await.expect("read").remove(0);
    drop(tx);
    let content = Content {
        id: entry.id,
        at: entry.at,
        actor: entry.actor,
        system: entry.system,
        request: entry.request,
        action: entry.action,
        subject: entry.subject,
        detail: json!({ "votes": 11 }),
    };
    let forged = hex::encode(link(&BEGINNING, ours.id, 1, &content));
    tamper(
        &world,
        &format!(
            "UPDATE audit.entry SET detail = '{{\"votes\": 11}}', hash = '\\x{forged}' WHERE tenant_id = '{}'",
            ours.id.uuid()
        ),
    )
    .await;
    assert_eq!(checked(&world, &ours, None).await.fault, None);
    assert_eq!(checked(&world, &ours, head).await.fault, Some(Fault::Changed(1)));
}

#[tokio::test]
async fn the_application_can_neither_change_nor_remove_nor_add_outside_of_the_chain() {
    let world = World::builder().build().await;
    let ours = world.tenant("ours", &[]).await;
    act(&world, &ours, "test.act", json!({})).await;
    for sql in [
        "UPDATE audit.entry SET detail = '{}'",
        "DELETE FROM audit.entry",
        "TRUNCATE audit.entry",
        "INSERT INTO audit.entry (tenant_id, id, at, actor_name, action, subject, detail)
         SELECT tenant_id, gen_random_uuid(), at, actor_name, action, subject, detail FROM audit.entry",
    ] {
        let mut tx = world.system(&ours).await;
        assert!(sqlx::query(sql).execute(tx.conn()).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn entries_are_found_by_action_actor_subject_and_time() {
    let world = World::builder().policy(&[("test", "p, administrator, test.act\n")]).build().await;
    let ours = world.tenant("ours", &["ППО № 1"]).await;
    let viewer = world.viewer(&ours, "administrator").await;
    act(&world, &ours, "one.first", json!({})).await;
    act(&world, &ours, "two.first", json!({})).await;
    let mut tx = world.db.tenant(&viewer, TEST, plenum_db::Access::Write).await.expect("a transaction opens");
    plenum_audit::record(&mut tx, "one.second", ours.units[0], json!({})).await.expect("recorded");
    tx.commit().await.expect("committed");
    let mut tx = world.system(&ours).await;
    let now = tx.now();
    let actor = viewer.account().map(TypedId::uuid);
    for (filter, expected) in [
        (EntryFilter::default(), vec!["one.second", "two.first", "one.first"]),
        (
            EntryFilter { action: Some("one.".into()), ..EntryFilter::default() },
            vec!["one.second", "one.first"],
        ),
        // An action is meant as it is called: the name of another one may begin so.
        (EntryFilter { action: Some("one.sec".into()), ..EntryFilter::default() }, vec![]),
        (EntryFilter { action: Some("one.second".into()), ..EntryFilter::default() }, vec!["one.second"]),
        (EntryFilter { actor, ..EntryFilter::default() }, vec!["one.second"]),
        (EntryFilter { actor: Some(Uuid::nil()), ..EntryFilter::default() }, vec![]),
        (EntryFilter { subject: Some(ours.units[0].global()), ..EntryFilter::default() }, vec!["one.second"]),
        (EntryFilter { until: Some(now), ..EntryFilter::default() }, vec![]),
        (
            EntryFilter { from: Some(now), ..EntryFilter::default() },
            vec!["one.second", "two.first", "one.first"],
        ),
    ] {
        let found = list(&mut tx, &filter, None, 10).await.expect("read");
        let actions: Vec<&str> = found.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, expected, "{filter:?}");
    }
    let first = list(&mut tx, &EntryFilter::default(), None, 1).await.expect("read").remove(0);
    assert_eq!(list(&mut tx, &EntryFilter::default(), Some(first.id), 10).await.expect("read").len(), 2);
    let count = sqlx::query("SELECT count(*) FROM audit.entry").fetch_one(tx.conn()).await.expect("counted");
    assert_eq!(count.get::<i64, _>(0), 3);
}

const TEST: plenum_authz::Permission = plenum_authz::Permission::new("test.act");
