//! Certificates and their numbers.

use chrono::{DateTime, NaiveDate, Utc};
use plenum_authz::Place;
use plenum_db::{AffectedRows, Resource, StoreError, TenantTx};
use plenum_kernel::{FileId, TypedId};
use plenum_learning_api::{CertificateId, EnrolmentId};
use uuid::Uuid;

use super::lessons::Placed;

/// A certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// Its id.
    pub id: CertificateId,
    /// For what.
    pub enrolment: EnrolmentId,
    /// The year of its number.
    pub year: i32,
    /// Its number in the year.
    pub number: i32,
    /// When it was issued.
    pub issued_on: NaiveDate,
    /// Whose it is.
    pub holder: String,
    /// For which course.
    pub course_title: String,
    /// Printed in its QR code.
    pub token: String,
    /// The PDF, once it is printed.
    pub file: Option<FileId>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why.
    pub revoke_reason: Option<String>,
}

impl Certificate {
    /// The number as it is written: `2026-000123`.
    #[must_use]
    pub fn full_number(&self) -> String {
        format!("{}-{:06}", self.year, self.number)
    }
}

impl Resource for Placed<Certificate> {
    type Id = CertificateId;

    async fn find(tx: &mut TenantTx, id: CertificateId) -> Result<Option<Self>, StoreError> {
        let certificate = one(tx, Some(id), None, None).await?;
        Self::of(tx, certificate).await
    }

    fn place(&self) -> Place {
        self.at()
    }
}

async fn one(
    tx: &mut TenantTx,
    id: Option<CertificateId>,
    enrolment: Option<EnrolmentId>,
    token: Option<&str>,
) -> Result<Option<Certificate>, StoreError> {
    let tenant = tx.tenant().uuid();
    let row = sqlx::query!(
        "SELECT id, enrolment_id, year, number, issued_on, holder, course_title, token, file_id, revoked_at,
                revoke_reason
           FROM learning.certificate
          WHERE tenant_id = $1 AND (id = $2 OR enrolment_id = $3 OR token = $4)",
        tenant,
        id.map(TypedId::uuid),
        enrolment.map(TypedId::uuid),
        token
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Certificate {
        id: row.id.into(),
        enrolment: row.enrolment_id.into(),
        year: row.year,
        number: row.number,
        issued_on: row.issued_on,
        holder: row.holder,
        course_title: row.course_title,
        token: row.token,
        file: row.file_id.map(FileId::from),
        revoked_at: row.revoked_at,
        revoke_reason: row.revoke_reason,
    }))
}

/// The certificate of an enrolment.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn of_enrolment(tx: &mut TenantTx, id: EnrolmentId) -> Result<Option<Certificate>, StoreError> {
    one(tx, None, Some(id), None).await
}

/// The certificate with this token.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_token(tx: &mut TenantTx, token: &str) -> Result<Option<Certificate>, StoreError> {
    one(tx, None, None, Some(token)).await
}

/// The certificate of this number.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn number_of(tx: &mut TenantTx, id: EnrolmentId) -> Result<Option<String>, StoreError> {
    Ok(of_enrolment(tx, id).await?.map(|certificate| certificate.full_number()))
}

/// Takes the next number of a year. The counter is locked until the end of the transaction, which keeps the number or
/// gives it back: there are no gaps.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn next_number(tx: &mut TenantTx, year: i32) -> Result<i32, StoreError> {
    let tenant = tx.tenant().uuid();
    let number = sqlx::query_scalar!(
        "INSERT INTO learning.certificate_counter AS c (tenant_id, year, last) VALUES ($1, $2, 1)
         ON CONFLICT (tenant_id, year) DO UPDATE SET last = c.last + 1
         RETURNING last",
        tenant,
        year
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(number)
}

/// Issues a certificate.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn insert(tx: &mut TenantTx, certificate: &Certificate) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "INSERT INTO learning.certificate (tenant_id, id, enrolment_id, year, number, issued_on, holder, course_title,
                                           token)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        tenant,
        certificate.id.uuid(),
        certificate.enrolment.uuid(),
        certificate.year,
        certificate.number,
        certificate.issued_on,
        certificate.holder,
        certificate.course_title,
        certificate.token
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Locks a certificate until the end of the transaction and reads it.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lock(tx: &mut TenantTx, id: CertificateId) -> Result<Option<Certificate>, StoreError> {
    let tenant = tx.tenant().uuid();
    let found: Option<Uuid> = sqlx::query_scalar!(
        "SELECT id FROM learning.certificate WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE",
        tenant,
        id.uuid()
    )
    .fetch_optional(tx.conn())
    .await?;
    match found {
        Some(_) => one(tx, Some(id), None, None).await,
        None => Ok(None),
    }
}

/// Keeps the printed PDF.
///
/// # Errors
/// [`StoreError::Rows`] when there is one already.
pub async fn keep_file(tx: &mut TenantTx, id: CertificateId, file: FileId) -> Result<(), StoreError> {
    let tenant = tx.tenant().uuid();
    sqlx::query!(
        "UPDATE learning.certificate SET file_id = $3 WHERE tenant_id = $1 AND id = $2 AND file_id IS NULL",
        tenant,
        id.uuid(),
        file.uuid()
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}

/// Revokes a certificate that is not revoked yet.
///
/// # Errors
/// [`StoreError::Rows`] when it is revoked already.
pub async fn revoke(tx: &mut TenantTx, id: CertificateId, reason: &str) -> Result<(), StoreError> {
    let (tenant, now) = (tx.tenant().uuid(), tx.now());
    sqlx::query!(
        "UPDATE learning.certificate SET revoked_at = $3, revoke_reason = $4
          WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL",
        tenant,
        id.uuid(),
        now,
        reason
    )
    .execute(tx.conn())
    .await?
    .exactly(1)
}
