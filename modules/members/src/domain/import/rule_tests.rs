//! One test for each rule, and properties that hold for every register.

use std::io::{Cursor, Write};

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::domain::card::CardNumber;
use crate::domain::names::NameKey;

const HEADER: &str = "№;ФИО;Дата рождения;Пол;Телефон;Эл. почта;Первичная организация;Дата вступления;№ профбилета;Согласие;Выборная должность";

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 10, 1).expect("a date")
}

fn register() -> Register<&'static str, &'static str> {
    let mut register = Register::new();
    register.add_unit("ППО № 1", "one");
    register.add_unit("ППО № 2", "two");
    register.add_unit("Цех", "left shop");
    register.add_unit("Цех", "right shop");
    let born = NaiveDate::from_ymd_opt(1980, 1, 2).expect("a date");
    register.add_person(NameKey::of("Сёмин Пётр Ильич"), born, "semin");
    register.add_card(&CardNumber::parse("48-11-1").expect("has digits"), "semin");
    register
}

type Outcome = RowOutcome<&'static str, &'static str>;

fn import(text: &str) -> (Report, Vec<Outcome>) {
    let table = Table::read(text.as_bytes(), "register.csv", &Limits::default()).expect("a readable table");
    let layout = Layout::find(&table).expect("a header");
    let mut import = Import::new(&table, &layout, register(), today()).expect("a usable mapping");
    let outcomes = import.by_ref().collect();
    (import.report(), outcomes)
}

fn import_rows(rows: &[&str]) -> (Report, Vec<Outcome>) {
    import(&format!("{HEADER}\n{}\n", rows.join("\n")))
}

fn codes(outcome: &Outcome) -> Vec<Code> {
    outcome.problems.iter().map(|problem| problem.code).collect()
}

/// One row, the rule that refuses it, and everything else that is said about it.
#[track_caller]
fn check(row: &str, verdict: Option<Code>, problems: &[Code]) {
    let (report, outcomes) = import_rows(&[row]);
    let [outcome] = &outcomes[..] else { panic!("one row, not {outcomes:?}") };
    match (&outcome.verdict, verdict) {
        (Verdict::Accepted { .. }, None) => assert_eq!(report.accepted, 1),
        (Verdict::Rejected(code), Some(expected)) => {
            assert_eq!(*code, expected);
            assert_eq!(report.rejected[&expected], 1);
            assert_eq!(report.warnings.values().sum::<u64>(), 0, "warnings count on accepted rows only");
        }
        (verdict, expected) => panic!("{verdict:?}, not {expected:?}"),
    }
    assert_eq!(codes(outcome), problems);
}

#[test]
fn a_clean_row_is_accepted_without_problems() {
    check("1;Ким Анна Ли;01.02.1990;ж;89000000001;a@b.ru;ППО № 1;01.02.2010;5;да;казначей", None, &[]);
}

#[test]
fn a_row_without_name_is_rejected() {
    check("1;  ;01.02.1990;ж;;;ППО № 1;;;да;", Some(Code::NameMissing), &[Code::NameMissing]);
    check("1;Ким;01.02.1990;ж;;;ППО № 1;;;да;", Some(Code::NameMissing), &[Code::NameMissing]);
}

#[test]
fn impossible_birth_dates_are_rejected() {
    for date in ["", "31.02.1985", "02.10.2026", "01.01.1899", "32.01.1979", "00.00.0000"] {
        let row = format!("1;Ким Анна Ли;{date};ж;;;ППО № 1;;;да;");
        check(&row, Some(Code::BirthDateInvalid), &[Code::BirthDateInvalid]);
    }
    check("1;Ким Анна Ли;01.10.2026;ж;;;ППО № 1;;;да;", None, &[]);
}

#[test]
fn an_unknown_or_ambiguous_unit_is_rejected() {
    check("1;Ким Анна Ли;01.02.1990;ж;;;ППО № 404;;;да;", Some(Code::UnitUnknown), &[Code::UnitUnknown]);
    check("1;Ким Анна Ли;01.02.1990;ж;;;;;;да;", Some(Code::UnitUnknown), &[Code::UnitUnknown]);
    check("1;Ким Анна Ли;01.02.1990;ж;;;Цех;;;да;", Some(Code::UnitAmbiguous), &[Code::UnitAmbiguous]);
    check("1;Ким Анна Ли;01.02.1990;ж;;;ппо №2;;;да;", None, &[]);
}

#[test]
fn a_card_of_someone_else_is_rejected() {
    check(
        "1;Ким Анна Ли;01.02.1990;ж;;;ППО № 1;; 48-11-1 ;да;",
        Some(Code::CardNumberTaken),
        &[Code::CardNumberTaken],
    );
    let (report, outcomes) = import_rows(&[
        "1;Ким Анна Ли;01.02.1990;ж;;;ППО № 1;;77;да;",
        "2;Ли Ольга Ким;01.02.1991;ж;;;ППО № 1;;77;да;",
        "3;Ан Вера Ли;01.02.1991;ж;;;ППО № 1;;б/н;да;",
        "4;Ан Нина Ли;01.02.1991;ж;;;ППО № 1;;б/н;да;",
    ]);
    assert_eq!((report.accepted, report.rejected[&Code::CardNumberTaken]), (3, 1));
    let problem = &outcomes[1].problems[0];
    assert_eq!(problem.other_row, Some(2));
    assert_eq!(problem.column.map(|column| column.to_string()).as_deref(), Some("I"));
    assert_eq!(problem.value.as_deref(), Some("77"));
}

#[test]
fn joining_before_birth_is_rejected() {
    check(
        "1;Ким Анна Ли;01.02.1990;ж;;;ППО № 1;31.01.1990;;да;",
        Some(Code::JoinedBeforeBirth),
        &[Code::JoinedBeforeBirth],
    );
}

#[test]
fn the_first_broken_rule_counts_and_all_are_shown() {
    let broken = [Code::UnitUnknown, Code::CardNumberTaken, Code::JoinedBeforeBirth, Code::PatronymicMissing];
    check("1;Ким Анна;01.02.1990;ж;;;ППО № 9;31.01.1990;48-11-1;да;", Some(Code::UnitUnknown), &broken);
    check(
        "1;Ким Анна;01.02.1990;ж;;;ППО № 1;31.01.1990;48-11-1;да;",
        Some(Code::CardNumberTaken),
        &broken[1..],
    );
    check(
        "1;;31.02.1990;ж;;;ППО № 9;;48-11-1;да;",
        Some(Code::NameMissing),
        &[Code::NameMissing, Code::BirthDateInvalid, Code::UnitUnknown, Code::CardNumberTaken],
    );
}

#[test]
fn bad_values_are_left_out_with_a_warning() {
    let warnings = [
        Code::EmailInvalid,
        Code::PhoneInvalid,
        Code::PatronymicMissing,
        Code::ConsentMissing,
        Code::JoinedOnInvalid,
        Code::SexInvalid,
    ];
    let row = "1;Ким Анна;01.02.1990;?;12345;petrov@;ППО № 1;давно;;нет;нет";
    check(row, None, &warnings);
    let (report, outcomes) = import_rows(&[row]);
    assert!(warnings.iter().all(|code| report.warnings[code] == 1));
    assert_eq!(report.accepted_with_elected_office, 0);
    let Verdict::Accepted { person, unit } = &outcomes[0].verdict else { panic!("accepted") };
    assert_eq!(*unit, "one");
    assert_eq!((&person.sex, &person.phone, &person.email, &person.joined_on), (&None, &None, &None, &None));
    assert_eq!((person.consent, &person.elected_office), (Consent::Refused, &None));
}

#[test]
fn the_same_name_and_birth_date_is_a_duplicate_before_all_other_rules() {
    let (report, outcomes) = import_rows(&[
        "1;  СЕМИН  петр  Ильич ;02.01.1980;;;;ППО № 404;;48-11-1;;",
        "2;Ким Анна Ли;01.02.1990;ж;;;ППО № 404;;;да;",
        "3;Ким Анна Ли;01.02.1990;ж;;;ППО № 1;;;да;",
        "4;КИМ Анна Ли;1990-02-01;ж;;;ППО № 2;;;да;",
        "5;Ким Анна Ли;02.02.1990;ж;;;ППО № 2;;;да;",
    ]);
    assert_eq!(outcomes[0].verdict, Verdict::Duplicate { of: Holder::Record("semin") });
    assert_eq!(
        outcomes[1].verdict,
        Verdict::Rejected(Code::UnitUnknown),
        "a rejected row is nobody's original"
    );
    assert_eq!(outcomes[3].verdict, Verdict::Duplicate { of: Holder::Row(4) });
    assert_eq!((report.rows, report.accepted, report.duplicates), (5, 2, 2));
    let by_unit = [("ППО № 1".to_owned(), 1), ("ППО № 2".to_owned(), 1)];
    assert_eq!(report.accepted_by_unit, UnitCounts(by_unit.into()));
}

#[test]
fn blank_rows_titles_and_footers_are_no_rows() {
    let good = "Ким Анна Ли;01.02.1990;ж;;;ППО № 1;;;да;";
    let text = format!(
        "Реестр\n\n{HEADER}\n1;2;3;4;5;6;7;8;9;10;11\n\n1;{good}\n\n;;;\n;— ;;\n12;;;;\n;Цех сборки;;;\n{HEADER}\n2;{}\n\n\
         ;Итого: 2 чел.;;\n;Председатель;;;;;Петров П.П.;\n;М.П.;;;\n;подпись /Сидоров/;;;\n",
        good.replace("Анна", "Ольга")
    );
    let (report, outcomes) = import(&text);
    let numbers: Vec<u32> = outcomes.iter().map(|outcome| outcome.row_number).collect();
    assert_eq!(numbers, [6, 13]);
    assert_eq!((report.rows, report.accepted, report.blank_rows), (2, 2, 4));
}

#[test]
fn a_lone_name_is_refused_and_not_passed_over() {
    check(
        ";Ким Анна Ивановна;;;;;;;;;",
        Some(Code::BirthDateInvalid),
        &[Code::BirthDateInvalid, Code::UnitUnknown, Code::ConsentMissing],
    );
}

#[test]
fn a_name_in_three_columns_is_the_same_person() {
    let (report, _) = import(
        "Фамилия;Имя;Отчество;Дата рождения;ППО\nСемин;Петр;Ильич;02.01.1980;ППО № 1\nКим;Анна;;01.02.1990;ППО № 1\n",
    );
    assert_eq!((report.duplicates, report.accepted, report.warnings[&Code::PatronymicMissing]), (1, 1, 1));
}

#[test]
fn files_that_are_no_register_are_named_for_what_they_are() {
    let read = |bytes: &[u8], name: &str| {
        Table::read(bytes, name, &Limits::default())
            .and_then(|table| Layout::find(&table))
            .expect_err("refused")
            .code()
    };
    let mut encrypted = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0];
    assert_eq!(read(&encrypted, "a.xls"), "file_old_workbook");
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&encrypted, "a.xlsx"), "file_encrypted");
    assert_eq!(read(b"", "a.csv"), "file_empty");
    assert_eq!(read(b" \r\n;;\r\n", "a.csv"), "file_empty");
    assert_eq!(read(b"hello", "a.xlsx"), "file_not_a_spreadsheet");
    assert_eq!(read(b"%PDF-1.7 text", "a.csv"), "file_not_a_spreadsheet");
    assert_eq!(read(b"\x89PNG\r\n\x1a\n\0\0", "a"), "file_not_a_spreadsheet");
    assert_eq!(read(b"PK\x03\x04 and then nothing", "a.xlsx"), "file_damaged");
    assert_eq!(read(&archive(&[("word/document.xml", b"<w/>")]), "a.docx"), "file_not_a_spreadsheet");
    assert_eq!(read("Товар;Цена\nГвозди;1\n".as_bytes(), "a.csv"), "file_no_header");
    assert_eq!(
        read(
            &workbook("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Привет</t></is></c></row>"),
            "a.xlsx"
        ),
        "file_no_header"
    );
    assert_eq!(read(&workbook(""), "a.xlsx"), "file_empty");
}

#[test]
fn what_exceeds_a_limit_is_refused() {
    let refused = |bytes: &[u8], limits: Limits| match Table::read(bytes, "a", &limits) {
        Err(ReadError::TooLarge { what, .. }) => what,
        other => panic!("{other:?}"),
    };
    let text = "ФИО;Пол\nА;м\nБ;ж\n".as_bytes();
    assert_eq!(refused(text, Limits { file_bytes: 5, ..Limits::default() }), Size::FileBytes);
    assert_eq!(refused(text, Limits { rows: 2, ..Limits::default() }), Size::Rows);
    assert_eq!(refused(text, Limits { text_bytes: 16, ..Limits::default() }), Size::TextBytes);
    let bomb = workbook(&" ".repeat(1 << 20));
    assert!(bomb.len() < 20_000, "the archive itself is small");
    assert_eq!(refused(&bomb, Limits { unpacked_bytes: 1 << 19, ..Limits::default() }), Size::UnpackedBytes);
}

#[test]
fn a_lone_far_cell_costs_no_grid() {
    let far = workbook("<row r=\"1048576\"><c r=\"XFD1048576\" t=\"inlineStr\"><is><t>А</t></is></c></row>");
    let table = Table::read(&far, "a.xlsx", &Limits::default()).expect("a readable table");
    let row = table.sheets()[0].row(0).expect("a row");
    assert_eq!((row.number(), row.cell(Column(16_383))), (1_048_576, Cell::Text("А")));
    assert_eq!(row.cells().count(), 1);
}

#[test]
fn a_place_beyond_all_sheets_is_no_crash() {
    // Whether the library's arithmetic panics or wraps depends on how it was built; either is survived.
    let bytes = workbook("<row r=\"1\"><c r=\"A5000000000\"><v>1</v></c></row>");
    assert!(!matches!(Table::read(&bytes, "a.xlsx", &Limits::default()), Err(ReadError::NotASpreadsheet)));
}

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("starts a file");
        writer.write_all(content).expect("writes to memory");
    }
    writer.finish().expect("closes the archive").into_inner()
}

/// The smallest workbook: one sheet with these rows.
fn workbook(rows: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let packages = "http://schemas.openxmlformats.org/package/2006/relationships";
    let sheet = format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>");
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let links = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{packages}\"><Relationship Id=\"rId1\" Type=\"{relations}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    archive(&[
        ("_rels/.rels", links("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links("worksheet", "worksheets/sheet1.xml").as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A row of a register with all kinds of dirt, from few enough values that rows collide.
fn dirty_row() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "",
        "Ким Анна",
        "КИМ анна",
        "Ким  Анна Ли",
        "Сёмин Пётр Ильич",
        "семин петр ильич",
        "Ан Вера Ли",
    ]);
    let born = prop::sample::select(vec![
        "",
        "02.01.1980",
        "1980-01-02",
        "31.02.1985",
        "2 января 1980 г.",
        "03.03.1990",
    ]);
    let email = prop::sample::select(vec!["", "a@b.ru", "нет"]);
    let unit = prop::sample::select(vec!["ППО № 1", "ППО №2", "Цех", "", "ППО № 404"]);
    let joined = prop::sample::select(vec!["", "01.01.1970", "01.01.2010", "давно"]);
    let card = prop::sample::select(vec!["", "48-11-1", "5", "6", "б/н"]);
    (name, born, email, unit, joined, card).prop_map(|(name, born, email, unit, joined, card)| {
        format!("7;{name};{born};ж;;{email};{unit};{joined};{card};да;x")
    })
}

/// A row that breaks no rule; the same person always comes with the same values.
fn clean_row() -> impl Strategy<Value = String> {
    (0u32..20, any::<bool>()).prop_map(|(person, loud)| {
        let letter = char::from_u32('А' as u32 + person).expect("a letter");
        let name = format!("Ким{letter} Анна Ли");
        let name = if loud { name.to_uppercase() } else { name };
        format!("1;{name};01.02.1990;ж;;нет;ППО № {};;{};да;", person % 2 + 1, person + 100)
    })
}

proptest! {
    #[test]
    fn the_counts_add_up_and_a_second_import_adds_nothing(rows in prop::collection::vec(dirty_row(), 0..40)) {
        let text = format!("{HEADER}\n{}\n", rows.join("\n"));
        let table = Table::read(text.as_bytes(), "a.csv", &Limits::default()).expect("a readable table");
        let layout = Layout::find(&table).expect("a header");
        let mut first = Import::new(&table, &layout, register(), today()).expect("a usable mapping");
        let mut again = register();
        for outcome in first.by_ref() {
            if let Verdict::Accepted { person, .. } = &outcome.verdict {
                again.add_person(person.name.key(), person.birth_date, "new");
                if let Some(card) = &person.card_number {
                    again.add_card(card, "new");
                }
            }
        }
        let first = first.report();
        prop_assert_eq!(first.rows, rows.len() as u64);
        prop_assert_eq!(first.rows, first.accepted + first.duplicates + first.rejected.values().sum::<u64>());
        prop_assert_eq!(first.accepted, first.accepted_by_unit.0.iter().map(|(_, count)| count).sum::<u64>());
        prop_assert!(first.warnings.values().all(|count| *count <= first.accepted));

        let second = Import::new(&table, &layout, again, today()).expect("a usable mapping").finish();
        prop_assert_eq!(second.accepted, 0);
        prop_assert_eq!(second.rows, first.rows);
        prop_assert!(second.duplicates >= first.accepted + first.duplicates);
    }

    #[test]
    fn the_order_of_the_rows_does_not_change_the_counts(
        rows in prop::collection::vec(clean_row(), 0..30).prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))
    ) {
        let count = |rows: &[String]| import(&format!("{HEADER}\n{}\n", rows.join("\n"))).0;
        prop_assert_eq!(count(&rows.0), count(&rows.1));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), magic in 0usize..4, name in "[a-z]{0,3}(\\.xlsx|\\.csv)?") {
        let magic: &[u8] = [&b""[..], b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\xFF\xFE"][magic];
        let _ = Table::read(&[magic, &bytes].concat(), &name, &Limits::default()).and_then(|table| Layout::find(&table));
    }

    #[test]
    fn no_sheet_makes_the_reader_panic(rows in "(<row r=\"[0-9]{0,11}\">|</row>|<c( r=\"[A-Z]{0,5}[0-9]{0,11}\")?( t=\"(n|s|b|e|str|d|inlineStr)\")?( s=\"[0-9]\")?>|</c>|<v>|</v>|<is><t>|</t></is>|[-0-9.eA-Я]{1,12}){0,40}") {
        let _ = Table::read(&workbook(&rows), "a.xlsx", &Limits::default());
    }

    #[test]
    fn any_text_below_a_header_gets_a_verdict(text in "[ -~А-яё\n;\"\t]{0,200}") {
        let (report, outcomes) = import(&format!("{HEADER}\n{text}"));
        prop_assert_eq!(report.rows, outcomes.len() as u64);
    }
}
