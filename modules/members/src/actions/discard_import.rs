//! An import is put away.

use plenum_db::{Permit, StoreError, TenantTx};

use crate::{
    permissions::RunImport,
    store::{
        imports::{self, PlacedImport, State},
        pages,
    },
};

/// Why it was not.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiscardError {
    /// It is being added, or is added.
    #[error("the import is in another state")]
    WrongState,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Puts an import away that is not added; what was kept of its rows goes. Again is no fault.
///
/// # Errors
/// [`DiscardError`].
pub(crate) async fn discard_import(
    tx: &mut TenantTx,
    permit: Permit<RunImport, PlacedImport>,
) -> Result<(), DiscardError> {
    let import = permit.into_resource().import;
    match imports::lock(tx, import.id).await? {
        State::Discarded => Ok(()),
        State::Committing | State::Done => Err(DiscardError::WrongState),
        State::Checked | State::Unreadable | State::Failed => {
            pages::remove_from(tx, import.id, 0).await?;
            Ok(imports::move_to(tx, import.id, State::Discarded, &import.scope, None).await?)
        }
    }
}
