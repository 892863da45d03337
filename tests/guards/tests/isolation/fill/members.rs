//! One of each kind of thing that members shows.

use guards::server::Server;
use plenum_authz::Viewer;
use plenum_identity::store::accounts;
use plenum_kernel::TypedId;
use serde_json::{Value, json};
use testkit::Tenant;

/// Invites the administrator as the member on record, who asks for a correction; exports the list; and asks the
/// federation to take somebody over.
pub async fn fill(server: &Server, tenant: &Tenant, administrator: &Viewer, canary: &str) {
    let account = administrator.account().expect("a person");
    let mut tx = server.world.system(tenant).await;
    let email = accounts::by_id(tx.conn(), account).await.expect("read").expect("is there").email;
    drop(tx);
    let ask = async |operation: String| -> Value {
        let answer = server.ask(administrator, &operation).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].clone()
    };
    let listed = ask("{ members { nodes { id } } }".to_owned()).await;
    let member = listed["members"]["nodes"][0]["id"].as_str().expect("a member").to_owned();
    ask(format!(
        "mutation {{ updateMember(input: {{ member: \"{member}\", email: \"{email}\", workplace: \"{canary}\" }}) {{ status }} }}"
    ))
    .await;
    let invited = ask(format!("mutation {{ inviteMember(member: \"{member}\") {{ status }} }}")).await;
    assert_eq!(invited["inviteMember"]["status"], "OK");
    let asked = ask(format!(
        "mutation {{ requestCorrection(input: {{ position: \"{canary}\", note: \"{canary}\" }}) {{ status }} }}"
    ))
    .await;
    assert_eq!(asked["requestCorrection"]["status"], "OK");
    ask(format!(
        "mutation {{ exportMembers(input: {{ format: CSV, filter: {{ search: \"{canary}\" }} }}) {{ id }} }}"
    ))
    .await;

    let unit = tenant.units[0].global();
    let added = ask(format!(
        "mutation {{ addMember(input: {{ unit: \"{unit}\", surname: \"{canary}\", givenName: \"Вера\", birthDate: \"1981-02-01\" }}) {{ member {{ id }} }} }}"
    ))
    .await;
    let leaving = added["addMember"]["member"]["id"].as_str().expect("a member").to_owned();
    ask(format!(
        "mutation {{ recordConsent(input: {{ member: \"{leaving}\", act: GIVEN, textVersion: \"1\", on: \"2026-01-01\" }}) {{ status }} }}"
    ))
    .await;
    let to = server.world.federations()[usize::from(tenant.slug.starts_with("other-"))].global();
    let requested = ask(format!(
        "mutation {{ requestTransfer(member: \"{leaving}\", tenant: \"{to}\", note: \"{canary}\") {{ status }} }}"
    ))
    .await;
    assert_eq!(requested["requestTransfer"], json!({ "status": "OK" }));
}
