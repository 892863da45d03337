//! A conversation in a filled tenant.

use guards::server::Server;
use plenum_authz::Viewer;
use plenum_kernel::TypedId;
use testkit::Tenant;
use uuid::Uuid;

/// A direct channel of the viewer and the channel of the first unit, with messages that hold the canary.
pub async fn fill(server: &Server, tenant: &Tenant, viewer: &Viewer, canary: &str) {
    let colleague = server.world.viewer(tenant, "member").await;
    let account = colleague.account().expect("a person");
    let opened =
        server.ask(viewer, &format!("mutation {{ openDirect(account: \"{account}\") {{ id }} }}")).await;
    let made = server
        .ask(
            viewer,
            &format!("mutation {{ createUnitChannel(unit: \"{}\") {{ id }} }}", tenant.units[0].global()),
        )
        .await;
    let files = super::keep(server, viewer, &format!("{canary}.txt"), "text/plain", canary).await;
    for channel in [&opened["data"]["openDirect"]["id"], &made["data"]["createUnitChannel"]["id"]] {
        let channel = channel.as_str().expect("a channel");
        say(server, viewer, channel, canary, &files).await;
    }
}

/// Says the canary in a channel, with a file, answers to it, and edits the answer.
async fn say(server: &Server, viewer: &Viewer, channel: &str, canary: &str, file: &str) {
    let mut reply = String::new();
    let mut last = String::new();
    for _ in 0..2 {
        let client = Uuid::now_v7();
        let sent = server
            .ask(
                viewer,
                &format!(
                    "mutation {{ sendMessage(input: {{ channel: \"{channel}\", clientId: \"{client}\", \
                     text: \"{canary}\", files: [\"{file}\"]{reply} }}) {{ id }} }}"
                ),
            )
            .await;
        assert!(sent["errors"].is_null(), "{sent}");
        last = sent["data"]["sendMessage"]["id"].to_string();
        reply = format!(", replyTo: {last}");
    }
    let edited = server
        .ask(viewer, &format!("mutation {{ editMessage(message: {last}, text: \"{canary}, да\") {{ id }} }}"))
        .await;
    assert!(edited["errors"].is_null(), "{edited}");
}
