//! Record cards: added, changed, moved; consents; the history of it all.

use plenum_members::import_file;
use serde_json::{Value, json};

use crate::{Office, history, kinds};

const UPDATE: &str = "mutation($input: UpdateMemberInput!) { updateMember(input: $input) {
    status member { fullName birthDate phone email revision cardNumber } } }";
const ADD: &str =
    "mutation($input: MemberInput!) { addMember(input: $input) { status member { fullName } } }";
const CONSENT: &str = "mutation($input: RecordConsentInput!) { recordConsent(input: $input) {
    status member { consentState consents { act textVersion on source recordedBy } } } }";

#[tokio::test]
async fn a_card_is_changed_and_the_history_tells_both_values() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let id = office.add(&keeper, json!({ "phone": "8 900 000-00-28" })).await;
    let change = json!({
        "member": id, "revision": 1, "surname": "ПЕТРОВА", "email": "Anna@Example.org", "phone": null,
    });
    let changed = office.get(&keeper, UPDATE, json!({ "input": change })).await["updateMember"].clone();
    assert_eq!(
        changed,
        json!({ "status": "OK", "member": {
            "fullName": "Петрова Анна Ильинична", "birthDate": "1980-02-01", "phone": null,
            "email": "anna@example.org", "revision": 2, "cardNumber": null,
        } })
    );
    let told = history(&office, &keeper, &id, "kind actorName changes { field old new }").await;
    assert_eq!(
        told[0],
        json!({ "kind": "UPDATED", "actorName": "Анна Хранитель", "changes": [
            { "field": "SURNAME", "old": "Орлова", "new": "Петрова" },
            { "field": "PHONE", "old": "+79000000028", "new": null },
            { "field": "EMAIL", "old": null, "new": "anna@example.org" },
        ] })
    );
    // Again, nothing is different; and nothing is written.
    let again =
        office.get(&keeper, UPDATE, json!({ "input": { "member": id, "surname": " петрова " } })).await;
    assert_eq!(again["updateMember"]["status"], "UNCHANGED");
    assert_eq!(kinds(&office, &keeper, &id).await, ["UPDATED", "ADDED"]);
    // Who read an older revision is told.
    let stale = json!({ "input": { "member": id, "revision": 1, "position": "учитель" } });
    let refused = office.refusal(Some(&keeper), UPDATE, stale).await;
    assert_eq!(refused, ("CONFLICT".to_owned(), "changed_meanwhile".to_owned()));
}

#[tokio::test]
async fn a_history_is_read_by_kinds_page_by_page() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let id = office.add(&keeper, json!({})).await;
    for position in ["учитель", "завуч", "директор"] {
        let input = json!({ "input": { "member": id, "position": position } });
        office.get(&keeper, UPDATE, input).await;
    }
    let consent = json!({ "member": id, "act": "GIVEN", "textVersion": "1", "on": "01.02.2020" });
    office.get(&keeper, CONSENT, json!({ "input": consent })).await;
    let told = async |kinds: &str, first: i32, after: Option<&str>| {
        let query = format!(
            "query($after: String) {{ members {{ nodes {{ history(first: {first}, after: $after, kinds: {kinds}) {{ \
             nodes {{ kind }} pageInfo {{ endCursor hasNextPage }} }} }} }} }}"
        );
        let answer = office.get(&keeper, &query, json!({ "after": after })).await;
        let page = answer["members"]["nodes"][0]["history"].clone();
        let nodes = page["nodes"].as_array().unwrap().iter();
        let kinds: Vec<String> = nodes.map(|node| node["kind"].as_str().unwrap().to_owned()).collect();
        (kinds, page["pageInfo"].clone())
    };
    let all = told("null", 20, None).await.0;
    assert_eq!(all, ["CONSENT", "UPDATED", "UPDATED", "UPDATED", "ADDED"]);
    let (first, page) = told("[UPDATED, ADDED]", 3, None).await;
    assert_eq!(first, ["UPDATED", "UPDATED", "UPDATED"]);
    assert_eq!(page["hasNextPage"], true);
    let (rest, page) = told("[UPDATED, ADDED]", 3, page["endCursor"].as_str()).await;
    assert_eq!((rest, page["hasNextPage"].as_bool()), (vec!["ADDED".to_owned()], Some(false)));
    assert!(told("[ENROLLED]", 20, None).await.0.is_empty());
    assert!(told("[]", 20, None).await.0.is_empty());
}

#[tokio::test]
async fn wrong_values_are_named_field_by_field() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let id = office.add(&keeper, json!({})).await;
    let input =
        json!({ "member": id, "surname": "1", "birthDate": "30.02.1980", "phone": "1", "email": "нет" });
    let answer = office.ask(Some(&keeper), UPDATE, json!({ "input": input })).await;
    let fields = &answer["errors"][0]["extensions"]["fields"];
    assert_eq!(
        *fields,
        json!([
            { "path": "input.surname", "reason": "not_a_name" },
            { "path": "input.birthDate", "reason": "not_a_date" },
            { "path": "input.phone", "reason": "not_a_phone" },
            { "path": "input.email", "reason": "not_an_email" },
        ]),
        "{answer}"
    );
    assert_eq!(kinds(&office, &keeper, &id).await, ["ADDED"]);
}

#[tokio::test]
async fn nobody_is_on_record_twice_and_a_card_belongs_to_one() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let anna = office.add(&keeper, json!({ "cardNumber": "77-1" })).await;
    let olga = office.add(&keeper, json!({ "givenName": "Ольга" })).await;
    let input = |differs: Value| {
        let mut input = json!({
            "unit": office.tenant.units[1].to_string(), "surname": "орлова", "givenName": "анна",
            "patronymic": "ильинична", "birthDate": "1980-02-01",
        });
        for (field, value) in differs.as_object().unwrap() {
            input[field] = value.clone();
        }
        json!({ "input": input })
    };
    let twice = office.get(&keeper, ADD, input(json!({}))).await;
    assert_eq!(twice["addMember"], json!({ "status": "DUPLICATE", "member": null }));
    let taken = office.get(&keeper, ADD, input(json!({ "givenName": "Вера", "cardNumber": " 77-1" }))).await;
    assert_eq!(taken["addMember"], json!({ "status": "CARD_TAKEN", "member": null }));
    for (differs, status) in [
        (json!({ "member": olga, "givenName": "АННА" }), "DUPLICATE"),
        (json!({ "member": olga, "cardNumber": "77-1" }), "CARD_TAKEN"),
        (json!({ "member": anna, "cardNumber": "77-1" }), "UNCHANGED"),
    ] {
        let answer = office.get(&keeper, UPDATE, json!({ "input": differs })).await;
        assert_eq!(answer["updateMember"]["status"], status);
    }
    assert_eq!(office.rows_of("members.person").await, 2);
}

#[tokio::test]
async fn a_keeper_of_one_unit_changes_nobody_elses_records() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let id = office.add(&keeper, json!({})).await;
    let second = office.world.viewer_in(&office.tenant, "register_keeper", office.tenant.units[1]).await;
    let member = office.world.viewer(&office.tenant, "member").await;
    let neighbour = office.world.viewer(office.tenant.twin(), "administrator").await;
    let (here, there) = (office.tenant.units[0].to_string(), office.tenant.units[1].to_string());
    let input = json!({ "unit": here, "surname": "Котов", "givenName": "Пётр", "birthDate": "01.02.1981" });
    let consent = json!({ "member": id, "act": "GIVEN", "textVersion": "1", "on": "01.02.2020" });
    for (query, variables) in [
        (UPDATE, json!({ "input": { "member": id, "surname": "Чужая" } })),
        (ADD, json!({ "input": input })),
        (CONSENT, json!({ "input": consent })),
        (
            "mutation($m: ID!, $u: ID!) { moveMember(member: $m, unit: $u) { status } }",
            json!({ "m": id, "u": there }),
        ),
        ("mutation($m: ID!) { reissueCard(member: $m) { id } }", json!({ "m": id })),
        ("mutation($m: ID!) { inviteMember(member: $m) { status } }", json!({ "m": id })),
    ] {
        assert_eq!(office.refusal(Some(&second), query, variables.clone()).await.0, "FORBIDDEN", "{query}");
        assert_eq!(office.refusal(Some(&member), query, variables.clone()).await.0, "FORBIDDEN", "{query}");
        assert_eq!(
            office.refusal(Some(&neighbour), query, variables.clone()).await.0,
            "NOT_FOUND",
            "{query}"
        );
        assert_eq!(office.refusal(None, query, variables).await.0, "UNAUTHENTICATED", "{query}");
    }
    assert_eq!(kinds(&office, &keeper, &id).await, ["ADDED"]);
}

#[tokio::test]
async fn offices_of_an_imported_register_are_held_and_end_with_a_move() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let register = "ФИО;Дата рождения;ППО;Выборная должность;Согласие на обработку ПДн\n\
                    Орлова Анна Ильинична;01.02.1980;ППО № 1;председатель ППО;да\n\
                    Котов Пётр Ильич;01.02.1981;ППО № 2;профорг;нет\n\
                    Львов Пётр Ильич;01.02.1982;ППО № 2;;\n";
    let (db, files) = (&office.world.db, &office.world.files);
    import_file(db, files, &keeper, "a.csv", register.into()).await.unwrap();
    let query =
        "{ members { nodes { id fullName electedOffice offices { kind unit { name } since until bodyId }
        consents { act textVersion on source } history { nodes { kind subjectLabel actorName } } } } }";
    let listed = office.get(&keeper, query, json!({})).await["members"]["nodes"].clone();
    let kotov = &listed[0];
    assert_eq!((&kotov["electedOffice"], &kotov["offices"]), (&json!("профорг"), &json!([])));
    assert_eq!(kotov["consents"][0]["act"], "REFUSED");
    assert_eq!(listed[1]["consents"], json!([]));
    let anna = &listed[2];
    assert_eq!(
        anna["offices"],
        json!([{
            "kind": "CHAIR", "unit": { "name": "ППО № 1" }, "since": "2026-11-23", "until": null, "bodyId": null,
        }])
    );
    assert_eq!(
        anna["consents"],
        json!([{ "act": "GIVEN", "textVersion": "не указана", "on": "2026-11-23", "source": "IMPORT" }])
    );
    assert_eq!(
        anna["history"]["nodes"],
        json!([{ "kind": "IMPORTED", "subjectLabel": "a.csv", "actorName": "Анна Хранитель" }])
    );

    let move_to = "mutation($m: ID!, $u: ID!) { moveMember(member: $m, unit: $u) { status member {
        unit { name } offices { kind until } } } }";
    let there = json!({ "m": anna["id"], "u": office.tenant.units[1].to_string() });
    let moved = office.get(&keeper, move_to, there.clone()).await["moveMember"].clone();
    assert_eq!(
        moved,
        json!({ "status": "OK", "member": {
            "unit": { "name": "ППО № 2" }, "offices": [{ "kind": "CHAIR", "until": "2026-11-23" }],
        } })
    );
    let again = office.get(&keeper, move_to, there).await;
    assert_eq!(again["moveMember"]["status"], "SAME_UNIT");
    let id = anna["id"].as_str().unwrap();
    let told = history(&office, &keeper, id, "kind from to office").await;
    assert_eq!(told[0], json!({ "kind": "MOVED", "from": "ППО № 1", "to": "ППО № 2", "office": null }));
    assert_eq!(told[1]["kind"], "OFFICE_ENDED");
    assert_eq!(told[1]["office"], "CHAIR");
    assert_eq!(office.rows_of("events.outbox").await, 1);
}

#[tokio::test]
async fn consents_are_appended_and_the_last_one_holds() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let id = office.add(&keeper, json!({})).await;
    let say = async |act: &str, version: &str, on: &str| {
        let input = json!({ "member": id, "act": act, "textVersion": version, "on": on });
        office.get(&keeper, CONSENT, json!({ "input": input })).await["recordConsent"].clone()
    };
    assert_eq!(say("WITHDRAWN", "2020", "01.02.2020").await["status"], "NOTHING_TO_WITHDRAW");
    let given = say("GIVEN", " 2020  ред. 1 ", "01.02.2020").await;
    assert_eq!(given["member"]["consentState"], "GIVEN");
    let withdrawn = say("WITHDRAWN", "2020 ред. 1", "23.11.2026").await;
    assert_eq!(
        withdrawn["member"],
        json!({ "consentState": "REFUSED", "consents": [
            { "act": "WITHDRAWN", "textVersion": "2020 ред. 1", "on": "2026-11-23", "source": "PAPER",
              "recordedBy": "Анна Хранитель" },
            { "act": "GIVEN", "textVersion": "2020 ред. 1", "on": "2020-02-01", "source": "PAPER",
              "recordedBy": "Анна Хранитель" },
        ] })
    );
    assert_eq!(kinds(&office, &keeper, &id).await, ["CONSENT", "CONSENT", "ADDED"]);
    for (version, on) in [("", "01.02.2020"), ("1", "вчера"), ("1", "24.11.2026")] {
        let input = json!({ "member": id, "act": "GIVEN", "textVersion": version, "on": on });
        assert_eq!(office.refusal(Some(&keeper), CONSENT, json!({ "input": input })).await.0, "INVALID");
    }
}

#[tokio::test]
async fn a_long_history_is_paged_to_its_end() {
    let office = Office::open().await;
    let keeper = office.keeper().await;
    let register = "ФИО;Дата рождения;ППО\nОрлова Анна Ильинична;01.02.1980;ППО № 1\n";
    let (db, files) = (&office.world.db, &office.world.files);
    import_file(db, files, &keeper, "a.csv", register.into()).await.unwrap();
    let id =
        office.get(&keeper, "{ members { nodes { id } } }", json!({})).await["members"]["nodes"][0]["id"]
            .clone();
    for position in ["один", "два", "три", "четыре"] {
        // All in one moment: the clock stands still.
        office.get(&keeper, UPDATE, json!({ "input": { "member": id, "position": position } })).await;
    }
    let query = "query($after: String) { members { nodes { history(first: 2, after: $after) {
        nodes { kind changes { new } } pageInfo { hasNextPage endCursor } } } } }";
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = office.get(&keeper, query, json!({ "after": after })).await;
        let page = page["members"]["nodes"][0]["history"].clone();
        for entry in page["nodes"].as_array().unwrap() {
            seen.push(
                entry["changes"][0]["new"].as_str().unwrap_or(entry["kind"].as_str().unwrap()).to_owned(),
            );
        }
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen, ["четыре", "три", "два", "один", "IMPORTED"]);
    let wrong = office.refusal(Some(&keeper), query, json!({ "after": "wrong" })).await;
    assert_eq!(wrong.0, "INVALID");
}
