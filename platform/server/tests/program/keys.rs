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
