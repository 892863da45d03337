//! Files in the API.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use plenum_graph::{Answer, Doors, FieldFault, Finish, Refusal, global};
use plenum_tenancy::store::tenants;

use crate::{
    FileId, Files, LinkAct, permissions,
    routes::plays,
    store::{self, File},
};

/// The largest upload, bytes: 200 MB.
pub const LARGEST: i64 = 200_000_000;

/// A file that a module shows.
pub struct FileNode(pub File);

#[Object(name = "File")]
impl FileNode {
    async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn size_bytes(&self) -> i64 {
        self.0.size_bytes
    }
    async fn content_type(&self) -> &str {
        &self.0.content_type
    }
    /// A signed link to the bytes; it lives ten minutes. Fetching by it is recorded as a read, but for pictures and films,
    /// which pages show by themselves.
    async fn url(&self, ctx: &Context<'_>) -> Answer<String> {
        let tx = ctx.read(permissions::VIEW).await?;
        let files = ctx.data_unchecked::<Files>();
        Ok(if plays(&self.0.content_type) {
            files.link(tx.tenant(), self.0.id, LinkAct::Get, tx.now())
        } else {
            files.recorded_link(&tx, self.0.id, LinkAct::Get)
        })
    }
}

/// What is going to be sent.
#[derive(InputObject)]
pub struct CreateUploadInput {
    /// The file's name, without a path.
    name: String,
    /// Its exact size.
    size_bytes: i64,
    /// Its media type.
    content_type: String,
}

/// Where to send it.
#[derive(SimpleObject)]
pub struct CreateUploadPayload {
    file: FileNode,
    /// `PUT` the bytes here within ten minutes.
    upload_url: String,
}

/// Root fields.
#[derive(Default)]
pub struct FilesMutation;

#[Object]
impl FilesMutation {
    /// The first step of every upload; the bytes follow by `PUT` to `uploadUrl`.
    async fn create_upload(
        &self,
        ctx: &Context<'_>,
        input: CreateUploadInput,
    ) -> Answer<CreateUploadPayload> {
        let mut tx = ctx.write(permissions::UPLOAD).await?;
        let name = input.name.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
        let mut faults = Vec::new();
        if name.is_empty() || name.chars().count() > 255 || name.chars().any(char::is_control) {
            faults.push(FieldFault { path: "input.name".into(), reason: "not_a_file_name" });
        }
        if !(0..=LARGEST).contains(&input.size_bytes) {
            faults.push(FieldFault { path: "input.sizeBytes".into(), reason: "file_too_large" });
        }
        if input.content_type.len() > 127 || !input.content_type.is_ascii() {
            faults.push(FieldFault { path: "input.contentType".into(), reason: "not_a_media_type" });
        }
        if !faults.is_empty() {
            return Err(Refusal::invalid_fields(faults));
        }
        if let Some(limit) = tenants::limits(&mut tx).await?.storage_bytes
            && store::used(&mut tx).await?.saturating_add(input.size_bytes) > limit
        {
            return Err(Refusal::conflict("storage_full"));
        }
        let file = File {
            id: FileId::new(),
            name,
            content_type: input.content_type,
            size_bytes: input.size_bytes,
            sha256: None,
            created_by: tx.viewer().account(),
        };
        let upload_url = ctx.data_unchecked::<Files>().link(tx.tenant(), file.id, LinkAct::Put, tx.now());
        let outcome = store::insert(&mut tx, &file).await;
        tx.finish(outcome).await?;
        Ok(CreateUploadPayload { file: FileNode(file), upload_url })
    }
}
