//! The table of permissions: every root field called as every role, snapshotted in `authz.txt`.

use std::{fmt::Write, fs, path::Path};

use async_graphql::{Request, Response};
use futures_util::StreamExt;
use guards::{
    operations::{Api, RootField},
    server::Server,
};
use plenum_authz::Viewer;

/// The roles of the policy; and before them those who have none.
const ROLES: &[&str] = &[
    "administrator",
    "register_keeper",
    "treasurer",
    "clerk",
    "course_author",
    "mailing_editor",
    "body_secretary",
    "body_chair",
    "body_member",
    "member",
];

#[tokio::test]
async fn every_root_field_as_every_role() {
    let server = Server::start().await;
    let tenant = server.world.tenant("alpha", &["ППО № 1"]).await;
    let known = server.world.db.policy().roles().clone();
    assert_eq!(
        known.iter().map(String::as_str).collect::<std::collections::BTreeSet<_>>(),
        ROLES.iter().copied().collect()
    );
    let mut callers: Vec<(&str, Option<Viewer>)> = vec![("signed out", None)];
    let mut nobody = server.world.viewer(&tenant, "member").await;
    nobody.grants.clear();
    callers.push(("no role", Some(nobody)));
    for role in ROLES {
        callers.push((role, Some(server.world.viewer(&tenant, role).await)));
    }

    let api = Api::of(&server.schema).await;
    let mut table = String::from(
        "# Who may call which root field: yes, no, or \"sign in\". Made by tests/guards/tests/authz.rs.\n\n",
    );
    write!(table, "{:<44}", "").expect("writing to a string");
    for (name, _) in &callers {
        write!(table, "{name:<17}").expect("writing to a string");
    }
    for field in api.root_fields() {
        write!(table, "\n{:<44}", format!("{} {}", field.operation, field.name))
            .expect("writing to a string");
        for (_, viewer) in &callers {
            write!(table, "{:<17}", knock(&server, &api, &field, viewer.as_ref()).await)
                .expect("writing to a string");
        }
    }
    let table: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("authz.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &table).expect("the snapshot can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        kept, table,
        "the table of permissions changed; if it should, run with UPDATE_SNAPSHOTS=1 and commit it"
    );
}

/// What happens at the door of a field: inside, anything may be wrong with made-up arguments.
async fn knock(server: &Server, api: &Api, field: &RootField, viewer: Option<&Viewer>) -> &'static str {
    let request = Request::new(api.knock(field)).data(server.world.scope(viewer));
    let answer: Response = if field.operation == "subscription" {
        let mut answers = Box::pin(server.schema.execute_stream(request));
        answers.next().await.expect("a subscription answers")
    } else {
        server.schema.execute(request).await
    };
    let mut verdict = "yes";
    for error in &answer.errors {
        let extension = |key: &str| match error.extensions.as_ref().and_then(|all| all.get(key)) {
            Some(async_graphql::Value::String(text)) => text.clone(),
            _ => String::new(),
        };
        match (extension("code").as_str(), extension("reason").as_str()) {
            ("UNAUTHENTICATED", _) => verdict = "sign in",
            ("FORBIDDEN", "permission") => verdict = "no",
            ("INTERNAL", _) => panic!("{} failed: {error:?}", field.name),
            ("", _) => panic!("{} was not understood: {error:?}", field.name),
            _ => {}
        }
    }
    verdict
}
