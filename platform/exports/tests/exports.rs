//! Exports against a real database and object store: ordered, written, interrupted, cancelled, fetched, removed.

use std::{
    io::{Cursor, Read},
    sync::Arc,
};

use async_graphql::{EmptySubscription, Request, Schema};
use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_exports::{
    Contents, TenantExportId, Tools,
    domain::{MOST_ATTEMPTS, OFFERED_FOR},
    graphql::{TenantExportsMutation, TenantExportsQuery},
    run_export,
};
use plenum_jobs::Worker;
use plenum_kernel::{FileId, TypedId};
use plenum_tenancy::store::{access, grants, units};
use serde_json::{Value, json};
use testkit::{Tenant, World};
use zip::ZipArchive;

const READ: Permission = Permission::new("test.read");
const ORDER: &str = "mutation { orderTenantExport { status export { id state } } }";
const LIST: &str = "{ tenantExports { id state orderedBy tablesDone tablesTotal filesDone filesTotal rowCount sizeBytes expiresAt } }";
const CANCEL: &str =
    "mutation($export: ID!) { cancelTenantExport(export: $export) { status export { state } } }";
const OPEN: &str = "mutation($export: ID!) { openTenantExport(export: $export) { status url } }";

struct House {
    world: World,
    member: Tenant,
    admin: Viewer,
    tools: Tools,
    worker: Worker,
    schema: Schema<TenantExportsQuery, TenantExportsMutation, EmptySubscription>,
    _folder: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let world = World::builder().policy(&[("exports", plenum_exports::POLICY)]).build().await;
        let member = world.tenant("alpha", &["ППО № 1"]).await;
        let admin = world.viewer(&member, "administrator").await;
        let folder = tempfile::tempdir().expect("a folder");
        let tools = Tools {
            files: world.files.clone(),
            contents: Contents {
                described: &[],
                tables_left_out: &[],
                columns_left_out: &[],
                sealed: Arc::from([]),
            },
            folder: Arc::from(folder.path()),
        };
        let worker = plenum_exports::register(Worker::new(world.db.clone(), "test"), tools.clone());
        let schema = Schema::build(TenantExportsQuery, TenantExportsMutation, EmptySubscription)
            .data(world.db.clone())
            .data(world.files.clone())
            .finish();
        Self { world, member, admin, tools, worker, schema, _folder: folder }
    }

    async fn raw(&self, viewer: &Viewer, operation: &str, variables: Value) -> Value {
        let request = Request::new(operation)
            .variables(async_graphql::Variables::from_json(variables))
            .data(self.world.scope(Some(viewer)));
        serde_json::to_value(self.schema.execute(request).await).expect("an answer is plain data")
    }

    async fn ask(&self, operation: &str, variables: Value) -> Value {
        let answer = self.raw(&self.admin, operation, variables).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].clone()
    }

    async fn order(&self) -> TenantExportId {
        let answer = self.ask(ORDER, json!({})).await["orderTenantExport"].clone();
        assert_eq!((&answer["status"], &answer["export"]["state"]), (&json!("OK"), &json!("RUNNING")));
        TenantExportId::parse_global(answer["export"]["id"].as_str().expect("an id")).expect("an id")
    }

    async fn first(&self) -> Value {
        self.ask(LIST, json!({})).await["tenantExports"][0].clone()
    }

    async fn upload(&self, name: &str, text: &'static str) -> FileId {
        let mut tx = self.world.system(&self.member).await;
        let file = self.world.files.keep(&mut tx, name, "text/plain", text.into()).await.expect("kept");
        tx.commit().await.expect("committed");
        file.id
    }

    async fn work(&self) {
        self.worker.drain(self.member.id).await.expect("drained");
    }

    /// Names of what the store has of the organization.
    fn objects(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.world.objects_of(self.member.id))
            .map(|entries| {
                entries.map(|entry| entry.expect("read").file_name().to_string_lossy().into_owned()).collect()
            })
            .unwrap_or_default();
        names.sort();
        names
    }

    /// Where the archive of an export is, or will be.
    async fn file_of(&self, export: TenantExportId) -> FileId {
        let system = Viewer::system(self.member.id, "test");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.expect("opened");
        let id: uuid::Uuid = sqlx::query_scalar("SELECT file_id FROM exports.tenant_export WHERE id = $1")
            .bind(export.uuid())
            .fetch_one(tx.conn())
            .await
            .expect("it is there");
        FileId::from(id)
    }

    async fn archive(&self, export: TenantExportId) -> ZipArchive<Cursor<Vec<u8>>> {
        let id = self.file_of(export).await;
        let system = Viewer::system(self.member.id, "test");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.expect("opened");
        let (_, bytes) = self.world.files.fetch(&mut tx, id).await.expect("its bytes");
        ZipArchive::new(Cursor::new(bytes.to_vec())).expect("an archive")
    }

    async fn recorded(&self, action: &str) -> usize {
        let system = Viewer::system(self.member.id, "test");
        let mut tx = self.world.db.tenant(&system, READ, Access::Read).await.expect("opened");
        plenum_audit::latest(&mut tx, action, 50).await.expect("read").len()
    }
}

fn text(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> String {
    let mut text = String::new();
    archive.by_name(name).expect("it is there").read_to_string(&mut text).expect("read");
    text
}

#[tokio::test]
async fn an_export_has_the_tables_the_files_and_a_manifest_and_is_offered_for_a_week() {
    let house = House::new().await;
    house.upload("../уст:ав.txt", "устав").await;
    let lost = house.upload("потерян.txt", "было").await;
    std::fs::remove_file(house.world.objects_of(house.member.id).join(lost.uuid().simple().to_string()))
        .expect("removed");
    let id = house.order().await;
    assert_eq!(house.ask(ORDER, json!({})).await["orderTenantExport"]["status"], "RUNNING");
    house.work().await;
    let first = house.first().await;
    assert_eq!(first["state"], "READY", "{first}");
    assert_eq!((&first["filesDone"], &first["filesTotal"]), (&json!(2), &json!(2)));
    assert_eq!(first["tablesDone"], first["tablesTotal"]);
    assert_eq!(first["orderedBy"], "administrator");
    let mut archive = house.archive(id).await;
    let manifest: Value = serde_json::from_str(&text(&mut archive, "manifest.json")).expect("JSON");
    let files = manifest["files"].as_array().expect("a list");
    let whole = files.iter().find(|file| file["name"] == "../уст:ав.txt").expect("listed");
    let path = whole["path"].as_str().expect("a path").to_owned();
    assert!(path.starts_with("files/") && path.ends_with("-_уст_ав.txt"), "{path}");
    assert_eq!(text(&mut archive, &path), "устав");
    assert_eq!(whole["as_recorded"], true);
    let gone = files.iter().find(|file| file["name"] == "потерян.txt").expect("listed");
    assert_eq!((&gone["path"], &gone["as_recorded"]), (&Value::Null, &json!(false)), "{gone}");
    assert_eq!(manifest["organization"]["slug"], "alpha");
    let units = text(&mut archive, "data/tenancy.unit.jsonl");
    assert_eq!(units.lines().count(), 2);
    let line: Value = serde_json::from_str(units.lines().last().expect("a line")).expect("JSON");
    assert_eq!(line["tenant_id"], house.member.id.uuid().to_string());
    assert!(text(&mut archive, "data/accounts.jsonl").contains("\"display_name\":\"administrator\""));
    assert!(text(&mut archive, "README.txt").contains("tenancy.unit"));

    let variables = json!({ "export": id.global() });
    let opened = house.ask(OPEN, variables.clone()).await["openTenantExport"].clone();
    assert_eq!(opened["status"], "OK");
    assert!(opened["url"].as_str().is_some_and(|url| url.starts_with("/files/")), "{opened}");
    assert_eq!(house.recorded("exports.order").await, 1);
    assert_eq!(house.recorded("exports.download").await, 1);
    house.world.clock.advance(OFFERED_FOR);
    assert_eq!(house.ask(OPEN, variables.clone()).await["openTenantExport"]["status"], "OVER");
    house.work().await;
    assert_eq!(house.first().await["state"], "EXPIRED");
    let id = house.file_of(id).await.uuid().simple().to_string();
    assert!(!house.objects().contains(&id), "the archive is removed");
    // The next one has neither this one nor its file.
    let next = house.order().await;
    house.work().await;
    assert_eq!(house.first().await["filesTotal"], 2);
    assert_eq!(text(&mut house.archive(next).await, "data/files.file.jsonl").lines().count(), 2);
}

#[tokio::test]
async fn everything_is_of_one_moment() {
    let house = House::new().await;
    let system = Viewer::system(house.member.id, "test");
    let mut snapshot = house.world.db.tenant(&system, READ, Access::Snapshot).await.expect("opened");
    let count = "SELECT count(*) FROM tenancy.unit WHERE tenant_id = $1";
    let mut seen = Vec::new();
    for name in ["ППО № 2", "ППО № 3"] {
        let found: i64 = sqlx::query_scalar(count)
            .bind(house.member.id.uuid())
            .fetch_one(snapshot.conn())
            .await
            .expect("counted");
        seen.push(found);
        let mut tx = house.world.system(&house.member).await;
        let kind = units::UnitKind::Primary;
        units::insert(&mut tx, Some(house.member.root), kind, name).await.expect("added");
        tx.commit().await.expect("committed");
    }
    assert_eq!(seen, [2, 2]);
    let write = sqlx::query("UPDATE tenancy.unit SET name = 'x'").execute(snapshot.conn()).await;
    assert!(write.is_err(), "a snapshot wrote");
}

#[tokio::test]
async fn what_died_in_the_middle_is_done_again_and_leaves_no_half() {
    let house = House::new().await;
    house.upload("устав.txt", "устав").await;
    let id = house.order().await;
    // A first attempt that died while its archive went to the store: half of it lies there.
    let half = house.file_of(id).await.uuid().simple().to_string();
    let folder = house.world.objects_of(house.member.id);
    std::fs::write(folder.join(format!("{half}#1")), "PK").expect("written");
    std::fs::write(folder.join(&half), "PK").expect("written");
    // Another one that is given up at a moment of its own, wherever that is.
    for polls in [1, 3, 10, 30, 60] {
        let (db, tools) = (house.world.db.clone(), house.tools.clone());
        let mut attempt = Box::pin(run_export(&db, &tools, house.member.id, id));
        for _ in 0..polls {
            if futures_util::poll!(attempt.as_mut()).is_ready() {
                panic!("it was not given up");
            }
            tokio::task::yield_now().await;
        }
        drop(attempt);
        let mut tx = house.world.system(&house.member).await;
        sqlx::query("UPDATE exports.tenant_export SET attempts = 1 WHERE state = 'running'")
            .execute(tx.conn())
            .await
            .expect("set");
        tx.commit().await.expect("committed");
    }
    house.work().await;
    assert_eq!(house.first().await["state"], "READY");
    assert!(house.objects().iter().all(|name| !name.contains('#')), "{:?}", house.objects());
    assert_eq!(house.objects().len(), 2, "the file and the archive: {:?}", house.objects());
    let manifest = text(&mut house.archive(id).await, "manifest.json");
    assert!(serde_json::from_str::<Value>(&manifest).is_ok());
    // A job that is repeated after its end leaves all as it is.
    run_export(&house.world.db, &house.tools, house.member.id, id).await.expect("nothing to do");
    assert_eq!(house.objects().len(), 2);
}

#[tokio::test]
async fn it_is_cancelled_and_ordered_again_and_given_up_after_some_attempts() {
    let house = House::new().await;
    let id = house.order().await;
    let cancelled = house.ask(CANCEL, json!({ "export": id.global() })).await["cancelTenantExport"].clone();
    assert_eq!((&cancelled["status"], &cancelled["export"]["state"]), (&json!("OK"), &json!("CANCELLED")));
    let again = house.ask(CANCEL, json!({ "export": id.global() })).await;
    assert_eq!(again["cancelTenantExport"]["status"], "OVER");
    assert_eq!(house.ask(OPEN, json!({ "export": id.global() })).await["openTenantExport"]["status"], "OVER");
    house.work().await;
    assert_eq!(house.first().await["state"], "CANCELLED");
    assert!(house.objects().is_empty());

    let id = house.order().await;
    let mut tx = house.world.system(&house.member).await;
    sqlx::query("UPDATE exports.tenant_export SET attempts = $1 WHERE state = 'running'")
        .bind(MOST_ATTEMPTS)
        .execute(tx.conn())
        .await
        .expect("set");
    tx.commit().await.expect("committed");
    run_export(&house.world.db, &house.tools, house.member.id, id).await.expect("it is given up");
    assert_eq!(house.first().await["state"], "FAILED");
    assert_eq!(house.recorded("exports.fail").await, 1);
    house.order().await;
}

#[tokio::test]
async fn only_the_administrators_of_the_organization_itself_export_it() {
    let house = House::new().await;
    let id = house.order().await;
    house.work().await;
    let variables = json!({ "export": id.global() });
    for role in ["member", "auditor", "register_keeper", "primary_chair"] {
        let viewer = house.world.viewer(&house.member, role).await;
        for (operation, variables) in
            [(ORDER, json!({})), (LIST, json!({})), (CANCEL, variables.clone()), (OPEN, variables.clone())]
        {
            let answer = house.raw(&viewer, operation, variables).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{role}: {answer}");
        }
    }
    // Who administers one unit does not take what the others have.
    let of_unit = house.world.viewer_in(&house.member, "administrator", house.member.units[0]).await;
    for (operation, variables) in [(ORDER, json!({})), (LIST, json!({})), (OPEN, variables.clone())] {
        let answer = house.raw(&of_unit, operation, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    }
    // An administrator of another organization, the federation's own among them, sees none of this one.
    let other = house.world.viewer(house.member.twin(), "administrator").await;
    let federation = house.world.federations()[0];
    let account = house.world.account("Администратор федерации").await;
    let system = Viewer::system(federation, "test");
    let mut tx = house.world.db.tenant(&system, READ, Access::Write).await.expect("opened");
    let unit = units::root(&mut tx).await.expect("a root").id;
    access::admit(&mut tx, account).await.expect("admitted");
    let scope = grants::Scope { unit, inner: None };
    grants::give(&mut tx, account, "administrator", scope).await.expect("given");
    let held = grants::of_account(&mut tx, account).await.expect("read");
    tx.commit().await.expect("committed");
    let overseer = Viewer::person(account, federation, held);
    for viewer in [&other, &overseer] {
        assert_eq!(house.raw(viewer, LIST, json!({})).await["data"]["tenantExports"], json!([]));
        for operation in [CANCEL, OPEN] {
            let answer = house.raw(viewer, operation, variables.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "NOT_FOUND", "{answer}");
        }
    }
}
