//! An export of everything that is offered, and one that waits to be written.

use guards::server::Server;
use plenum_authz::Viewer;

/// Orders one, has it written, and orders another.
pub async fn fill(server: &Server, administrator: &Viewer) {
    order(server, administrator).await;
    server.worker.drain(administrator.tenant).await.expect("the export is written");
    let listed = server.ask(administrator, "{ tenantExports { id state } }").await;
    let ready = &listed["data"]["tenantExports"][0];
    assert_eq!(ready["state"], "READY", "{listed}");
    let open = format!("mutation {{ openTenantExport(export: {}) {{ status url }} }}", ready["id"]);
    let opened = server.ask(administrator, &open).await;
    assert_eq!(opened["data"]["openTenantExport"]["status"], "OK", "{opened}");
    order(server, administrator).await;
}

async fn order(server: &Server, administrator: &Viewer) {
    let ordered = server.ask(administrator, "mutation { orderTenantExport { status export { id } } }").await;
    assert_eq!(ordered["data"]["orderTenantExport"]["status"], "OK", "{ordered}");
}
