//! A list is made, or described anew.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_mailings_api::MailingListId;
use plenum_tenancy::store::units::Unit;
use serde_json::json;

use crate::{
    domain::{TextFault, required},
    permissions::Edit,
    store::lists::{self, MailingList},
};

const LONGEST_NAME: usize = 120;
const LONGEST_DESCRIPTION: usize = 500;

/// Why it was not saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveListError {
    /// The name or the description cannot be taken.
    #[error("the list cannot be described so")]
    Text(TextFault),
    /// The unit has another list of this name.
    #[error("the unit has a list of this name")]
    NameTaken,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn taken(error: StoreError) -> SaveListError {
    if error.violates("list_name") { SaveListError::NameTaken } else { error.into() }
}

fn checked(name: &str, description: &str) -> Result<(String, String), SaveListError> {
    let name = required("input.name", name, LONGEST_NAME).map_err(SaveListError::Text)?;
    let description = description.trim().to_owned();
    if description.chars().count() > LONGEST_DESCRIPTION {
        return Err(SaveListError::Text(TextFault::new("input.description", "too_long")));
    }
    Ok((name, description))
}

/// Makes a list of a unit.
///
/// # Errors
/// [`SaveListError`].
pub async fn create_list(
    tx: &mut TenantTx,
    permit: Permit<Edit, Unit>,
    name: &str,
    description: &str,
) -> Result<MailingList, SaveListError> {
    let (name, description) = checked(name, description)?;
    let list = MailingList { id: MailingListId::new(), unit: permit.into_resource(), name, description };
    lists::insert(tx, &list).await.map_err(taken)?;
    plenum_audit::record(tx, "mailings.create_list", list.id, json!({})).await?;
    Ok(list)
}

/// Describes a list anew.
///
/// # Errors
/// [`SaveListError`].
pub async fn update_list(
    tx: &mut TenantTx,
    permit: Permit<Edit, MailingList>,
    name: &str,
    description: &str,
) -> Result<MailingList, SaveListError> {
    let (name, description) = checked(name, description)?;
    let list = MailingList { name, description, ..permit.into_resource() };
    lists::update(tx, list.id, &list.name, &list.description).await.map_err(taken)?;
    plenum_audit::record(tx, "mailings.update_list", list.id, json!({})).await?;
    Ok(list)
}
