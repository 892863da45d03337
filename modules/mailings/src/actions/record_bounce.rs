//! A letter came back, or an address turned out to be good after all.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_mail::{Report, ReportAction};
use plenum_mailings_api::DeliveryId;
use serde_json::json;

use super::tell;
use crate::{
    permissions::Edit,
    store::{
        deliveries,
        suppressions::{self, PlacedSuppression},
    },
};

/// What a report did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// The letter's line says so; with a hard bounce the address gets nothing more.
    Bounced {
        /// Whether the address itself is bad.
        hard: bool,
    },
    /// A delay, or a delivery: nothing to record.
    Nothing,
    /// There is no such letter.
    NoLetter,
}

/// Records what a mail server reported of a letter. A repeated report changes nothing.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn record_bounce(
    tx: &mut TenantTx,
    letter: DeliveryId,
    report: &Report,
) -> Result<Recorded, StoreError> {
    let Some(delivery) = deliveries::by_id(tx, letter).await? else { return Ok(Recorded::NoLetter) };
    if report.action != ReportAction::Failed {
        return Ok(Recorded::Nothing);
    }
    let reason = report.diagnostic.clone().unwrap_or_else(|| report.status.clone());
    let reason: String = reason.chars().take(500).collect();
    deliveries::bounced(tx, letter, &reason).await?;
    let hard = report.is_hard();
    if hard {
        suppressions::bounce(tx, delivery.member, &delivery.address, &delivery.key, &reason).await?;
    }
    tell(tx, delivery.campaign).await?;
    Ok(Recorded::Bounced { hard })
}

/// Lets letters go to an address again.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn lift_bounce(
    tx: &mut TenantTx,
    permit: Permit<Edit, PlacedSuppression>,
) -> Result<(), StoreError> {
    let id = permit.resource().suppression.id;
    suppressions::lift(tx, id).await?;
    plenum_audit::record(tx, "mailings.lift_bounce", id, json!({})).await
}
