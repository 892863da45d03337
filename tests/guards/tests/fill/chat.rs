//! A conversation in a filled tenant.

use guards::server::Server;
use plenum_authz::Viewer;
use testkit::Tenant;
use uuid::Uuid;

use crate::ask;

/// A direct channel of the viewer with a message that holds the canary.
pub async fn fill(server: &Server, tenant: &Tenant, viewer: &Viewer, canary: &str) {
    let colleague = server.world.viewer(tenant, "member").await;
    let account = colleague.account().expect("a person");
    let opened =
        ask(server, viewer, &format!("mutation {{ openDirect(account: \"{account}\") {{ id }} }}")).await;
    let channel = opened["data"]["openDirect"]["id"].as_str().expect("a channel");
    let client = Uuid::now_v7();
    let sent = ask(
        server,
        viewer,
        &format!(
            "mutation {{ sendMessage(input: {{ channel: \"{channel}\", clientId: \"{client}\", \
             text: \"{canary}\" }}) {{ id }} }}"
        ),
    )
    .await;
    assert!(sent["errors"].is_null(), "{sent}");
}
