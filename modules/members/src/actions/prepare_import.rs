//! A register's file has been uploaded: read it, find its columns, make a trial run.

use plenum_db::{StoreError, TenantTx};
use plenum_files::{FileId, Files, FilesError};
use plenum_kernel::TypedId;
use plenum_members_api::ImportId;
use plenum_tenancy::store::units;
use uuid::Uuid;

use super::{
    check::{CheckError, check},
    parse::parse,
};
use crate::{
    domain::import::ReadError,
    store::imports::{self, NewImport, State},
};

/// Why no import was prepared. A file that cannot be read is no error: it becomes an import that says so.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PrepareError {
    /// The file is not there, not complete, or somebody else's.
    #[error("could not fetch the file to be imported")]
    File(#[source] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Prepares an import of a file that the viewer has uploaded, for the units in which the viewer keeps the register.
///
/// # Errors
/// [`PrepareError`].
pub(crate) async fn prepare_import(
    tx: &mut TenantTx,
    files: &Files,
    file: FileId,
) -> Result<ImportId, PrepareError> {
    let account = tx.viewer().account();
    let file = files.own(tx, file, account).await.map_err(PrepareError::File)?;
    let scope = scope(tx).await?;
    let id = ImportId::new();
    let (file, bytes) = files.fetch(tx, file.id).await.map_err(PrepareError::File)?;
    let mut new = NewImport {
        id,
        file: file.id,
        file_name: &file.name,
        scope: &scope,
        state: State::Checked,
        unreadable: None,
        layout: None,
        report: None,
        total: 0,
    };
    let parsed = match parse(bytes, file.name.clone()).await {
        Ok(parsed) => parsed,
        Err(error) => {
            new.state = State::Unreadable;
            new.unreadable = Some(unreadable(&error));
            imports::insert(tx, &new).await?;
            return Ok(id);
        }
    };
    let shown = parsed.shown.clone();
    new.layout = Some(&shown);
    new.total = parsed.rows();
    imports::insert(tx, &new).await?;
    match check(tx, id, &scope, parsed).await {
        Ok(report) => imports::keep_check(tx, id, &shown, Some(&report)).await?,
        // Too few columns were recognized: the user says what they mean, then there is a trial run.
        Err(CheckError::Mapping(_)) => {}
        Err(CheckError::Store(error)) => return Err(error.into()),
    }
    Ok(id)
}

/// The units for which the viewer imports; the platform itself does for all.
pub(super) async fn scope(tx: &mut TenantTx) -> Result<Vec<Uuid>, StoreError> {
    Ok(match tx.granted_units() {
        Some(granted) if !granted.is_empty() => granted,
        _ => vec![units::root(tx).await?.id.uuid()],
    })
}

/// The word of the API for what is wrong with a file.
fn unreadable(error: &ReadError) -> &'static str {
    match error {
        ReadError::Empty => "empty",
        ReadError::Encrypted => "encrypted",
        ReadError::NoHeader => "no_header",
        ReadError::TooLarge { .. } => "too_large",
        // A damaged or old workbook is none that can be read.
        ReadError::NotASpreadsheet | ReadError::OldWorkbook | ReadError::Damaged { .. } => {
            "not_a_spreadsheet"
        }
    }
}
