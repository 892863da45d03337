//! The life of an organization that is filled with one of everything: it is exported whole, and deleted whole, and its
//! look-alike in the other federation and the federation itself stay as they were.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Cursor, Read},
};

use guards::{operations::Api, server::Server};
use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_federation::{Step, domain::NOTICE, erase_next};
use plenum_kernel::{FileId, TenantId, TypedId};
use plenum_server::tenant_export::{COLUMNS_LEFT_OUT, TABLES_LEFT_OUT};
use plenum_tenancy::store::{access, deletions, grants, tenants, units};
use serde_json::Value;
use sqlx::{Connection, PgConnection, Row};
use testkit::Tenant;
use zip::ZipArchive;

use crate::{
    fill::{Words, fill},
    tables::{self, Rows},
};

const PROBE: Permission = Permission::new("guards.probe");
const OURS: Words = Words { organization: "КАНАРЕЙКА", unit: "ЩЕГЛОВСКАЯ" };
const THEIRS: Words = Words { organization: "СВОЁ", unit: "СВОЙСКАЯ" };

/// Tables in which the filled organization has nothing, so that the walk proves nothing of them. May only shrink.
const EMPTY: &[&str] = &[
    "bodies.ballot",
    "chat.awaited",
    "chat.mention",
    "chat.reaction",
    "learning.reminder",
    "learning.waiting_training",
];

/// The archive of the latest export that is offered.
async fn archive(server: &Server, tenant: &Tenant) -> ZipArchive<Cursor<Vec<u8>>> {
    let system = Viewer::system(tenant.id, "guards");
    let mut tx = server.world.db.tenant(&system, PROBE, Access::Read).await.expect("opened");
    let id: uuid::Uuid = sqlx::query(
        "SELECT file_id FROM exports.tenant_export WHERE tenant_id = $1 AND state = 'ready' ORDER BY id DESC LIMIT 1",
    )
    .bind(tenant.id.uuid())
    .fetch_one(tx.conn())
    .await
    .expect("one is offered")
    .get(0);
    let (file, bytes) = server.world.files.fetch(&mut tx, FileId::from(id)).await.expect("its bytes");
    assert!(file.name.starts_with(&tenant.slug) && file.name.ends_with(".zip"), "{}", file.name);
    ZipArchive::new(Cursor::new(bytes.to_vec())).expect("it is an archive")
}

fn text(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .read_to_string(&mut text)
        .expect("it is text");
    text
}

fn counts(rows: &Rows) -> BTreeMap<&str, u64> {
    rows.iter().map(|(table, rows)| (table.as_str(), rows.values().sum())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_is_exported_whole_and_deleted_whole_and_its_neighbours_stay_as_they_were() {
    let server = Server::start().await;
    let api = Api::of(&server.schema).await;
    let a = server.world.tenant("alpha", &["ППО № 1", "ППО № 2"]).await;
    let b = a.twin().clone();
    fill(&server, &api, &b, THEIRS).await;
    let filled = fill(&server, &api, &a, OURS).await;

    // The export that was filled in was written before the second one was ordered; this one has everything.
    let listed = server.ask(&filled.administrator, "{ tenantExports { id state } }").await;
    assert_eq!(listed["data"]["tenantExports"][0]["state"], "RUNNING", "{listed}");
    let stood = tables::rows(&server.world, &a).await;
    server.worker.drain(a.id).await.expect("the export is written");
    exported(&server, &a, &stood).await;

    let admin = of_federation(&server).await;
    let federation = server.world.federations()[0];
    let ours = tables::rows(&server.world, &b).await;
    let delete = format!(
        "mutation {{ deleteTenant(tenant: \"{}\", slug: \"alpha\", reason: \"слита\") {{ status }} }}",
        a.id.global()
    );
    let answer = server.ask(&admin, &delete).await;
    assert_eq!(answer["data"]["deleteTenant"]["status"], "OK", "{answer}");
    server.world.clock.advance(NOTICE);
    erase(&server, federation, a.id).await;
    let left = tables::rows(&server.world, &a).await;
    let left: Vec<&str> =
        left.iter().filter(|(_, rows)| !rows.is_empty()).map(|(table, _)| table.as_str()).collect();
    assert!(left.is_empty(), "rows are left in {left:?}");
    assert!(!server.world.objects_of(a.id).exists(), "files are left");
    let now = tables::rows(&server.world, &b).await;
    let changed: Vec<&String> =
        ours.iter().filter(|(table, rows)| Some(*rows) != now.get(*table)).map(|(table, _)| table).collect();
    assert!(changed.is_empty(), "rows of another organization changed in {changed:?}");
    // Nothing that the API tells the federation's administrator shows what was in it.
    let told = server
        .ask(
            &admin,
            "{ deletedTenants { slug name rowCount files rows { table count } deletion { reason } } }",
        )
        .await;
    let told = told.to_string();
    assert!(
        told.contains("alpha") && !told.contains(OURS.organization) && !told.contains(OURS.unit),
        "{told}"
    );
}

/// What is in the archive is what stands in the tables, without what is left out.
async fn exported(server: &Server, a: &Tenant, stood: &Rows) {
    let mut archive = archive(server, a).await;
    let manifest: Value =
        serde_json::from_str(&text(&mut archive, "manifest.json")).expect("the manifest is JSON");
    let counts = counts(stood);
    let left_out: BTreeSet<&str> = TABLES_LEFT_OUT.iter().map(|one| one.table).collect();
    let mut seen = String::new();
    let mut nothing = Vec::new();
    for (table, expected) in &counts {
        let listed = manifest["tables"].as_array().expect("a list").iter().find(|one| one["table"] == *table);
        if left_out.contains(table) {
            assert!(listed.is_none(), "{table} was to be left out");
            continue;
        }
        let listed = listed.unwrap_or_else(|| panic!("{table} is not exported"));
        let lines = text(&mut archive, listed["path"].as_str().expect("a path"));
        let rows: Vec<Value> =
            lines.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
        assert_eq!(listed["rows"], rows.len(), "{table}");
        // The job that writes the export records that, and finishes after it.
        if *table != "audit.entry" {
            assert_eq!(rows.len() as u64, *expected, "{table}");
        }
        if rows.is_empty() {
            nothing.push(*table);
        }
        for row in &rows {
            assert_eq!(row["tenant_id"], a.id.uuid().to_string(), "{table}");
            for out in COLUMNS_LEFT_OUT.iter().filter(|out| out.table == *table) {
                assert!(row.get(out.column).is_none(), "{table}.{} was to be left out", out.column);
            }
            let sealed: Vec<&String> =
                row.as_object().expect("an object").keys().filter(|key| key.contains("sealed")).collect();
            assert!(sealed.is_empty(), "{table} has sealed values: {sealed:?}");
        }
        seen.push_str(&lines);
    }
    nothing.retain(|table| !EMPTY.contains(table));
    assert!(nothing.is_empty(), "fill these tables, or nothing is proved of them: {nothing:?}");
    // Sealed values are opened: a salary of 50,000 roubles.
    assert!(text(&mut archive, "data/dues.salary.jsonl").contains("\"kopecks\":5000000"));
    for word in [OURS.organization, OURS.unit] {
        assert!(seen.contains(word), "{word} is not exported");
    }
    for word in [THEIRS.organization, THEIRS.unit] {
        assert!(!seen.contains(word), "{word} of another organization is exported");
    }
    secrets_are_not_in(server, a, &seen).await;
    files_are_whole(&mut archive, &manifest, counts["files.file"]);
    let readme = text(&mut archive, "README.txt");
    for table in counts.keys().filter(|table| !left_out.contains(*table)) {
        let line = readme.lines().find(|line| line.starts_with(&format!("{table} ")));
        let line = line.unwrap_or_else(|| panic!("README.txt does not name {table}"));
        assert!(line.split_whitespace().count() > 2, "README.txt does not say what {table} is");
    }
    assert!(text(&mut archive, "data/accounts.jsonl").contains(OURS.organization));
    assert!(manifest["audit_head"]["number"].as_i64() > Some(1), "{manifest}");
}

/// What is in columns that are left out is nowhere else either.
async fn secrets_are_not_in(server: &Server, a: &Tenant, seen: &str) {
    let mut connection = PgConnection::connect(&server.world.database().superuser_url())
        .await
        .expect("the superuser connects");
    let mut known = 0;
    for out in COLUMNS_LEFT_OUT {
        let select = format!(
            "SELECT {}::text FROM {} WHERE tenant_id = $1 AND {} IS NOT NULL",
            out.column, out.table, out.column
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(a.id.uuid())
            .fetch_all(&mut connection)
            .await
            .expect("the superuser reads");
        for row in rows {
            let secret: String = row.get(0);
            known += 1;
            assert!(
                !seen.contains(secret.trim_start_matches("\\x")),
                "{}.{} is exported",
                out.table,
                out.column
            );
        }
    }
    assert!(known > 1, "fill what is left out");
    let hashes = sqlx::query("SELECT password_hash FROM identity.account WHERE password_hash IS NOT NULL")
        .fetch_all(&mut connection)
        .await
        .expect("the superuser reads");
    for hash in hashes {
        assert!(!seen.contains(hash.get::<&str, _>(0)), "the hash of a password is exported");
    }
}

fn files_are_whole(archive: &mut ZipArchive<Cursor<Vec<u8>>>, manifest: &Value, in_table: u64) {
    use std::fmt::Write as _;

    let files = manifest["files"].as_array().expect("a list").clone();
    // All but the export of before.
    assert_eq!(files.len() as u64 + 1, in_table, "{files:?}");
    for file in files {
        assert_eq!(file["as_recorded"], true, "{file}");
        let mut bytes = Vec::new();
        archive
            .by_name(file["path"].as_str().expect("a path"))
            .expect("the file is there")
            .read_to_end(&mut bytes)
            .expect("it is read");
        assert_eq!(file["bytes"], bytes.len(), "{file}");
        let sum = sha256(&bytes).iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a string");
            text
        });
        assert_eq!(file["sha256"], sum, "{file}");
    }
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).to_vec()
}

/// In pieces: after each step a transaction is begun that empties half of the tables, and dies.
async fn erase(server: &Server, federation: TenantId, tenant: TenantId) {
    let db = &server.world.db;
    for turn in 0..400 {
        match erase_next(db, &server.world.files, federation, tenant).await.expect("a step") {
            Step::Ended => return,
            Step::Emptied { .. } if turn % 7 == 0 => {
                let mut tx = db.operator("guards").await.expect("opened");
                let tables = plenum_db::catalogue::referring_first(tx.conn()).await.expect("read");
                for table in &tables[..tables.len() / 2] {
                    deletions::empty(&mut tx, tenant, table).await.expect("emptied");
                }
            }
            Step::Emptied { .. } | Step::Closed | Step::Measured => {}
            other => panic!("{other:?}"),
        }
    }
    panic!("it does not end");
}

/// An administrator of the first federation.
pub async fn of_federation(server: &Server) -> Viewer {
    let id = server.world.federations()[0];
    let account = server.world.account("Администратор федерации").await;
    let system = Viewer::system(id, "guards");
    let mut tx = server.world.db.tenant(&system, PROBE, Access::Write).await.expect("opened");
    assert!(tenants::by_id(tx.conn(), id).await.expect("read").expect("it is there").is_federation);
    let unit = units::root(&mut tx).await.expect("a root").id;
    access::admit(&mut tx, account).await.expect("admitted");
    grants::give(&mut tx, account, "administrator", grants::Scope { unit, inner: None })
        .await
        .expect("given");
    let held = grants::of_account(&mut tx, account).await.expect("read");
    tx.commit().await.expect("committed");
    Viewer::person(account, id, held)
}
