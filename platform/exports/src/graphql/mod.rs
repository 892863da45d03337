//! Exports of the organization in the API.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_db::{Resource, TenantTx};
use plenum_files::{Files, LinkAct};
use plenum_graph::{Answer, Doors, Finish, Refusal, global, parse_id};
use plenum_identity::store::accounts;
use plenum_tenancy::store::units;

use crate::{
    actions::order_export::{self, OrderError},
    permissions::TENANT,
    store::exports::{self, Export, State, TenantExportId},
};

/// So many are shown: the latest.
const SHOWN: i64 = 20;

/// Where an export is.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum TenantExportState {
    /// It is written, or waits to be.
    Running,
    /// It is offered.
    Ready,
    /// It could not be written.
    Failed,
    /// It was cancelled.
    Cancelled,
    /// Its file was removed.
    Expired,
}

/// An export of everything that the organization has.
pub struct TenantExportNode(Export);

#[Object(name = "TenantExport")]
impl TenantExportNode {
    async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn state(&self) -> TenantExportState {
        match self.0.state {
            State::Running => TenantExportState::Running,
            State::Ready => TenantExportState::Ready,
            State::Failed => TenantExportState::Failed,
            State::Cancelled => TenantExportState::Cancelled,
            State::Expired => TenantExportState::Expired,
        }
    }
    async fn ordered_at(&self) -> DateTime<Utc> {
        self.0.ordered_at
    }
    /// The name of who ordered it.
    async fn ordered_by(&self, ctx: &Context<'_>) -> Answer<String> {
        let mut tx = ctx.read(TENANT).await?;
        let account = accounts::by_id(tx.conn(), self.0.ordered_by).await?;
        Ok(account.map(|account| account.display_name).unwrap_or_default())
    }
    /// How many tables are written.
    async fn tables_done(&self) -> i32 {
        self.0.progress.tables_done
    }
    /// How many there are; 0 before it begins.
    async fn tables_total(&self) -> i32 {
        self.0.progress.tables_total
    }
    /// How many files are written.
    async fn files_done(&self) -> i64 {
        self.0.progress.files_done
    }
    /// How many there are; 0 before they are listed.
    async fn files_total(&self) -> i64 {
        self.0.progress.files_total
    }
    /// How many rows are written.
    async fn row_count(&self) -> i64 {
        self.0.progress.rows
    }
    /// The size of the archive.
    async fn size_bytes(&self) -> Option<i64> {
        self.0.size_bytes
    }
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
    /// When the file is removed.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }
}

/// How an act on an export ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum TenantExportStatus {
    /// Done.
    Ok,
    /// Another one is written.
    Running,
    /// It is over already.
    Over,
}

/// The outcome of an act on an export.
#[derive(SimpleObject)]
pub struct TenantExportPayload {
    status: TenantExportStatus,
    /// The export as it is now.
    export: Option<TenantExportNode>,
}

/// The way to the file of an export.
#[derive(SimpleObject)]
pub struct TenantExportFilePayload {
    status: TenantExportStatus,
    /// A signed link to the bytes; it lives ten minutes.
    url: Option<String>,
}

/// Root fields.
#[derive(Default)]
pub struct TenantExportsQuery;

#[Object]
impl TenantExportsQuery {
    /// The exports of the organization, newest first, at most 20.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn tenant_exports(&self, ctx: &Context<'_>) -> Answer<Vec<TenantExportNode>> {
        let mut tx = whole(ctx.read(TENANT).await?).await?;
        Ok(exports::latest(&mut tx, SHOWN).await?.into_iter().map(TenantExportNode).collect())
    }
}

/// Root fields.
#[derive(Default)]
pub struct TenantExportsMutation;

#[Object]
impl TenantExportsMutation {
    /// Orders an export of everything that the organization has; one at a time. The viewer has to be confirmed.
    async fn order_tenant_export(&self, ctx: &Context<'_>) -> Answer<TenantExportPayload> {
        let mut tx = whole(ctx.write_confirmed(TENANT).await?).await?;
        let by = ctx.account().await?;
        let outcome = order_export::order_export(&mut tx, by).await;
        let outcome = match outcome {
            Ok(id) => Ok((TenantExportStatus::Ok, exports::by_id(&mut tx, id).await?)),
            Err(error) => expected(error).map(|status| (status, None)),
        };
        let (status, export) = tx.finish(outcome).await?;
        Ok(TenantExportPayload { status, export: export.map(TenantExportNode) })
    }

    /// Cancels an export that is written.
    async fn cancel_tenant_export(&self, ctx: &Context<'_>, export: ID) -> Answer<TenantExportPayload> {
        let mut tx = whole(ctx.write(TENANT).await?).await?;
        let id: TenantExportId = parse_id(&export)?;
        let outcome = match order_export::cancel_export(&mut tx, id).await {
            Ok(()) => Ok(TenantExportStatus::Ok),
            Err(error) => expected(error),
        };
        let outcome = match outcome {
            Ok(status) => Ok((status, exports::by_id(&mut tx, id).await?)),
            Err(refusal) => Err(refusal),
        };
        let (status, export) = tx.finish(outcome).await?;
        Ok(TenantExportPayload { status, export: export.map(TenantExportNode) })
    }

    /// Opens the way to the file of an export, which is recorded. The viewer has to be confirmed.
    async fn open_tenant_export(&self, ctx: &Context<'_>, export: ID) -> Answer<TenantExportFilePayload> {
        let mut tx = whole(ctx.write_confirmed(TENANT).await?).await?;
        let id: TenantExportId = parse_id(&export)?;
        let (tenant, now) = (tx.tenant(), tx.now());
        let outcome = match order_export::open_export(&mut tx, id).await {
            Ok(export) => Ok((TenantExportStatus::Ok, Some(export))),
            Err(error) => expected(error).map(|status| (status, None)),
        };
        let (status, export) = tx.finish(outcome).await?;
        let files = ctx.data_unchecked::<Files>();
        let url = export.map(|export| files.link(tenant, export.file, LinkAct::Get, now));
        Ok(TenantExportFilePayload { status, url })
    }
}

/// The transaction, when it is one of somebody who may do this in the whole organization: who administers one unit does not
/// take what others have.
async fn whole(mut tx: TenantTx) -> Answer<TenantTx> {
    let root = units::root(&mut tx).await?;
    if tx.allows(TENANT, &root.place()) { Ok(tx) } else { Err(Refusal::forbidden("permission")) }
}

/// What is data of the payload, and what is a refusal.
fn expected(error: OrderError) -> Answer<TenantExportStatus> {
    match error {
        OrderError::Running => Ok(TenantExportStatus::Running),
        OrderError::Over => Ok(TenantExportStatus::Over),
        OrderError::NotFound => Err(Refusal::not_found()),
        OrderError::Store(error) => Err(error.into()),
    }
}
