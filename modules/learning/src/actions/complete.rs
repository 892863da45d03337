//! A course is completed, and its certificate issued.

use chrono::{Datelike, Utc};
use chrono_tz::Europe::Moscow;
use plenum_db::{StoreError, TenantTx};
use plenum_events::Publish;
use plenum_identity::token;
use plenum_learning_api::{CertificateId, CertificateIssued, EnrolmentStatus};
use plenum_members_api::MembersRead;
use plenum_tenancy::store::tenants;
use serde_json::json;

use super::way;
use crate::{
    domain::progress,
    jobs::print_certificate::PrintCertificate,
    store::{
        certificates::{self, Certificate},
        courses,
        enrolments::{self, Enrolment},
    },
};

/// Writes down that the learner did something, and completes the course when nothing is left to do. The enrolment is
/// locked by the caller.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn settle(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    mut enrolment: Enrolment,
) -> Result<(), StoreError> {
    enrolment.last_seen_at = Some(tx.now());
    if enrolment.state == EnrolmentStatus::Enrolled {
        enrolment.state = EnrolmentStatus::InProgress;
    }
    complete(tx, members, enrolment).await
}

/// Completes the course when nothing is left to do, and issues the certificate. The enrolment is locked by the caller.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn complete(
    tx: &mut TenantTx,
    members: &dyn MembersRead,
    mut enrolment: Enrolment,
) -> Result<(), StoreError> {
    let Some(course) = courses::by_id(tx, enrolment.course).await? else { return Ok(()) };
    let now = tx.now();
    let way = way(tx, &course, Some(&enrolment)).await?;
    let completes = enrolment.state == EnrolmentStatus::InProgress && progress::complete(&way.steps);
    if completes {
        enrolment.state = EnrolmentStatus::Completed;
        enrolment.completed_at = Some(now);
    }
    enrolments::update(tx, &enrolment).await?;
    let had_one = certificates::of_enrolment(tx, enrolment.id).await?.is_some();
    if !completes || !course.certificate || had_one {
        return Ok(());
    }
    let holder = match &members.by_ids(tx, &[enrolment.member]).await?[..] {
        [member, ..] => member.full_name.clone(),
        [] => enrolment.full_name.clone(),
    };
    let tenant = tx.tenant();
    let slug = tenants::by_id(tx.conn(), tenant).await?.map(|tenant| tenant.slug).unwrap_or_default();
    // Certificates are dated, and numbered by the year, as the calendar on the wall says.
    let today = now.with_timezone(&Moscow).date_naive();
    let certificate = Certificate {
        id: CertificateId::new(),
        enrolment: enrolment.id,
        year: today.year(),
        number: certificates::next_number(tx, today.year()).await?,
        issued_on: today,
        holder,
        course_title: course.title,
        // The tenant stands before the secret, so that the code alone says where to look.
        token: format!("{slug}.{}", token::generate()),
        file: None,
        revoked_at: None::<chrono::DateTime<Utc>>,
        revoke_reason: None,
    };
    certificates::insert(tx, &certificate).await?;
    plenum_jobs::enqueue(tx, &PrintCertificate { certificate: certificate.id }).await?;
    tx.publish(&CertificateIssued {
        certificate: certificate.id,
        enrolment: enrolment.id,
        course: enrolment.course,
        member: enrolment.member,
    })
    .await?;
    plenum_audit::record(tx, "learning.issue_certificate", certificate.id, json!({})).await
}
