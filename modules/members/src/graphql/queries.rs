//! Root fields that read.

use async_graphql::{Context, ID, Object, SimpleObject};
use plenum_audit::record_read;
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, Paged, Paging, Refusal, global, paged, parse_id, parse_optional_id};
use plenum_kernel::{TypedId, UnitId};
use plenum_members_api::{ImportId, MemberId};
use serde_json::json;

use super::{
    hidden,
    import::MemberImportNode,
    list::{self, MemberConnection, MemberFilter, list_of},
    member::MemberNode,
    names::MemberSort,
};
use crate::{
    permissions::{self, RunImport, View},
    store::{
        imports::{self, PlacedImport},
        persons::{self, Placed},
        tree,
    },
};

/// The most units that are counted at once.
const MOST_UNITS: usize = 200;

/// How many people a unit has.
#[derive(SimpleObject)]
pub struct UnitMembers {
    /// The unit.
    unit: ID,
    /// People on record in it and below it.
    count: i64,
}

/// Root fields.
#[derive(Default)]
pub struct RegisterQuery;

#[expect(clippy::too_many_arguments, reason = "arguments of a field stand side by side")]
#[Object]
impl RegisterQuery {
    /// People on record. `search` and `unit` narrow as the same criteria of the filter do.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
        search: Option<String>,
        unit: Option<ID>,
        filter: Option<MemberFilter>,
        #[graphql(default_with = "MemberSort::Name")] sort: MemberSort,
        #[graphql(default)] descending: bool,
    ) -> Answer<MemberConnection> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let unit: Option<UnitId> = parse_optional_id(unit.as_ref())?;
        let mut list = list_of(filter, sort, descending, "filter")?;
        if let Some(search) = search.filter(|search| !search.trim().is_empty()) {
            // Both must be found.
            list.filter.search = format!("{} {search}", list.filter.search).trim().to_owned();
        }
        let tenant = tx.tenant();
        let page = list::page(ctx, &mut tx, &paging, list, unit).await?;
        drop(tx);
        record_read(&ctx.door(), permissions::VIEW, "members.read_list", tenant, json!({})).await?;
        Ok(page)
    }

    /// How many people are on record in a unit and below it; without a unit, in all that the viewer may see.
    async fn member_count(&self, ctx: &Context<'_>, unit: Option<ID>) -> Answer<i64> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let unit = parse_optional_id(unit.as_ref())?;
        let units = tree::visible(&mut tx, unit).await?;
        Ok(persons::count(&mut tx, units.as_deref()).await?)
    }

    /// The same for several units at once, in the order asked for; units that are not the viewer's to see count none.
    #[graphql(complexity = "plenum_graph::cost::list(units.len(), child_complexity)")]
    async fn member_counts(&self, ctx: &Context<'_>, units: Vec<ID>) -> Answer<Vec<UnitMembers>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        if units.len() > MOST_UNITS {
            return Err(Refusal::invalid_field("units", "too_many"));
        }
        let ids: Vec<UnitId> = units.iter().map(parse_id).collect::<Answer<_>>()?;
        let counts = tree::counts(&mut tx, &ids).await?;
        Ok(ids
            .into_iter()
            .zip(counts)
            .map(|(unit, count)| UnitMembers { unit: global(unit), count })
            .collect())
    }

    /// Imports, newest first.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn member_imports(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<MemberImportNode>> {
        let mut tx = ctx.read(permissions::IMPORT).await?;
        let paging = Paging::new(first, after)?;
        let before = match paging.after.as_deref() {
            Some(cursor) => Some(ImportId::parse_global(cursor).map_err(|_| Paging::bad_cursor())?),
            None => None,
        };
        let units = tree::visible(&mut tx, None).await?;
        let rows = imports::page(&mut tx, units.as_deref(), before, paging.limit()).await?;
        Ok(paged(&paging, rows.into_iter().map(|import| (import.id.global(), MemberImportNode(import)))))
    }
}

/// Finds a member for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn member(ctx: &Context<'_>, id: MemberId) -> Answer<Option<MemberNode>> {
    let mut tx = ctx.read(permissions::VIEW).await?;
    let found = hidden(tx.permit::<View, Placed>(id).await.map(plenum_db::Permit::into_resource))?;
    let reader = tx.viewer().account();
    drop(tx);
    let Some(placed) = found else { return Ok(None) };
    // One's own record is nobody's secret.
    if placed.person.account.is_none() || placed.person.account != reader {
        record_read(&ctx.door(), permissions::VIEW, "members.read_record", id, json!({})).await?;
    }
    Ok(Some(placed.into()))
}

/// Finds an import for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn member_import(ctx: &Context<'_>, id: ImportId) -> Answer<Option<MemberImportNode>> {
    let mut tx = ctx.read(permissions::IMPORT).await?;
    import_in(&mut tx, id).await
}

/// The import, in a transaction that is open already.
pub(super) async fn import_in(tx: &mut TenantTx, id: ImportId) -> Answer<Option<MemberImportNode>> {
    hidden(tx.permit::<RunImport, PlacedImport>(id).await.map(|permit| permit.into_resource().into()))
}
