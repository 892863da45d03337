//! Lists: search, filters, order, pages, the count.

use plenum_authz::Viewer;
use plenum_members::import_file;
use serde_json::{Value, json};

use crate::Office;

const LIST: &str = "query($filter: MemberFilter, $sort: MemberSort! = NAME, $descending: Boolean! = false,
    $first: Int! = 50, $after: String) {
    members(filter: $filter, sort: $sort, descending: $descending, first: $first, after: $after) {
        totalCount nodes { fullName } pageInfo { hasNextPage endCursor } } }";

const REGISTER: &str = "ФИО;Дата рождения;Пол;Телефон;E-mail;Место работы;Должность;ППО;Дата вступления;№ профбилета;Согласие;Выборная должность
Орлова Анна Ильинична;01.02.1980;ж;8 900 111-22-33;anna@example.org;Школа № 12;учитель;ППО № 2;01.09.2010;77-1;да;председатель ППО
Ёжиков Пётр Ильич;24.11.1996;м;;;Городская больница;врач;ППО № 10;;АБ 48-2;нет;
Котова Ольга Петровна;23.11.1996;ж;+7 912 345 67 89;;Гимназия № 1;учительница;ППО № 1;05.05.2005;;;казначей
Львов Иван Орлович;05.06.1950;м;;lev@example.org;Школа № 5;сторож;ППО № 10;06.06.2006;77-11;да;
";

async fn filled() -> (Office, Viewer) {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let (db, files) = (&office.world.db, &office.world.files);
    import_file(db, files, &keeper, "a.csv", REGISTER.into()).await.unwrap();
    let neighbour = Viewer::system(office.tenant.twin().id, "test");
    import_file(db, files, &neighbour, "a.csv", REGISTER.into()).await.unwrap();
    (office, keeper)
}

fn surnames(answer: &Value) -> Vec<String> {
    let nodes = answer["members"]["nodes"].as_array().unwrap();
    nodes
        .iter()
        .map(|node| node["fullName"].as_str().unwrap().split(' ').next().unwrap().to_owned())
        .collect()
}

async fn check(office: &Office, viewer: &Viewer, filter: Value, expected: &[&str]) {
    let answer = office.get(viewer, LIST, json!({ "filter": filter })).await;
    assert_eq!(surnames(&answer), expected, "{filter}");
    assert_eq!(answer["members"]["totalCount"], expected.len(), "{filter}");
}

#[tokio::test]
async fn a_search_finds_names_cards_phones_addresses_and_forms_of_words() {
    let (office, keeper) = filled().await;
    for (search, expected) in [
        ("ежиков", vec!["Ёжиков"]),
        ("орл", vec!["Львов", "Орлова"]),
        ("77-1", vec!["Львов", "Орлова"]),
        ("аб48-2", vec!["Ёжиков"]),
        ("8 (900) 111-22-33", vec!["Орлова"]),
        ("+7 912 345", vec!["Котова"]),
        ("LEV@example", vec!["Львов"]),
        ("учителя", vec!["Котова", "Орлова"]),
        ("школе", vec!["Львов", "Орлова"]),
        ("школы учителем", vec!["Орлова"]),
        ("больнице", vec!["Ёжиков"]),
        ("анна школа", vec!["Орлова"]),
        ("%", vec![]),
        ("никто", vec![]),
    ] {
        check(&office, &keeper, json!({ "search": search }), &expected).await;
    }
    let long = json!({ "filter": { "search": "а".repeat(101) } });
    assert_eq!(office.refusal(Some(&keeper), LIST, long).await.0, "INVALID");
}

const ALIKE: &str = "query($filter: MemberFilter, $first: Int! = 50) {
    members(filter: $filter, first: $first) {
        approximate totalCount nodes { fullName } pageInfo { hasNextPage } } }";

#[tokio::test]
async fn a_misspelt_name_finds_those_whose_name_is_like_it() {
    let (office, keeper) = filled().await;
    let more = "ФИО;Дата рождения;Место работы;ППО
Кузнецов Игорь Петрович;01.02.1970;Школа № 3;ППО № 1
Кузнецова Ольга Игоревна;01.02.1971;Больница;ППО № 2
Семёнов Олег Ильич;01.02.1972;Завод;ППО № 2
Котов Иван Семенович;01.02.1973;Завод;ППО № 1
";
    import_file(&office.world.db, &office.world.files, &keeper, "b.csv", more.into()).await.unwrap();
    let asked = async |search: &str, viewer: &Viewer| {
        let answer = office.get(viewer, ALIKE, json!({ "filter": { "search": search } })).await;
        assert_eq!(answer["members"]["pageInfo"]["hasNextPage"], json!(false), "{search}");
        assert_eq!(answer["members"]["totalCount"], surnames(&answer).len(), "{search}");
        (answer["members"]["approximate"].as_bool().unwrap(), surnames(&answer))
    };
    for (search, approximate, expected) in [
        ("Кузнецв Игорь", true, vec!["Кузнецов", "Кузнецова"]),
        ("Кузнецв", true, vec!["Кузнецов", "Кузнецова"]),
        // ё is е: found as written.
        ("Семенов Олег", false, vec!["Семёнов"]),
        ("Семёнов Олег", false, vec!["Семёнов"]),
        ("Симёнов Олег", true, vec!["Семёнов"]),
        // Two letters swapped, in a short name and in a longer one.
        ("Ктоов", true, vec!["Котов", "Котова"]),
        ("Орлвоа Анна", true, vec!["Орлова"]),
        // Numbers, addresses and words of the workplace hold as they stand.
        ("Кузнецв школа", true, vec!["Кузнецов"]),
        ("Орлвоа 77-1", true, vec!["Орлова"]),
        ("Орлвоа 77-9", false, vec![]),
        ("77-9", false, vec![]),
        ("Щербаковский", false, vec![]),
    ] {
        assert_eq!(
            asked(search, &keeper).await,
            (approximate, expected.into_iter().map(str::to_owned).collect()),
            "{search}"
        );
    }
    // The other criteria hold, and so does what the viewer may see.
    let men = json!({ "filter": { "search": "Ктоов", "sex": "FEMALE" } });
    assert_eq!(surnames(&office.get(&keeper, ALIKE, men).await), ["Котова"]);
    let of_first = office.world.viewer_in(&office.tenant, "register_keeper", office.tenant.units[0]).await;
    assert_eq!(asked("Кузнецв", &of_first).await.1, ["Кузнецов"]);
    // The nearest of them, and how many there are.
    let one = office.get(&keeper, ALIKE, json!({ "filter": { "search": "Ктоов" }, "first": 1 })).await;
    assert_eq!((surnames(&one), one["members"]["totalCount"].as_i64()), (vec!["Котов".to_owned()], Some(2)));
    assert_eq!(one["members"]["pageInfo"]["hasNextPage"], json!(false));
}

#[tokio::test]
async fn every_filter_narrows() {
    let (office, keeper) = filled().await;
    let second = office.tenant.units[1].to_string();
    let tenth = office.tenant.units[9].to_string();
    for (filter, expected) in [
        (json!({ "units": [second] }), vec!["Орлова"]),
        (json!({ "units": [second, tenth] }), vec!["Ёжиков", "Львов", "Орлова"]),
        (json!({ "offices": ["CHAIR"] }), vec!["Орлова"]),
        (json!({ "offices": ["CHAIR", "TREASURER"] }), vec!["Котова", "Орлова"]),
        (json!({ "consent": ["GIVEN"] }), vec!["Львов", "Орлова"]),
        (json!({ "consent": ["MISSING", "REFUSED"] }), vec!["Ёжиков", "Котова"]),
        // Thirty today, and thirty tomorrow.
        (json!({ "ageFrom": 30 }), vec!["Котова", "Львов", "Орлова"]),
        (json!({ "ageTo": 29 }), vec!["Ёжиков"]),
        (json!({ "ageFrom": 30, "ageTo": 50 }), vec!["Котова", "Орлова"]),
        (json!({ "sex": "MALE" }), vec!["Ёжиков", "Львов"]),
        (json!({ "hasEmail": true }), vec!["Львов", "Орлова"]),
        (json!({ "hasEmail": false }), vec!["Ёжиков", "Котова"]),
        (json!({ "hasAccount": true }), vec![]),
        (json!({ "states": ["LEFT"] }), vec![]),
        (json!({ "search": "ильи", "sex": "FEMALE", "hasEmail": true }), vec!["Орлова"]),
        (json!({ "offices": [], "consent": [], "units": [] }), vec!["Ёжиков", "Котова", "Львов", "Орлова"]),
    ] {
        check(&office, &keeper, filter, &expected).await;
    }
    for filter in [json!({ "ageFrom": -1 }), json!({ "ageTo": 256 })] {
        assert_eq!(office.refusal(Some(&keeper), LIST, json!({ "filter": filter })).await.0, "INVALID");
    }
}

#[tokio::test]
async fn every_order_pages_through_everybody_once_both_ways() {
    let (office, keeper) = filled().await;
    for (sort, expected) in [
        ("NAME", ["Ёжиков", "Котова", "Львов", "Орлова"]),
        ("UNIT", ["Котова", "Орлова", "Ёжиков", "Львов"]),
        ("BIRTH_DATE", ["Львов", "Орлова", "Котова", "Ёжиков"]),
    ] {
        let mut backwards = expected;
        backwards.reverse();
        for (descending, expected) in [(false, expected), (true, backwards)] {
            assert_eq!(paged(&office, &keeper, sort, descending).await, expected, "{sort} {descending}");
        }
    }
    // Without a date of joining one comes last, both ways.
    assert_eq!(paged(&office, &keeper, "JOINED_ON", false).await, ["Котова", "Львов", "Орлова", "Ёжиков"]);
    assert_eq!(paged(&office, &keeper, "JOINED_ON", true).await, ["Орлова", "Львов", "Котова", "Ёжиков"]);
}

async fn paged(office: &Office, viewer: &Viewer, sort: &str, descending: bool) -> Vec<String> {
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "sort": sort, "descending": descending, "first": 1, "after": after });
        let page = office.get(viewer, LIST, variables).await;
        seen.extend(surnames(&page));
        if page["members"]["pageInfo"]["hasNextPage"] == json!(false) {
            return seen;
        }
        after = page["members"]["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test]
async fn a_filter_by_a_unit_out_of_sight_finds_nobody() {
    let (office, _) = filled().await;
    let keeper = office.world.viewer_in(&office.tenant, "register_keeper", office.tenant.units[0]).await;
    let (first, second) = (office.tenant.units[0].to_string(), office.tenant.units[1].to_string());
    check(&office, &keeper, json!({ "units": [first, second] }), &["Котова"]).await;
    check(&office, &keeper, json!({ "units": [second] }), &[]).await;
}
