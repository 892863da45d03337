//! The list of attacks is whole, and what it says is shown by tests that are there.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// What the list must hold.
const ATTACKS: &[&str] = &[
    "Session fixation",
    "CSRF",
    "Cross-site WebSocket",
    "Path traversal in names and archives",
    "ZIP bomb",
    "SVG and HTML uploads",
    "GraphQL depth flood",
    "GraphQL alias flood",
    "GraphQL batch flood",
    "GraphQL directive flood",
    "GraphQL fragment flood",
    "Half-open sockets",
    "Log injection",
    "Header injection in mail",
    "Formula injection in exports",
    "Role escalation by own role editing",
    "Replay of reset links",
    "Replay of invitations",
    "SSRF by outgoing settings",
    "TURN relay abuse",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The lines of the table: the attack, what answers, the tests.
fn lines(text: &str) -> Vec<[&str; 3]> {
    text.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---"))
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            cells.try_into().unwrap_or_else(|cells| panic!("three cells: {cells:?}"))
        })
        .collect()
}

/// The tests of a cell: «`file`: `name`, `name`; `file`: …».
fn tests(cell: &str) -> Vec<(&str, Vec<&str>)> {
    let word = |text: &str| -> bool { text.starts_with('`') && text.ends_with('`') && text.len() > 2 };
    cell.split("; ")
        .map(|part| {
            let (file, names) = part.split_once(": ").unwrap_or_else(|| panic!("a file and tests: {part}"));
            // A test in a browser may have a comma in its name.
            let names: Vec<&str> = names.split("`, `").map(|name| name.trim_matches('`')).collect();
            assert!(word(file) && !names.is_empty(), "a file and tests: {part}");
            (file.trim_matches('`'), names)
        })
        .collect()
}

/// Whether a source has this test, marked as one.
fn has(source: &str, name: &str) -> bool {
    if source.contains(&format!("test('{name}'")) {
        return true;
    }
    let Some(at) = source.find(&format!("fn {name}(")) else { return false };
    let before = &source[..at];
    let mark = before.rfind("#[test]").max(before.rfind("#[tokio::test"));
    // Nothing else is defined between the mark and the test; properties are marked within their macro.
    mark.is_some_and(|mark| !before[mark..].contains("\n}"))
}

#[test]
fn each_attack_is_answered_by_tests_that_are_there() {
    let text = fs::read_to_string(root().join("docs/reference/attacks.md")).expect("the list is there");
    let lines = lines(&text);
    for attack in ATTACKS {
        assert!(lines.iter().any(|[name, ..]| name == attack), "«{attack}» is not in the list");
    }
    for [attack, answer, cell] in lines {
        assert!(answer.len() > 60, "«{attack}» is not told of");
        for (file, names) in tests(cell) {
            let source =
                fs::read_to_string(root().join(file)).unwrap_or_else(|_| panic!("{attack}: no {file}"));
            for name in names {
                assert!(has(&source, name), "{attack}: there is no test {name} in {file}");
            }
        }
    }
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    let source = "#[test]\nfn one() {\n}\n\nfn helper() {\n}\n\n    #[tokio::test]\n    async fn other() {\n";
    assert!(has(source, "one") && has(source, "other"));
    assert!(!has(source, "helper") && !has(source, "on") && !has(source, "another"));
    assert!(has("test('two, and three', async", "two, and three"));
    assert_eq!(tests("`a`: `b`, `c`; `d`: `e`"), [("a", vec!["b", "c"]), ("d", vec!["e"])]);
}

/// Libraries that open connections to addresses, and the crates that use them, each with the setting that names the
/// address. What is added here is an outgoing setting: it belongs into the list of attacks.
const CALLERS: &[(&str, &str)] = &[
    // PLENUM_SMTP_URL, by whoever runs the server.
    ("platform/mail", "lettre"),
    // PLENUM_S3_ENDPOINT, by whoever runs the server.
    ("platform/files", "object_store"),
    // What organizations set: the crate that is for this, and refuses addresses of the inside.
    ("platform/outgoing", "hyper-util"),
    // Answers only: its features are those of a server.
    ("platform/server", "hyper-util"),
];

#[test]
fn nothing_calls_out_but_what_is_listed() {
    const LIBRARIES: &[&str] = &[
        "reqwest",
        "hyper-util",
        "ureq",
        "isahc",
        "curl",
        "surf",
        "lettre",
        "object_store",
        "openidconnect",
    ];
    let mut seen = 0;
    for group in ["platform", "modules"] {
        for manifest in manifests(&root().join(group)) {
            let text = fs::read_to_string(&manifest).expect("a manifest is text");
            // Tests call what they like.
            let used = text.split("[dev-dependencies]").next().unwrap_or_default();
            let folder = manifest.parent().expect("it is in a folder");
            let folder = folder.strip_prefix(root()).expect("below the top").display().to_string();
            for library in LIBRARIES {
                let uses = |line: &str| line.split(['.', ' ', '=']).next() == Some(*library);
                if used.lines().any(uses) {
                    seen += 1;
                    assert!(
                        CALLERS.contains(&(folder.as_str(), *library)),
                        "{folder} calls out by {library}"
                    );
                }
            }
        }
    }
    assert!(seen >= 2, "{seen}");
}

fn manifests(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(manifests(&path));
        } else if path.ends_with("Cargo.toml") {
            found.push(path);
        }
    }
    found
}
