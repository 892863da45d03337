//! Deletes an organization: asked for, called off, and carried out when its notice is over.
//!
//! Carrying out is a row of steps, of which each finds in the database what is to be done next, does it in a transaction
//! of its own, and may be repeated: whenever the program dies, the next one goes on where it was.

use chrono::{DateTime, Utc};
use plenum_db::{Access, Db, StoreError, catalogue};
use plenum_files::{Files, FilesError};
use plenum_identity::store::bound_sessions;
use plenum_kernel::{AccountId, TenantId, TypedId};
use plenum_live::Topic;
use plenum_tenancy::store::{deletions, tenants};
use plenum_vault::Vault;
use serde_json::json;

use super::{Denied, inside, steer_tenant::record};
use crate::{
    domain::{NOTICE, REMINDED_BEFORE},
    jobs::{Erase, Notice, Warn},
};

/// Before all others: without its keys nobody reads what an organization had sealed, in a copy of the database neither.
const KEYS: &str = "vault.tenant_key";

/// Sets the day of the deletion, and has the organization's administrators told. It works on until then.
pub(crate) async fn ask(
    db: &Db,
    federation: TenantId,
    actor: AccountId,
    tenant: TenantId,
    reason: &str,
) -> Result<(), Denied> {
    let mut directory = db.global(None).await?;
    let due_at = directory.now() + NOTICE;
    if deletions::of(directory.conn(), tenant).await?.is_some() {
        return Err(Denied::Already);
    }
    if deletions::below(directory.conn(), tenant).await? > 0 {
        return Err(Denied::HasBelow);
    }
    drop(directory);
    // First what carries it out, in the apparatus: without a day that is set it does nothing.
    let mut tx = inside(db, federation, Access::Write).await?;
    plenum_jobs::enqueue_at(&mut tx, &Erase { tenant }, due_at).await?;
    let reminder = Warn { tenant, due_at, notice: Notice::Reminder };
    plenum_jobs::enqueue_at(&mut tx, &reminder, due_at - REMINDED_BEFORE).await?;
    tx.commit().await?;
    let detail = json!({ "reason": reason, "due": due_at });
    let mut tx = db.operator_for("federation.ask_deletion", actor, tenant, detail.clone()).await?;
    if !deletions::ask(&mut tx, tenant, actor, reason, due_at).await? {
        return Err(Denied::Already);
    }
    tx.commit().await?;
    tell(db, federation, Warn { tenant, due_at, notice: Notice::Asked }).await?;
    record(db, actor, tenant, "federation.ask_deletion", detail).await
}

/// Calls the deletion off: the organization stays as it is.
pub(crate) async fn call_off(
    db: &Db,
    federation: TenantId,
    actor: AccountId,
    tenant: TenantId,
) -> Result<(), Denied> {
    let mut directory = db.global(None).await?;
    let Some(deletion) = deletions::of(directory.conn(), tenant).await? else { return Err(Denied::Already) };
    drop(directory);
    let mut tx = db.operator_for("federation.call_off_deletion", actor, tenant, json!({})).await?;
    if !deletions::call_off(&mut tx, tenant).await? {
        return Err(Denied::Already);
    }
    tx.commit().await?;
    tell(db, federation, Warn { tenant, due_at: deletion.due_at, notice: Notice::CalledOff }).await?;
    record(db, actor, tenant, "federation.call_off_deletion", json!({})).await
}

async fn tell(db: &Db, federation: TenantId, warn: Warn) -> Result<(), Denied> {
    let mut tx = inside(db, federation, Access::Write).await?;
    plenum_jobs::enqueue(&mut tx, &warn).await?;
    tx.commit().await?;
    Ok(())
}

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing is to be done: it is not due, was called off, or is over.
    Nothing,
    /// A job of the organization is in hand; it has to end first.
    Waits,
    /// The organization is closed for good.
    Closed,
    /// What it was is noted.
    Measured,
    /// A table was emptied.
    Emptied {
        /// `schema.table`.
        table: String,
        /// How many rows it had.
        rows: u64,
    },
    /// The files went, and the tombstone is set.
    Ended,
}

/// Why a step was not done.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The object store failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Does the next step of the deletion of an organization, on behalf of the federation whose apparatus this is.
///
/// # Errors
/// [`EraseError`] when the database or the object store fails; doing it again goes on.
pub async fn erase_next(
    db: &Db,
    files: &Files,
    federation: TenantId,
    tenant: TenantId,
) -> Result<Step, EraseError> {
    let mut directory = db.global(None).await?;
    let now = directory.now();
    let Some(deletion) = deletions::of(directory.conn(), tenant).await? else { return Ok(Step::Nothing) };
    let measured = deletions::is_measured(directory.conn(), tenant).await?;
    let is_over = deletions::is_over(directory.conn(), tenant).await?;
    drop(directory);
    if is_over || deletion.due_at > now {
        return Ok(Step::Nothing);
    }
    if deletion.begun_at.is_none() {
        let mut tx = db.operator_on("federation.begin_deletion", tenant, json!({})).await?;
        if !deletions::begin(&mut tx, tenant).await? {
            return Ok(Step::Nothing);
        }
        // What everybody of the organization watches: what is open ends, on every server.
        plenum_live::touch_across(&mut tx, &Topic::own_roles(tenant)).await?;
        tx.commit().await?;
        return Ok(Step::Closed);
    }
    let mut tx = inside(db, tenant, Access::Read).await?;
    if plenum_jobs::in_hand(&mut tx).await? > 0 {
        return Ok(Step::Waits);
    }
    if !measured {
        let (count, bytes) =
            (plenum_files::store::count(&mut tx).await?, plenum_files::store::used(&mut tx).await?);
        let head = plenum_audit::verify::head(&mut tx).await?;
        drop(tx);
        let mut tx = db.operator_on("federation.measure_tenant", tenant, json!({})).await?;
        deletions::measure(&mut tx, tenant, count, bytes, head.as_ref()).await?;
        tx.commit().await?;
        return Ok(Step::Measured);
    }
    let mut tables = catalogue::referring_first(tx.conn()).await?;
    tables.sort_by_key(|table| table.name != KEYS);
    let first = deletions::first_with_rows(&mut tx, &tables).await?;
    drop(tx);
    if let Some(table) = first.map(|at| &tables[at]) {
        let detail = json!({ "table": table.name });
        let mut tx = db.operator_on("federation.empty_table", tenant, detail).await?;
        let rows = deletions::empty(&mut tx, tenant, table).await?;
        tx.commit().await?;
        if table.name == KEYS
            && let Some(vault) = db.carried::<Vault>()
        {
            vault.forget(tenant);
        }
        return Ok(Step::Emptied { table: table.name.clone(), rows });
    }
    files.erase(tenant).await?;
    let mut tx = db.global(None).await?;
    bound_sessions::end(tx.conn(), tenant, None).await?;
    tx.commit().await?;
    // Before the end: told twice is better than never.
    let mut tx = inside(db, federation, Access::Write).await?;
    let detail = json!({ "by": deletion.asked_by.global(), "reason": deletion.reason });
    plenum_audit::record(&mut tx, "federation.delete_tenant", tenant, detail).await?;
    tx.commit().await?;
    let mut tx = db.operator_on("federation.delete_tenant", tenant, json!({})).await?;
    deletions::end(&mut tx, tenant).await?;
    tx.commit().await?;
    Ok(Step::Ended)
}

/// Whom the letters go to: those who administer the organization now; with its name, which they know.
pub(crate) async fn administrators(
    db: &Db,
    tenant: TenantId,
    due_at: DateTime<Utc>,
    notice: Notice,
) -> Result<Vec<AccountId>, StoreError> {
    let mut directory = db.global(None).await?;
    let deletion = deletions::of(directory.conn(), tenant).await?;
    let is_known = tenants::by_id(directory.conn(), tenant).await?.is_some();
    drop(directory);
    let stands = match (notice, deletion) {
        (Notice::CalledOff, None) => is_known,
        (Notice::Asked | Notice::Reminder, Some(deletion)) => {
            deletion.due_at == due_at && deletion.begun_at.is_none()
        }
        _ => false,
    };
    if !stands {
        return Ok(Vec::new());
    }
    let mut tx = inside(db, tenant, Access::Read).await?;
    plenum_tenancy::store::grants::lasting_administrators(&mut tx).await
}
