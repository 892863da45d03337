//! A list, a campaign that went out, its ledger, and an address that does not exist.

use guards::server::Server;
use plenum_authz::Viewer;
use plenum_kernel::TypedId;
use plenum_mail::Report;
use plenum_mailings::{Recorded, Tokens};
use serde_json::Value;
use testkit::Tenant;

async fn done(server: &Server, viewer: &Viewer, step: &str) -> Value {
    let answer = server.ask(viewer, step).await;
    assert!(answer["errors"].is_null(), "{step}: {answer}");
    answer["data"].clone()
}

/// Fills mailings through the API, with the canary in every text.
pub async fn fill(server: &Server, tenant: &Tenant, administrator: &Viewer, canary: &str) {
    let csv = format!(
        "ФИО;Дата рождения;ППО;Эл. почта;Согласие на обработку ПДн\n{canary} Ольга Петровна;05.06.1990;ППО № 1;{}@example.org;да\n",
        administrator.tenant.uuid().simple()
    );
    let system = Viewer::system(administrator.tenant, "guards");
    let (db, files) = (&server.world.db, &server.world.files);
    plenum_members::import_file(db, files, &system, "mail.csv", csv.into_bytes().into())
        .await
        .expect("imported");
    let list = format!(
        "mutation {{ createMailingList(input: {{ name: \"{canary}\", unit: \"{}\" }}) {{ id }} }}",
        tenant.units[0].global()
    );
    let list = done(server, administrator, &list).await["createMailingList"]["id"].clone();
    let campaign = format!(
        "mutation {{ createCampaign(input: {{ list: {list}, subject: \"{canary}\", senderName: \"{canary}\", \
         blocks: [{{ kind: PARAGRAPH, text: \"{canary}\" }}], audience: {{}} }}) {{ id }} }}"
    );
    let campaign = done(server, administrator, &campaign).await["createCampaign"]["id"].clone();
    let start = format!("mutation {{ startCampaign(campaign: {campaign}) {{ status }} }}");
    assert_eq!(done(server, administrator, &start).await["startCampaign"]["status"], "OK");
    server.worker.drain(administrator.tenant).await.expect("the letters leave");

    // The letter comes back, so that there is an address that gets nothing.
    let lines = format!(
        "{{ node(id: {campaign}) {{ ... on Campaign {{ deliveries {{ nodes {{ id state }} }} }} }} }}"
    );
    let lines = done(server, administrator, &lines).await;
    let line = &lines["node"]["deliveries"]["nodes"][0];
    assert_eq!(line["state"], "SENT", "{lines}");
    let key = [7_u8; 32];
    let id = line["id"].as_str().expect("an id");
    let delivery = plenum_mailings_api::DeliveryId::parse_global(id).expect("an id of a delivery");
    let address = plenum_mailings::Signer::new(&key).return_path(administrator.tenant, delivery);
    let report = Report {
        sent_to: vec![format!("{address}@mail.example")],
        action: plenum_mail::ReportAction::Failed,
        status: "5.1.1".to_owned(),
        diagnostic: Some(canary.to_owned()),
    };
    let recorded = Tokens::new(db.clone(), &key).bounce(&report, None).await.expect("recorded");
    assert_eq!(recorded, Recorded::Bounced { hard: true });
}
