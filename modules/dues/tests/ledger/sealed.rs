//! Salaries and notes in the database itself.

use plenum_dues::sealed_tables;
use serde_json::json;
use sqlx::{Connection, PgConnection};

use crate::Office;

const DECLARE: &str =
    "mutation($input: DeclareSalaryInput!) { declareSalary(input: $input) { balanceKopecks } }";
const EXCUSE: &str =
    "mutation($input: GrantExemptionInput!) { grantExemption(input: $input) { balanceKopecks } }";

/// How many salaries and notes stand open in the database.
const OPEN: &str = "SELECT (SELECT count(*) FROM dues.salary WHERE kopecks IS NOT NULL)
                         + (SELECT count(*) FROM dues.exemption WHERE note IS NOT NULL)";

#[tokio::test]
async fn salaries_and_notes_are_sealed_also_those_from_before_and_after_a_rotation() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let member = office.member("Абрамов").await;
    let salary = json!({ "member": member, "kopecks": 5_000_000, "validFrom": "2026-01" });
    office.get(&treasurer, DECLARE, json!({ "input": salary })).await;
    let excuse = json!({ "member": member, "ground": "OTHER", "note": "операция", "from": "2026-02", "until": "2026-03" });
    office.get(&treasurer, EXCUSE, json!({ "input": excuse })).await;
    let mut behind = PgConnection::connect(&office.world.database().superuser_url()).await.unwrap();
    assert_eq!(sqlx::query_scalar::<_, i64>(OPEN).fetch_one(&mut behind).await.unwrap(), 0);
    let read = office.dues(&treasurer, &member).await;
    assert_eq!(read["salary"]["kopecks"], 5_000_000, "{read}");

    // As the release before wrote them.
    sqlx::raw_sql(
        "UPDATE dues.salary SET kopecks = 5000000, kopecks_sealed = NULL;
         UPDATE dues.exemption SET note = 'операция', note_sealed = NULL",
    )
    .execute(&mut behind)
    .await
    .unwrap();
    assert_eq!(office.dues(&treasurer, &member).await, read);
    for round in 1..=2 {
        for table in sealed_tables() {
            let mut tx = office.tx(office.tenant.id).await;
            let active = i32::try_from(plenum_vault::writing(&mut tx).await.unwrap().active()).unwrap();
            let before = table.progress(&mut tx, active).await.unwrap();
            assert_eq!((before.rows, before.behind), (1, 1), "{} in round {round}", table.name());
            assert_eq!(table.renew(&mut tx, active, 100).await.unwrap(), 1);
            assert_eq!(table.renew(&mut tx, active, 100).await.unwrap(), 0, "it is repeated");
            assert_eq!(table.progress(&mut tx, active).await.unwrap().behind, 0);
            tx.commit().await.unwrap();
        }
        assert_eq!(sqlx::query_scalar::<_, i64>(OPEN).fetch_one(&mut behind).await.unwrap(), 0);
        assert_eq!(office.dues(&treasurer, &member).await, read);
        let vault = office.world.db.carried::<plenum_vault::Vault>().unwrap();
        vault.rotate(Some(office.tenant.id)).await.unwrap();
    }
}

#[tokio::test]
async fn a_salary_brought_from_another_member_does_not_open() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let (rich, poor) = (office.member("Абрамов").await, office.member("Борисова").await);
    for (member, kopecks) in [(&rich, 90_000_000), (&poor, 1_000_000)] {
        let salary = json!({ "member": member, "kopecks": kopecks, "validFrom": "2026-01" });
        office.get(&treasurer, DECLARE, json!({ "input": salary })).await;
    }
    let mut behind = PgConnection::connect(&office.world.database().superuser_url()).await.unwrap();
    sqlx::raw_sql(
        "UPDATE dues.salary s SET kopecks_sealed = o.kopecks_sealed FROM dues.salary o WHERE o.id <> s.id",
    )
    .execute(&mut behind)
    .await
    .unwrap();
    let query = "query($member: ID!) { dues(member: $member) { salary { kopecks } } }";
    let (code, _) = office.refusal(Some(&treasurer), query, json!({ "member": poor })).await;
    assert_eq!(code, "INTERNAL");
}
