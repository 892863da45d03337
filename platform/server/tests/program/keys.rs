//! Keys from the command line, on a real installation.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::support::{data_dir, plenum};

/// What a command prints, and whether it did well.
async fn run(data: &Path, arguments: &[&str]) -> (String, bool) {
    let output = plenum(data).args(arguments).output().await.expect("plenum runs");
    let all = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&all).into_owned(), output.status.success())
}

#[tokio::test]
async fn keys_are_rotated_and_wrapped_anew_and_a_lost_master_key_is_told() {
    let dir = data_dir();
    let master = dir.path().join("master.key");
    let (said, well) = run(dir.path(), &["demo"]).await;
    assert!(well, "{said}");
    let first = fs::read_to_string(&master).expect("made at the first start");
    assert_eq!(fs::metadata(&master).expect("there").permissions().mode() & 0o777, 0o600);

    let (said, well) = run(dir.path(), &["keys", "rotate", "--tenant", "education"]).await;
    assert!(well && said.contains("education: key 2 seals from now on"), "{said}");
    let (said, well) = run(dir.path(), &["keys", "rotate", "--tenant", "nobody"]).await;
    assert!(!well && said.contains("there is no organization «nobody»"), "{said}");
    let (said, well) = run(dir.path(), &["keys", "rewrap"]).await;
    assert!(well && said.contains("master.key.old"), "{said}");
    assert_ne!(fs::read_to_string(&master).expect("there"), first);
    assert_eq!(fs::read_to_string(dir.path().join("master.key.old")).expect("kept"), first);
    let (said, well) = run(dir.path(), &["keys", "status"]).await;
    assert!(well && said.contains("education: key 2 since") && said.contains("1 older ones"), "{said}");

    fs::remove_file(&master).expect("lost");
    let (said, well) = run(dir.path(), &["keys", "status"]).await;
    assert!(!well && said.contains("the master key is missing"), "{said}");
    assert!(!master.exists(), "nothing was made in its place");
    fs::write(&master, first).expect("the one from before");
    let (said, well) = run(dir.path(), &["keys", "status"]).await;
    assert!(!well && said.contains("the master key is the wrong one"), "{said}");
}

#[tokio::test]
async fn the_doctor_tells_in_both_languages_and_by_its_exit() {
    let dir = data_dir();
    let (said, well) = run(dir.path(), &["demo"]).await;
    assert!(well, "{said}");
    fs::set_permissions(dir.path().join("master.key"), fs::Permissions::from_mode(0o644)).expect("opened");
    let output = plenum(dir.path()).args(["doctor", "--json"]).output().await.expect("plenum runs");
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let codes: Vec<_> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["code"].as_str())
        .collect();
    for code in [
        "key_file_open",
        "demo_accounts",
        "master_key_beside_the_database",
        "mail_goes_nowhere",
        "record_unchecked",
        "backups_unknown",
    ] {
        assert!(codes.contains(&code), "{code} is not in {codes:?}");
    }
    for code in ["database_unreachable", "role_too_powerful", "row_security_missing", "durability_off"] {
        assert!(!codes.contains(&code), "{code} is in {codes:?}");
    }
    let (said, _) = run(dir.path(), &["doctor", "--lang", "ru"]).await;
    assert!(said.contains("ОПАСНО: Файл с секретом могут прочесть другие"), "{said}");
    let (said, _) = run(dir.path(), &["doctor", "--lang", "en"]).await;
    assert!(said.contains("What to do: chmod 600"), "{said}");

    let (said, well) = run(dir.path(), &["audit", "verify"]).await;
    assert!(well, "{said}");
    let (said, _) = run(dir.path(), &["doctor", "--json"]).await;
    assert!(!said.contains("record_unchecked"), "{said}");
}

#[tokio::test]
async fn lost_factors_are_taken_away_from_the_command_line() {
    let dir = data_dir();
    let (said, well) = run(dir.path(), &["demo"]).await;
    assert!(well, "{said}");
    let (said, well) = run(dir.path(), &["accounts", "remove-factors", "nobody@plenum.example"]).await;
    assert!(!well && said.contains("there is no account «nobody@plenum.example»"), "{said}");
    let (said, well) = run(dir.path(), &["accounts", "remove-factors", "Chair@plenum.example"]).await;
    assert!(well && said.contains("removed: no authenticator, 0 passkeys, all recovery codes"), "{said}");
    assert!(said.contains("The holder was told by mail"), "{said}");
}
