//! A file is imported at one stroke, for commands: read, judged and added in one transaction.

use bytes::Bytes;
use plenum_authz::Viewer;
use plenum_db::{Access, Db, OpenError, StoreError};
use plenum_files::{Files, FilesError};
use plenum_members_api::ImportId;

use super::{
    commit_import::{CommitError, add},
    parse::parse,
    prepare_import::scope,
};
use crate::{
    domain::import::{MappingError, ReadError, Report},
    permissions,
    store::{
        imports::{self, NewImport, State},
        register,
    },
};

/// Why nothing was imported. Then nothing is stored either.
#[derive(Debug, thiserror::Error)]
pub enum ImportFileError {
    /// The file cannot be read as a register.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Its columns do not make a register.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The viewer may not import.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file cannot be kept.
    #[error("could not keep the imported file")]
    File(#[from] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CommitError> for ImportFileError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Mapping(error) => Self::Mapping(error),
            CommitError::File(error) => Self::File(error),
            CommitError::Read(error) => Self::Read(error),
            CommitError::Open(error) => Self::Open(error),
            CommitError::Store(error) => Self::Store(error),
            CommitError::WrongState => unreachable!("nobody else sees an import before its transaction ends"),
        }
    }
}

/// Imports a register from the bytes of a file and gives the counts of the real import.
///
/// # Errors
/// [`ImportFileError`]: with each of them, nothing is stored.
pub async fn import_file(
    db: &Db,
    files: &Files,
    viewer: &Viewer,
    file_name: &str,
    bytes: Bytes,
) -> Result<Report, ImportFileError> {
    let mut tx = db.tenant(viewer, permissions::IMPORT, Access::Write).await?;
    let scope = scope(&mut tx).await?;
    // Reading takes seconds at the most; the transaction was opened first to refuse before that.
    let parsed = parse(bytes.clone(), file_name.to_owned()).await?;
    parsed.shown.layout.mapping.validate()?;
    let file = files.keep(&mut tx, file_name, content_type(file_name), bytes).await?;
    let id = ImportId::new();
    imports::insert(
        &mut tx,
        &NewImport {
            id,
            file: file.id,
            file_name,
            scope: &scope,
            state: State::Committing,
            unreadable: None,
            layout: Some(&parsed.shown),
            report: Some(&Report::default()),
            total: parsed.rows(),
        },
    )
    .await?;
    register::take_turn(&mut tx).await?;
    let import = imports::by_id(&mut tx, id).await?.ok_or(StoreError::Rows { expected: 1, found: 0 })?;
    let report = add(&mut tx, &import, parsed, None).await?;
    tx.commit().await?;
    Ok(report)
}

fn content_type(file_name: &str) -> &'static str {
    if file_name.to_lowercase().ends_with(".csv") {
        "text/csv"
    } else {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    }
}
