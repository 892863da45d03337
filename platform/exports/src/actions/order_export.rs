//! Orders an export, cancels it, and opens the way to its file.

use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, FileId, TypedId};
use serde_json::json;

use crate::{
    jobs::RunExport,
    store::exports::{self, Export, State, TenantExportId},
};

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrderError {
    /// Another one is written.
    #[error("an export is being written")]
    Running,
    /// There is no such export.
    #[error("no such export")]
    NotFound,
    /// It is over already.
    #[error("it is over already")]
    Over,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Orders one.
pub(crate) async fn order_export(tx: &mut TenantTx, by: AccountId) -> Result<TenantExportId, OrderError> {
    let id = TenantExportId::new();
    if !exports::insert(tx, id, FileId::new(), by).await? {
        return Err(OrderError::Running);
    }
    plenum_jobs::enqueue(tx, &RunExport { export: id }).await?;
    plenum_audit::record(tx, "exports.order", id, json!({})).await?;
    Ok(id)
}

/// Cancels one that is written; what it wrote is let go.
pub(crate) async fn cancel_export(tx: &mut TenantTx, id: TenantExportId) -> Result<(), OrderError> {
    let export = exports::by_id(tx, id).await?.ok_or(OrderError::NotFound)?;
    if export.state != State::Running || !exports::end(tx, id, State::Running, State::Cancelled).await? {
        return Err(OrderError::Over);
    }
    plenum_audit::record(tx, "exports.cancel", id, json!({})).await?;
    Ok(())
}

/// Opens the way to the file of one that is offered.
pub(crate) async fn open_export(tx: &mut TenantTx, id: TenantExportId) -> Result<Export, OrderError> {
    let export = exports::by_id(tx, id).await?.ok_or(OrderError::NotFound)?;
    let now = tx.now();
    if export.state != State::Ready || export.expires_at.is_none_or(|at| at <= now) {
        return Err(OrderError::Over);
    }
    plenum_audit::record(tx, "exports.download", id, json!({ "file": export.file.global() })).await?;
    Ok(export)
}
