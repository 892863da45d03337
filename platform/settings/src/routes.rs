//! Where logos are.
//!
//! The address names the organization and the bytes (their SHA-256), so that it can be kept for ever and another logo has
//! another; nobody needs to be signed in, for the page of signing in shows it. Only PNG that we wrote ourselves is answered,
//! and told to be nothing else.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, Db, OpenError};
use plenum_files::{Files, FilesError};
use plenum_tenancy::store::{settings, tenants};

use crate::logo::MEDIA_TYPE;

const SHOW: Permission = Permission::new("tenancy.show_logo");

/// `GET /logos/{organization}/{digest}`.
pub fn router(files: Files, db: Db) -> Router {
    Router::new().route("/logos/{organization}/{digest}", get(show)).with_state((files, db))
}

async fn show(
    State((files, db)): State<(Files, Db)>,
    Path((organization, digest)): Path<(String, String)>,
) -> Response {
    let bytes = match look_up(&files, &db, &organization, &digest).await {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "could not read a logo");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    let mut response = Body::from(bytes).into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, MEDIA_TYPE),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A picture needs nothing, and is no page.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox; frame-ancestors 'none'"),
        (header::CONTENT_DISPOSITION, "inline; filename=\"logo.png\""),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Why a logo cannot be read.
#[derive(Debug, thiserror::Error)]
enum ShowError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] plenum_db::StoreError),
    #[error(transparent)]
    Files(#[from] FilesError),
}

async fn look_up(
    files: &Files,
    db: &Db,
    organization: &str,
    digest: &str,
) -> Result<Option<bytes::Bytes>, ShowError> {
    let mut directory = db.global(None).await?;
    let Some(tenant) = tenants::by_slug(&mut directory, organization).await? else { return Ok(None) };
    drop(directory);
    let mut tx = db.tenant(&Viewer::system(tenant.id, "settings"), SHOW, Access::Read).await?;
    let Some(logo) = settings::get(&mut tx).await?.logo.filter(|logo| logo.digest == digest) else {
        return Ok(None);
    };
    match files.fetch(&mut tx, logo.file).await {
        Ok((_, bytes)) => Ok(Some(bytes)),
        Err(FilesError::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
