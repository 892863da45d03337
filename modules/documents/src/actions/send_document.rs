//! Sends a document to other organizations of the tree.

use plenum_db::{Permit, TenantTx};
use plenum_kernel::TenantId;
use plenum_tenancy::store::tenants;
use serde_json::json;

use crate::{
    actions::{Refused, tell},
    domain::Fault,
    jobs::Deliver,
    permissions::Send,
    store::{
        dispatches,
        documents::{self, Document},
        history, versions,
    },
};

/// Sends the latest version to each organization: a job delivers it. One to which this version is on its way already
/// is left out.
///
/// # Errors
/// [`Refused::State`] with `not_registered`, `no_version` or `version_flagged`; [`Refused::NotFound`] for an organization
/// that is not of the tree.
pub async fn send_document(
    tx: &mut TenantTx,
    permit: Permit<Send, Document>,
    organizations: &[TenantId],
) -> Result<usize, Refused> {
    let document = documents::lock(tx, permit.resource().id).await?;
    let tenant = tx.tenant();
    let tree = tenants::of_tree(tx.conn(), tenant).await?;
    let mut recipients = Vec::with_capacity(organizations.len());
    for id in organizations {
        let recipient = tree.iter().find(|one| one.id == *id).ok_or(Refused::NotFound)?;
        recipients.push(recipient);
    }
    if recipients.is_empty() || recipients.len() > 200 {
        return Err(Fault::new("organizations", "out_of_range").into());
    }
    if document.registration.is_none() {
        return Err(Refused::State("not_registered"));
    }
    let version = versions::latest(tx, document.id).await?.ok_or(Refused::State("no_version"))?;
    if version.flag.is_some() {
        return Err(Refused::State("version_flagged"));
    }
    let mut sent = 0;
    for recipient in recipients {
        let Some(dispatch) = dispatches::insert(tx, document.id, version.id, recipient.id).await? else {
            continue;
        };
        plenum_jobs::enqueue(tx, &Deliver { dispatch }).await?;
        history::add(tx, document.id, "sent", &recipient.name).await?;
        let detail = json!({ "document": document.id, "recipient": recipient.id });
        plenum_audit::record(tx, "documents.send", dispatch, detail).await?;
        sent += 1;
    }
    tell(tx, document.id).await?;
    Ok(sent)
}
