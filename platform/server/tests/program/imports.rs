//! Imports through the real program: what offices send, and a crash in the middle.

use std::{fmt::Write, path::PathBuf};

use crate::support::{Client, PATIENCE, Server, data_dir, plenum};
use serde_json::{Value, json};

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(name)
}

async fn import(dir: &std::path::Path, file: &str) -> Value {
    let output = plenum(dir)
        .args(["import", "members", "--tenant", "register", "--format", "json"])
        .arg(data(file))
        .output()
        .await
        .expect("plenum runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

async fn check(file: &str) {
    let dir = data_dir();
    let seeded = plenum(dir.path()).arg("demo").output().await.expect("plenum runs");
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
    let expected: Value =
        serde_json::from_slice(&std::fs::read(data("register-2k.expected.json")).expect("readable"))
            .expect("JSON");
    assert_eq!(import(dir.path(), file).await, expected);
    let again = import(dir.path(), file).await;
    assert_eq!(again["accepted"], 0);
    assert_eq!(again["rows"], expected["rows"]);
}

#[tokio::test]
async fn an_excel_register_is_imported_as_expected_and_only_once() {
    check("register-2k.xlsx").await;
}

#[tokio::test]
async fn a_windows_1251_register_is_imported_as_expected_and_only_once() {
    check("register-2k.cp1251.csv").await;
}

#[tokio::test]
async fn a_file_that_is_no_register_is_refused_in_words_and_stores_nothing() {
    let dir = data_dir();
    assert!(plenum(dir.path()).arg("demo").status().await.expect("plenum runs").success());
    let file = dir.path().join("picture.xlsx");
    std::fs::write(&file, b"\x89PNG\r\n\x1a\n not a workbook").expect("written");
    let output = plenum(dir.path())
        .args(["import", "members", "--tenant", "register"])
        .arg(&file)
        .output()
        .await
        .expect("plenum runs");
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("picture.xlsx was not imported"));
    assert_eq!(import(dir.path(), "register-2k.xlsx").await["accepted"], 1907);
}

/// Rows of people who differ, all acceptable.
fn big_register(rows: usize) -> String {
    let mut csv = String::from("ФИО;Дата рождения;ППО\n");
    for index in 0..rows {
        let letters = |n: usize| {
            char::from_u32(u32::from('а') + u32::try_from(n % 32).expect("small")).expect("a Cyrillic letter")
        };
        let name: String = [index, index / 32, index / 1024, index / 32768].map(letters).iter().collect();
        writeln!(csv, "Пробный{name} Иван Иванович;01.02.1980;ППО № {}", index % 40 + 1)
            .expect("a string takes it");
    }
    csv
}

#[tokio::test]
async fn a_crash_in_the_middle_of_an_import_leaves_all_or_nothing() {
    const ROWS: usize = 40_000;
    let dir = data_dir();
    let server = Server::start(dir.path()).await;
    let keeper = Client::sign_in(&server, "keeper", "register").await;
    let file = keeper.upload("big.csv", big_register(ROWS).into_bytes()).await;
    let prepare = "mutation($file: ID!) { prepareMemberImport(file: $file) { id report { accepted } } }";
    let prepared = keeper.ask(prepare, json!({ "file": file })).await;
    assert_eq!(prepared["data"]["prepareMemberImport"]["report"]["accepted"], ROWS, "{prepared}");
    let id = prepared["data"]["prepareMemberImport"]["id"].clone();
    let commit = "mutation($id: ID!) { commitMemberImport(import: $id) { state } }";
    keeper.ask(commit, json!({ "id": id })).await;
    let state =
        "query($id: ID!) { node(id: $id) { ... on MemberImport { state progress { done } } } memberCount }";
    let begun = async {
        loop {
            let now = keeper.ask(state, json!({ "id": id })).await;
            assert_eq!(
                now["data"]["node"]["state"], "COMMITTING",
                "too late for a crash in the middle: {now}"
            );
            assert_eq!(now["data"]["memberCount"], 0, "part of an import was seen: {now}");
            if now["data"]["node"]["progress"]["done"].as_u64().unwrap_or_default() > 0 {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, begun).await.expect("the import begins");
    server.kill_everything().await;

    let server = Server::start(dir.path()).await;
    let keeper = Client::sign_in(&server, "keeper", "register").await;
    let finished = async {
        loop {
            let now = keeper.ask(state, json!({ "id": id })).await;
            let count = now["data"]["memberCount"].as_u64().expect("a number");
            assert!(count == 0 || count == ROWS as u64, "part of an import is there: {now}");
            match now["data"]["node"]["state"].as_str() {
                Some("COMMITTING") => {}
                Some("DONE") if count == ROWS as u64 => break,
                // Committed between the two fields of one answer.
                Some("DONE") => {}
                other => panic!("the import ended as {other:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, finished).await.expect("the import is done after the restart");
    server.stop().await;
}
