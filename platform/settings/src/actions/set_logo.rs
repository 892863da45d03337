//! Gives the tenant a picture, and takes it away.

use bytes::Bytes;
use plenum_db::{StoreError, TenantTx};
use plenum_files::{FileId, Files, FilesError};
use plenum_tenancy::store::settings::{self, Logo};
use serde_json::json;

use super::SettingUp;
use crate::logo::{self, LogoFault};

/// Why it is not set.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetLogoError {
    /// The file is none that can be taken.
    #[error(transparent)]
    Fault(#[from] LogoFault),
    /// The file is not there, not sent to the end, or somebody else's; or the object store failed.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The database failed, or the settings changed meanwhile.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a file that the caller sent, and keeps the picture in it.
pub(crate) async fn set_logo(
    tx: &mut TenantTx,
    _: SettingUp,
    files: &Files,
    version: i64,
    file: FileId,
) -> Result<(), SetLogoError> {
    let mut settings = settings::hold(tx, version).await?;
    let account = tx.viewer().account();
    let sent = files.own(tx, file, account).await?;
    if usize::try_from(sent.size_bytes).map_or(true, |size| size > logo::LARGEST) {
        return Err(LogoFault::TooLarge.into());
    }
    let (_, bytes) = files.fetch(tx, file).await?;
    let written = tokio::task::spawn_blocking(move || logo::written_anew(&bytes))
        .await
        .map_err(|_| LogoFault::Damaged)??;
    let kept = files.keep(tx, "logo.png", logo::MEDIA_TYPE, Bytes::from(written)).await?;
    let digest = hex::encode(kept.sha256.unwrap_or_default());
    settings.logo = Some(Logo { file: kept.id, digest: digest.clone() });
    settings::save(tx, &settings).await?;
    let tenant = tx.tenant();
    plenum_audit::record(tx, "tenancy.set_logo", tenant, json!({ "digest": digest })).await?;
    Ok(())
}

/// Takes it away.
pub(crate) async fn remove_logo(tx: &mut TenantTx, _: SettingUp, version: i64) -> Result<(), StoreError> {
    let mut settings = settings::hold(tx, version).await?;
    if settings.logo.take().is_some() {
        settings::save(tx, &settings).await?;
        let tenant = tx.tenant();
        plenum_audit::record(tx, "tenancy.remove_logo", tenant, json!({})).await?;
    }
    Ok(())
}
