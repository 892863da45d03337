//! Lists written into files.

use bytes::Bytes;
use plenum_authz::Viewer;
use plenum_db::Access;
use plenum_kernel::TypedId;
use plenum_members::{
    domain::import::{Layout, Limits, Table},
    import_file,
};
use serde_json::{Value, json};

use crate::Office;

const EXPORT: &str =
    "mutation($input: ExportMembersInput!) { exportMembers(input: $input) { id state progress { total } } }";
const EXPORTS: &str =
    "{ memberExports { nodes { id state format createdBy progress { done total } file { id name } } } }";

/// Somebody whose data want to compute.
const REGISTER: &str = "ФИО;Дата рождения;Место работы;Должность;ППО;Телефон
Орлова Анна Ильинична;01.02.1980;=1+1;@SUM(A1);ППО № 1;8 900 111-22-33
Котов Пётр Ильич;01.02.1881;-2+3;+1;ППО № 2;
Котов Пётр Ильич;01.02.1981;-2+3;+1;ППО № 2;
";

async fn filled() -> (Office, Viewer) {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    import_file(&office.world.db, &office.world.files, &keeper, "a.csv", REGISTER.into()).await.unwrap();
    (office, keeper)
}

/// Exports and gives the bytes of the file.
async fn export(office: &Office, viewer: &Viewer, input: Value) -> Bytes {
    let asked = office.get(viewer, EXPORT, json!({ "input": input })).await["exportMembers"].clone();
    assert_eq!(asked["state"], "RUNNING");
    office.work().await;
    let listed = office.get(viewer, EXPORTS, json!({})).await["memberExports"]["nodes"][0].clone();
    assert_eq!((&listed["id"], &listed["state"]), (&asked["id"], &json!("DONE")), "{listed}");
    assert_eq!(listed["progress"]["done"], asked["progress"]["total"]);
    let file = plenum_kernel::FileId::parse_global(listed["file"]["id"].as_str().unwrap()).unwrap();
    let permission = plenum_files::permissions::VIEW;
    let mut tx = office.world.db.tenant(viewer, permission, Access::Read).await.unwrap();
    office.world.files.fetch(&mut tx, file).await.unwrap().1
}

#[tokio::test]
async fn a_text_table_opens_in_a_spreadsheet_and_computes_nothing() {
    let (office, keeper) = filled().await;
    let bytes = export(&office, &keeper, json!({ "format": "CSV" })).await;
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.starts_with("\u{feff}Фамилия;Имя;Отчество;Дата рождения;"), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1], "Котов;Пётр;Ильич;01.02.1981;;;;'-2+3;'+1;ППО № 2;;;;");
    assert_eq!(lines[2], "Орлова;Анна;Ильинична;01.02.1980;;'+79001112233;;'=1+1;'@SUM(A1);ППО № 1;;;;");
}

#[tokio::test]
async fn a_workbook_is_read_by_our_own_import_and_holds_the_filtered_list_in_its_order() {
    let (office, keeper) = filled().await;
    let input = json!({ "format": "XLSX", "sort": "UNIT", "descending": true });
    let bytes = export(&office, &keeper, input).await;
    let table = Table::read(&bytes, "a.xlsx", &Limits::default()).unwrap();
    let layout = Layout::find(&table).unwrap();
    assert!(layout.mapping.validate().is_ok(), "an export can be imported");
    let rows: Vec<String> = table.sheets()[0]
        .rows()
        .map(|row| {
            (0..10)
                .map(|at| row.cell(plenum_members::domain::import::Column(at)).text().into_owned())
                .collect::<Vec<_>>()
                .join("|")
        })
        .collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[1].starts_with("Котов|Пётр|Ильич|"), "{rows:?}");
    assert!(rows[1].contains("|'-2+3|'+1|ППО № 2"), "{rows:?}");
    assert!(rows[2].starts_with("Орлова|"), "{rows:?}");
    let filtered = json!({ "format": "XLSX", "filter": { "search": "орлова" } });
    let bytes = export(&office, &keeper, filtered).await;
    let table = Table::read(&bytes, "a.xlsx", &Limits::default()).unwrap();
    assert_eq!(table.sheets()[0].len(), 2);
}

#[tokio::test]
async fn an_export_is_audited_and_only_its_keepers() {
    let (office, keeper) = filled().await;
    let second = office.world.viewer_in(&office.tenant, "register_keeper", office.tenant.units[1]).await;
    let own = export(&office, &second, json!({ "format": "CSV" })).await;
    assert_eq!(String::from_utf8(own.to_vec()).unwrap().lines().count(), 2, "only the own unit's people");
    export(&office, &keeper, json!({ "format": "CSV" })).await;
    let count = |answer: Value| answer["memberExports"]["nodes"].as_array().unwrap().len();
    assert_eq!(count(office.get(&second, EXPORTS, json!({})).await), 1);
    assert_eq!(count(office.get(&keeper, EXPORTS, json!({})).await), 2);
    let mut tx = office.world.system(&office.tenant).await;
    let audited = plenum_audit::latest(&mut tx, "members.export", 10).await.unwrap();
    assert_eq!(
        audited.iter().map(|entry| entry.detail.clone()).collect::<Vec<_>>(),
        [json!({ "members": 2 }), json!({ "members": 1 }),]
    );
    drop(tx);
    // Done again, the job finds its work done.
    office.work().await;
    assert_eq!(office.rows_of("members.export").await, 2);
}

#[tokio::test]
async fn neither_members_nor_neighbours_export() {
    let (office, _) = filled().await;
    let member = office.world.viewer(&office.tenant, "member").await;
    let neighbour = office.world.viewer(office.tenant.twin(), "administrator").await;
    let input = json!({ "input": { "format": "CSV" } });
    assert_eq!(office.refusal(Some(&member), EXPORT, input.clone()).await.0, "FORBIDDEN");
    assert_eq!(office.refusal(None, EXPORT, input).await.0, "UNAUTHENTICATED");
    let unit = office.tenant.units[0].to_string();
    let foreign = json!({ "input": { "format": "CSV", "filter": { "units": [unit] } } });
    assert_eq!(office.refusal(Some(&neighbour), EXPORT, foreign).await.0, "NOT_FOUND");
}
