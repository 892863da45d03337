//! Numbers without gaps.

use std::{collections::BTreeSet, io::Cursor};

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use futures_util::future::join_all;
use plenum_authz::Viewer;
use plenum_db::Access;
use plenum_documents::setup::{self, REGISTER, Register};
use plenum_kernel::TypedId;

use crate::office::{Office, fault, text};

#[tokio::test]
async fn a_hundred_registrations_at_once_have_a_hundred_numbers_without_a_gap() {
    let office = Office::open().await;
    let journal = office.journal("ORDER").await;
    let mut documents = Vec::new();
    for number in 0..100 {
        documents.push(office.document("ORDER", &format!("Приказ {number}")).await);
    }
    let register = |document: String| {
        let (office, journal) = (&office, &journal);
        async move {
            let operation = format!(
                "mutation {{ registerDocument(document: \"{document}\", journal: \"{journal}\") {{ status number }} }}"
            );
            office.done(&office.clerk, &operation).await
        }
    };
    let all = join_all(documents.iter().cloned().map(register)).await;
    assert!(all.iter().all(|one| one["status"] == "OK"), "{all:?}");
    let numbers: BTreeSet<String> = all.iter().map(|one| text(&one["number"])).collect();
    let expected: BTreeSet<String> = (1..=100).map(|number| format!("{number}-26")).collect();
    assert_eq!(numbers, expected);

    // A second time it is refused, and the number it has is told.
    let again = register(documents[0].clone()).await;
    assert_eq!(again["status"], "ALREADY_REGISTERED");
    assert_eq!(again["number"], all[0]["number"]);

    // The journal shows them in order, page by page.
    let page = format!(
        "{{ journalEntries(journal: \"{journal}\", first: 60) {{ nodes {{ number }} pageInfo {{ endCursor hasNextPage }} }} }}"
    );
    let page = office.done(&office.clerk, &page).await;
    assert_eq!(page["nodes"][0]["number"], "100-26");
    let cursor = text(&page["pageInfo"]["endCursor"]);
    let rest = format!(
        "{{ journalEntries(journal: \"{journal}\", first: 60, after: \"{cursor}\") {{ nodes {{ number }} }} }}"
    );
    let rest = office.done(&office.clerk, &rest).await;
    assert_eq!(rest["nodes"].as_array().map(Vec::len), Some(40));
    assert_eq!(rest["nodes"][39]["number"], "1-26");
}

#[tokio::test]
async fn one_document_registered_many_times_at_once_has_one_number() {
    let office = Office::open().await;
    let journal = office.journal("INTERNAL").await;
    let document = office.document("INTERNAL", "Записка").await;
    let operation = format!(
        "mutation {{ registerDocument(document: \"{document}\", journal: \"{journal}\") {{ status number }} }}"
    );
    let all = join_all((0..10).map(|_| office.done(&office.clerk, &operation))).await;
    assert_eq!(all.iter().filter(|one| one["status"] == "OK").count(), 1, "{all:?}");
    assert!(all.iter().all(|one| one["number"] == "1-26"), "{all:?}");
}

#[tokio::test]
async fn a_registration_that_fails_gives_its_number_back() {
    let office = Office::open().await;
    let journal = office.journal("ORDER").await;
    let first = office.document("ORDER", "Первый").await;
    let second = office.document("ORDER", "Второй").await;
    let world = &office.server.world;
    let mut tx = world.db.tenant(&office.clerk, REGISTER, Access::Write).await.expect("a transaction opens");
    let id = TypedId::parse_global(&first).expect("an id");
    let permit = tx.permit::<Register, setup::Document>(id).await.expect("permitted");
    let journal_id = TypedId::parse_global(&journal).expect("an id");
    let outcome = setup::register_document(&mut tx, permit, &office.server.documents, journal_id).await;
    assert!(matches!(outcome, Ok(setup::Registered::Now(ref at)) if at.number == "1-26"), "{outcome:?}");
    tx.rollback().await.expect("undone");
    let operation = format!(
        "mutation {{ registerDocument(document: \"{second}\", journal: \"{journal}\") {{ number }} }}"
    );
    assert_eq!(office.done(&office.clerk, &operation).await["number"], "1-26");
}

#[tokio::test]
async fn a_journal_takes_its_kind_only_and_a_pattern_with_a_number() {
    let office = Office::open().await;
    let orders = office.journal("ORDER").await;
    let letter = office.document("OUTGOING", "Письмо").await;
    let operation = format!(
        "mutation {{ registerDocument(document: \"{letter}\", journal: \"{orders}\") {{ number }} }}"
    );
    let refused = office.ask(&office.clerk, &operation).await;
    assert_eq!(fault(&refused), ("journal".to_owned(), "another_kind".to_owned()));
    let create = |name: &str, pattern: &str| {
        format!(
            "mutation {{ createJournal(input: {{ kind: ORDER, name: \"{name}\", pattern: \"{pattern}\" }}) {{ id }} }}"
        )
    };
    let refused = office.ask(&office.clerk, &create("Ещё один", "{yy}")).await;
    assert_eq!(fault(&refused), ("input.pattern".to_owned(), "no_number".to_owned()));
    let refused = office.ask(&office.clerk, &create("Журнал ORDER", "{n}")).await;
    assert_eq!(fault(&refused), ("input.name".to_owned(), "name_taken".to_owned()));
    let empty = office
        .ask(
            &office.clerk,
            "mutation { createDocument(kind: ORDER, input: { title: \" \", pages: 0 }) { id } }",
        )
        .await;
    assert_eq!(fault(&empty), ("input.title".to_owned(), "empty".to_owned()));
}

#[tokio::test]
async fn a_journal_is_written_out() {
    let office = Office::open().await;
    let journal = office.journal("ORDER").await;
    let document = office.document("ORDER", "=1+1").await;
    let register = format!(
        "mutation {{ registerDocument(document: \"{document}\", journal: \"{journal}\") {{ number }} }}"
    );
    office.done(&office.clerk, &register).await;
    for (form, start) in [("CSV", "\u{feff}Номер;"), ("PDF", "%PDF-"), ("XLSX", "PK")] {
        let operation = format!(
            "mutation {{ exportJournal(journal: \"{journal}\", year: 2026, form: {form}) {{ id name }} }}"
        );
        let file = office.done(&office.clerk, &operation).await;
        let mut tx = office.server.world.system(&office.tenant).await;
        let id = TypedId::parse_global(file["id"].as_str().expect("an id")).expect("an id");
        let (_, bytes) = office.server.world.files.fetch(&mut tx, id).await.expect("there");
        assert!(bytes.starts_with(start.as_bytes()), "{form}");
        assert!(form != "CSV" || String::from_utf8_lossy(&bytes).contains(";'=1+1;"));
        if form == "XLSX" {
            let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
            let cells = book.worksheet_range("Журнал").expect("the sheet");
            let first: Vec<String> =
                cells.rows().nth(1).expect("a row").iter().map(ToString::to_string).collect();
            assert_eq!((first[0].as_str(), first[2].as_str()), ("1-26", "'=1+1"));
            assert!(matches!(cells.get((1, 1)), Some(Data::DateTime(_))), "{first:?}");
            let formulas = book.worksheet_formula("Журнал").expect("the sheet");
            assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()));
        }
    }
    let stranger: Viewer = office.server.world.viewer(&office.tenant, "member").await;
    let operation = format!("mutation {{ exportJournal(journal: \"{journal}\", form: CSV) {{ id }} }}");
    let refused = office.ask(&stranger, &operation).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
}
