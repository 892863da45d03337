//! Whole files at one stroke, as the command imports them.

use plenum_authz::Viewer;
use plenum_db::OpenError;
use plenum_members::{ImportFileError, import_file};
use serde_json::Value;

use crate::{Office, sample, table};

fn expected() -> Value {
    serde_json::from_slice(&sample("register-2k.expected.json")).unwrap()
}

async fn check(name: &str) {
    let office = Office::open().await;
    let system = Viewer::system(office.tenant.id, "test");
    let run = || import_file(&office.world.db, &office.world.files, &system, name, sample(name));

    let first = run().await.unwrap();
    assert_eq!(serde_json::to_value(&first).unwrap(), expected());
    // The units come in the tree's order, which a JSON object compared as such does not show.
    let units: Vec<String> = first.accepted_by_unit.0.into_iter().map(|(unit, _)| unit).collect();
    assert_eq!(units, (1..=40).map(|number| format!("ППО № {number}")).collect::<Vec<_>>());
    assert_eq!(office.rows_of("members.person").await, 1907);

    let second = run().await.unwrap();
    assert_eq!((second.accepted, second.duplicates), (0, 1907 + 64));
    assert_eq!(second.rejected, first.rejected);
    assert_eq!(office.rows_of("members.person").await, 1907);
}

#[tokio::test]
async fn the_workbook_gives_the_expected_counts_and_nothing_the_second_time() {
    check("register-2k.xlsx").await;
}

#[tokio::test]
async fn the_windows_1251_table_gives_the_expected_counts_and_nothing_the_second_time() {
    check("register-2k.cp1251.csv").await;
}

#[tokio::test]
async fn two_imports_of_one_file_at_once_accept_each_person_once() {
    let office = Office::open().await;
    let system = Viewer::system(office.tenant.id, "test");
    let run =
        || import_file(&office.world.db, &office.world.files, &system, "a.xlsx", sample("register-2k.xlsx"));
    let (one, two) = tokio::join!(run(), run());
    let mut accepted = [one.unwrap().accepted, two.unwrap().accepted];
    accepted.sort_unstable();
    assert_eq!(accepted, [0, 1907]);
    assert_eq!(office.rows_of("members.person").await, 1907);
}

#[tokio::test]
async fn a_member_may_not_import() {
    let office = Office::open().await;
    let member = office.world.viewer(&office.tenant, "member").await;
    let refused =
        import_file(&office.world.db, &office.world.files, &member, "a.xlsx", sample("register-2k.xlsx"))
            .await;
    assert!(matches!(refused, Err(ImportFileError::Open(OpenError::Forbidden { .. }))), "{refused:?}");
    assert_eq!(office.rows_of("members.import").await, 0);
}

#[tokio::test]
async fn a_file_that_is_no_register_stores_nothing() {
    let office = Office::open().await;
    let system = Viewer::system(office.tenant.id, "test");
    for (bytes, name) in [("%PDF-1.7", "a.pdf"), ("a;b\n1;2\n", "a.csv"), (" ", "a.csv")] {
        let refused = import_file(&office.world.db, &office.world.files, &system, name, bytes.into()).await;
        assert!(matches!(refused, Err(ImportFileError::Read(_))), "{name}: {refused:?}");
    }
    for table in ["members.import", "members.import_page", "members.person", "files.file", "audit.entry"] {
        assert_eq!(office.rows_of(table).await, 0, "{table}");
    }
}

#[tokio::test]
async fn the_same_people_are_new_to_the_tenant_next_door() {
    let office = Office::open().await;
    let file = || table(&["Орлова Мария Ивановна;01.02.1980;ППО № 1;77-1"]);
    for tenant in [office.tenant.id, office.tenant.twin().id] {
        let system = Viewer::system(tenant, "test");
        let report =
            import_file(&office.world.db, &office.world.files, &system, "a.csv", file()).await.unwrap();
        assert_eq!((report.accepted, report.duplicates), (1, 0));
    }
}

#[tokio::test]
async fn a_keeper_of_one_unit_imports_into_that_unit_only() {
    let office = Office::open().await;
    let keeper = office.world.viewer_in(&office.tenant, "register_keeper", office.tenant.units[1]).await;
    let file = table(&["Орлова Мария Ивановна;01.02.1980;ППО № 1;", "Котов Пётр Ильич;03.04.1981;ППО № 2;"]);
    let report = import_file(&office.world.db, &office.world.files, &keeper, "a.csv", file).await.unwrap();
    assert_eq!(report.accepted_by_unit.0, [("ППО № 2".to_owned(), 1)]);
    assert_eq!(report.rejected.values().sum::<u64>(), 1);
}

#[tokio::test]
async fn an_import_leaves_counts_in_the_audit_and_no_names() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let file = table(&["Орлова Мария Ивановна;01.02.1980;ППО № 1;77-1"]);
    import_file(&office.world.db, &office.world.files, &keeper, "a.csv", file).await.unwrap();
    let mut tx = office.world.system(&office.tenant).await;
    let entries = plenum_audit::latest(&mut tx, "members.import", 10).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].detail["accepted"], 1);
    assert!(!entries[0].detail.to_string().contains("Орлова"), "{}", entries[0].detail);
}
