//! Who opens a document or fetches its file is recorded, before they get it.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use plenum_audit::{Entry, EntryFilter, ReadsSeen};
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db};
use plenum_kernel::TypedId;
use tower::ServiceExt as _;

use crate::office::{Office, text};

async fn reads(office: &Office) -> Vec<Entry> {
    let system = Viewer::system(office.tenant.id, "test");
    let read = Permission::new("test.read");
    let mut tx = office.server.world.db.tenant(&system, read, Access::Read).await.expect("opens");
    let filter = EntryFilter { reads: Some(true), ..EntryFilter::default() };
    let mut entries = plenum_audit::list(&mut tx, &filter, None, 100).await.expect("a list");
    entries.reverse();
    entries
}

async fn fetch(office: &Office, db: &Db, path: &str) -> StatusCode {
    let router = plenum_files::router(office.server.world.files.clone(), db.clone());
    let request = Request::get(path).body(Body::empty()).expect("a request");
    router.oneshot(request).await.expect("a router answers").status()
}

#[tokio::test]
async fn opening_a_document_and_fetching_its_file_are_recorded_as_reads_of_whom_the_link_is_for() {
    let office = Office::open().await;
    let document = office.paper("INCOMING", "Жалоба на начальника цеха").await;
    let colleague = office.server.world.viewer(&office.tenant, "clerk").await;
    assert!(reads(&office).await.is_empty(), "making one is no read");

    let seen = office.see(&colleague, &document, "title versions { url }").await;
    let url = text(&seen["versions"][0]["url"]);
    let told = reads(&office).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].action.as_str(), told[0].subject.as_str()), ("documents.read_document", &*document));
    assert_eq!(told[0].actor, colleague.account().map(TypedId::uuid));

    // The link comes without a session; the read is of whom it was made for, once while they look on.
    let db = office.server.world.db.carrying(ReadsSeen::default());
    for _ in 0..3 {
        assert_eq!(fetch(&office, &db, &url).await, StatusCode::OK);
    }
    let told = reads(&office).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(told[1].action, "files.read_file");
    assert_eq!(told[1].actor, colleague.account().map(TypedId::uuid));
    assert!(told[1].number.is_some(), "it is in the chain");

    // What is refused is no read.
    assert_eq!(fetch(&office, &db, &format!("{url}x")).await, StatusCode::FORBIDDEN);
    let stranger = office.server.world.viewer(office.tenant.twin(), "clerk").await;
    assert!(office.see(&stranger, &document, "title").await.is_null());
    assert_eq!(reads(&office).await.len(), 2);
}
