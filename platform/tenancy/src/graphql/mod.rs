//! The tree in the API.

use async_graphql::{ComplexObject, Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, Doors, Paged, Paging, Refusal, global, paged, parse_optional_id};
use plenum_kernel::{TypedId, UnitId};

use crate::{
    permissions,
    store::{
        deletions,
        tenants::{self, Tenant},
        units::{self, Unit, UnitKind},
    },
};

/// An organization: a tenant of its own.
#[derive(SimpleObject, Clone)]
#[graphql(name = "Tenant", complex)]
pub struct TenantNode {
    id: ID,
    /// Its name in addresses.
    slug: String,
    name: String,
    short_name: String,
    is_federation: bool,
}

impl From<Tenant> for TenantNode {
    fn from(tenant: Tenant) -> Self {
        Self {
            id: global(tenant.id),
            slug: tenant.slug,
            name: tenant.name,
            short_name: tenant.short_name,
            is_federation: tenant.is_federation,
        }
    }
}

#[ComplexObject]
impl TenantNode {
    /// How many units it has below its apparatus; null for a tenant other than the request's.
    async fn unit_count(&self, ctx: &Context<'_>) -> Answer<Option<i64>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        if tx.tenant().global() != *self.id {
            return Ok(None);
        }
        Ok(Some(units::count(&mut tx).await?))
    }

    /// The moment from which on everything in it is deleted, when the federation asked for that; null for a tenant other
    /// than the request's.
    async fn deletion_due_at(&self, ctx: &Context<'_>) -> Answer<Option<DateTime<Utc>>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        if tx.tenant().global() != *self.id {
            return Ok(None);
        }
        Ok(deletions::own(&mut tx).await?.map(|deletion| deletion.due_at))
    }

    /// The modules that it does without, by the first word of their permissions, sorted; none for a tenant other than the
    /// request's.
    async fn modules_off(&self, ctx: &Context<'_>) -> Answer<Vec<String>> {
        let tx = ctx.read(permissions::VIEW).await?;
        let own = tx.tenant().global() == *self.id;
        Ok(tx.viewer().off.names().filter(|_| own).map(str::to_owned).collect())
    }
}

/// The apparatus, a primary organization, a shop or a group.
#[derive(Clone)]
pub struct UnitNode(pub Unit);

#[Object(name = "Unit")]
impl UnitNode {
    /// Its id.
    pub async fn id(&self) -> ID {
        global(self.0.id)
    }
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn kind(&self) -> UnitKind {
        self.0.kind
    }
    /// The unit above; the apparatus has none.
    async fn parent(&self, ctx: &Context<'_>) -> Answer<Option<UnitNode>> {
        let Some(parent) = self.0.parent else { return Ok(None) };
        let mut tx = ctx.read(permissions::VIEW).await?;
        Ok(units::by_id(&mut tx, parent).await?.map(UnitNode))
    }
}

/// Root fields.
#[derive(Default)]
pub struct TenancyQuery;

#[Object]
impl TenancyQuery {
    /// The organization named by the request's `X-Plenum-Tenant` header.
    async fn tenant(&self, ctx: &Context<'_>) -> Answer<TenantNode> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let id = tx.tenant();
        let tenant = tenants::by_id(tx.conn(), id).await?.ok_or_else(Refusal::not_found)?;
        Ok(tenant.into())
    }

    /// The other organizations of the federation, the federation itself first, then by name: those with whom documents
    /// and records are exchanged. At most 500.
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    async fn organizations(&self, ctx: &Context<'_>) -> Answer<Vec<TenantNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let id = tx.tenant();
        Ok(tenants::of_tree(tx.conn(), id).await?.into_iter().map(TenantNode::from).collect())
    }

    /// Units of the tenant by name, № 2 before № 10; with `parent`, only those right under it.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 100)] first: i32,
        after: Option<String>,
        parent: Option<ID>,
    ) -> Answer<Paged<UnitNode>> {
        let mut tx = ctx.read(permissions::VIEW).await?;
        let paging = Paging::new(first, after)?;
        let parent = parse_optional_id(parent.as_ref())?;
        let after = paging.after.as_deref().map(read_cursor).transpose()?;
        let rows = units::page(&mut tx, parent, after, paging.limit()).await?;
        Ok(paged(
            &paging,
            rows.into_iter().map(|unit| (format!("{}|{}", unit.id, unit.name), UnitNode(unit))),
        ))
    }
}

fn read_cursor(cursor: &str) -> Answer<(&str, UnitId)> {
    let (id, name) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    Ok((name, UnitId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
}

/// Finds a unit for `node(id:)`.
///
/// # Errors
/// Refusals of the door.
pub async fn unit(ctx: &Context<'_>, id: UnitId) -> Answer<Option<UnitNode>> {
    let mut tx = ctx.read(permissions::VIEW).await?;
    Ok(units::by_id(&mut tx, id).await?.map(UnitNode))
}
