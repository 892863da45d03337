//! The registers that offices sent, against what a right import finds in them.

use std::path::PathBuf;

use chrono::NaiveDate;
use encoding_rs::WINDOWS_1251;
use serde_json::Value;

use super::*;
use crate::domain::names::NameKey;

fn data(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn expected() -> String {
    String::from_utf8(data("register-2k.expected.json")).expect("UTF-8")
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).expect("a date")
}

fn forty_units() -> Register<u32, u32> {
    let mut register = Register::new();
    for number in 1..=40 {
        register.add_unit(&format!("ППО № {number}"), number);
    }
    register
}

fn import(bytes: &[u8], name: &str, register: Register<u32, u32>) -> (Report, Vec<RowOutcome<u32, u32>>) {
    let table = Table::read(bytes, name, &Limits::default()).expect("a readable table");
    let layout = Layout::find(&table).expect("a header");
    let mut import = Import::new(&table, &layout, register, today()).expect("a usable mapping");
    let outcomes: Vec<_> = import.by_ref().collect();
    let (seen, total) = import.progress();
    assert_eq!(seen, total);
    (import.report(), outcomes)
}

#[track_caller]
fn check(bytes: &[u8], name: &str) {
    let (report, _) = import(bytes, name, forty_units());
    // Compared as text: the keys and the units must also come in the expected order.
    let ours = serde_json::to_string(&report).expect("serializes");
    let expected = expected();
    let theirs: Report = serde_json::from_str(&expected).expect("the expected report reads back");
    assert_eq!(ours, serde_json::to_string(&theirs).expect("serializes"));
    assert_eq!(
        serde_json::from_str::<Value>(&ours).expect("JSON"),
        serde_json::from_str::<Value>(&expected).expect("JSON")
    );
}

#[test]
fn the_workbook_gives_the_expected_report() {
    check(&data("register-2k.xlsx"), "register-2k.xlsx");
}

#[test]
fn the_windows_1251_table_gives_the_expected_report() {
    check(&data("register-2k.cp1251.csv"), "register-2k.cp1251.csv");
}

#[test]
fn the_same_table_in_utf_8_with_tabs_or_commas_gives_the_expected_report() {
    let bytes = data("register-2k.cp1251.csv");
    let (text, _, had_errors) = WINDOWS_1251.decode(&bytes);
    assert!(!had_errors);
    check(format!("\u{feff}{}", text.replace(';', "\t")).as_bytes(), "register.csv");
    // The header has commas in it, so its cell is quoted as a spreadsheet would.
    let quoted = text.replace("Фамилия, имя, отчество", "\"Фамилия, имя, отчество\"").replace(';', ",");
    check(quoted.replace("\r\n", "\n").as_bytes(), "register.txt");
}

#[test]
fn the_workbook_keeps_its_row_numbers_and_skips_titles_and_the_other_sheet() {
    let bytes = data("register-2k.xlsx");
    let table = Table::read(&bytes, "register-2k.xlsx", &Limits::default()).expect("a readable table");
    let layout = Layout::find(&table).expect("a header");
    assert_eq!((layout.sheet, layout.sheet_name.as_str(), layout.header_row), (0, "Реестр", 4));
    assert_eq!(table.sheets().len(), 2);
    let mapped = layout.mapping.columns.iter().filter(|column| column.field.is_some()).count();
    assert_eq!((layout.mapping.columns.len(), mapped), (13, 12));

    let (_, outcomes) = import(&bytes, "register-2k.xlsx", forty_units());
    assert_eq!(outcomes.first().map(|outcome| outcome.row_number), Some(5));
    assert_eq!(outcomes.last().map(|outcome| outcome.row_number), Some(2013));
}

#[test]
fn both_files_give_the_same_people() {
    let accepted = |outcomes: Vec<RowOutcome<u32, u32>>| -> Vec<_> {
        let verdicts = outcomes.into_iter().map(|outcome| outcome.verdict);
        verdicts
            .filter_map(|verdict| match verdict {
                Verdict::Accepted { person, unit } => Some((*person, unit)),
                _ => None,
            })
            .collect()
    };
    let (_, from_workbook) = import(&data("register-2k.xlsx"), "a.xlsx", forty_units());
    let (_, from_text) = import(&data("register-2k.cp1251.csv"), "a.csv", forty_units());
    let (from_workbook, from_text) = (accepted(from_workbook), accepted(from_text));
    assert_eq!(from_workbook.len(), 1907);
    assert_eq!(from_workbook, from_text);
    let shown = serde_json::to_value(&from_workbook[15].0).expect("serializes");
    assert_eq!(shown["name"]["surname"], "Никонова");
    assert_eq!(shown["phone"], "+79000000112");
    assert_eq!(shown["joined_on"], "1980-09-01");
}

#[test]
fn importing_twice_adds_nothing() {
    let bytes = data("register-2k.xlsx");
    let (first, outcomes) = import(&bytes, "a.xlsx", forty_units());
    let mut register = forty_units();
    for (id, outcome) in (1u32..).zip(&outcomes) {
        if let Verdict::Accepted { person, .. } = &outcome.verdict {
            // Names come back from storage as text.
            register.add_person(NameKey::of(&person.name.to_string()), person.birth_date, id);
            if let Some(card) = &person.card_number {
                register.add_card(card, id);
            }
        }
    }
    let (second, outcomes) = import(&bytes, "a.xlsx", register);
    assert_eq!(second.accepted, 0);
    assert_eq!(second.duplicates, first.accepted + first.duplicates);
    assert_eq!(second.rejected, first.rejected);
    assert_eq!(second.warnings.values().sum::<u64>(), 0);
    assert_eq!(second.accepted_by_unit, UnitCounts::default());
    assert!(outcomes.iter().any(|outcome| outcome.verdict == Verdict::Duplicate { of: Holder::Record(1) }));
}
