//! What an organization has set: every act of it, once.

use guards::server::Server;
use plenum_authz::Viewer;
use plenum_db::Access;
use plenum_kernel::TypedId;
use testkit::Tenant;

/// A picture of one pixel.
const PIXEL: &[u8] = b"\
    \x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\
    \x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\x0d\x49\x44\x41\x54\x78\x9c\x63\x58\xa0\x90\xf0\x1f\x00\
    \x04\xa4\x02\x20\xad\xb1\x84\x20\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

/// Sets all of it as the tenant's administrator. The names stay: the federation knows them anyway.
pub async fn fill(server: &Server, tenant: &Tenant, administrator: &Viewer, canary: &str) {
    let upload = plenum_files::permissions::UPLOAD;
    let opened = server.world.db.tenant(administrator, upload, Access::Write).await;
    let mut tx = opened.expect("a transaction opens");
    let bytes = PIXEL.to_vec().into();
    let file = server.world.files.keep(&mut tx, &format!("{canary}.png"), "image/png", bytes).await;
    tx.commit().await.expect("committed");
    let file = file.expect("kept").id.global();
    let settings = "{ settings { version } }";
    for step in [
        format!(
            "mutation {{ setTenantBrand(input: {{ version: 0, name: \"Профсоюз\", shortName: \"Профсоюз\", accent: \"#a02060\" }}) {settings} }}"
        ),
        format!("mutation {{ setTenantLogo(version: 1, file: \"{file}\") {settings} }}"),
        format!("mutation {{ removeTenantLogo(version: 2) {settings} }}"),
        format!("mutation {{ setTenantLogo(version: 3, file: \"{file}\") {settings} }}"),
        format!(
            "mutation {{ setTenantSender(input: {{ version: 4, name: \"{canary}\", replyTo: \"answers@example.org\" }}) {settings} }}"
        ),
        format!(
            "mutation {{ setTenantLanguages(input: {{ version: 5, language: RU, languages: [RU, EN] }}) {settings} }}"
        ),
        format!(
            "mutation {{ setTenantModules(input: {{ version: 6, off: [], reason: \"{canary}\" }}) {settings} }}"
        ),
        "{ accentPreview(accent: \"#a02060\") { needed } }".to_owned(),
        format!("{{ tenantMark(organization: \"{}\") {{ logo }} }}", tenant.slug),
    ] {
        let answer = server.ask(administrator, &step).await;
        assert!(answer["errors"].is_null(), "{step}: {answer}");
    }
}
