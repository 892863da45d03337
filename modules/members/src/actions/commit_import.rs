//! A checked import is added to the register: asked for in one transaction, done in another, by a job.

use plenum_authz::Viewer;
use plenum_db::{Access, Db, OpenError, Permit, StoreError, TenantTx};
use plenum_files::{Files, FilesError};
use plenum_kernel::TenantId;
use plenum_live::Topic;
use plenum_members_api::ImportId;

use super::{
    parse::{Parsed, parse_as},
    prepare_import::scope,
    walk::{People, Walk},
};
use crate::{
    domain::import::{MappingError, ReadError, Report},
    jobs::CommitImport,
    permissions::{self, RunImport},
    store::{
        imports::{self, ImportRecord, PlacedImport, State},
        pages, register,
    },
};

/// Who acts in the audit while the job runs.
const ACTOR: &str = "members.commit_import";

/// Why an import is not added.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommitError {
    /// It is unreadable or put away, or its columns have no usable meaning yet.
    #[error("the import is in another state")]
    WrongState,
    /// The columns do not make a register.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The file cannot be fetched.
    #[error("could not fetch the file to be imported")]
    File(#[from] FilesError),
    /// The file reads no more, though it did before.
    #[error("could not read the file again")]
    Read(#[from] ReadError),
    /// A transaction cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CommitError {
    /// Whether the same import may still succeed later: when only a server was out of reach.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Store(_) | Self::Open(_) => true,
            Self::File(error) => !matches!(error, FilesError::NotFound),
            Self::WrongState | Self::Mapping(_) | Self::Read(_) => false,
        }
    }

    /// The stable word that is kept with a failed import.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::WrongState => "import_state",
            Self::Mapping(error) => error.code(),
            Self::File(_) => "file_missing",
            Self::Read(error) => error.code(),
            Self::Open(_) | Self::Store(_) => "internal",
        }
    }
}

/// Asks for an import to be added. Asking again, also after a failure, sets it going again; an import that is done
/// stays as it is.
///
/// # Errors
/// [`CommitError::WrongState`] and [`CommitError::Store`].
pub(crate) async fn commit_import(
    tx: &mut TenantTx,
    permit: Permit<RunImport, PlacedImport>,
) -> Result<(), CommitError> {
    let import = permit.into_resource().import;
    match imports::lock(tx, import.id).await? {
        State::Done => return Ok(()),
        State::Checked | State::Committing | State::Failed if import.report.is_some() => {}
        _ => return Err(CommitError::WrongState),
    }
    // The rights that count are those of now, not those of the upload.
    let scope = scope(tx).await?;
    imports::move_to(tx, import.id, State::Committing, &scope, None).await?;
    plenum_audit::record(tx, "members.commit_import", import.id, serde_json::json!({})).await?;
    plenum_jobs::enqueue(tx, &CommitImport { import: import.id }).await?;
    tell(tx, import.id).await?;
    Ok(())
}

/// Adds an import that somebody asked for: all of it in one transaction, or nothing. An import that is done, or that
/// nobody asks for any more, is left alone, so that doing it twice is no fault.
pub(crate) async fn run_commit(
    db: &Db,
    files: &Files,
    tenant: TenantId,
    id: ImportId,
) -> Result<(), CommitError> {
    let system = Viewer::system(tenant, ACTOR);
    let mut tx = db.tenant(&system, permissions::IMPORT, Access::Read).await?;
    let Some(import) = wanted(&mut tx, id).await? else { return Ok(()) };
    let (file, bytes) = files.fetch(&mut tx, import.file).await?;
    // Reading a large file takes seconds, in which a connection would stand idle.
    tx.commit().await?;
    let Some(shown) = import.layout else { return Err(CommitError::WrongState) };
    let parsed = parse_as(bytes, file.name, shown).await?;

    let mut tx = db.tenant(&system, permissions::IMPORT, Access::Write).await?;
    register::take_turn(&mut tx).await?;
    let Some(import) = wanted(&mut tx, id).await? else { return Ok(()) };
    let progress = Progress { db, system: &system, import: id };
    add(&mut tx, &import, parsed, Some(progress)).await?;
    tell(&mut tx, id).await?;
    Ok(tx.commit().await?)
}

/// Says that an import failed for good.
pub(crate) async fn give_up(
    db: &Db,
    tenant: TenantId,
    id: ImportId,
    error: &CommitError,
) -> Result<(), CommitError> {
    let system = Viewer::system(tenant, ACTOR);
    let mut tx = db.tenant(&system, permissions::IMPORT, Access::Write).await?;
    if let Some(import) = wanted(&mut tx, id).await? {
        imports::move_to(&mut tx, id, State::Failed, &import.scope, Some(error.word())).await?;
        tell(&mut tx, id).await?;
    }
    Ok(tx.commit().await?)
}

async fn wanted(tx: &mut TenantTx, id: ImportId) -> Result<Option<ImportRecord>, StoreError> {
    Ok(imports::by_id(tx, id).await?.filter(|import| import.state == State::Committing))
}

/// Tells watchers how far it is, in transactions of its own: nothing of the import is seen before its end.
pub(super) struct Progress<'a> {
    db: &'a Db,
    system: &'a Viewer,
    import: ImportId,
}

impl Progress<'_> {
    async fn tell(&self, done: i32, total: i32) -> Result<(), CommitError> {
        let mut tx = self.db.tenant(self.system, permissions::IMPORT, Access::Write).await?;
        imports::keep_progress(&mut tx, self.import, done, total).await?;
        tell(&mut tx, self.import).await?;
        Ok(tx.commit().await?)
    }
}

/// Judges every row against the register as it is now and adds those that are accepted. The caller has the tenant's
/// turn and commits.
pub(super) async fn add(
    tx: &mut TenantTx,
    import: &ImportRecord,
    parsed: Parsed,
    progress: Option<Progress<'_>>,
) -> Result<Report, CommitError> {
    let known = register::load(tx, &import.scope).await?;
    let kept = pages::kept(tx, import.id).await?;
    let mut walk = Walk::begin(parsed, known, tx.now().date_naive(), People::Collect);
    while let Some(batch) = walk.next().await {
        register::insert(tx, import.id, &batch.people).await?;
        pages::keep(tx, import.id, &kept, batch.pages).await?;
        if let Some(progress) = &progress {
            progress.tell(batch.done, batch.total).await?;
        }
    }
    let end = walk.end().await?;
    pages::remove_from(tx, import.id, end.pages).await?;
    let detail = imports::audited(&end.report, import.created_by);
    plenum_audit::record(tx, "members.import", import.id, detail).await?;
    imports::finish(tx, import.id, &end.report, end.total).await?;
    Ok(end.report)
}

async fn tell(tx: &mut TenantTx, import: ImportId) -> Result<(), StoreError> {
    let topic = Topic::of(tx.tenant(), import);
    plenum_live::touch(tx, &topic).await
}
