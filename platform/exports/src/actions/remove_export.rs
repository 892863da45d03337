//! Removes the file of an export whose days are over.

use plenum_authz::Viewer;
use plenum_db::{Access, Db, OpenError, StoreError};
use plenum_files::{Files, FilesError};
use plenum_kernel::TenantId;

use crate::{
    permissions::TENANT,
    store::exports::{self, State, TenantExportId},
};

/// It was not removed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RemoveError {
    /// The object store failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A transaction cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// First the bytes, then the rows: what died in between is done again.
pub(crate) async fn remove_export(
    db: &Db,
    files: &Files,
    tenant: TenantId,
    id: TenantExportId,
) -> Result<(), RemoveError> {
    let system = Viewer::system(tenant, "exports");
    let mut tx = db.tenant(&system, TENANT, Access::Read).await?;
    let Some(export) = exports::by_id(&mut tx, id).await? else { return Ok(()) };
    drop(tx);
    files.discard(tenant, export.file).await?;
    let mut tx = db.tenant(&system, TENANT, Access::Write).await?;
    plenum_files::store::remove(&mut tx, export.file).await?;
    exports::end(&mut tx, id, State::Ready, State::Expired).await?;
    Ok(tx.commit().await?)
}
