//! A provider of sign-in, and the administrator linked with it.

use guards::server::Server;
use plenum_authz::{Permission, Viewer};
use plenum_db::Access;
use plenum_oidc::store::{
    attempts, links,
    providers::{self, Provider},
};
use testkit::Tenant;

const FILL: Permission = Permission::new("guards.fill");

/// Sets it with the canary in every text. It leads nowhere: the walk calls nobody.
pub async fn fill(server: &Server, tenant: &Tenant, administrator: &Viewer, canary: &str) {
    let system = Viewer::system(tenant.id, "guards");
    let mut tx = server.world.db.tenant(&system, FILL, Access::Write).await.expect("a transaction opens");
    let issuer = "https://127.0.0.1/".to_owned() + canary;
    let provider = Provider {
        label: canary.to_owned(),
        issuer: issuer.clone(),
        client_id: canary.to_owned(),
        has_secret: true,
        address_claim: canary.to_owned(),
        makes_accounts: true,
        mail_domains: vec![canary.to_owned()],
        changed_at: tx.now(),
    };
    providers::set(&mut tx, &provider, Some(canary)).await.expect("set");
    let account = administrator.account().expect("a person");
    assert!(links::insert(&mut tx, account, &issuer, canary).await.expect("linked"));
    let expires_at = tx.now();
    assert!(attempts::take(&mut tx, &[7; 32], expires_at).await.expect("taken"));
    tx.commit().await.expect("committed");
}
