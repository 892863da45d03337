//! The rules of the layout: who may depend on whom, and where things may stand.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// The dependencies of one crate of the workspace.
struct Crate {
    name: String,
    /// Its folder, from the workspace's root: `modules/bodies/api`.
    folder: String,
    dependencies: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("the guards are two levels down")
        .to_path_buf()
}

fn crates() -> Vec<Crate> {
    let root = root();
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .other_options(vec!["--offline".to_owned()])
        .exec()
        .expect("cargo metadata answers");
    metadata
        .packages
        .iter()
        .map(|package| {
            let folder = package.manifest_path.parent().expect("a manifest has a folder");
            Crate {
                name: package.name.to_string(),
                folder: folder.strip_prefix(&root).expect("members are inside").as_str().to_owned(),
                dependencies: package
                    .dependencies
                    .iter()
                    .filter(|dependency| dependency.kind != DependencyKind::Development)
                    .map(|dependency| dependency.name.clone())
                    .collect(),
            }
        })
        .collect()
}

fn is_api(folder: &str) -> bool {
    folder.starts_with("modules/") && folder.ends_with("/api")
}

fn is_module(folder: &str) -> bool {
    folder.starts_with("modules/") && !is_api(folder)
}

/// The names of the crates in folders that `wanted` accepts.
fn names(all: &[Crate], wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    all.iter().filter(|one| wanted(&one.folder)).map(|one| one.name.clone()).collect()
}

fn sources(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            if !path.ends_with("node_modules") && !path.ends_with("target") {
                found.extend(sources(&path, extensions));
            }
        } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| extensions.contains(&e)) {
            found.push(path);
        }
    }
    found
}

fn within(path: &Path) -> String {
    path.strip_prefix(root()).expect("inside the workspace").to_string_lossy().into_owned()
}

#[test]
fn platform_names_no_module() {
    let all = crates();
    let modules = names(&all, |folder| folder.starts_with("modules/"));
    assert!(!modules.is_empty());
    for one in all.iter().filter(|one| one.folder.starts_with("platform/") && one.folder != "platform/server")
    {
        let named: Vec<_> = one.dependencies.intersection(&modules).collect();
        assert!(named.is_empty(), "{} names modules: {named:?}", one.folder);
    }
}

#[test]
fn modules_meet_only_through_their_contract_crates() {
    let all = crates();
    let implementations = names(&all, is_module);
    assert!(implementations.len() >= 3);
    for one in all.iter().filter(|one| one.folder.starts_with("modules/")) {
        let met: Vec<_> =
            one.dependencies.intersection(&implementations).filter(|name| **name != one.name).collect();
        assert!(met.is_empty(), "{} depends on other modules' insides: {met:?}", one.folder);
    }
}

#[test]
fn a_contract_depends_on_little() {
    let all = crates();
    let apis = names(&all, is_api);
    let ours = names(&all, |_| true);
    for one in all.iter().filter(|one| is_api(&one.folder)) {
        let allowed = |name: &String| {
            apis.contains(name) || ["plenum-kernel", "plenum-db", "plenum-events"].contains(&name.as_str())
        };
        let other: Vec<_> = one.dependencies.intersection(&ours).filter(|name| !allowed(name)).collect();
        assert!(other.is_empty(), "{} depends on {other:?}", one.folder);
    }
}

#[test]
fn what_has_one_home_is_used_only_there() {
    let homes = BTreeMap::from([
        ("casbin", "platform/authz"),
        ("lettre", "platform/mail"),
        ("webauthn-rs", "platform/identity"),
        ("object_store", "platform/files"),
        ("typst", "platform/print"),
        ("image", "platform/settings"),
        ("hyper", "platform/outgoing"),
        ("hyper-util", "platform/outgoing"),
        // Tests only: the judgement of where a request goes stands in platform/outgoing.
        ("reqwest", "nowhere"),
        ("rtc", "platform/media"),
    ]);
    for one in crates() {
        for (library, home) in &homes {
            let used = one.dependencies.contains(*library);
            // The server answers with the library by which the other asks.
            let serves = one.folder == "platform/server" && library.starts_with("hyper");
            assert!(
                !used || serves || one.folder == *home,
                "{} uses {library}, whose home is {home}",
                one.folder
            );
        }
    }
}

#[test]
fn only_the_database_crate_holds_the_pool() {
    for folder in ["platform", "modules"] {
        for path in sources(&root().join(folder), &["rs"]) {
            let place = within(&path);
            // An example is served to nobody: a benchmark measures the crate's pool beside one of its own.
            if place.starts_with("platform/db/") || place.contains("/examples/") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source can be read");
            for word in ["PgPool", "sqlx::Pool", "PgListener"] {
                assert!(!text.contains(word), "{place} names {word}: only platform/db holds the pool");
            }
        }
    }
}

#[test]
fn sql_stands_in_stores() {
    // These have no store: one table each, or the connection itself.
    let small =
        ["platform/db/", "platform/embedded/", "platform/audit/", "platform/events/", "platform/jobs/"];
    for folder in ["platform", "modules"] {
        for path in sources(&root().join(folder), &["rs"]) {
            let place = within(&path);
            let allowed = small.iter().any(|start| place.starts_with(start))
                || place.contains("/store/")
                || place.contains("/tests/")
                || place.contains("/examples/");
            let text = fs::read_to_string(&path).expect("a source can be read");
            assert!(allowed || !text.contains("sqlx::query"), "{place} holds SQL outside of a store");
        }
    }
}

#[test]
fn domains_are_pure() {
    let mut seen = 0;
    for path in sources(&root().join("modules"), &["rs"]) {
        let place = within(&path);
        if !place.contains("/src/domain/") || place.ends_with("tests.rs") {
            continue;
        }
        seen += 1;
        let text = fs::read_to_string(&path).expect("a source can be read");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in [
            "async fn",
            ".await",
            "sqlx",
            "plenum_db",
            "async_graphql",
            "tokio::",
            "Utc::now",
            "std::fs",
            "std::net",
        ] {
            assert!(!code.contains(word), "{place} is not pure: it names {word}");
        }
    }
    assert!(seen > 5);
}

#[test]
fn web_modules_mirror_the_modules() {
    let folders = |path: &str| -> BTreeSet<String> {
        fs::read_dir(root().join(path))
            .expect("the folder is there")
            .map(|entry| entry.expect("a folder can be read"))
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    };
    let (web, modules) = (folders("web/src/modules"), folders("modules"));
    let strangers: Vec<_> = web.difference(&modules).collect();
    assert!(!web.is_empty() && strangers.is_empty(), "web modules without a namesake: {strangers:?}");
    for module in &web {
        for path in sources(&root().join("web/src/modules").join(module), &["ts", "tsx"]) {
            let text = fs::read_to_string(&path).expect("a source can be read");
            for other in web.iter().filter(|other| *other != module) {
                let foreign = text.lines().any(|line| {
                    (line.contains(" from ") || line.contains("import("))
                        && line.contains(&format!("modules/{other}"))
                        || line.contains(&format!("from '../{other}/"))
                        || line.contains(&format!("from '../../{other}/"))
                });
                assert!(!foreign, "{} imports the web module {other}", within(&path));
            }
        }
    }
}

#[test]
fn migrations_are_named_after_their_time_and_schema() {
    let mut names: Vec<String> = fs::read_dir(root().join("migrations"))
        .expect("the folder is there")
        .map(|entry| entry.expect("a folder can be read").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    for name in names {
        let (stamp, rest) = name.split_once('_').expect("a time and a name");
        assert!(
            stamp.len() == 14 && stamp.chars().all(|c| c.is_ascii_digit()),
            "{name} does not begin with a time"
        );
        let schema = rest.split('_').next().unwrap_or_default();
        let text =
            fs::read_to_string(root().join("migrations").join(&name)).expect("a migration can be read");
        assert!(text.starts_with("-- "), "{name} does not say why it is there");
        for line in
            text.lines().filter(|line| line.starts_with("CREATE TABLE") || line.starts_with("ALTER TABLE"))
        {
            assert!(line.contains(&format!(" {schema}.")), "{name} touches another schema: {line}");
        }
    }
}

/// The fields of the objects whose names end so, as the code writes them, with the file.
fn written_fields(ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["platform", "modules"] {
        for path in sources(&root().join(folder), &["rs"]) {
            let text = fs::read_to_string(&path).expect("a source can be read");
            let mut inside = false;
            for line in text.lines() {
                if let Some(rest) = line.strip_prefix("impl ") {
                    inside = rest.strip_suffix(" {").is_some_and(|name| name.ends_with(ending));
                } else if line == "}" {
                    inside = false;
                }
                let line = line.strip_prefix("    ").map(|line| line.trim_start_matches("pub "));
                if let Some(field) = line.and_then(|line| line.strip_prefix("async fn "))
                    && inside
                {
                    let name = field.split(['(', '<']).next().unwrap_or_default();
                    found.push((name.replace('_', "").to_lowercase(), within(&path)));
                }
            }
        }
    }
    found
}

/// The fields of a type of the schema.
fn schema_fields(kind: &str) -> BTreeSet<String> {
    let schema = fs::read_to_string(root().join("web/schema.graphql")).expect("the schema is there");
    let start = format!("\ntype {kind} {{\n");
    let body = schema.split_once(&start).expect("the schema has it").1;
    let body = body.split_once("\n}").expect("it ends").0;
    // Every other piece between the marks is a description.
    let code = body.split("\"\"\"").step_by(2);
    code.flat_map(str::lines)
        .filter_map(|line| line.strip_prefix('\t'))
        .filter(|line| line.starts_with(char::is_lowercase))
        .filter_map(|line| line.split(['(', ':']).next())
        .map(str::to_lowercase)
        .collect()
}

/// Merging keeps one of two fields with one name, and says nothing of the other.
#[test]
fn no_root_field_hides_another() {
    for kind in ["Query", "Mutation", "Subscription"] {
        let written = written_fields(kind);
        let mut places = BTreeMap::<String, String>::new();
        for (field, place) in &written {
            if let Some(other) = places.insert(field.clone(), place.clone()) {
                panic!("{kind}.{field} stands in {other} and in {place}: one of them cannot be called");
            }
        }
        let written: BTreeSet<String> = places.into_keys().collect();
        assert_eq!(written, schema_fields(kind), "{kind}: as written, and as in the schema");
    }
}
