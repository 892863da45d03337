//! Where recordings are kept: pieces in the object store, each recording's at a place of its own.

use async_trait::async_trait;
use plenum_files::Files;
use plenum_kernel::TenantId;
use plenum_recordings::{Piece, Shelf, ShelfError};
use uuid::Uuid;

/// The object store, for recordings.
#[derive(Clone)]
pub struct RecordingShelf(Files);

impl RecordingShelf {
    /// Takes the object store.
    #[must_use]
    pub fn new(files: Files) -> Self {
        Self(files)
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> ShelfError {
    ShelfError(Box::new(error))
}

#[async_trait]
impl Shelf for RecordingShelf {
    async fn put(
        &self,
        scope: Uuid,
        recording: Uuid,
        piece: &Piece,
        bytes: Vec<u8>,
    ) -> Result<(), ShelfError> {
        let (tenant, name) = (TenantId::from(scope), piece.to_string());
        self.0.put_piece(tenant, recording, &name, bytes.into()).await.map_err(failed)
    }

    async fn list(&self, scope: Uuid, recording: Uuid) -> Result<Vec<Piece>, ShelfError> {
        let names = self.0.pieces(TenantId::from(scope), recording).await.map_err(failed)?;
        // A write that was interrupted leaves a name that is none.
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    async fn get(&self, scope: Uuid, recording: Uuid, piece: &Piece) -> Result<Vec<u8>, ShelfError> {
        let (tenant, name) = (TenantId::from(scope), piece.to_string());
        Ok(self.0.piece(tenant, recording, &name).await.map_err(failed)?.into())
    }
}
