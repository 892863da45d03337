//! Everything that can be recorded has words in both languages.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use plenum_server::audit_words::ACTIONS;

/// What writes an entry.
const CALLS: &[&str] = &[
    "plenum_audit::record(",
    "record_read(",
    "record_read_by_link(",
    "    record(tx, \"",
    "    record(&mut tx, \"",
];
/// Actions that are chosen by the code before the call, with the file that does.
const CHOSEN: &[(&str, &[&str])] = &[
    (
        "modules/documents/src/actions/move_task.rs",
        &["documents.accept_task", "documents.begin_task", "documents.report_task", "documents.return_task"],
    ),
    ("modules/documents/src/verification.rs", &["documents.sign_step"]),
    (
        "platform/identity/src/notices.rs",
        &[
            "identity.add_passkey",
            "identity.add_totp",
            "identity.change_email",
            "identity.change_password",
            "identity.refuse_copied_passkey",
            "identity.remove_factors",
            "identity.remove_passkey",
            "identity.remove_totp",
            "identity.renew_recovery_codes",
            "identity.use_recovery_code",
        ],
    ),
    (
        "platform/federation/src/graphql/mod.rs",
        &[
            "federation.ask_deletion",
            "federation.call_off_deletion",
            "federation.create_tenant",
            "federation.invite_administrator",
            "federation.limit_tenant",
            "federation.resume_tenant",
            "federation.suspend_tenant",
        ],
    ),
];
/// Files in which an entry is written whose action was chosen before.
const CHOOSING: &[&str] = &[
    "modules/documents/src/actions/move_task.rs",
    "modules/documents/src/actions/sign_step.rs",
    "platform/federation/src/actions/steer_tenant.rs",
    "platform/federation/src/graphql/mod.rs",
    "platform/identity/src/trail.rs",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The `src` folders of what is shipped.
fn shipped() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for layer in ["platform", "modules"] {
        for entry in fs::read_dir(root().join(layer)).expect("a folder can be read") {
            let source = entry.expect("an entry can be read").path().join("src");
            if source.is_dir() {
                sources(&source, &mut found);
            }
        }
    }
    found
}

/// The first text in the arguments of a call that is an action: `"module.verb"`.
fn action(arguments: &str) -> Option<&str> {
    let end = arguments.find(';').unwrap_or(arguments.len());
    let mut texts = arguments[..end].split('"').skip(1).step_by(2);
    texts.find(|text| {
        text.split_once('.').is_some_and(|(module, verb)| {
            let word = |part: &str| {
                !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            };
            word(module) && word(verb)
        })
    })
}

fn recorded() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in shipped() {
        let text = fs::read_to_string(&path).expect("a source can be read");
        let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
        let name = path.strip_prefix(root()).expect("it is below").to_string_lossy().into_owned();
        // The crate of the record itself only passes on what it is given.
        if name.starts_with("platform/audit/") {
            continue;
        }
        for call in CALLS {
            for (at, _) in shipped.match_indices(call) {
                // The literal may be part of what is looked for.
                let arguments = &shipped[at..];
                match action(arguments) {
                    Some(action) => found.insert(action.to_owned()),
                    None => {
                        let known = CHOOSING.contains(&name.as_str());
                        let call: String = arguments.chars().take(80).collect();
                        assert!(known, "{name}: an entry whose action is not written there: {call}");
                        true
                    }
                };
            }
        }
    }
    for (file, actions) in CHOSEN {
        let text = fs::read_to_string(root().join(file)).expect("a source can be read");
        for action in *actions {
            assert!(text.contains(&format!("\"{action}\"")), "{file} chooses no {action} any more");
            found.insert((*action).to_owned());
        }
    }
    found
}

#[test]
fn every_action_that_can_be_recorded_has_words_in_both_languages() {
    let named: BTreeSet<String> = ACTIONS.iter().map(|words| words.action.to_owned()).collect();
    assert_eq!(named.len(), ACTIONS.len(), "an action has words twice");
    let recorded = recorded();
    let missing: Vec<_> = recorded.difference(&named).collect();
    assert!(missing.is_empty(), "recorded without words (platform/server/src/audit_words.rs): {missing:?}");
    let idle: Vec<_> = named.difference(&recorded).collect();
    assert!(idle.is_empty(), "words of what nothing records: {idle:?}");
    assert!(recorded.len() > 100, "{recorded:?}");
    let russian = |letter: char| ('а'..='я').contains(&letter.to_lowercase().next().unwrap_or(letter));
    for words in ACTIONS {
        assert!(words.title.ru.chars().any(russian), "{} has no words in Russian", words.action);
        assert!(!words.title.en.is_empty() && !words.title.en.chars().any(russian), "{}", words.action);
    }
}

#[test]
fn reads_are_told_apart_from_changes_by_their_verb() {
    for path in shipped() {
        let text = fs::read_to_string(&path).expect("a source can be read");
        for (at, _) in text.match_indices("record_read(&") {
            let action = action(&text[at..]).expect("the action is written there");
            let verb = action.split_once('.').map(|(_, verb)| verb).unwrap_or_default();
            assert!(verb.starts_with("read_") || action == "audit.check", "{}: {action}", path.display());
        }
    }
}
