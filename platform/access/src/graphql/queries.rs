//! Root fields that read.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{Context, ID, Object};
use plenum_authz::Catalogue;
use plenum_db::{Resource, TenantTx};
use plenum_graph::{Answer, Doors, Paged, Paging, Refusal, paged, parse_id};
use plenum_identity::store::accounts::{self, People};
use plenum_kernel::{AccountId, TypedId, UnitId};
use plenum_tenancy::{
    permissions::{PEOPLE, SeePeople},
    store::{
        access,
        grants::{self, Held},
        own_roles,
        units::{self, Unit},
    },
};
use uuid::Uuid;

use super::nodes::{
    Explained, PermissionHolder, PermissionNode, PersonAccess, RoleNode, as_grant, inside, roles,
};

/// The most holders of a permission that one answer names.
const MOST_HOLDERS: i64 = 500;

/// Root fields.
#[derive(Default)]
pub struct PeopleQuery;

#[Object]
impl PeopleQuery {
    /// All permissions of which roles are built, by name.
    #[graphql(complexity = "plenum_graph::cost::list(100, child_complexity)")]
    async fn permissions(&self, ctx: &Context<'_>) -> Answer<Vec<PermissionNode>> {
        ctx.read(PEOPLE).await?;
        Ok(ctx.data_unchecked::<Arc<Catalogue>>().all().map(PermissionNode::from).collect())
    }

    /// All roles of the organization, those that every one has first.
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    async fn roles(&self, ctx: &Context<'_>) -> Answer<Vec<RoleNode>> {
        let mut tx = ctx.read(PEOPLE).await?;
        let own = own_roles::all(&mut tx).await?;
        let holders = grants::holders(&mut tx).await?;
        Ok(roles(&tx, &own, &holders))
    }

    /// The people who were let into the organization, suspended ones too, by name; with `search`, those whose name holds
    /// each of its words, with `role` those who hold it now, with `suspended` those whose access is or is not. Who sees
    /// access in some units only sees those who hold a role there, and those roles.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn people_with_access(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        role: Option<ID>,
        suspended: Option<bool>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<PersonAccess>> {
        let mut tx = ctx.read(PEOPLE).await?;
        let paging = Paging::new(first, after)?;
        let after = paging.after.as_deref().map(read_cursor).transpose()?;
        let units = seen(&mut tx).await?;
        let role = match role.filter(|role| !role.is_empty()) {
            Some(role) => Some(inside(&mut tx, &role).await?),
            None => None,
        };
        let search = search.unwrap_or_default();
        let which = People { search: &search, units: units.as_deref(), role: role.as_deref(), suspended };
        let found = accounts::people(&mut tx, &which, after, paging.limit()).await?;
        let accounts: Vec<AccountId> = found.iter().map(|one| one.id).collect();
        let people = people(ctx, &mut tx, &accounts, units.as_deref()).await?;
        let cursors = found.iter().map(|one| format!("{}|{}", one.id, one.name));
        Ok(paged(&paging, cursors.zip(people)))
    }

    /// What somebody can do in the organization, and why.
    async fn person_access(&self, ctx: &Context<'_>, account: ID) -> Answer<PersonAccess> {
        let mut tx = ctx.read(PEOPLE).await?;
        let account: AccountId = parse_id(&account)?;
        let units = seen(&mut tx).await?;
        let person = people(ctx, &mut tx, &[account], units.as_deref()).await?.pop();
        // Of whom nothing is shown, it is not told that they may enter.
        person.filter(|one| units.is_none() || one.is_shown()).ok_or_else(Refusal::not_found)
    }

    /// Who can do something in a unit, and why; by account, at most 500 people. Whoever can do it in a unit above is among
    /// them, and so is who can do it in one body of the unit.
    #[graphql(complexity = "plenum_graph::cost::list(100, child_complexity)")]
    async fn who_can(
        &self,
        ctx: &Context<'_>,
        permission: String,
        unit: ID,
    ) -> Answer<Vec<PermissionHolder>> {
        let mut tx = ctx.read(PEOPLE).await?;
        let unit: UnitId = parse_id(&unit)?;
        let place = tx.permit::<SeePeople, Unit>(unit).await?.into_resource().place();
        let described = ctx.data_unchecked::<Arc<Catalogue>>().get(&permission);
        let asked = described.ok_or_else(|| Refusal::invalid_field("permission", "unknown"))?.permission;
        let own = own_roles::loaded(&mut tx).await?;
        // Only grants of roles that give it are looked at: a large organization has as many others as members.
        let mut giving = tx.policy().roles_with(asked);
        let of_tenant = own_roles::all(&mut tx).await?;
        giving.extend(
            of_tenant
                .iter()
                .filter(|role| role.permissions.contains(asked.as_str()))
                .map(|role| own_roles::key(role.id)),
        );
        let accounts = grants::holders_in(&mut tx, &giving, unit, MOST_HOLDERS).await?;
        let now = tx.now();
        let mut able: BTreeMap<AccountId, Vec<Held>> = BTreeMap::new();
        for held in grants::held(&mut tx, Some(&accounts), None).await? {
            let grant = as_grant(&held, Some(&own));
            // In one body of the unit it is asked about the body.
            let there = if held.inner.is_some() && held.unit == unit { held.place() } else { place.clone() };
            if held.holds(now) && tx.policy().decide(&grant, &there, asked) {
                able.entry(held.account).or_default().push(held);
            }
        }
        let all: Vec<Held> = able.values().flatten().cloned().collect();
        let explained = Explained::load(ctx, &mut tx, &all, &[]).await?;
        Ok(able
            .iter()
            .map(|(account, held)| explained.holder(*account, &held.iter().collect::<Vec<_>>()))
            .collect())
    }
}

/// The units in which the viewer sees access; none when it is the whole tenant.
pub(super) async fn seen(tx: &mut TenantTx) -> Answer<Option<Vec<Uuid>>> {
    let Some(granted) = tx.granted_units() else { return Ok(None) };
    let root = units::root(tx).await?.id.uuid();
    if granted.contains(&root) {
        return Ok(None);
    }
    Ok(Some(units::below(tx, &granted).await?))
}

/// These people in this order, with the grants of these units; who was never let in is left out.
async fn people(
    ctx: &Context<'_>,
    tx: &mut TenantTx,
    accounts: &[AccountId],
    units: Option<&[Uuid]>,
) -> Answer<Vec<PersonAccess>> {
    let mut held = grants::held(tx, Some(accounts), None).await?;
    held.retain(|one| units.is_none_or(|units| units.contains(&one.unit.uuid())));
    let own = own_roles::loaded(tx).await?;
    let mut let_in = Vec::new();
    for account in accounts {
        let_in.extend(access::of_account(tx, *account).await?);
    }
    let others: Vec<AccountId> =
        let_in.iter().flat_map(|one| [Some(one.account), one.suspended_by]).flatten().collect();
    let explained = Explained::load(ctx, tx, &held, &others).await?;
    Ok(let_in
        .iter()
        .map(|access| {
            let theirs: Vec<&Held> = held.iter().filter(|one| one.account == access.account).collect();
            explained.person(tx, access, &theirs, Some(&own))
        })
        .collect())
}

fn read_cursor(cursor: &str) -> Answer<(&str, AccountId)> {
    let (id, name) = cursor.split_once('|').ok_or_else(Paging::bad_cursor)?;
    Ok((name, AccountId::parse_global(id).map_err(|_| Paging::bad_cursor())?))
}
