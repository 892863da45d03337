//! A unit's rate is set.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_dues_api::RateId;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    domain::{
        month::Month,
        terms::{Rate, Tariff},
    },
    permissions::Manage,
    store::terms,
};

/// Sets it from a month on. What is charged already stays as it was charged.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn set_rate(
    tx: &mut TenantTx,
    permit: Permit<Manage, Unit>,
    tariff: Tariff,
    valid_from: Month,
) -> Result<Rate, StoreError> {
    let rate = Rate { id: RateId::new(), unit: permit.resource().id, tariff, valid_from };
    terms::insert_rate(tx, &rate).await?;
    plenum_audit::record(tx, "dues.set_rate", rate.id, json!({ "from": valid_from.to_string() })).await?;
    Ok(rate)
}
