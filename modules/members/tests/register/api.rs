//! What the API shows, and to whom.

use futures_util::StreamExt;
use plenum_authz::Viewer;
use plenum_members::import_file;
use serde_json::{Value, json};

use crate::{Office, sample, table};

const PREPARE: &str = "mutation($file: ID!) { prepareMemberImport(file: $file) { id } }";
const MEMBERS: &str = "query($search: String, $unit: ID, $first: Int! = 50, $after: String) {
    members(search: $search, unit: $unit, first: $first, after: $after) {
        nodes { id fullName unit { name } } pageInfo { hasNextPage endCursor } } }";

async fn with_people(people: &[&str]) -> (Office, Viewer) {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (db, files) = (&office.world.db, &office.world.files);
    import_file(db, files, &keeper, "a.csv", table(people)).await.unwrap();
    // The neighbour has people of like names.
    let neighbour = Viewer::system(office.tenant.twin().id, "test");
    import_file(db, files, &neighbour, "a.csv", table(people)).await.unwrap();
    (office, keeper)
}

fn names(answer: &Value) -> Vec<&str> {
    let nodes = answer["members"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["fullName"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn people_are_listed_by_the_alphabet_page_by_page() {
    let (office, keeper) = with_people(&[
        "Яковлев Антон Ильич;01.02.1980;ППО № 1;",
        "Ёлкин Борис Ильич;01.02.1980;ППО № 10;",
        "Жуков Антон Ильич;01.02.1980;ППО № 2;",
        "Ежова Анна Ильинична;01.02.1980;ППО № 2;",
        "Ежов Виктор Ильич;01.02.1980;ППО № 2;",
    ])
    .await;
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = office.get(&keeper, MEMBERS, json!({ "first": 2, "after": after })).await;
        seen.extend(names(&page).into_iter().map(str::to_owned));
        if page["members"]["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["members"]["pageInfo"]["endCursor"].clone();
    }
    let expected = [
        "Ежов Виктор Ильич",
        "Ежова Анна Ильинична",
        "Ёлкин Борис Ильич",
        "Жуков Антон Ильич",
        "Яковлев Антон Ильич",
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_search_finds_parts_of_names_and_takes_e_for_yo() {
    let (office, keeper) = with_people(&[
        "Ёлкин Борис Ильич;01.02.1980;ППО № 1;",
        "Пчёлкина Алёна Борисовна;01.02.1980;ППО № 2;",
        "Сто%ронний Пётр Ильич;01.02.1980;ППО № 2;",
    ])
    .await;
    for (search, expected) in [
        ("елкин", vec!["Ёлкин Борис Ильич", "Пчёлкина Алёна Борисовна"]),
        ("  АЛЁНА   пчел", vec!["Пчёлкина Алёна Борисовна"]),
        ("борис ёл", vec!["Ёлкин Борис Ильич", "Пчёлкина Алёна Борисовна"]),
        ("%", vec!["Сто%ронний Пётр Ильич"]),
        ("_", vec![]),
        ("никто", vec![]),
    ] {
        assert_eq!(
            names(&office.get(&keeper, MEMBERS, json!({ "search": search })).await),
            expected,
            "{search}"
        );
    }
}

#[tokio::test]
async fn a_unit_shows_and_counts_its_own_people() {
    let (office, keeper) =
        with_people(&["Ежов Виктор Ильич;01.02.1980;ППО № 1;", "Ежова Анна Ильинична;01.02.1980;ППО № 2;"])
            .await;
    let (root, second) = (office.tenant.root.to_string(), office.tenant.units[1].to_string());
    assert_eq!(
        names(&office.get(&keeper, MEMBERS, json!({ "unit": second })).await),
        ["Ежова Анна Ильинична"]
    );
    let query = "query($root: ID!, $second: ID!) {
        all: memberCount second: memberCount(unit: $second)
        memberCounts(units: [$root, $second]) { unit count } }";
    let counts = office.get(&keeper, query, json!({ "root": root, "second": second })).await;
    assert_eq!((&counts["all"], &counts["second"]), (&json!(2), &json!(1)));
    assert_eq!(counts["memberCounts"], json!([{ "unit": root, "count": 2 }, { "unit": second, "count": 1 }]));
}

#[tokio::test]
async fn a_keeper_of_one_unit_sees_that_unit_only() {
    let (office, _) =
        with_people(&["Ежов Виктор Ильич;01.02.1980;ППО № 1;", "Ежова Анна Ильинична;01.02.1980;ППО № 2;"])
            .await;
    let keeper = office.world.viewer_in(&office.tenant, "register_keeper", office.tenant.units[0]).await;
    assert_eq!(names(&office.get(&keeper, MEMBERS, json!({})).await), ["Ежов Виктор Ильич"]);
    let second = json!({ "unit": office.tenant.units[1].to_string() });
    assert_eq!(names(&office.get(&keeper, MEMBERS, second.clone()).await), Vec::<&str>::new());
    let count =
        office.get(&keeper, "query($unit: ID) { all: memberCount memberCount(unit: $unit) }", second).await;
    assert_eq!(count, json!({ "all": 1, "memberCount": 0 }));
    // The whole tenant's import is not this keeper's to see.
    let imports = office.get(&keeper, "{ memberImports { nodes { id } } }", json!({})).await;
    assert_eq!(imports["memberImports"]["nodes"], json!([]));
}

#[tokio::test]
async fn neither_members_nor_strangers_nor_neighbours_get_in() {
    let (office, keeper) = with_people(&["Ежов Виктор Ильич;01.02.1980;ППО № 1;"]).await;
    let file = office.upload(&keeper, "b.csv", table(&["Ежова Анна Ильинична;01.02.1980;ППО № 2;"])).await;
    let import =
        office.get(&keeper, PREPARE, json!({ "file": file })).await["prepareMemberImport"]["id"].clone();
    let member = office.world.viewer(&office.tenant, "member").await;
    let neighbour = office.world.viewer(office.tenant.twin(), "administrator").await;
    let mapping = "mutation($id: ID!) { setMemberImportMapping(import: $id, columns: []) { id } }";
    let commit = "mutation($id: ID!) { commitMemberImport(import: $id) { id } }";
    let discard = "mutation($id: ID!) { discardMemberImport(import: $id) { id } }";
    for (query, variables) in [
        (PREPARE, json!({ "file": file })),
        (mapping, json!({ "id": import })),
        (commit, json!({ "id": import })),
        (discard, json!({ "id": import })),
    ] {
        assert_eq!(office.refusal(None, query, variables.clone()).await.0, "UNAUTHENTICATED", "{query}");
        assert_eq!(office.refusal(Some(&member), query, variables.clone()).await.0, "FORBIDDEN", "{query}");
        assert_eq!(office.refusal(Some(&neighbour), query, variables).await.0, "NOT_FOUND", "{query}");
    }
    for query in ["{ members { nodes { id } } }", "{ memberCount }", "{ memberImports { nodes { id } } }"] {
        assert_eq!(office.refusal(None, query, json!({})).await.0, "UNAUTHENTICATED", "{query}");
        assert_eq!(office.refusal(Some(&member), query, json!({})).await.0, "FORBIDDEN", "{query}");
    }
    // The neighbour sees its own one person by way of any of our ids.
    let unit = json!({ "unit": office.tenant.units[0].to_string() });
    assert_eq!(names(&office.get(&neighbour, MEMBERS, unit).await), Vec::<&str>::new());
    let ours = office.get(&keeper, MEMBERS, json!({})).await["members"]["nodes"][0]["id"].clone();
    let after = office.refusal(Some(&neighbour), MEMBERS, json!({ "after": ours })).await;
    assert_eq!(after, ("INVALID".to_owned(), "fields".to_owned()));
    // Somebody else's upload is not there.
    let other = office.keeper().await;
    assert_eq!(office.refusal(Some(&other), PREPARE, json!({ "file": file })).await.0, "NOT_FOUND");
}

#[tokio::test]
async fn columns_can_be_told_and_wrong_ones_are_refused() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let bytes =
        "Член профсоюза;Дата рождения;Где состоит;Телефон;Пол\nЕжов Виктор Ильич;01.02.1980;ППО № 1;;м\n";
    let file = office.upload(&keeper, "a.csv", bytes.into()).await;
    let query = "mutation($file: ID!) { prepareMemberImport(file: $file) {
        id state sheet headerRow createdBy report { accepted } columns { index letter header field samples } } }";
    let import = office.get(&keeper, query, json!({ "file": file })).await["prepareMemberImport"].clone();
    assert_eq!(import["createdBy"], "Анна Хранитель");
    assert_eq!((&import["state"], &import["report"]), (&json!("CHECKED"), &json!(null)));
    assert_eq!((&import["headerRow"], &import["sheet"]), (&json!(1), &json!(null)));
    assert_eq!(
        import["columns"][1],
        json!({ "index": 1, "letter": "B", "header": "Дата рождения", "field": "BIRTH_DATE", "samples": ["01.02.1980"] })
    );
    let tell = "mutation($id: ID!, $columns: [ColumnMappingInput!]!) {
        setMemberImportMapping(import: $id, columns: $columns) { report { accepted } rows { nodes { fullName outcome } } } }";
    let with = |columns: Value| json!({ "id": import["id"], "columns": columns });
    for columns in [
        json!([{ "index": 0, "field": "FULL_NAME" }]),
        json!([{ "index": 99, "field": "FULL_NAME" }]),
        json!([{ "index": -1, "field": null }]),
        json!([{ "index": 0, "field": "FULL_NAME" }, { "index": 2, "field": "FULL_NAME" }]),
    ] {
        assert_eq!(office.refusal(Some(&keeper), tell, with(columns)).await.0, "INVALID");
    }
    let commit = "mutation($id: ID!) { commitMemberImport(import: $id) { state } }";
    assert_eq!(office.refusal(Some(&keeper), commit, json!({ "id": import["id"] })).await.0, "CONFLICT");
    let columns = json!([{ "index": 0, "field": "FULL_NAME" }, { "index": 2, "field": "UNIT" }]);
    let told = office.get(&keeper, tell, with(columns)).await["setMemberImportMapping"].clone();
    assert_eq!(told["report"]["accepted"], 1);
    assert_eq!(told["rows"]["nodes"], json!([{ "fullName": "Ежов Виктор Ильич", "outcome": "ACCEPTED" }]));
}

#[tokio::test]
async fn the_rows_of_an_import_are_paged_and_filtered() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let file = office.upload(&keeper, "register-2k.xlsx", sample("register-2k.xlsx")).await;
    let import =
        office.get(&keeper, PREPARE, json!({ "file": file })).await["prepareMemberImport"]["id"].clone();
    let query = "query($after: String, $outcome: [RowOutcome!], $problems: Boolean) { memberImports { nodes {
        rows(first: 200, after: $after, outcome: $outcome, withProblems: $problems) {
            nodes { rowNumber outcome fullName birthDate problems { severity code columnLetter value } }
            pageInfo { hasNextPage endCursor } } } } }";
    let all = async |outcome: Value, problems: Value| {
        let mut rows: Vec<Value> = Vec::new();
        let mut after = Value::Null;
        loop {
            let variables = json!({ "after": after, "outcome": outcome, "problems": problems });
            let page =
                office.get(&keeper, query, variables).await["memberImports"]["nodes"][0]["rows"].clone();
            rows.extend(page["nodes"].as_array().unwrap().iter().cloned());
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                return rows;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    let everything = all(Value::Null, Value::Null).await;
    let numbers: Vec<_> = everything.iter().map(|row| row["rowNumber"].as_i64().unwrap()).collect();
    assert_eq!((numbers.len(), numbers[0], numbers.is_sorted()), (2000, 5, true));
    assert_eq!(all(json!(["ACCEPTED"]), Value::Null).await.len(), 1907);
    assert_eq!(all(json!(["DUPLICATE", "REJECTED"]), Value::Null).await.len(), 93);
    let duplicates = all(json!(["DUPLICATE"]), json!(true)).await;
    assert_eq!(duplicates.len(), 64);
    assert_eq!(duplicates[0]["problems"][0]["code"], "duplicate");
    let rejected = all(json!(["REJECTED"]), Value::Null).await;
    assert!(rejected.iter().all(|row| row["problems"][0]["severity"] == "ERROR"), "{rejected:?}");
    let warned = all(json!(["ACCEPTED"]), json!(true)).await;
    assert!(warned.iter().all(|row| row["problems"][0]["severity"] == "WARNING"), "{warned:?}");
    assert!(import.is_string());
}

#[tokio::test]
async fn watchers_see_an_import_go_on() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let stop = tokio_util::sync::CancellationToken::new();
    let live = plenum_live::Live::start(&office.world.db, stop.clone()).await.unwrap();
    let file = office.upload(&keeper, "register-2k.xlsx", sample("register-2k.xlsx")).await;
    let import =
        office.get(&keeper, PREPARE, json!({ "file": file })).await["prepareMemberImport"]["id"].clone();
    let query = "subscription($id: ID!) { memberImport(id: $id) { state progress { done total } } }";
    let request = async_graphql::Request::new(query)
        .variables(async_graphql::Variables::from_json(json!({ "id": import })))
        .data(office.world.scope(Some(&keeper)))
        .data(live);
    let schema = office.schema();
    let mut pushes = schema.execute_stream(request);
    let mut next =
        async || serde_json::to_value(pushes.next().await.unwrap()).unwrap()["data"]["memberImport"].clone();
    assert_eq!(next().await["state"], "CHECKED");

    let commit = "mutation($id: ID!) { commitMemberImport(import: $id) { state } }";
    office.get(&keeper, commit, json!({ "id": import })).await;
    assert_eq!(next().await["state"], "COMMITTING");
    office.worker().drain(office.tenant.id).await.unwrap();
    // Pushes may be merged or repeated; the last one says that it is done.
    loop {
        let push = next().await;
        if push["state"] == "DONE" {
            assert_eq!(push["progress"]["done"], push["progress"]["total"]);
            break;
        }
        assert_eq!(push["state"], "COMMITTING");
    }
    stop.cancel();
}
