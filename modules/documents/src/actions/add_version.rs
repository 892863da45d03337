//! Adds a version of a document's file.

use bytes::Bytes;
use plenum_db::{Permit, TenantTx};
use plenum_documents_api::{DocumentId, VersionId};
use plenum_files::{File, FileId, inspect};
use plenum_kernel::AccountId;
use serde_json::json;

use crate::{
    Desk,
    actions::{Refused, person, start_route, tell},
    content,
    domain::card::{self, State},
    jobs::ExtractText,
    permissions::{REGISTER, TakePart},
    store::{
        documents::{self, Shared},
        history, signatures, versions,
    },
};

/// Adds an upload of the viewer as the next version. Signatures of earlier versions do not apply to it. A document that
/// was sent back begins its route anew with it; one that had gone its route is a draft again.
///
/// # Errors
/// [`Refused::NotYours`] unless the viewer is its author, its executor or a clerk; [`Refused::State`] while it is on its
/// route; [`Refused::NotFound`] when the file is not the viewer's or has not arrived.
pub async fn add_version(
    tx: &mut TenantTx,
    permit: Permit<TakePart, Shared>,
    desk: &Desk,
    file: FileId,
    comment: &str,
) -> Result<VersionId, Refused> {
    let me = person(tx)?;
    let comment = card::optional("comment", comment, card::LONGEST_TEXT)?;
    let document = documents::lock(tx, permit.resource().document.id).await?;
    let own = document.author == Some(me) || document.card.executor == Some(me);
    if !own && !tx.allows(REGISTER, &document.place) {
        return Err(Refused::NotYours("author_or_clerk"));
    }
    if document.state == State::Routing {
        return Err(Refused::State("on_route"));
    }
    let file = desk.tools.files.own(tx, file, Some(me)).await?;
    let (file, bytes) = desk.tools.files.fetch(tx, file.id).await?;
    let version = keep(tx, document.id, &file, bytes, Some(me), comment).await?;
    match document.state {
        State::Returned => start_route::restart(tx, desk, &document).await?,
        State::Completed => documents::set_state(tx, document.id, State::Draft, document.round).await?,
        State::Draft | State::Routing => {}
    }
    Ok(version)
}

/// Looks at the bytes and keeps them as the next version of a locked document.
pub(crate) async fn keep(
    tx: &mut TenantTx,
    document: DocumentId,
    file: &File,
    bytes: Bytes,
    author: Option<AccountId>,
    comment: String,
) -> Result<VersionId, Refused> {
    let sha256 =
        file.sha256.as_deref().and_then(|hash| <[u8; 32]>::try_from(hash).ok()).ok_or(Refused::NotFound)?;
    let (declared, name) = (file.content_type.clone(), file.name.clone());
    // Looking into an archive takes its time; a panic of the reader is a fault of the file.
    let seen = tokio::task::spawn_blocking(move || inspect(&bytes, &declared, &name)).await;
    let (content_type, flag) = match seen {
        Ok(seen) => (seen.kind.media_type(), seen.flag.map(|flag| flag.as_str().to_owned())),
        Err(_) => ("application/octet-stream", Some("broken".to_owned())),
    };
    let ordinal = versions::latest(tx, document).await?.map_or(1, |latest| latest.ordinal + 1);
    let version = versions::Version {
        id: VersionId::new(),
        document,
        ordinal,
        file: file.id,
        name: file.name.clone(),
        content_type: content_type.to_owned(),
        size_bytes: file.size_bytes,
        sha256,
        flag,
        author,
        comment,
        created_at: tx.now(),
    };
    let readable = version.flag.is_none() && content::is_readable(&version.content_type);
    versions::insert(tx, &version, readable).await?;
    if readable {
        plenum_jobs::enqueue(tx, &ExtractText { version: version.id }).await?;
    }
    documents::index(tx, document).await?;
    history::add(tx, document, "version_added", &format!("{ordinal}")).await?;
    if let Some(flag) = &version.flag {
        history::add(tx, document, "version_flagged", flag).await?;
    }
    if !signatures::of_document(tx, document).await?.is_empty() {
        history::add(tx, document, "signatures_do_not_apply", &format!("{ordinal}")).await?;
    }
    plenum_audit::record(
        tx,
        "documents.add_version",
        version.id,
        json!({ "document": document, "sha256": hex::encode(sha256), "flag": version.flag }),
    )
    .await?;
    tell(tx, document).await?;
    Ok(version.id)
}
