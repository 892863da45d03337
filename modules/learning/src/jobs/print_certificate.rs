//! A certificate as a PDF.

use plenum_jobs::{Job, JobContext, JobError};
use plenum_learning_api::CertificateId;
use plenum_print::Template;
use plenum_tenancy::store::tenants;
use qrcode::{EcLevel, QrCode, render::svg};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Tools, store::certificates};

const CERTIFICATE: Template =
    Template { name: "certificate", source: include_str!("../print/certificate.typ") };

/// Print a certificate.
#[derive(Debug, Serialize, Deserialize)]
pub struct PrintCertificate {
    /// Which.
    pub certificate: CertificateId,
}

impl Job for PrintCertificate {
    const KIND: &'static str = "learning.print_certificate";
}

/// Prints it and keeps it as a file of the tenant: once, a repeated job finds it.
pub(crate) async fn print_certificate(
    context: &JobContext,
    tools: &Tools,
    job: PrintCertificate,
) -> Result<(), JobError> {
    let mut tx = context.write("learning.print_certificate").await?;
    let certificate = certificates::lock(&mut tx, job.certificate)
        .await?
        .ok_or_else(|| JobError::GiveUp("the certificate is gone".to_owned()))?;
    if certificate.file.is_some() {
        return Ok(());
    }
    let tenant_id = tx.tenant();
    let tenant = tenants::by_id(tx.conn(), tenant_id).await?;
    let url = format!("{}/certificates/{}", tools.public_url, certificate.token);
    let code = QrCode::with_error_correction_level(&url, EcLevel::M).map_err(JobError::give_up)?;
    let data = json!({
        "organization": tenant.map(|tenant| tenant.name).unwrap_or_default(),
        "number": certificate.full_number(),
        "holder": certificate.holder,
        "course": certificate.course_title,
        "issued_on": certificate.issued_on.to_string(),
        "qr": code.render::<svg::Color<'_>>().build(),
        "url": url,
    });
    let printed_at = tx.now().with_timezone(&tools.time_zone).fixed_offset();
    let pdf = tools.printer.pdf_async(&CERTIFICATE, &data, printed_at).await.map_err(JobError::give_up)?;
    let name = format!("Сертификат № {}.pdf", certificate.full_number());
    let file =
        tools.files.keep(&mut tx, &name, "application/pdf", pdf.into()).await.map_err(JobError::retry)?;
    certificates::keep_file(&mut tx, certificate.id, file.id).await?;
    tx.commit().await?;
    Ok(())
}
