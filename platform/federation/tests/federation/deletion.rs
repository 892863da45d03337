//! The deletion of an organization, against a real database: asked for, called off, carried out in pieces.

use chrono::TimeDelta;
use plenum_authz::Viewer;
use plenum_db::Access;
use plenum_federation::{
    Step,
    domain::{NOTICE, REMINDED_BEFORE},
    erase_next,
};
use plenum_identity::{Identity, Passkeys, Sealer};
use plenum_jobs::Worker;
use plenum_kernel::{TenantId, TypedId};
use plenum_mail::{Mailer, Outbox};
use plenum_tenancy::store::{access, deletions, grants, tenants};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection, Row};

use crate::house::{self, House, of_federation};

const DELETE: &str = "mutation($tenant: ID!, $slug: String!, $reason: String!) {
    deleteTenant(tenant: $tenant, slug: $slug, reason: $reason) {
        status tenant { suspendedAt deletion { dueAt reason askedBy begunAt } } } }";
const CALL_OFF: &str = "mutation($tenant: ID!) { callOffTenantDeletion(tenant: $tenant) { status tenant { deletion { dueAt } } } }";
const DELETED: &str = "{ deletedTenants { id slug name deletedAt files bytes rowCount rows { table count }
    auditNumber auditHead deletion { reason askedBy } } }";
const LIST: &str = "{ overseenTenants { slug } }";

fn asked(tenant: TenantId, slug: &str, reason: &str) -> Value {
    json!({ "tenant": tenant.global(), "slug": slug, "reason": reason })
}

async fn superuser(house: &House) -> PgConnection {
    PgConnection::connect(&house.world.database().superuser_url()).await.expect("the superuser connects")
}

/// How often each row stands in each table of tenants, without the rows of one of them; and the accounts.
async fn rows_of_others(house: &House, but: TenantId) -> Vec<(String, i64, i64)> {
    let mut connection = superuser(house).await;
    let mut tx = house.world.db.global(None).await.expect("opened");
    let tables = plenum_db::catalogue::tenant_tables(tx.conn()).await.expect("read");
    let mut all = Vec::new();
    for table in tables.iter().map(|table| table.name.as_str()).chain(["identity.account"]) {
        // What the federation itself records of its acts is new.
        let only = match table {
            "identity.account" => "TRUE",
            "audit.entry" | "jobs.job" => "tenant_id NOT IN ($1, $2)",
            _ => "tenant_id <> $1",
        };
        let sum = format!(
            "SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0)::bigint FROM {table} t
              WHERE ($1::uuid IS NOT NULL AND $2::uuid IS NOT NULL) AND {only}"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sum))
            .bind(but.uuid())
            .bind(house.admin.tenant.uuid())
            .fetch_one(&mut connection)
            .await
            .expect("the superuser reads");
        all.push((table.to_owned(), row.get(0), row.get(1)));
    }
    all
}

/// How many rows a tenant has in all tables.
async fn rows_of(house: &House, tenant: TenantId) -> i64 {
    let mut connection = superuser(house).await;
    let mut tx = house.world.db.global(None).await.expect("opened");
    let mut count = 0;
    for table in plenum_db::catalogue::tenant_tables(tx.conn()).await.expect("read") {
        let select = format!("SELECT count(*) FROM {} WHERE tenant_id = $1", table.quoted());
        let row = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(tenant.uuid())
            .fetch_one(&mut connection)
            .await
            .expect("the superuser reads");
        count += row.get::<i64, _>(0);
    }
    count
}

/// A member organization with people, roles, units, an entry of the audit, a file, and something sealed.
async fn filled(house: &House) -> Viewer {
    let person = house.world.viewer(&house.member, "administrator").await;
    let mut tx = house.world.system(&house.member).await;
    house.world.files.keep(&mut tx, "устав.pdf", "application/pdf", "%PDF-1.7".into()).await.expect("kept");
    let field = plenum_vault::Field::new("identity.totp", "secret", house.member.id.uuid());
    plenum_vault::seal_text(&mut tx, &field, "тайна").await.expect("sealed");
    plenum_audit::record(&mut tx, "federation.limit_tenant", house.member.id, json!({}))
        .await
        .expect("noted");
    tx.commit().await.expect("committed");
    person
}

async fn step(house: &House) -> Step {
    let federation = house.admin.tenant;
    erase_next(&house.world.db, &house.world.files, federation, house.member.id).await.expect("a step")
}

async fn ask(house: &House) {
    let answer = house.ask(&house.admin, DELETE, asked(house.member.id, "alpha", "слита с другой")).await;
    assert_eq!(answer["deleteTenant"]["status"], "OK", "{answer}");
}

#[tokio::test]
async fn a_deletion_is_asked_for_with_the_name_and_a_reason_and_the_organization_works_on() {
    let house = House::new().await;
    let person = filled(&house).await;
    for (slug, reason, path, fault) in [
        ("alfa", "слита", "slug", "another_slug"),
        ("alpha", " ", "reason", "empty"),
        ("alpha", &"д".repeat(501), "reason", "too_long"),
    ] {
        let answer = house.raw(&house.admin, DELETE, asked(house.member.id, slug, reason)).await;
        let found = &answer["errors"][0]["extensions"]["fields"][0];
        assert_eq!((&found["path"], &found["reason"]), (&json!(path), &json!(fault)), "{answer}");
    }
    let answer = house.ask(&house.admin, DELETE, asked(house.member.id, "alpha", "слита с другой")).await;
    let told = &answer["deleteTenant"];
    let due = house.world.db.clock().now() + NOTICE;
    assert_eq!(told["status"], "OK");
    assert_eq!(told["tenant"]["deletion"]["dueAt"], due.to_rfc3339(), "{told}");
    assert_eq!(told["tenant"]["deletion"]["askedBy"], "Администратор 0");
    assert_eq!(told["tenant"]["suspendedAt"], Value::Null);
    let again = house.ask(&house.admin, DELETE, asked(house.member.id, "alpha", "ещё раз")).await;
    assert_eq!(again["deleteTenant"]["status"], "ALREADY");
    assert_eq!(house.recorded(&person, "federation.ask_deletion").await, 1);
    assert_eq!(house.recorded(&house.admin, "federation.ask_deletion").await, 1);
    let mut tx = house.inside(house.member.id).await;
    assert!(access::admits(&mut tx, person.account().expect("a person")).await.expect("read"));
    drop(tx);
    assert_eq!(step(&house).await, Step::Nothing, "its day has not come");
    let off = json!({ "tenant": house.member.id.global() });
    for expected in ["OK", "ALREADY"] {
        let answer = house.ask(&house.admin, CALL_OFF, off.clone()).await;
        assert_eq!(answer["callOffTenantDeletion"]["status"], expected);
        assert_eq!(answer["callOffTenantDeletion"]["tenant"]["deletion"], Value::Null);
    }
    house.world.clock.advance(NOTICE * 2);
    assert_eq!(step(&house).await, Step::Nothing, "it was called off");
    assert_eq!(house.recorded(&person, "federation.call_off_deletion").await, 1);
}

#[tokio::test]
async fn nobody_else_deletes_and_neither_the_apparatus_nor_what_has_others_below_is_deleted() {
    let house = House::new().await;
    let foreign = of_federation(&house.world, 1).await;
    let local = house.world.viewer(&house.member, "administrator").await;
    let variables = asked(house.member.id, "alpha", "так надо");
    for operation in [DELETE, CALL_OFF] {
        let variables = if operation == DELETE {
            variables.clone()
        } else {
            json!({ "tenant": house.member.id.global() })
        };
        let answer = house.raw(&foreign, operation, variables.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
        let answer = house.raw(&local, operation, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    }
    // Nor does who administers one unit of the apparatus.
    let of_unit = house::of_unit(&house).await;
    for (operation, variables) in [(DELETE, variables.clone()), (DELETED, json!({})), (LIST, json!({}))] {
        let answer = house.raw(&of_unit, operation, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    }
    let answer = house.raw(&local, DELETED, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    let own = asked(house.admin.tenant, "federation", "так надо");
    let answer = house.raw(&house.admin, DELETE, own).await;
    assert_eq!(answer["errors"][0]["extensions"]["fields"][0]["reason"], "own", "{answer}");
    // The database refuses it too, whoever asks.
    let due = house.world.db.clock().now();
    let mut operator = house.world.db.operator("test").await.expect("opened");
    let by = house.admin.account().expect("a person");
    assert!(deletions::ask(&mut operator, house.admin.tenant, by, "так надо", due).await.is_err());
    drop(operator);
    let below = json!({ "slug": "below", "name": "Ниже", "shortName": "Ниже", "parent": house.member.id.global(),
        "administratorEmail": "first@example.org", "administratorName": "Первая Анна" });
    let made = house.ask(&house.admin, house::CREATE, json!({ "input": below })).await;
    assert_eq!(made["createTenant"]["status"], "OK");
    let answer = house.ask(&house.admin, DELETE, variables).await;
    assert_eq!(answer["deleteTenant"]["status"], "HAS_BELOW");
}

#[tokio::test]
async fn nothing_new_is_made_below_what_is_to_be_deleted() {
    let house = House::new().await;
    ask(&house).await;
    let mut below = house::input("below");
    below["parent"] = json!(house.member.id.global());
    let answer = house.raw(&house.admin, house::CREATE, json!({ "input": below })).await;
    let fault = &answer["errors"][0]["extensions"]["fields"][0];
    assert_eq!(
        (&fault["path"], &fault["reason"]),
        (&json!("input.parent"), &json!("to_be_deleted")),
        "{answer}"
    );
}

#[tokio::test]
async fn everything_of_it_goes_whenever_the_program_dies_and_nothing_of_others() {
    let house = House::new().await;
    let person = filled(&house).await;
    ask(&house).await;
    let untouched = rows_of_others(&house, house.member.id).await;
    let folder = house.world.objects_of(house.member.id);
    std::fs::write(folder.join("0123456789abcdef#1"), "половина").expect("an interrupted upload");
    house.world.clock.advance(NOTICE);
    assert_eq!(step(&house).await, Step::Closed);
    // From here on it cannot be called off, entered, resumed or seen by others.
    let off = json!({ "tenant": house.member.id.global() });
    let answer = house.ask(&house.admin, CALL_OFF, off.clone()).await;
    assert_eq!(answer["callOffTenantDeletion"]["status"], "ALREADY");
    let answer = house.ask(&house.admin, house::RESUME, off).await;
    assert_eq!(answer["resumeTenant"]["status"], "ALREADY");
    let mut tx = house.inside(house.member.id).await;
    assert!(!access::admits(&mut tx, person.account().expect("a person")).await.expect("read"));
    drop(tx);
    let mut directory = house.world.db.global(None).await.expect("opened");
    assert!(tenants::by_slug(&mut directory, "alpha").await.expect("read").is_none());
    assert!(!tenants::all(&mut directory).await.expect("read").contains(&house.member.id));
    let tree = tenants::of_tree(directory.conn(), house.admin.tenant).await.expect("read");
    assert!(tree.iter().all(|one| one.id != house.member.id));
    drop(directory);
    assert_eq!(step(&house).await, Step::Measured);
    let before = rows_of(&house, house.member.id).await;
    let Step::Emptied { table, .. } = step(&house).await else { panic!("a table comes next") };
    assert_eq!(table, "vault.tenant_key", "what was sealed is lost first");
    // A transaction that was undone in the middle, as by a program that died.
    let mut tx = house.world.db.operator("test").await.expect("opened");
    let tables = plenum_db::catalogue::referring_first(tx.conn()).await.expect("read");
    for table in &tables[..tables.len() / 2] {
        deletions::empty(&mut tx, house.member.id, table).await.expect("emptied");
    }
    drop(tx);
    let mut steps = 0;
    loop {
        // Each step finds by itself what is to be done, as a program that was started anew.
        match step(&house).await {
            Step::Emptied { .. } => steps += 1,
            Step::Ended => break,
            other => panic!("{other:?}"),
        }
        assert!(steps < 200);
    }
    assert!(steps > 3);
    assert_eq!(step(&house).await, Step::Nothing, "it is over");
    assert_eq!(rows_of(&house, house.member.id).await, 0);
    assert_eq!(untouched, rows_of_others(&house, house.member.id).await);
    assert!(!folder.exists(), "its files are gone, also what an interrupted upload left");
    let mut directory = house.world.db.global(person.account()).await.expect("opened");
    let listed =
        tenants::of_account(&mut directory, person.account().expect("a person")).await.expect("read");
    assert!(listed.is_empty(), "the account is there, and may enter nowhere");
    drop(directory);
    // The tombstone.
    let shown = house.ask(&house.admin, DELETED, json!({})).await["deletedTenants"].clone();
    let stone = &shown[0];
    assert_eq!((&stone["slug"], &stone["files"], &stone["bytes"]), (&json!("alpha"), &json!(1), &json!(8)));
    assert_eq!(stone["rowCount"], json!(before), "{stone}");
    assert_eq!(stone["deletion"]["reason"], "слита с другой");
    assert_eq!(stone["auditHead"].as_str().map(str::len), Some(64));
    assert!(stone["auditNumber"].as_i64() >= Some(2), "{stone}");
    let list = house.ask(&house.admin, LIST, json!({})).await["overseenTenants"].clone();
    assert!(list.as_array().expect("a list").iter().all(|one| one["slug"] != "alpha"), "{list}");
    assert_eq!(house.recorded(&house.admin, "federation.delete_tenant").await, 1);
    // Its name in addresses stays taken: old links never lead to somebody else.
    assert_eq!(house.create("alpha").await["status"], "SLUG_TAKEN");
    let mut connection = superuser(&house).await;
    let noted: i64 = sqlx::query(
        "SELECT count(*) FROM audit.operator_entry
          WHERE subject = $1 AND purpose IN ('federation.ask_deletion', 'federation.begin_deletion',
                'federation.measure_tenant', 'federation.delete_tenant')",
    )
    .bind(house.member.id.global())
    .fetch_one(&mut connection)
    .await
    .expect("the superuser reads")
    .get(0);
    assert_eq!(noted, 4);
}

#[tokio::test]
async fn what_has_not_begun_is_not_emptied_by_anybody() {
    let house = House::new().await;
    filled(&house).await;
    let before = rows_of(&house, house.member.id).await;
    let mut tx = house.world.db.operator("test").await.expect("opened");
    let tables = plenum_db::catalogue::referring_first(tx.conn()).await.expect("read");
    assert!(deletions::empty(&mut tx, house.member.id, &tables[0]).await.is_err());
    tx.commit().await.expect("committed");
    assert_eq!(rows_of(&house, house.member.id).await, before);
}

#[tokio::test]
async fn a_job_in_hand_ends_first_and_those_that_wait_go_with_the_organization() {
    let house = House::new().await;
    ask(&house).await;
    let mut connection = superuser(&house).await;
    for (claimed, kind) in [(true, "test.running"), (false, "test.waiting")] {
        sqlx::query(
            "INSERT INTO jobs.job (tenant_id, id, kind, payload, state, run_at, claimed_until, created_at)
             VALUES ($1, gen_random_uuid(), $2, '{}', 'due', $3, $4, $3)",
        )
        .bind(house.member.id.uuid())
        .bind(kind)
        .bind(house.world.db.clock().now())
        .bind(claimed.then(|| house.world.db.clock().now() + NOTICE + TimeDelta::minutes(1)))
        .execute(&mut connection)
        .await
        .expect("added");
    }
    house.world.clock.advance(NOTICE);
    assert_eq!(step(&house).await, Step::Closed);
    assert_eq!(step(&house).await, Step::Waits);
    // The server that had it died: its claim ends.
    house.world.clock.advance(TimeDelta::minutes(2));
    assert_eq!(step(&house).await, Step::Measured);
    while !matches!(step(&house).await, Step::Ended) {}
    assert_eq!(rows_of(&house, house.member.id).await, 0);
}

#[tokio::test]
async fn the_jobs_of_a_suspended_organization_wait_for_it() {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Count {}
    impl plenum_jobs::Job for Count {
        const KIND: &'static str = "test.count";
    }
    let house = House::new().await;
    let done = Arc::new(AtomicUsize::new(0));
    let counter = done.clone();
    let worker = Worker::new(house.world.db.clone(), "test").handle(move |_, _: Count| {
        let counter = counter.clone();
        async move {
            counter.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    });
    let mut tx = house.world.system(&house.member).await;
    plenum_jobs::enqueue(&mut tx, &Count {}).await.expect("added");
    tx.commit().await.expect("committed");
    let tenant = json!({ "tenant": house.member.id.global() });
    house.ask(&house.admin, house::SUSPEND, tenant.clone()).await;
    assert_eq!(worker.drain(house.member.id).await.expect("drained"), 0);
    house.ask(&house.admin, house::RESUME, tenant).await;
    assert_eq!(worker.drain(house.member.id).await.expect("drained"), 1);
    assert_eq!(done.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn administrators_are_told_of_the_day_again_before_it_and_when_it_is_called_off_and_the_day_does_the_rest()
 {
    let house = House::new().await;
    let person = filled(&house).await;
    // Who is no administrator gets no letter.
    house.world.viewer(&house.member, "member").await;
    let folder = tempfile::tempdir().expect("a folder");
    let from = "Пленум <plenum@example.org>".parse().expect("an address");
    let identity = Identity {
        db: house.world.db.clone(),
        mailer: std::sync::Arc::new(Mailer::outbox(folder.path(), from)),
        public_url: "http://127.0.0.1:1".into(),
        secure_cookies: false,
        sealer: Sealer::new(&[7; 32]),
        passkeys: Passkeys::of("http://localhost:1"),
    };
    let worker = plenum_federation::register(
        Worker::new(house.world.db.clone(), "test"),
        identity,
        house.world.files.clone(),
        chrono_tz::Tz::Europe__Moscow,
    );
    let outbox = Outbox::new(folder.path());
    let subjects = async || {
        worker.drain(house.admin.tenant).await.expect("drained");
        let mut subjects: Vec<String> =
            outbox.list(100, None).await.expect("listed").into_iter().map(|letter| letter.subject).collect();
        subjects.sort();
        subjects
    };
    ask(&house).await;
    assert_eq!(subjects().await, ["Организация будет удалена 23.12.2026: Профсоюз"]);
    house.ask(&house.admin, CALL_OFF, json!({ "tenant": house.member.id.global() })).await;
    assert_eq!(subjects().await.len(), 2);
    house.world.clock.advance(TimeDelta::hours(1));
    ask(&house).await;
    assert_eq!(subjects().await.len(), 3);
    house.world.clock.advance(NOTICE - REMINDED_BEFORE);
    // One reminder: that of the deletion which was called off tells nobody.
    let now = subjects().await;
    assert_eq!(now.iter().filter(|one| one.starts_with("Осталась неделя")).count(), 1, "{now:?}");
    house.world.clock.advance(REMINDED_BEFORE);
    worker.drain(house.admin.tenant).await.expect("drained");
    assert_eq!(rows_of(&house, house.member.id).await, 0);
    assert_eq!(house.recorded(&house.admin, "federation.delete_tenant").await, 1);
    let held = {
        let system = Viewer::system(house.admin.tenant, "test");
        let mut tx = house.world.db.tenant(&system, house::READ, Access::Read).await.expect("opened");
        grants::of_account(&mut tx, person.account().expect("a person")).await.expect("read")
    };
    assert!(held.is_empty());
}
