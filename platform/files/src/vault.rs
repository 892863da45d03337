//! Where the bytes lie.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart, aws::AmazonS3Builder, local::LocalFileSystem,
    path::Path,
};
use plenum_db::{StoreError, TenantTx};
use plenum_kernel::{AccountId, TenantId, TypedId};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use uuid::Uuid;

use crate::{
    FileId, LinkKey,
    link::LinkAct,
    store::{self, File},
};

/// So much of a file is read at once, bytes.
const PART: usize = 256 * 1024;
/// So many parts of one object are on their way to the store at once.
const PARTS_AT_ONCE: usize = 4;

/// Where objects are kept.
#[derive(Debug, Clone)]
pub enum ObjectConfig {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a bucket of an S3-compatible store.
    S3 {
        /// The bucket's name.
        bucket: String,
        /// The region's name.
        region: String,
        /// The address of a store other than Amazon's.
        endpoint: Option<String>,
        /// The access key's id.
        access_key: String,
        /// The access key's secret.
        secret_key: String,
    },
}

/// The bytes cannot be kept or fetched.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The object store failed.
    #[error("the object store failed")]
    Objects(#[from] object_store::Error),
    /// The folder cannot be made or changed.
    #[error("could not make or change the folder of objects {0}")]
    Folder(PathBuf, #[source] std::io::Error),
    /// A file of this machine that was to be kept cannot be read.
    #[error("could not read what was to be kept")]
    Read(#[source] std::io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file is not there, or its bytes have not arrived.
    #[error("no such file, or its bytes have not arrived")]
    NotFound,
}

/// Files: rows, bytes and links.
#[derive(Clone)]
pub struct Files {
    pub(crate) objects: Arc<dyn ObjectStore>,
    /// The folder, when it is one of this machine: what an interrupted write leaves there no store lists.
    folder: Option<Arc<std::path::Path>>,
    pub(crate) key: LinkKey,
}

impl Files {
    /// Opens the object store.
    ///
    /// # Errors
    /// [`FilesError`] when the folder cannot be made or the configuration is wrong.
    pub fn open(config: &ObjectConfig, key: LinkKey) -> Result<Self, FilesError> {
        let folder = match config {
            ObjectConfig::Folder(folder) => Some(Arc::from(folder.as_path())),
            ObjectConfig::S3 { .. } => None,
        };
        let objects: Arc<dyn ObjectStore> = match config {
            ObjectConfig::Folder(folder) => {
                std::fs::create_dir_all(folder).map_err(|error| FilesError::Folder(folder.clone(), error))?;
                Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))
            }
            ObjectConfig::S3 { bucket, region, endpoint, access_key, secret_key } => {
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(bucket)
                    .with_region(region)
                    .with_access_key_id(access_key)
                    .with_secret_access_key(secret_key);
                if let Some(endpoint) = endpoint {
                    builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http:"));
                }
                Arc::new(builder.build()?)
            }
        };
        Ok(Self { objects, folder, key })
    }

    /// Keeps bytes that the platform has in hand; the row is written in the caller's transaction. When that
    /// transaction is undone the object is left over: harmless, for nothing points at it.
    ///
    /// # Errors
    /// [`FilesError`] when the store or the database fails.
    pub async fn keep(
        &self,
        tx: &mut TenantTx,
        name: &str,
        content_type: &str,
        bytes: Bytes,
    ) -> Result<File, FilesError> {
        let file = File {
            id: FileId::new(),
            name: name.to_owned(),
            content_type: content_type.to_owned(),
            size_bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            sha256: Some(Sha256::digest(&bytes).to_vec()),
            created_by: tx.viewer().account(),
        };
        self.objects.put(&object_path(tx.tenant(), file.id), PutPayload::from_bytes(bytes)).await?;
        store::insert(tx, &file).await?;
        Ok(file)
    }

    /// All bytes of a file of the transaction's tenant.
    ///
    /// # Errors
    /// [`FilesError::NotFound`] when it is not there or still on its way.
    pub async fn fetch(&self, tx: &mut TenantTx, id: FileId) -> Result<(File, Bytes), FilesError> {
        let file =
            store::by_id(tx, id).await?.filter(|file| file.sha256.is_some()).ok_or(FilesError::NotFound)?;
        let bytes = self.objects.get(&object_path(tx.tenant(), id)).await?.bytes().await?;
        Ok((file, bytes))
    }

    /// The bytes of a file as a stream: what is too large for memory. Whoever asks has read its row.
    ///
    /// # Errors
    /// [`FilesError::NotFound`] when the store has no such object; each part fails by itself.
    pub async fn stream(
        &self,
        tenant: TenantId,
        id: FileId,
    ) -> Result<BoxStream<'static, Result<Bytes, FilesError>>, FilesError> {
        match self.objects.get(&object_path(tenant, id)).await {
            Err(object_store::Error::NotFound { .. }) => Err(FilesError::NotFound),
            Err(error) => Err(error.into()),
            Ok(object) => Ok(object.into_stream().map(|part| part.map_err(FilesError::from)).boxed()),
        }
    }

    /// Keeps the bytes of an open file of this machine, from its beginning, without holding them in memory, under an id
    /// that has no row yet; tells their size and SHA-256.
    ///
    /// # Errors
    /// [`FilesError`] when the file cannot be read or the store fails; then the object is not there.
    pub async fn put(
        &self,
        tenant: TenantId,
        id: FileId,
        from: std::fs::File,
    ) -> Result<(i64, Vec<u8>), FilesError> {
        let mut from = tokio::fs::File::from_std(from);
        from.rewind().await.map_err(FilesError::Read)?;
        let upload = self.objects.put_multipart(&object_path(tenant, id)).await?;
        let mut writer = WriteMultipart::new(upload);
        let (mut hash, mut size, mut buffer) = (Sha256::new(), 0_i64, vec![0_u8; PART]);
        loop {
            let read = match from.read(&mut buffer).await {
                Ok(read) => read,
                Err(error) => {
                    writer.abort().await.ok();
                    return Err(FilesError::Read(error));
                }
            };
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            size += i64::try_from(read).unwrap_or(i64::MAX);
            if let Err(error) = writer.wait_for_capacity(PARTS_AT_ONCE).await {
                writer.abort().await.ok();
                return Err(error.into());
            }
            writer.write(&buffer[..read]);
        }
        writer.finish().await?;
        Ok((size, hash.finalize().to_vec()))
    }

    /// Removes the bytes of a file, and what an interrupted write of it left; none is no fault.
    ///
    /// # Errors
    /// [`FilesError`] when the store fails.
    pub async fn discard(&self, tenant: TenantId, id: FileId) -> Result<(), FilesError> {
        match self.objects.delete(&object_path(tenant, id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let Some(folder) = &self.folder else { return Ok(()) };
        let folder = folder.join(tenant.uuid().simple().to_string());
        let half = format!("{}#", id.uuid().simple());
        let mut entries = match tokio::fs::read_dir(&folder).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(FilesError::Folder(folder, error)),
        };
        while let Some(entry) =
            entries.next_entry().await.map_err(|error| FilesError::Folder(folder.clone(), error))?
        {
            if entry.file_name().to_string_lossy().starts_with(&half) {
                tokio::fs::remove_file(entry.path())
                    .await
                    .map_err(|error| FilesError::Folder(entry.path(), error))?;
            }
        }
        Ok(())
    }

    /// Keeps a piece of what is not a file yet, at a place of the tenant's that is nothing else's, and is no file's id.
    ///
    /// # Errors
    /// [`FilesError`] when the store fails.
    pub async fn put_piece(
        &self,
        tenant: TenantId,
        place: Uuid,
        name: &str,
        bytes: Bytes,
    ) -> Result<(), FilesError> {
        self.objects.put(&piece_path(tenant, place, name), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// The names of the pieces at a place, in any order.
    ///
    /// # Errors
    /// [`FilesError`] when the store fails.
    pub async fn pieces(&self, tenant: TenantId, place: Uuid) -> Result<Vec<String>, FilesError> {
        let mut found = self.objects.list(Some(&place_path(tenant, place)));
        let mut names = Vec::new();
        while let Some(object) = found.next().await {
            names.extend(object?.location.filename().map(str::to_owned));
        }
        Ok(names)
    }

    /// What is in a piece.
    ///
    /// # Errors
    /// [`FilesError::NotFound`] when there is none.
    pub async fn piece(&self, tenant: TenantId, place: Uuid, name: &str) -> Result<Bytes, FilesError> {
        match self.objects.get(&piece_path(tenant, place, name)).await {
            Err(object_store::Error::NotFound { .. }) => Err(FilesError::NotFound),
            Err(error) => Err(error.into()),
            Ok(object) => Ok(object.bytes().await?),
        }
    }

    /// Removes all pieces at a place; none is no fault.
    ///
    /// # Errors
    /// [`FilesError`] when the store fails; what was removed stays removed.
    pub async fn discard_pieces(&self, tenant: TenantId, place: Uuid) -> Result<(), FilesError> {
        self.erase_under(&place_path(tenant, place)).await?;
        Ok(())
    }

    /// Removes everything that the store has of a tenant, with rows or without; tells how many objects there were. Again
    /// is no fault.
    ///
    /// # Errors
    /// [`FilesError`] when the store fails; what was removed stays removed.
    pub async fn erase(&self, tenant: TenantId) -> Result<u64, FilesError> {
        self.erase_under(&Path::from(tenant.uuid().simple().to_string())).await
    }

    async fn erase_under(&self, prefix: &Path) -> Result<u64, FilesError> {
        let found = self.objects.list(Some(prefix)).map(|object| object.map(|object| object.location));
        let mut removed = self.objects.delete_stream(found.boxed());
        let mut count = 0;
        while let Some(one) = removed.next().await {
            match one {
                Ok(_) => count += 1,
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        drop(removed);
        if let Some(folder) = &self.folder {
            let folder = folder.join(prefix.as_ref());
            match tokio::fs::remove_dir_all(&folder).await {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(FilesError::Folder(folder, error)),
            }
        }
        Ok(count)
    }

    /// The SHA-256 of the bytes as they lie in the store now, whatever the row says of them.
    ///
    /// # Errors
    /// [`FilesError::NotFound`] when the file or its bytes are not there.
    pub async fn digest(&self, tx: &mut TenantTx, id: FileId) -> Result<[u8; 32], FilesError> {
        store::by_id(tx, id).await?.filter(|file| file.sha256.is_some()).ok_or(FilesError::NotFound)?;
        let object = match self.objects.get(&object_path(tx.tenant(), id)).await {
            Err(object_store::Error::NotFound { .. }) => return Err(FilesError::NotFound),
            other => other?,
        };
        let mut hash = Sha256::new();
        let mut chunks = object.into_stream();
        while let Some(chunk) = chunks.next().await {
            hash.update(&chunk?);
        }
        Ok(hash.finalize().into())
    }

    /// A file that this account itself sent, complete: what an account may attach to something new.
    ///
    /// # Errors
    /// [`FilesError::NotFound`] for anybody else's file too.
    pub async fn own(
        &self,
        tx: &mut TenantTx,
        id: FileId,
        account: Option<AccountId>,
    ) -> Result<File, FilesError> {
        store::by_id(tx, id)
            .await?
            .filter(|file| file.sha256.is_some() && (account.is_none() || file.created_by == account))
            .ok_or(FilesError::NotFound)
    }

    /// The path of a link to a file with something about people, which lives ten minutes: its use is recorded as a read by
    /// whom this transaction is for.
    #[must_use]
    pub fn recorded_link(&self, tx: &TenantTx, id: FileId, act: LinkAct) -> String {
        let viewer = tx.viewer();
        format!("/files/{}", self.key.sign(viewer.tenant, id, act, viewer.account(), tx.now()))
    }

    /// The path of a link to a file, which lives ten minutes.
    #[must_use]
    pub fn link(
        &self,
        tenant: TenantId,
        id: FileId,
        act: LinkAct,
        now: chrono::DateTime<chrono::Utc>,
    ) -> String {
        format!("/files/{}", self.key.sign(tenant, id, act, None, now))
    }
}

fn place_path(tenant: TenantId, place: Uuid) -> Path {
    Path::from(format!("{}/{}", tenant.uuid().simple(), place.simple()))
}

fn piece_path(tenant: TenantId, place: Uuid, name: &str) -> Path {
    place_path(tenant, place).join(name)
}

pub(crate) fn object_path(tenant: TenantId, file: FileId) -> Path {
    Path::from(format!("{}/{}", tenant.uuid().simple(), file.uuid().simple()))
}
