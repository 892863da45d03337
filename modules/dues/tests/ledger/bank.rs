//! Banks' lists and statements.

use plenum_kernel::TypedId;
use serde_json::{Value, json};

use crate::Office;

const CHECK: &str = "mutation($file: ID!, $unit: ID) { checkBankList(file: $file, unit: $unit) { id state
    counts { matched unmatched duplicates unreadable totalKopecks }
    rows { nodes { number card kopecks reference outcome memberName } } } }";
const RECORD: &str = "mutation($list: ID!) { recordBankList(list: $list) { status list { state counts { matched duplicates } } } }";
const ASSIGN: &str = "mutation($list: ID!, $number: Int!, $member: ID) { assignBankRow(list: $list, number: $number, member: $member) { status list { counts { matched unmatched } } } }";
const LIST: &str = "Реестр зачислений за 20.11.2026
№ профбилета;Дата;Сумма;Номер документа
77-1;20.11.2026;500,00;A-1
77 - 2;20.11.2026;300,50;A-2
99-9;20.11.2026;100;A-3
77-1;20.11.2026;500,00;A-1
77-4;вчера;100;A-4
";

fn outcomes(list: &Value) -> Vec<&str> {
    list["rows"]["nodes"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_is_tried_then_recorded_once() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let member = office.member("Абрамов").await;
    let file = office.upload(&treasurer, "bank.csv", LIST.into()).await;
    let list = office.get(&treasurer, CHECK, json!({ "file": file })).await["checkBankList"].clone();
    assert_eq!(outcomes(&list), ["MATCHED", "MATCHED", "UNMATCHED", "DUPLICATE", "UNREADABLE"]);
    assert_eq!(
        list["counts"],
        json!({ "matched": 2, "unmatched": 1, "duplicates": 1, "unreadable": 1, "totalKopecks": 80_050 })
    );
    assert_eq!(list["rows"]["nodes"][0]["memberName"], "Абрамов Иван Ильич");
    assert_eq!(list["rows"]["nodes"][0]["number"], 3);
    assert_eq!(office.balance(&treasurer, &member).await, 0, "a trial records nothing");

    // A payment for a card that nobody has is given to somebody by hand.
    let with = |number: i32, member: Value| json!({ "list": list["id"], "number": number, "member": member });
    let demin = office.member("Дёмин").await;
    let assigned = office.get(&treasurer, ASSIGN, with(5, json!(demin))).await["assignBankRow"].clone();
    assert_eq!(assigned, json!({ "status": "OK", "list": { "counts": { "matched": 3, "unmatched": 0 } } }));
    let unreadable = office.get(&treasurer, ASSIGN, with(7, json!(demin))).await;
    assert_eq!(unreadable["assignBankRow"]["status"], "NOT_OPEN");

    for _ in 0..2 {
        let recorded = office.get(&treasurer, RECORD, json!({ "list": list["id"] })).await;
        assert_eq!(
            recorded["recordBankList"],
            json!({ "status": "OK", "list": { "state": "RECORDED", "counts": { "matched": 3, "duplicates": 1 } } })
        );
        assert_eq!(office.balance(&treasurer, &member).await, 50_000);
        assert_eq!(office.balance(&treasurer, &demin).await, 10_000);
    }
    let late = office.get(&treasurer, ASSIGN, with(5, Value::Null)).await;
    assert_eq!(late["assignBankRow"]["status"], "WRONG_STATE");

    // The same file again holds nothing new.
    let again = office.get(&treasurer, CHECK, json!({ "file": file })).await["checkBankList"].clone();
    assert_eq!(outcomes(&again), ["DUPLICATE", "DUPLICATE", "DUPLICATE", "DUPLICATE", "UNREADABLE"]);
    let discard = "mutation($list: ID!) { discardBankList(list: $list) { status list { state } } }";
    let put_away = office.get(&treasurer, discard, json!({ "list": again["id"] })).await;
    assert_eq!(put_away["discardBankList"], json!({ "status": "OK", "list": { "state": "DISCARDED" } }));
    let refused = office.get(&treasurer, RECORD, json!({ "list": again["id"] })).await;
    assert_eq!(refused["recordBankList"]["status"], "WRONG_STATE");
}

#[tokio::test]
async fn two_lists_with_the_same_payment_record_it_once() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let member = office.member("Абрамов").await;
    let mut lists = Vec::new();
    for name in ["one.csv", "two.csv"] {
        let file = office.upload(&treasurer, name, LIST.into()).await;
        lists.push(
            office.get(&treasurer, CHECK, json!({ "file": file })).await["checkBankList"]["id"].clone(),
        );
    }
    for list in lists {
        office.get(&treasurer, RECORD, json!({ "list": list })).await;
    }
    assert_eq!(office.balance(&treasurer, &member).await, 50_000);
}

#[tokio::test]
async fn a_list_pays_only_for_members_of_its_unit() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let second = office.tenant.units[1].to_string();
    let file = office.upload(&treasurer, "bank.csv", LIST.into()).await;
    let list =
        office.get(&treasurer, CHECK, json!({ "file": file, "unit": second })).await["checkBankList"].clone();
    assert_eq!(outcomes(&list), ["UNMATCHED", "UNMATCHED", "UNMATCHED", "DUPLICATE", "UNREADABLE"]);
    let assign = json!({ "list": list["id"], "number": 3, "member": office.member("Абрамов").await });
    let refused = office.get(&treasurer, ASSIGN, assign).await;
    assert_eq!(refused["assignBankRow"]["status"], "OTHER_UNIT");
}

#[tokio::test]
async fn what_is_no_list_is_refused_with_the_reason() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    for (bytes, reason) in [
        ("Имя;Возраст\nИван;30\n", "no_payment_columns"),
        ("card;date;sum;ref\n", "empty"),
        ("PK\u{3}\u{4}\u{0}", "not_a_text_table"),
    ] {
        let file = office.upload(&treasurer, "x.csv", bytes.into()).await;
        let refused = office.refusal(Some(&treasurer), CHECK, json!({ "file": file })).await;
        assert_eq!(refused, ("INVALID".to_owned(), reason.to_owned()));
    }
    // Somebody else's upload is not there.
    let other = office.treasurer().await;
    let file = office.upload(&other, "bank.csv", LIST.into()).await;
    assert_eq!(office.refusal(Some(&treasurer), CHECK, json!({ "file": file })).await.0, "NOT_FOUND");
}

#[tokio::test]
async fn a_statement_is_a_table_without_formulas_or_a_paper() {
    let office = Office::open().await;
    let treasurer = office.treasurer().await;
    let member = office.member("Абрамов").await;
    let mut input = crate::payment(&member, 50_000, 1);
    input["note"] = json!("=HYPERLINK(\"http://example.org\")");
    office.pay(&treasurer, input).await;
    let query = "mutation($member: ID!, $from: String!, $format: StatementFormat!) {
        exportDuesStatement(member: $member, from: $from, until: \"2026-12\", format: $format) { id name } }";
    let mut bytes = Vec::new();
    for format in ["CSV", "PDF"] {
        let variables = json!({ "member": member, "from": "2026-01", "format": format });
        let file = office.get(&treasurer, query, variables).await["exportDuesStatement"].clone();
        assert!(file["name"].as_str().unwrap().starts_with("Взносы Абрамов"), "{file}");
        let id = plenum_kernel::FileId::parse_global(file["id"].as_str().unwrap()).unwrap();
        let mut tx = office.tx(office.tenant.id).await;
        bytes.push(office.world.files.fetch(&mut tx, id).await.unwrap().1);
    }
    let csv = String::from_utf8(bytes[0].to_vec()).unwrap();
    assert!(csv.contains("20.11.2026;2026-11;Оплата наличными;;500,00"), "{csv}");
    assert!(
        csv.contains("'=HYPERLINK") && !csv.contains(";=HYPERLINK") && !csv.contains("\"=HYPERLINK"),
        "{csv}"
    );
    assert!(bytes[1].starts_with(b"%PDF-"));
    let wrong = json!({ "member": member, "from": "2027-01", "format": "CSV" });
    let refused = office.refusal(Some(&treasurer), query, wrong).await;
    assert_eq!(refused, ("INVALID".into(), "before_start".into()));
}
