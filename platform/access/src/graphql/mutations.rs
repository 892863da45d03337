//! Root fields that change. All of them weigh: the viewer has to be confirmed.

use std::{collections::BTreeSet, sync::Arc};

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_authz::Catalogue;
use plenum_db::TenantTx;
use plenum_graph::{Answer, Doors, FieldFault, Refusal, global, parse_id};
use plenum_kernel::{AccountId, OwnRoleId, RoleGrantId, UnitId};
use plenum_tenancy::{
    permissions::{DEFINE, GIVE, Give},
    ready::{self, Given},
    store::{grants::ByHand, units::Unit},
};

use super::nodes::inside;
use crate::{
    actions::{Denied, define_role, define_role::Definition, give_role, suspend_access, take_role},
    domain::texts,
};

/// What a role of the organization's own is to be.
#[derive(InputObject)]
pub struct RoleInput {
    name: String,
    description: Option<String>,
    /// Names of permissions; one at least.
    permissions: Vec<String>,
}

/// A role for somebody.
#[derive(InputObject)]
pub struct GiveRoleInput {
    account: ID,
    role: ID,
    /// It holds in this unit and all below.
    unit: ID,
    /// From when; at once without it.
    from: Option<DateTime<Utc>>,
    /// Until when; without an end without it.
    until: Option<DateTime<Utc>>,
    /// Why; it is recorded.
    reason: Option<String>,
}

/// How an act on roles or access ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum AccessStatus {
    /// Done.
    Ok,
    /// It needs rights that the viewer does not hold there, or not for so long.
    ExceedsYours,
    /// Nobody does this to themselves.
    OwnAccount,
    /// The organization would have no administrator.
    LastAdministrator,
    /// It follows from a seat in a body or from a record in the register, and ends there.
    FollowsFromElsewhere,
    /// Another own role has this name.
    NameTaken,
    /// Somebody holds the role, or will.
    Held,
    /// The organization has as many own roles as it may.
    TooMany,
    /// It is so already.
    Already,
}

/// The outcome of an act on roles or access.
#[derive(SimpleObject)]
pub struct AccessPayload {
    status: AccessStatus,
    /// The role or grant that was made or changed.
    id: Option<ID>,
    /// The permissions that exceed the viewer's.
    exceeding: Vec<String>,
}

/// Root fields.
#[derive(Default)]
pub struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Makes a role of the organization's own.
    async fn create_role(&self, ctx: &Context<'_>, input: RoleInput) -> Answer<AccessPayload> {
        let mut tx = ctx.write_confirmed(DEFINE).await?;
        let catalogue = catalogue(ctx);
        let definition = read(input, catalogue)?;
        let outcome = define_role::create(&mut tx, catalogue, definition).await;
        close(tx, outcome.map(|role| Some(global(role.id)))).await
    }

    /// Changes a role of the organization's own, for all who hold it.
    async fn change_role(&self, ctx: &Context<'_>, role: ID, input: RoleInput) -> Answer<AccessPayload> {
        let mut tx = ctx.write_confirmed(DEFINE).await?;
        let catalogue = catalogue(ctx);
        let (id, definition) = (parse_id::<OwnRoleId>(&role)?, read(input, catalogue)?);
        let outcome = define_role::change(&mut tx, catalogue, id, definition).await;
        close(tx, outcome.map(|role| Some(global(role.id)))).await
    }

    /// Removes a role of the organization's own that nobody holds.
    async fn remove_role(&self, ctx: &Context<'_>, role: ID) -> Answer<AccessPayload> {
        let mut tx = ctx.write_confirmed(DEFINE).await?;
        let outcome = define_role::remove(&mut tx, catalogue(ctx), parse_id::<OwnRoleId>(&role)?).await;
        close(tx, outcome.map(|role| Some(global(role.id)))).await
    }

    /// Gives somebody who may enter the organization a role in a unit and all below it. Again, the term and the reason
    /// become the new ones.
    async fn give_role(&self, ctx: &Context<'_>, input: GiveRoleInput) -> Answer<AccessPayload> {
        let mut tx = ctx.write_confirmed(GIVE).await?;
        let account: AccountId = parse_id(&input.account)?;
        let permit = tx.permit::<Give, Unit>(parse_id::<UnitId>(&input.unit)?).await?;
        let role = inside(&mut tx, &input.role).await?;
        if ready::by_name(&role).is_some_and(|role| role.given == Given::ByOffice) {
            return Err(Refusal::invalid_field("input.role", "by_office"));
        }
        if input.until.is_some_and(|until| until <= input.from.unwrap_or(tx.now()).max(tx.now())) {
            return Err(Refusal::invalid_field("input.until", "over"));
        }
        let reason = texts::optional(input.reason.as_deref())
            .map_err(|fault| Refusal::invalid_field("input.reason", fault.reason()))?;
        let unit = permit.resource().id;
        let by = tx.viewer().account();
        let grant = ByHand { account, role, unit, from: input.from, until: input.until, reason, by };
        let outcome = give_role::give_role(&mut tx, permit, catalogue(ctx), grant).await;
        close(tx, outcome.map(|id| Some(global(id)))).await
    }

    /// Takes a role away that was given by hand. It works at once, in what is open too.
    async fn take_role(&self, ctx: &Context<'_>, grant: ID, reason: Option<String>) -> Answer<AccessPayload> {
        let mut tx = ctx.write_confirmed(GIVE).await?;
        let reason = texts::optional(reason.as_deref())
            .map_err(|fault| Refusal::invalid_field("reason", fault.reason()))?;
        let id: RoleGrantId = parse_id(&grant)?;
        let outcome = take_role::take_role(&mut tx, catalogue(ctx), id, reason).await;
        close(tx, outcome.map(|held| Some(global(held.id)))).await
    }

    /// Suspends somebody's access: everything is kept, and nothing is allowed. It works at once, in what is open too.
    async fn suspend_access(
        &self,
        ctx: &Context<'_>,
        account: ID,
        reason: Option<String>,
    ) -> Answer<AccessPayload> {
        let mut tx = ctx.write_confirmed(GIVE).await?;
        let reason = texts::optional(reason.as_deref())
            .map_err(|fault| Refusal::invalid_field("reason", fault.reason()))?;
        let account: AccountId = parse_id(&account)?;
        let outcome = suspend_access::suspend(&mut tx, catalogue(ctx), account, reason).await;
        close(tx, outcome.map(|()| Some(global(account)))).await
    }

    /// Gives suspended access back.
    async fn resume_access(&self, ctx: &Context<'_>, account: ID) -> Answer<AccessPayload> {
        let mut tx = ctx.write_confirmed(GIVE).await?;
        let account: AccountId = parse_id(&account)?;
        let outcome = suspend_access::resume(&mut tx, catalogue(ctx), account).await;
        close(tx, outcome.map(|()| Some(global(account)))).await
    }
}

pub(super) fn catalogue<'c>(ctx: &Context<'c>) -> &'c Catalogue {
    ctx.data_unchecked::<Arc<Catalogue>>()
}

/// A definition that can be taken.
fn read(input: RoleInput, catalogue: &Catalogue) -> Answer<Definition> {
    let mut faults = Vec::new();
    let mut fault = |path: &str, reason: &'static str| {
        faults.push(FieldFault { path: path.to_owned(), reason });
    };
    let name = texts::name(&input.name).map_err(|wrong| fault("input.name", wrong.reason()));
    let description = texts::optional(input.description.as_deref())
        .map_err(|wrong| fault("input.description", wrong.reason()));
    let permissions: BTreeSet<String> = input.permissions.into_iter().collect();
    if permissions.is_empty() {
        fault("input.permissions", "empty");
    }
    if permissions.iter().any(|name| catalogue.get(name).is_none()) {
        fault("input.permissions", "unknown");
    }
    match (name, description) {
        (Ok(name), Ok(description)) if faults.is_empty() => {
            Ok(Definition { name, description: description.unwrap_or_default(), permissions })
        }
        _ => Err(Refusal::invalid_fields(faults)),
    }
}

/// Commits what was done; what is an expected outcome leaves nothing behind, and is told as a status.
async fn close(tx: TenantTx, outcome: Result<Option<ID>, Denied>) -> Answer<AccessPayload> {
    let denied = match outcome {
        Ok(id) => {
            tx.commit().await?;
            return Ok(AccessPayload { status: AccessStatus::Ok, id, exceeding: Vec::new() });
        }
        Err(denied) => denied,
    };
    tx.rollback().await?;
    let mut exceeding = Vec::new();
    let status = match denied {
        Denied::ExceedsYours(lacking) => {
            exceeding = lacking.into_iter().collect();
            AccessStatus::ExceedsYours
        }
        Denied::OwnAccount => AccessStatus::OwnAccount,
        Denied::LastAdministrator => AccessStatus::LastAdministrator,
        Denied::FollowsFromElsewhere => AccessStatus::FollowsFromElsewhere,
        Denied::NameTaken => AccessStatus::NameTaken,
        Denied::Held => AccessStatus::Held,
        Denied::TooMany => AccessStatus::TooMany,
        Denied::Already => AccessStatus::Already,
        Denied::Wait(seconds) => return Err(Refusal::rate_limited(seconds)),
        // Of invitations, which have statuses of their own.
        Denied::Invited(_) | Denied::Ended | Denied::TermOver => {
            return Err(Refusal::conflict("changed_meanwhile"));
        }
        Denied::Forbidden => return Err(Refusal::forbidden("permission")),
        Denied::NotFound => return Err(Refusal::not_found()),
        Denied::Store(error) => return Err(error.into()),
    };
    Ok(AccessPayload { status, id: None, exceeding })
}
