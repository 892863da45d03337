//! The trial run: everything is judged, nobody is added.

use plenum_db::{StoreError, TenantTx};
use plenum_members_api::ImportId;
use uuid::Uuid;

use super::{
    parse::Parsed,
    walk::{People, Walk},
};
use crate::{
    domain::import::{MappingError, Report},
    store::{pages, register},
};

/// Why there is no trial run.
#[derive(Debug, thiserror::Error)]
pub(super) enum CheckError {
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Goes through the file, keeps what would become of each row, and gives the counts.
pub(super) async fn check(
    tx: &mut TenantTx,
    import: ImportId,
    scope: &[Uuid],
    parsed: Parsed,
) -> Result<Report, CheckError> {
    parsed.shown.layout.mapping.validate()?;
    let known = register::load(tx, scope).await?;
    let kept = pages::kept(tx, import).await?;
    let mut walk = Walk::begin(parsed, known, tx.now().date_naive(), People::Drop);
    while let Some(batch) = walk.next().await {
        pages::keep(tx, import, &kept, batch.pages).await?;
    }
    let end = walk.end().await?;
    pages::remove_from(tx, import, end.pages).await?;
    Ok(end.report)
}
