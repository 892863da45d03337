//! One of everything that documents show.

use guards::server::Server;
use plenum_authz::Viewer;
use plenum_db::Access;
use plenum_identity::{password, store::accounts};
use plenum_kernel::{AccountId, TypedId};
use serde_json::Value;
use testkit::Tenant;
use uuid::Uuid;

use super::{FILL, Words, keep};
use crate::personas::PASSWORD;

/// A journal, a document with a version, signed, registered, on its way, with a task; and a substitute.
/// The id of a task of a session, which belongs to no document.
pub async fn documents(server: &Server, tenant: &Tenant, viewer: &Viewer, words: Words) -> String {
    let canary = words.unit;
    let account = viewer.account().expect("a person");
    let hash = password::hash(PASSWORD.to_owned()).await.expect("hashed");
    let mut tx = server.world.db.global(None).await.expect("a transaction opens");
    accounts::set_password(tx.conn(), account, &hash).await.expect("set");
    tx.commit().await.expect("committed");
    let file = keep(server, viewer, &format!("{canary}.txt"), "text/plain", canary).await;
    let (organization, unit) = (words.organization, tenant.units[0].global());
    let other = server.world.viewer(tenant, "member").await.account().expect("a person");

    let done = |operation: String| async move {
        let answer = server.ask(viewer, &operation).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].as_object().and_then(|all| all.values().next()).cloned().expect("one field")
    };
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned();
    let journal = done(format!(
        "mutation {{ createJournal(input: {{ kind: OUTGOING, name: \"{organization}\", pattern: \"{organization}-{{n}}\" }}) {{ id }} }}"
    ))
    .await;
    let journal = text(&journal["id"]);
    let document = done(format!(
        "mutation {{ createDocument(kind: OUTGOING, unit: \"{unit}\", input: {{ title: \"{canary}\", summary: \"{canary}\", \
         correspondent: \"{canary}\", executor: \"{account}\", tags: [\"{canary}\"] }}) {{ id }} }}"
    ))
    .await;
    let document = text(&document["id"]);
    done(format!(
        "mutation {{ addVersion(document: \"{document}\", file: \"{}\", comment: \"{canary}\") {{ id }} }}",
        file
    ))
    .await;
    let started = done(format!(
        "mutation {{ startRoute(document: \"{document}\", steps: [{{ group: 1, act: SIGN, account: \"{account}\" }}, \
         {{ group: 2, act: APPROVE, account: \"{account}\" }}]) {{ route {{ id }} }} }}"
    ))
    .await;
    let step = text(&started["route"][0]["id"]);
    let signed = done(format!(
        "mutation {{ signStep(step: \"{step}\", proof: {{ password: \"{PASSWORD}\" }}, intent: \"{canary}\") {{ status }} }}"
    ))
    .await;
    assert_eq!(signed["status"], "OK");
    done(format!(
        "mutation {{ registerDocument(document: \"{document}\", journal: \"{journal}\") {{ status }} }}"
    ))
    .await;
    let recipients = done("{ documentRecipients { id } }".to_owned()).await;
    let recipient = text(&recipients[0]["id"]);
    done(format!(
        "mutation {{ sendDocument(document: \"{document}\", organizations: [\"{recipient}\"]) {{ id }} }}"
    ))
    .await;
    measure_of_a_session(server, tenant, account, canary).await;
    let tasks = done("{ tasks(view: MINE) { nodes { id } } }".to_owned()).await;
    let measure = text(&tasks["nodes"][0]["id"]);
    done(format!(
        "mutation {{ giveResolution(input: {{ document: \"{document}\", text: \"{canary}\", \
         tasks: [{{ text: \"{canary}\", assignee: \"{account}\" }}] }}) {{ id }} }}"
    ))
    .await;
    done(format!(
        "mutation {{ nameSubstitute(input: {{ account: \"{other}\", startsOn: \"2026-11-23\", endsOn: \"2026-11-30\" }}) \
         {{ id }} }}"
    ))
    .await;
    measure
}

/// A task of a session whose minutes are not made yet: it belongs to no document.
async fn measure_of_a_session(server: &Server, tenant: &Tenant, assignee: AccountId, canary: &str) {
    let system = Viewer::system(tenant.id, "guards");
    let mut tx = server.world.db.tenant(&system, FILL, Access::Write).await.expect("a transaction opens");
    sqlx::query(
        "INSERT INTO documents.task
             (tenant_id, id, session_id, measure_id, source, text, assignee_id, controller_id, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6, $6, 'given', $7)",
    )
    .bind(tenant.id.uuid())
    .bind(Uuid::now_v7())
    .bind(Uuid::now_v7())
    .bind(Uuid::now_v7())
    .bind(canary)
    .bind(assignee.uuid())
    .bind(server.world.db.clock().now())
    .execute(tx.conn())
    .await
    .expect("given");
    tx.commit().await.expect("committed");
}
