//! The table of permissions: every root field called as every role and as outsiders, kept as a page of the
//! documentation.

use std::{collections::BTreeSet, fmt::Write, fs, path::Path, sync::Arc};

use async_graphql::{Request, Response};
use async_trait::async_trait;
use futures_util::StreamExt;
use guards::{
    operations::{Api, RootField, Selection},
    server::Server,
};
use plenum_authz::Viewer;
use plenum_db::StoreError;
use plenum_graph::{Credential, RequestScope, Resolved, SignedIn, ViewerSource};
use plenum_kernel::TypedId;
use sqlx::{Connection, PgConnection, Row};

/// The roles of the policy.
const ROLES: &[&str] = &[
    "administrator",
    "primary_chair",
    "register_keeper",
    "treasurer",
    "clerk",
    "training_head",
    "course_author",
    "press_officer",
    "mailing_editor",
    "auditor",
    "body_secretary",
    "body_chair",
    "body_member",
    "member",
];

/// Where the table is kept, from the crate's folder.
const PAGE: &str = "../../docs/reference/permissions.md";

/// Who calls.
enum Caller {
    /// Nobody is signed in.
    SignedOut,
    /// The administrator of another organization names this one: they may not enter it.
    Outsider(Viewer),
    /// Somebody who may enter, with what they may do there.
    Inside(Viewer),
}

/// An account that may not enter the organization which it names, as sign-in resolves it.
struct NoEntry(Viewer);

#[async_trait]
impl ViewerSource for NoEntry {
    async fn resolve(&self, _: &Credential) -> Result<Resolved, StoreError> {
        Ok(self.0.account().map(|account| SignedIn { account, viewer: None }))
    }
}

/// What the door of a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Yes,
    No,
    SignIn,
}

/// Everybody who knocks.
async fn callers(server: &Server) -> Vec<(&'static str, Caller)> {
    let tenant = server.world.tenant("alpha", &["ППО № 1"]).await;
    let known = server.world.db.policy().roles().clone();
    assert_eq!(known.iter().map(String::as_str).collect::<BTreeSet<_>>(), ROLES.iter().copied().collect());
    let mut callers: Vec<(&str, Caller)> = vec![("signed out", Caller::SignedOut)];
    let outsider = server.world.viewer(tenant.twin(), "administrator").await;
    callers.push(("outsider", Caller::Outsider(Viewer { tenant: tenant.id, ..outsider })));
    let mut nobody = server.world.viewer(&tenant, "member").await;
    nobody.grants.clear();
    callers.push(("no role", Caller::Inside(nobody)));
    for role in ROLES {
        callers.push((role, Caller::Inside(server.world.viewer(&tenant, role).await)));
    }
    callers
}

#[tokio::test]
async fn every_root_field_as_every_role_and_as_outsiders() {
    let server = Server::start().await;
    let callers = callers(&server).await;
    let api = Api::of(&server.schema).await;
    let mut superuser =
        PgConnection::connect(&server.world.database().superuser_url()).await.expect("connected");
    let mut table = Vec::new();
    let mut before = written(&mut superuser).await;
    for field in api.root_fields() {
        let mut verdicts = Vec::new();
        for (name, caller) in &callers {
            let verdict = knock(&server, &api, &field, caller).await;
            let after = written(&mut superuser).await;
            // Refusals are written down; nothing else may change when the door stays shut.
            if verdict != Verdict::Yes {
                assert_eq!(before, after, "{} was refused to {name}, and wrote", field.name);
            }
            before = after;
            verdicts.push(verdict);
        }
        table.push((field, verdicts));
    }

    let names: Vec<&str> = callers.iter().map(|(name, _)| *name).collect();
    let page = page(&table, &names);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &page).expect("the page can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    for field in api.root_fields() {
        assert!(
            kept.contains(&format!("| `{}` |", field.name)),
            "{} {} is not in the table of permissions",
            field.operation,
            field.name
        );
    }
    assert_eq!(
        kept, page,
        "the table of permissions changed; if it should, run with UPDATE_SNAPSHOTS=1 and commit it"
    );
}

/// A sum over all rows of the whole database, but for the journal of refusals and the queue of jobs.
async fn written(connection: &mut PgConnection) -> i64 {
    let tables = sqlx::query(
        "SELECT n.nspname || '.' || c.relname
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'audit', 'jobs', 'public')",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("the catalogue answers");
    let count: Vec<String> = tables
        .iter()
        .map(|row| {
            format!("(SELECT coalesce(sum(hashtext(t::text)::bigint), 0) FROM {} t)", row.get::<String, _>(0))
        })
        .collect();
    sqlx::query(sqlx::AssertSqlSafe(format!("SELECT ({})::bigint", count.join(" + "))))
        .fetch_one(&mut *connection)
        .await
        .expect("the superuser reads")
        .get(0)
}

/// The page of the documentation.
fn page(table: &[(RootField, Vec<Verdict>)], callers: &[&str]) -> String {
    let mut page = String::from(
        "# Who may call what\n\n\
         Made by `tests/guards/tests/authz.rs`, which calls every root field of the schema as somebody who is not signed\n\
         in, as an outsider (the administrator of another organization who names this one), as somebody with access but no\n\
         role, and as each role; it fails when an answer is not the one in this table.\n\n\
         **Yes** means that the door opens; what is asked for may be refused further in, where the object decides: a\n\
         session's chair, a document's route, an enrolment of one's own. A refusal at the door is `FORBIDDEN`, or\n\
         `UNAUTHENTICATED` (*sign in*), and changes nothing. To renew it: `UPDATE_SNAPSHOTS=1 cargo test --workspace --test authz`.\n",
    );
    for (operation, title) in
        [("mutation", "Mutations"), ("query", "Queries"), ("subscription", "Subscriptions")]
    {
        write!(page, "\n## {title}\n\n| Field |").expect("writing to a string");
        for caller in callers {
            write!(page, " {} |", caller.replace('_', " ")).expect("writing to a string");
        }
        writeln!(page, "\n| --- |{}", " --- |".repeat(callers.len())).expect("writing to a string");
        for (field, verdicts) in table.iter().filter(|(field, _)| field.operation == operation) {
            write!(page, "| `{}` |", field.name).expect("writing to a string");
            for verdict in verdicts {
                let word = match verdict {
                    Verdict::Yes => "**yes**",
                    Verdict::No => "no",
                    Verdict::SignIn => "*sign in*",
                };
                write!(page, " {word} |").expect("writing to a string");
            }
            page.push('\n');
        }
    }
    page
}

/// What happens at the door of a field: inside, anything may be wrong with made-up arguments.
async fn knock(server: &Server, api: &Api, field: &RootField, caller: &Caller) -> Verdict {
    let scope = match caller {
        Caller::SignedOut => server.world.scope(None),
        Caller::Inside(viewer) => server.world.scope(Some(viewer)),
        Caller::Outsider(viewer) => {
            let credential = Credential { token_hash: None, tenant: Some(viewer.tenant.global()) };
            RequestScope::request(Arc::new(NoEntry(viewer.clone())), credential, "127.0.0.1".to_owned())
        }
    };
    let request = Request::new(api.operation(field, Selection::Knock, None, &|_, _| None)).data(scope);
    let answer: Response = if field.operation == "subscription" {
        let mut answers = Box::pin(server.schema.execute_stream(request));
        answers.next().await.expect("a subscription answers")
    } else {
        server.schema.execute(request).await
    };
    let mut verdict = Verdict::Yes;
    for error in &answer.errors {
        let extension = |key: &str| match error.extensions.as_ref().and_then(|all| all.get(key)) {
            Some(async_graphql::Value::String(text)) => text.clone(),
            _ => String::new(),
        };
        match (extension("code").as_str(), extension("reason").as_str()) {
            ("UNAUTHENTICATED", _) => verdict = Verdict::SignIn,
            ("FORBIDDEN", "permission") => verdict = Verdict::No,
            // An organization that may not be entered looks like one that is not there.
            ("NOT_FOUND", _) if matches!(caller, Caller::Outsider(_)) => verdict = Verdict::No,
            ("INTERNAL", _) => panic!("{} failed: {error:?}", field.name),
            ("", _) => panic!("{} was not understood: {error:?}", field.name),
            _ => {}
        }
    }
    verdict
}

/// In the copy of the tree where guards can be taken away, `make mutate-guards`: which knocks tell that one is gone.
#[cfg(feature = "mutants")]
#[tokio::test]
async fn guards_that_are_away_are_missed() {
    let server = Server::start().await;
    let callers = callers(&server).await;
    let api = Api::of(&server.schema).await;
    let mut probe = guards::probe::Probe::default();
    for field in api.root_fields() {
        for (name, caller) in &callers {
            let told = format!("{} {} as {name}", field.operation, field.name);
            probe.call(&told, 0, async || knock(&server, &api, &field, caller).await).await;
        }
    }
    probe.tell();
}
