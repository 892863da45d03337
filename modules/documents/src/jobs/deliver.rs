//! Brings a document to another organization and its receipt back.
//!
//! Three transactions: read here, take in there, keep the receipt here. Killed between any two, the job runs again: what
//! was taken in is found by its dispatch and gives the same receipt, so that it arrives once.

use plenum_documents_api::DispatchId;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_tenancy::store::tenants;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Desk,
    actions::{
        receive_document::{Parcel, receive_document},
        tell,
    },
    store::{
        dispatches,
        documents::{self},
        history, versions,
    },
    verification::{self, Validity},
};

/// Deliver a dispatch.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    /// The dispatch.
    pub dispatch: DispatchId,
}

impl Job for Deliver {
    const KIND: &'static str = "documents.deliver";
}

pub(crate) async fn deliver(context: &JobContext, desk: &Desk, job: Deliver) -> Result<(), JobError> {
    let gone = |what: &str| JobError::GiveUp(format!("{what} is gone"));
    let mut tx = context.write("documents.deliver").await?;
    let dispatch = dispatches::by_id(&mut tx, job.dispatch).await?.ok_or_else(|| gone("the dispatch"))?;
    if dispatch.receipt.is_some() {
        return Ok(());
    }
    let document = documents::by_id(&mut tx, dispatch.document).await?.ok_or_else(|| gone("the document"))?;
    let registration = document.registration.clone().ok_or_else(|| gone("the registration"))?;
    let version = versions::by_id(&mut tx, dispatch.version).await?.ok_or_else(|| gone("the version"))?;
    let from = tx.tenant();
    let sender = tenants::by_id(tx.conn(), from).await?.ok_or_else(|| gone("the sender"))?;
    let recipient =
        tenants::by_id(tx.conn(), dispatch.recipient).await?.ok_or_else(|| gone("the recipient"))?;
    let signatures = verification::verify(&mut tx, desk, document.id).await.map_err(JobError::retry)?;
    let statement = signatures
        .iter()
        .filter(|one| one.version.id == version.id)
        .map(|one| {
            let record = &one.signature.record;
            json!({
                "signer": record.signer_name,
                "on_behalf_of": record.on_behalf_name,
                "signed_at": record.signed_at,
                "intent": record.intent,
                "sha256": hex::encode(record.sha256),
                "seal": hex::encode(one.signature.seal),
                "valid": one.validity == Validity::Valid,
            })
        })
        .collect();
    let (file, bytes) = desk.tools.files.fetch(&mut tx, version.file).await.map_err(JobError::retry)?;
    drop(tx);

    let mut there = context.write_in(dispatch.recipient, "documents.deliver").await?;
    let parcel = Parcel {
        from,
        from_name: sender.name,
        dispatch: dispatch.id,
        document,
        registration,
        file_name: file.name,
        content_type: file.content_type,
        bytes,
        statement,
    };
    let receipt = receive_document(&mut there, desk, parcel).await?;
    there.commit().await?;

    let mut tx = context.write("documents.deliver").await?;
    if dispatches::received(&mut tx, dispatch.id, &receipt).await? {
        let detail = format!("{}: {}", recipient.name, receipt.number);
        history::add(&mut tx, dispatch.document, "receipt", &detail).await?;
        let detail = json!({ "recipient": dispatch.recipient, "number": receipt.number });
        plenum_audit::record(&mut tx, "documents.receipt", dispatch.id, detail).await?;
        tell(&mut tx, dispatch.document).await?;
        tx.commit().await?;
    }
    Ok(())
}
