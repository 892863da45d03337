//! The user says what the columns mean.

use plenum_db::{Permit, StoreError, TenantTx};
use plenum_files::{Files, FilesError};

use super::{
    check::{CheckError, check},
    parse::parse_as,
};
use crate::{
    domain::import::{Column, Field, MappingError, ReadError},
    permissions::RunImport,
    store::imports::{self, PlacedImport, State},
};

/// Why the columns were not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetMappingError {
    /// The import is no longer, or never was, waiting for it.
    #[error("the import is in another state")]
    WrongState,
    /// The file has no column at this place in the list.
    #[error("the file has no such column")]
    NoColumn {
        /// The position in the list that was given.
        position: usize,
    },
    /// The columns do not make a register.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The file cannot be fetched.
    #[error("could not fetch the file to be imported")]
    File(#[from] FilesError),
    /// The file reads no more, though it did before.
    #[error("could not read the file again")]
    Read(#[from] ReadError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CheckError> for SetMappingError {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Mapping(error) => Self::Mapping(error),
            CheckError::Store(error) => Self::Store(error),
        }
    }
}

/// Gives columns other meanings and makes the trial run again. Columns that are not named keep theirs.
///
/// # Errors
/// [`SetMappingError`].
pub(crate) async fn set_mapping(
    tx: &mut TenantTx,
    permit: Permit<RunImport, PlacedImport>,
    files: &Files,
    columns: &[(Column, Option<Field>)],
) -> Result<(), SetMappingError> {
    let import = permit.into_resource().import;
    let (State::Checked, Some(mut shown)) = (imports::lock(tx, import.id).await?, import.layout) else {
        return Err(SetMappingError::WrongState);
    };
    for (position, (column, field)) in columns.iter().enumerate() {
        if !shown.layout.mapping.assign(*column, *field) {
            return Err(SetMappingError::NoColumn { position });
        }
    }
    shown.layout.mapping.validate()?;
    let (file, bytes) = files.fetch(tx, import.file).await?;
    let parsed = parse_as(bytes, file.name, shown.clone()).await?;
    let report = check(tx, import.id, &import.scope, parsed).await?;
    Ok(imports::keep_check(tx, import.id, &shown, Some(&report)).await?)
}
