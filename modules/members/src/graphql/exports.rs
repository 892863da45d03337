//! Lists written into files.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use plenum_db::TenantTx;
use plenum_files::{graphql::FileNode, store as files};
use plenum_graph::{Answer, Doors, Finish, Paged, Paging, Refusal, global, paged, parse_id};
use plenum_kernel::TypedId;
use plenum_members_api::MemberExportId;

use super::{
    hidden,
    import::Progress,
    list::{MemberFilter, list_of},
    member::account_name,
    names::{ExportFormat, MemberExportState, MemberSort},
};
use crate::{
    actions::export_members,
    permissions::{self, Export as ExportAct},
    store::{
        exports::{self, Export, PlacedExport},
        tree,
    },
};

/// A list of members that is written into a file.
#[derive(Clone)]
pub struct MemberExportNode(Export);

impl From<PlacedExport> for MemberExportNode {
    fn from(placed: PlacedExport) -> Self {
        Self(placed.export)
    }
}

#[Object(name = "MemberExport")]
impl MemberExportNode {
    /// The id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn state(&self) -> MemberExportState {
        self.0.state.into()
    }
    async fn format(&self) -> ExportFormat {
        self.0.format.into()
    }
    /// Members written, of all.
    async fn progress(&self) -> Progress {
        Progress::new(self.0.done, self.0.total)
    }
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// The name of who exports.
    async fn created_by(&self, ctx: &Context<'_>) -> Answer<String> {
        let mut tx = ctx.read(permissions::EXPORT).await?;
        Ok(account_name(ctx, &mut tx, Some(self.0.created_by)).await?.unwrap_or_default())
    }
    /// The file, when it is done.
    async fn file(&self, ctx: &Context<'_>) -> Answer<Option<FileNode>> {
        let Some(file) = self.0.file else { return Ok(None) };
        let mut tx = ctx.read(permissions::EXPORT).await?;
        Ok(files::by_id(&mut tx, file).await?.map(FileNode))
    }
}

/// Which list is written, and how.
#[derive(InputObject)]
pub struct ExportMembersInput {
    format: ExportFormat,
    filter: Option<MemberFilter>,
    #[graphql(default_with = "MemberSort::Name")]
    sort: MemberSort,
    #[graphql(default)]
    descending: bool,
}

/// Root fields that read.
#[derive(Default)]
pub struct ExportsQuery;

#[Object]
impl ExportsQuery {
    /// Exports, newest first: the viewer's own, and all for those who keep the whole register.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn member_exports(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<MemberExportNode>> {
        let mut tx = ctx.read(permissions::EXPORT).await?;
        let paging = Paging::new(first, after)?;
        let after = match paging.after.as_deref() {
            Some(cursor) => Some(MemberExportId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let by = match tree::visible(&mut tx, None).await? {
            None => None,
            Some(_) => tx.viewer().account(),
        };
        let page = exports::page(&mut tx, by, after, paging.limit()).await?;
        Ok(paged(&paging, page.into_iter().map(|one| (one.id.global(), MemberExportNode(one)))))
    }
}

/// Root fields that change something.
#[derive(Default)]
pub struct ExportsMutation;

#[Object]
impl ExportsMutation {
    /// Writes a list of members into a file, in the background. Follow it by subscribing. The viewer has to be confirmed.
    async fn export_members(&self, ctx: &Context<'_>, input: ExportMembersInput) -> Answer<MemberExportNode> {
        let mut tx = ctx.write_confirmed(permissions::EXPORT).await?;
        let by = ctx.account().await?;
        let list = list_of(input.filter, input.sort, input.descending, "input.filter")?;
        let visible = tree::visible(&mut tx, None).await?;
        let format = input.format.into();
        let outcome = match export_members::export_members(&mut tx, by, visible, format, &list).await {
            Ok(id) => export_in(&mut tx, id).await?.ok_or_else(Refusal::not_found),
            Err(error) => Err(error.into()),
        };
        tx.finish(outcome).await
    }
}

/// The export, in a transaction that is open already.
pub(super) async fn export_in(tx: &mut TenantTx, id: MemberExportId) -> Answer<Option<MemberExportNode>> {
    hidden(tx.permit::<ExportAct, PlacedExport>(id).await.map(|permit| permit.into_resource().into()))
}

/// Finds an export for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn member_export(ctx: &Context<'_>, id: MemberExportId) -> Answer<Option<MemberExportNode>> {
    let mut tx = ctx.read(permissions::EXPORT).await?;
    export_in(&mut tx, id).await
}

/// The id of an export argument.
pub(super) fn export_id(id: &ID) -> Answer<MemberExportId> {
    parse_id(id)
}
