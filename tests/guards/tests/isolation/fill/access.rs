//! An own role of a tenant, somebody to whom it is given, and somebody who is invited to it.

use guards::server::{PASSKEY_ORIGIN, Server};
use plenum_authz::Viewer;
use plenum_kernel::TypedId;
use testkit::{Authenticator, Tenant};

/// Adds a passkey to the administrator's account.
pub async fn passkey(server: &Server, administrator: &Viewer, canary: &str) {
    let mut device = Authenticator::at(PASSKEY_ORIGIN);
    let begun = server.ask(administrator, "mutation { startPasskey { ticket options } }").await;
    let begun = &begun["data"]["startPasskey"];
    let answer = device.create(begun["options"].as_str().expect("options"));
    let add = format!(
        "mutation {{ addPasskey(input: {{ ticket: {}, answer: {} }}, name: \"{canary}\") {{ status }} }}",
        begun["ticket"],
        serde_json::Value::from(answer)
    );
    let added = server.ask(administrator, &add).await;
    assert_eq!(added["data"]["addPasskey"]["status"], "OK", "{added}");
}

/// Makes them as the tenant's administrator, with the canary in every text.
pub async fn fill(server: &Server, tenant: &Tenant, administrator: &Viewer, canary: &str) {
    let create = format!(
        "mutation {{ createRole(input: {{ name: \"{canary}\", description: \"{canary}\", permissions: [\"members.view\"] }}) {{ status id }} }}"
    );
    let made = server.ask(administrator, &create).await;
    let role = made["data"]["createRole"]["id"].as_str().unwrap_or_else(|| panic!("a role: {made}"));
    let holder = server.world.viewer(tenant, "member").await;
    let account = holder.account().expect("a person").global();
    let give = format!(
        "mutation {{ giveRole(input: {{ account: \"{account}\", role: \"{role}\", unit: \"{}\", reason: \"{canary}\" }}) {{ status }} }}",
        tenant.root
    );
    let given = server.ask(administrator, &give).await;
    assert_eq!(given["data"]["giveRole"]["status"], "OK", "{given}");
    // The address is the tenant's own, as the guard of letters knows it.
    let invite = format!(
        "mutation {{ invite(input: {{ email: \"{}@example.org\", name: \"{canary}\", language: RU, role: \"{role}\", \
         unit: \"{}\", reason: \"{canary}\" }}) {{ status }} }}",
        tenant.id.uuid().simple(),
        tenant.root
    );
    let invited = server.ask(administrator, &invite).await;
    assert_eq!(invited["data"]["invite"]["status"], "OK", "{invited}");
}
