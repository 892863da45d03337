//! Prints the sheet of signatures of a document.

use plenum_documents_api::DocumentId;
use plenum_jobs::{Job, JobContext, JobError};
use plenum_print::Template;
use plenum_tenancy::store::tenants;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Desk,
    actions::tell,
    store::documents,
    verification::{self, Validity},
};

const SHEET: Template = Template { name: "signatures", source: include_str!("../print/signatures.typ") };

/// Print the signatures of a document.
#[derive(Debug, Serialize, Deserialize)]
pub struct PrintSheet {
    /// The document.
    pub document: DocumentId,
}

impl Job for PrintSheet {
    const KIND: &'static str = "documents.print_sheet";
}

/// Prints them as they are now; a repeated job prints them again.
pub(crate) async fn print_sheet(context: &JobContext, desk: &Desk, job: PrintSheet) -> Result<(), JobError> {
    let mut tx = context.write("documents.print_sheet").await?;
    let document = documents::lock(&mut tx, job.document).await?;
    let signatures = verification::verify(&mut tx, desk, document.id).await.map_err(JobError::retry)?;
    let removed = verification::removed(&mut tx, document.id).await?;
    let latest: Vec<_> = signatures.iter().filter(|one| one.of_latest).collect();
    let Some(version) = latest.first().map(|one| &one.version) else { return Ok(()) };
    let tenant = tx.tenant();
    let organization = tenants::by_id(tx.conn(), tenant).await?.map(|tenant| tenant.name).unwrap_or_default();
    let zone = desk.tools.time_zone;
    let data = json!({
        "document_id": document.id.to_string(),
        "organization": organization,
        "title": document.card.title,
        "number": document.registration.as_ref().map(|registration| registration.number.clone()),
        "date": document.registration.as_ref().map(|registration| desk.day(registration.at).format("%Y-%m-%d").to_string()),
        "file": version.name,
        "version": version.ordinal,
        "sha256": hex::encode(version.sha256),
        "signatures": latest.iter().map(|one| json!({
            "name": one.signature.record.signer_name,
            "on_behalf_of": one.signature.record.on_behalf_name,
            "at": one.signature.record.signed_at.with_timezone(&zone).format("%d.%m.%Y %H:%M:%S %Z").to_string(),
            "intent": one.signature.record.intent,
            "seal": hex::encode(one.signature.seal),
            "valid": one.validity == Validity::Valid,
        })).collect::<Vec<_>>(),
        "removed": removed.iter().filter(|one| one.version == version.ordinal).map(|one| {
            one.signed_at.with_timezone(&zone).format("%d.%m.%Y %H:%M:%S %Z").to_string()
        }).collect::<Vec<_>>(),
    });
    let printed_at = tx.now().with_timezone(&zone).fixed_offset();
    let pdf = desk.tools.printer.pdf_async(&SHEET, &data, printed_at).await.map_err(JobError::give_up)?;
    let file = desk
        .tools
        .files
        .keep(&mut tx, "Лист подписей.pdf", "application/pdf", pdf.into())
        .await
        .map_err(JobError::retry)?;
    documents::keep_sheet(&mut tx, document.id, file.id).await?;
    tell(&mut tx, document.id).await?;
    tx.commit().await?;
    Ok(())
}
