//! The federation's organizations in the API.

use std::{collections::HashMap, sync::Arc};

use async_graphql::{ComplexObject, Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_access::{
    domain::texts::{self, Fault},
    first_administrator,
};
use plenum_audit::record_read;
use plenum_db::{Access, Resource, TenantTx};
use plenum_graph::{Answer, Doors, FieldFault, Refusal, global, parse_id, parse_optional_id};
use plenum_identity::store::accounts;
use plenum_kernel::{AccountId, TenantId};
use plenum_tenancy::store::{
    deletions::{self, Deletion, Tombstone},
    invitations::State,
    tenants::{self, Limits, Overseen},
    units,
};
use serde_json::json;

use crate::{
    Gauges,
    actions::{
        Denied, create_tenant, create_tenant::NewTenant, delete_tenant, inside, resend_invitation,
        steer_tenant,
    },
    domain,
    permissions::OVERSEE,
};

/// What an organization may use; null is no limit.
#[derive(SimpleObject, Clone)]
pub struct TenantLimits {
    /// Bytes of all files.
    storage_bytes: Option<i64>,
    /// Letters of mailings in a day.
    letters_daily: Option<i64>,
    /// People in video rooms at the same time.
    participants: Option<i64>,
}

impl From<Limits> for TenantLimits {
    fn from(limits: Limits) -> Self {
        Self {
            storage_bytes: limits.storage_bytes,
            letters_daily: limits.letters_daily,
            participants: limits.participants,
        }
    }
}

/// What an organization uses, in numbers.
#[derive(SimpleObject, Clone)]
pub struct TenantUsage {
    /// People on record.
    members: i64,
    /// Accounts that may enter.
    accounts: i64,
    /// Bytes of all files.
    storage_bytes: i64,
    /// Letters of mailings that left since midnight, UTC.
    letters_today: i64,
    /// People in video rooms now.
    participants: i64,
}

/// What became of the invitation of an organization's first administrator.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "State")]
pub enum FirstInvitationState {
    /// Nobody has accepted it yet.
    Waiting,
    /// The organization has its administrator.
    Accepted,
    /// It was taken back.
    Revoked,
    /// Nobody accepted it in time; it can be sent again.
    Expired,
}

/// The invitation of an organization's first administrator, as the federation made it.
#[derive(SimpleObject, Clone)]
pub struct FirstInvitation {
    /// The address, as the federation named it.
    email: String,
    name: String,
    state: FirstInvitationState,
    /// When its last letter went out.
    sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
}

/// An organization as the federation oversees it: its place, state and size, nothing of its content.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct OverseenTenant {
    id: ID,
    /// Its name in addresses.
    slug: String,
    name: String,
    short_name: String,
    /// The organization above it.
    parent: Option<ID>,
    created_at: DateTime<Utc>,
    /// Since when nobody may enter.
    suspended_at: Option<DateTime<Utc>>,
    suspended_reason: Option<String>,
    limits: TenantLimits,
    /// Its deletion, when that was asked for.
    deletion: Option<TenantDeletion>,
    #[graphql(skip)]
    tenant: TenantId,
}

/// A deletion that was asked for.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct TenantDeletion {
    asked_at: DateTime<Utc>,
    reason: String,
    /// From when on everything is deleted; until then it can be called off.
    due_at: DateTime<Utc>,
    /// Since when it is carried out.
    begun_at: Option<DateTime<Utc>>,
    #[graphql(skip)]
    by: AccountId,
}

impl From<Deletion> for TenantDeletion {
    fn from(deletion: Deletion) -> Self {
        Self {
            asked_at: deletion.asked_at,
            reason: deletion.reason,
            due_at: deletion.due_at,
            begun_at: deletion.begun_at,
            by: deletion.asked_by,
        }
    }
}

/// The door of everything that is told of organizations: their federation's.
async fn overseeing(ctx: &Context<'_>) -> Answer<TenantTx> {
    federation(ctx.read(OVERSEE).await?).await
}

#[ComplexObject]
impl TenantDeletion {
    /// The name of who asked for it.
    async fn asked_by(&self, ctx: &Context<'_>) -> Answer<String> {
        let mut tx = overseeing(ctx).await?;
        Ok(accounts::by_id(tx.conn(), self.by).await?.map(|account| account.display_name).unwrap_or_default())
    }
}

/// Rows of one table of an organization that was deleted.
#[derive(SimpleObject, Clone)]
pub struct DeletedRows {
    /// `schema.table`.
    table: String,
    count: i64,
}

/// What is left of an organization that was deleted.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct DeletedTenant {
    id: ID,
    /// Its name in addresses, which nobody else gets.
    slug: String,
    name: String,
    short_name: String,
    created_at: DateTime<Utc>,
    /// Who asked for it, when and why.
    deletion: TenantDeletion,
    deleted_at: DateTime<Utc>,
    /// How many files it had.
    files: i64,
    /// Their bytes.
    bytes: i64,
    /// How many rows there were in all.
    row_count: i64,
    #[graphql(skip)]
    by_table: Vec<DeletedRows>,
    /// The number of the last entry of its audit.
    audit_number: Option<i64>,
    /// The hash of that entry, hexadecimal: an export from before shows by it that it is whole.
    audit_head: Option<String>,
}

#[ComplexObject]
impl DeletedTenant {
    /// Rows by table, those of which there were any.
    #[graphql(complexity = "plenum_graph::cost::list(20, child_complexity)")]
    async fn rows(&self) -> &[DeletedRows] {
        &self.by_table
    }
}

impl From<Tombstone> for DeletedTenant {
    fn from(stone: Tombstone) -> Self {
        let rows: Vec<DeletedRows> = stone
            .rows
            .as_object()
            .into_iter()
            .flatten()
            .map(|(table, count)| DeletedRows {
                table: table.clone(),
                count: count.as_i64().unwrap_or_default(),
            })
            .collect();
        Self {
            id: global(stone.tenant.id),
            slug: stone.tenant.slug,
            name: stone.tenant.name,
            short_name: stone.tenant.short_name,
            created_at: stone.created_at,
            deletion: stone.deletion.into(),
            deleted_at: stone.deleted_at,
            files: stone.files,
            bytes: stone.bytes,
            row_count: rows.iter().map(|one| one.count).sum(),
            by_table: rows,
            audit_number: stone.audit_head.as_ref().map(|(number, _)| *number),
            audit_head: stone.audit_head.map(|(_, hash)| hex::encode(hash)),
        }
    }
}

impl From<Overseen> for OverseenTenant {
    fn from(overseen: Overseen) -> Self {
        Self {
            id: global(overseen.tenant.id),
            tenant: overseen.tenant.id,
            slug: overseen.tenant.slug,
            name: overseen.tenant.name,
            short_name: overseen.tenant.short_name,
            parent: overseen.parent.map(global),
            created_at: overseen.created_at,
            suspended_at: overseen.suspended_at,
            suspended_reason: overseen.suspended_reason,
            limits: overseen.limits.into(),
            deletion: overseen.deletion.map(TenantDeletion::from),
        }
    }
}

#[ComplexObject]
impl OverseenTenant {
    /// What it uses.
    #[graphql(complexity = "20 + child_complexity")]
    async fn usage(&self, ctx: &Context<'_>) -> Answer<TenantUsage> {
        // Reached through the door of a root field; the door is asked again all the same.
        let tx = overseeing(ctx).await?;
        drop(tx);
        let mut tx = inside(ctx.db(), self.tenant, Access::Read).await?;
        let usage = ctx.data_unchecked::<Arc<dyn Gauges>>().read(&mut tx).await?;
        Ok(TenantUsage {
            members: usage.members,
            accounts: usage.accounts,
            storage_bytes: usage.storage_bytes,
            letters_today: usage.letters_today,
            participants: usage.participants,
        })
    }

    /// The invitation of its first administrator; null in organizations that were not made with one.
    #[graphql(complexity = "20 + child_complexity")]
    async fn first_invitation(&self, ctx: &Context<'_>) -> Answer<Option<FirstInvitation>> {
        let tx = overseeing(ctx).await?;
        drop(tx);
        let mut tx = inside(ctx.db(), self.tenant, Access::Read).await?;
        Ok(first_administrator::invitation(&mut tx).await?.map(|invitation| FirstInvitation {
            email: invitation.email,
            name: invitation.name,
            state: invitation.state.into(),
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at,
        }))
    }
}

/// A new organization.
#[derive(InputObject)]
pub struct CreateTenantInput {
    /// Its name in addresses: Latin letters, digits and hyphens.
    slug: String,
    name: String,
    short_name: String,
    /// The organization above it; the federation without it.
    parent: Option<ID>,
    /// Where the first administrator is invited.
    administrator_email: String,
    administrator_name: String,
}

/// Limits; null is no limit.
#[derive(InputObject)]
pub struct TenantLimitsInput {
    storage_bytes: Option<i64>,
    letters_daily: Option<i64>,
    participants: Option<i64>,
}

/// How an act on an organization ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum TenantStatus {
    /// Done.
    Ok,
    /// Another organization has this name in addresses.
    SlugTaken,
    /// It is so already; of an invitation: it was accepted or taken back.
    Already,
    /// As many letters went out as one invitation is worth.
    TooManyLetters,
    /// Organizations are below it: they go first.
    HasBelow,
}

/// The outcome of an act on an organization.
#[derive(SimpleObject)]
pub struct TenantPayload {
    status: TenantStatus,
    /// The organization as it is now.
    tenant: Option<OverseenTenant>,
}

/// Root fields.
#[derive(Default)]
pub struct FederationQuery;

#[Object]
impl FederationQuery {
    /// The organizations of the viewer's federation by name, its own apparatus first; at most 500. Refused in any other
    /// organization.
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    async fn overseen_tenants(&self, ctx: &Context<'_>) -> Answer<Vec<OverseenTenant>> {
        let mut tx = overseeing(ctx).await?;
        let own = tx.tenant();
        let all = tenants::overseen(tx.conn(), own).await?;
        drop(tx);
        record_read(&ctx.door(), OVERSEE, "federation.read_usage", own, json!({})).await?;
        Ok(all.into_iter().map(OverseenTenant::from).collect())
    }

    /// The organizations of the viewer's federation that were deleted, the latest first; at most 500. Refused in any other
    /// organization.
    #[graphql(complexity = "plenum_graph::cost::list(50, child_complexity)")]
    async fn deleted_tenants(&self, ctx: &Context<'_>) -> Answer<Vec<DeletedTenant>> {
        let mut tx = overseeing(ctx).await?;
        let own = tx.tenant();
        Ok(deletions::tombstones(tx.conn(), own).await?.into_iter().map(DeletedTenant::from).collect())
    }
}

/// Root fields.
#[derive(Default)]
pub struct FederationMutation;

#[Object]
impl FederationMutation {
    /// Makes an organization, and invites its first administrator by letter. The viewer has to be confirmed.
    async fn create_tenant(&self, ctx: &Context<'_>, input: CreateTenantInput) -> Answer<TenantPayload> {
        let mut tx = federation(ctx.write_confirmed(OVERSEE).await?).await?;
        steering(ctx)?;
        let actor = ctx.account().await?;
        let parent: TenantId = parse_optional_id(input.parent.as_ref())?.unwrap_or(tx.tenant());
        find(&mut tx, parent).await?;
        let new = read(input, parent)?;
        drop(tx);
        let outcome = create_tenant::create_tenant(ctx.db(), actor, new).await;
        match outcome {
            Ok(tenant) => told(ctx, "federation.create_tenant", tenant.id, Ok(())).await,
            Err(denied) => told(ctx, "federation.create_tenant", parent, Err(denied)).await,
        }
    }

    /// Suspends an organization: all is kept, and nobody enters. It works at once, in what is open too. The viewer has
    /// to be confirmed.
    async fn suspend_tenant(
        &self,
        ctx: &Context<'_>,
        tenant: ID,
        reason: Option<String>,
    ) -> Answer<TenantPayload> {
        let tx = federation(ctx.write_confirmed(OVERSEE).await?).await?;
        let (actor, tenant) = steered(ctx, tx, &tenant).await?;
        let reason = reason.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if reason.as_ref().is_some_and(|text| text.chars().count() > domain::LONGEST_REASON) {
            return Err(Refusal::invalid_field("reason", "too_long"));
        }
        let outcome = steer_tenant::suspend(ctx.db(), actor, tenant, reason).await;
        told(ctx, "federation.suspend_tenant", tenant, outcome).await
    }

    /// Lets people into a suspended organization again. The viewer has to be confirmed.
    async fn resume_tenant(&self, ctx: &Context<'_>, tenant: ID) -> Answer<TenantPayload> {
        let tx = federation(ctx.write_confirmed(OVERSEE).await?).await?;
        let (actor, tenant) = steered(ctx, tx, &tenant).await?;
        let outcome = steer_tenant::resume(ctx.db(), actor, tenant).await;
        told(ctx, "federation.resume_tenant", tenant, outcome).await
    }

    /// Sends the invitation of an organization's first administrator again, with a new link, while nobody has accepted it.
    /// The viewer has to be confirmed.
    async fn resend_first_invitation(&self, ctx: &Context<'_>, tenant: ID) -> Answer<TenantPayload> {
        let tx = federation(ctx.write_confirmed(OVERSEE).await?).await?;
        let (actor, tenant) = steered(ctx, tx, &tenant).await?;
        let outcome = resend_invitation::resend(ctx.db(), actor, tenant).await;
        told(ctx, "federation.invite_administrator", tenant, outcome).await
    }

    /// Sets the deletion of an organization, 30 days from now: its administrators are told, and it works until then. `slug`
    /// is its name in addresses, typed to show that this one is meant. The viewer has to be confirmed.
    async fn delete_tenant(
        &self,
        ctx: &Context<'_>,
        tenant: ID,
        slug: String,
        reason: String,
    ) -> Answer<TenantPayload> {
        let mut tx = federation(ctx.write_confirmed(OVERSEE).await?).await?;
        let shown = find(&mut tx, parse_id(&tenant)?).await?;
        let own = tx.tenant();
        let (actor, id) = steered(ctx, tx, &tenant).await?;
        if shown.tenant.is_federation {
            return Err(Refusal::invalid_field("tenant", "federation"));
        }
        let mut faults = Vec::new();
        if slug.trim() != shown.tenant.slug {
            faults.push(FieldFault { path: "slug".to_owned(), reason: "another_slug" });
        }
        let reason = domain::reason(&reason).map_err(|reason| {
            faults.push(FieldFault { path: "reason".to_owned(), reason });
        });
        let (true, Ok(reason)) = (faults.is_empty(), reason) else {
            return Err(Refusal::invalid_fields(faults));
        };
        let outcome = delete_tenant::ask(ctx.db(), own, actor, id, &reason).await;
        told(ctx, "federation.ask_deletion", id, outcome).await
    }

    /// Calls the deletion of an organization off, until it is carried out. The viewer has to be confirmed.
    async fn call_off_tenant_deletion(&self, ctx: &Context<'_>, tenant: ID) -> Answer<TenantPayload> {
        let tx = federation(ctx.write_confirmed(OVERSEE).await?).await?;
        let own = tx.tenant();
        let (actor, tenant) = steered(ctx, tx, &tenant).await?;
        let outcome = delete_tenant::call_off(ctx.db(), own, actor, tenant).await;
        told(ctx, "federation.call_off_deletion", tenant, outcome).await
    }

    /// Limits what an organization uses. The viewer has to be confirmed.
    async fn limit_tenant(
        &self,
        ctx: &Context<'_>,
        tenant: ID,
        limits: TenantLimitsInput,
    ) -> Answer<TenantPayload> {
        let tx = federation(ctx.write_confirmed(OVERSEE).await?).await?;
        let (actor, tenant) = steered(ctx, tx, &tenant).await?;
        let faults: Vec<FieldFault> = [
            ("limits.storageBytes", limits.storage_bytes),
            ("limits.lettersDaily", limits.letters_daily),
            ("limits.participants", limits.participants),
        ]
        .into_iter()
        .filter(|(_, limit)| limit.is_some_and(|limit| limit < 0))
        .map(|(path, _)| FieldFault { path: path.to_owned(), reason: "out_of_range" })
        .collect();
        if !faults.is_empty() {
            return Err(Refusal::invalid_fields(faults));
        }
        let limits = Limits {
            storage_bytes: limits.storage_bytes,
            letters_daily: limits.letters_daily,
            participants: limits.participants,
        };
        let outcome = steer_tenant::limit(ctx.db(), actor, tenant, limits).await;
        told(ctx, "federation.limit_tenant", tenant, outcome).await
    }
}

/// The transaction, when it is one of a federation's own apparatus, and of somebody who may do this in the whole of it:
/// who administers one unit of the apparatus steers no organization.
async fn federation(mut tx: TenantTx) -> Answer<TenantTx> {
    let own = tx.tenant();
    match tenants::by_id(tx.conn(), own).await? {
        Some(tenant) if tenant.is_federation => {}
        _ => return Err(Refusal::forbidden("federation_only")),
    }
    let root = units::root(&mut tx).await?;
    if tx.allows(OVERSEE, &root.place()) { Ok(tx) } else { Err(Refusal::forbidden("permission")) }
}

/// An organization of the federation's own tree.
async fn find(tx: &mut TenantTx, id: TenantId) -> Answer<Overseen> {
    let own = tx.tenant();
    let all = tenants::overseen(tx.conn(), own).await?;
    all.into_iter().find(|one| one.tenant.id == id).ok_or_else(Refusal::not_found)
}

/// Refused where the installation has no role for acts across organizations.
fn steering(ctx: &Context<'_>) -> Answer<()> {
    if ctx.db().has_operator() { Ok(()) } else { Err(Refusal::unavailable("operator_role")) }
}

/// Who steers which organization: one of the federation's tree, and not its own apparatus.
async fn steered(ctx: &Context<'_>, mut tx: TenantTx, id: &ID) -> Answer<(AccountId, TenantId)> {
    steering(ctx)?;
    let actor = ctx.account().await?;
    let id: TenantId = parse_id(id)?;
    find(&mut tx, id).await?;
    if id == tx.tenant() {
        return Err(Refusal::invalid_field("tenant", "own"));
    }
    Ok((actor, id))
}

/// Records in the federation's own audit what was done, and shows the organization as it is now.
async fn told(
    ctx: &Context<'_>,
    action: &'static str,
    tenant: TenantId,
    outcome: Result<(), Denied>,
) -> Answer<TenantPayload> {
    let status = match outcome {
        Ok(()) => TenantStatus::Ok,
        Err(Denied::SlugTaken) => return Ok(TenantPayload { status: TenantStatus::SlugTaken, tenant: None }),
        Err(Denied::Already | Denied::NotWaiting) => TenantStatus::Already,
        Err(Denied::TooMany) => TenantStatus::TooManyLetters,
        Err(Denied::Wait(seconds)) => return Err(Refusal::rate_limited(seconds)),
        Err(Denied::ParentEnds) => return Err(Refusal::invalid_field("input.parent", "to_be_deleted")),
        Err(Denied::HasBelow) => TenantStatus::HasBelow,
        Err(Denied::Store(error)) => return Err(error.into()),
    };
    let mut tx = ctx.write(OVERSEE).await?;
    let shown = find(&mut tx, tenant).await?;
    if status == TenantStatus::Ok {
        plenum_audit::record(&mut tx, action, tenant, json!({})).await?;
    }
    tx.commit().await?;
    Ok(TenantPayload { status, tenant: Some(shown.into()) })
}

fn read(input: CreateTenantInput, parent: TenantId) -> Answer<NewTenant> {
    let mut faults = Vec::new();
    let mut taken = HashMap::new();
    let fields = [
        ("slug", domain::slug(&input.slug)),
        ("name", domain::line(&input.name, domain::LONGEST_NAME)),
        ("shortName", domain::line(&input.short_name, domain::LONGEST_SHORT_NAME)),
        ("administratorEmail", texts::email(&input.administrator_email).map_err(Fault::reason)),
        ("administratorName", texts::person(&input.administrator_name).map_err(Fault::reason)),
    ];
    for (field, outcome) in fields {
        match outcome {
            Ok(text) => {
                taken.insert(field, text);
            }
            Err(reason) => faults.push(FieldFault { path: format!("input.{field}"), reason }),
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid_fields(faults));
    }
    let mut text = |field| taken.remove(field).unwrap_or_default();
    Ok(NewTenant {
        slug: text("slug"),
        name: text("name"),
        short_name: text("shortName"),
        parent,
        administrator_email: text("administratorEmail"),
        administrator_name: text("administratorName"),
    })
}
