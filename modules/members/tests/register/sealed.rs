//! Corrections and histories in the database itself.

use plenum_members::sealed_tables;
use serde_json::json;
use sqlx::{Connection, PgConnection};

use crate::{Office, history};

const ASK: &str = "mutation($input: RequestCorrectionInput!) { requestCorrection(input: $input) { status } }";
const WAITING: &str = "{ corrections(state: PENDING) { nodes { note changes { field old new } } } }";
const FIELDS: &str = "kind subjectLabel changes { field old new }";

#[tokio::test]
async fn what_was_asked_for_and_what_was_before_is_sealed_also_from_before_and_after_a_rotation() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (id, anna) = office.anna(&keeper, json!({})).await;
    let input = json!({ "phone": "+79161234567", "note": "новый номер" });
    let asked = office.get(&anna, ASK, json!({ "input": input })).await;
    assert_eq!(asked["requestCorrection"]["status"], "OK", "{asked}");
    let waiting = office.get(&keeper, WAITING, json!({})).await;
    assert_eq!(waiting["corrections"]["nodes"][0]["note"], "новый номер", "{waiting}");
    let told = history(&office, &keeper, &id, FIELDS).await;

    let mut behind = PgConnection::connect(&office.world.database().superuser_url()).await.unwrap();
    let open =
        "SELECT (SELECT count(*) FROM members.correction WHERE changes IS NOT NULL OR note IS NOT NULL)
                     + (SELECT count(*) FROM members.history WHERE detail <> '{}')";
    assert_eq!(sqlx::query_scalar::<_, i64>(open).fetch_one(&mut behind).await.unwrap(), 0);

    // As the release before wrote them.
    let changes = json!([{ "field": "phone", "new": "+79161234567" }]);
    sqlx::query("UPDATE members.correction SET changes = $1, note = 'новый номер', request_sealed = NULL")
        .bind(&changes)
        .execute(&mut behind)
        .await
        .unwrap();
    sqlx::query(
        "UPDATE members.history SET detail = '{\"label\": \"из прежних времён\"}', detail_sealed = NULL",
    )
    .execute(&mut behind)
    .await
    .unwrap();
    assert_eq!(office.get(&keeper, WAITING, json!({})).await, waiting);
    let before = history(&office, &keeper, &id, FIELDS).await;
    assert_eq!(before.as_array().unwrap().len(), told.as_array().unwrap().len());
    assert_eq!(before[0]["subjectLabel"], "из прежних времён", "{before}");
    for round in 1..=2 {
        for table in sealed_tables() {
            let mut tx = office.world.system(&office.tenant).await;
            let active = i32::try_from(plenum_vault::writing(&mut tx).await.unwrap().active()).unwrap();
            let progress = table.progress(&mut tx, active).await.unwrap();
            assert!(
                progress.rows > 0 && progress.behind == progress.rows,
                "{} in round {round}",
                table.name()
            );
            let rows = u64::try_from(progress.rows).unwrap();
            // One, and then the rest: a job that died goes on.
            let first = table.renew(&mut tx, active, 1).await.unwrap();
            let rest = table.renew(&mut tx, active, 1000).await.unwrap();
            assert_eq!((first, first + rest), (1, rows), "{}", table.name());
            assert_eq!(table.renew(&mut tx, active, 1000).await.unwrap(), 0, "it is repeated");
            assert_eq!(table.progress(&mut tx, active).await.unwrap().behind, 0);
            tx.commit().await.unwrap();
        }
        assert_eq!(sqlx::query_scalar::<_, i64>(open).fetch_one(&mut behind).await.unwrap(), 0);
        assert_eq!(office.get(&keeper, WAITING, json!({})).await, waiting);
        assert_eq!(history(&office, &keeper, &id, FIELDS).await, before);
        let vault = office.world.db.carried::<plenum_vault::Vault>().unwrap();
        vault.rotate(Some(office.tenant.id)).await.unwrap();
    }
}
