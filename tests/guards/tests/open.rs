//! What is open to somebody without a session: a reviewed list, with a reason for each.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use async_graphql::Request;
use futures_util::StreamExt;
use guards::{
    operations::{Api, Selection},
    server::Server,
};

/// The list, from the crate's folder.
const LIST: &str = "../../docs/reference/open-operations.md";
/// Where routes are made, from the crate's folder.
const SOURCES: &[&str] = &["../../platform", "../../modules"];

/// What stands in the first column of the table under a heading of the list; a line without a reason is none.
fn reviewed(heading: &str) -> BTreeSet<String> {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(LIST)).expect("the list is there");
    let part = text.split("\n## ").find(|part| part.starts_with(heading)).expect("the heading is there");
    let lines = part.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"));
    lines
        .filter_map(|line| {
            let (name, reason) = line.split_once("` | ")?;
            assert!(reason.trim().len() > 10, "{name} is open without a reason");
            Some(name.to_owned())
        })
        .collect()
}

#[tokio::test]
async fn operations_open_without_a_session_are_the_reviewed_ones() {
    let server = Server::start().await;
    let tenant = server.world.tenant("alpha", &["ППО № 1"]).await;
    let api = Api::of(&server.schema).await;
    let mut open = BTreeSet::new();
    for field in api.root_fields() {
        // Also with ids in every place: what is read before the door is asked would tell by its refusal.
        for id in ["Nothing_00000000000000000000000000000000", "Member_0193a0000000700080000000000000ff"] {
            let operation = api.operation(&field, Selection::Shallow, None, &|_, scalar| {
                (scalar == "ID").then(|| format!("\"{id}\""))
            });
            let nobody = testkit::FixedViewer(None);
            let credential = plenum_graph::Credential { token_hash: None, tenant: Some(tenant.slug.clone()) };
            let scope = plenum_graph::RequestScope::request(
                std::sync::Arc::new(nobody),
                credential,
                "127.0.0.1".to_owned(),
            );
            let request = Request::new(operation).data(scope);
            let answer = if field.operation == "subscription" {
                let mut answers = Box::pin(server.schema.execute_stream(request));
                answers.next().await.expect("a subscription answers")
            } else {
                server.schema.execute(request).await
            };
            let shut = answer.errors.iter().any(|error| {
                let code = error.extensions.as_ref().and_then(|all| all.get("code"));
                code == Some(&async_graphql::Value::from("UNAUTHENTICATED"))
            });
            if !shut {
                open.insert(format!("{} {}", field.operation, field.name));
            }
        }
    }
    assert_eq!(open, reviewed("GraphQL"), "what is open is not what docs/reference/open-operations.md lists");
}

/// axum does not tell its routes; all of them are made by `route` and named in the source.
#[test]
fn routes_outside_of_graphql_are_the_reviewed_ones() {
    let mut routes = BTreeSet::new();
    for source in SOURCES {
        for path in rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(source)) {
            let text = fs::read_to_string(&path).expect("a source is text");
            for call in text.split(".route(").skip(1) {
                let Some(rest) = call.trim_start().strip_prefix('"') else { continue };
                let name = rest.split('"').next().unwrap_or_default().to_owned();
                assert!(name.starts_with('/'), "{} makes a route that is no path: {name}", path.display());
                routes.insert(name);
            }
            let nests = [".nest(", ".nest_service(", ".route_service("];
            assert!(
                !nests.iter().any(|nest| text.contains(nest)),
                "{} makes routes that this test does not read",
                path.display()
            );
        }
    }
    // What no route matches is answered with the files of the app.
    routes.insert("/*".to_owned());
    assert_eq!(routes, reviewed("Routes"), "the routes are not those of docs/reference/open-operations.md");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources").map(|entry| entry.expect("an entry")) {
        let path = entry.path();
        if path.is_dir() {
            // Examples and tests have servers of their own.
            if !["tests", "examples"].iter().any(|skipped| path.ends_with(skipped)) {
                found.extend(rust_files(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
