//! Invitations, as those who invite see and send them.

use std::collections::HashMap;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_db::{StoreError, TenantTx};
use plenum_graph::{Answer, Doors, FieldFault, Paged, Paging, Refusal, global, paged, parse_id};
use plenum_identity::{graphql::LanguageName, store::accounts};
use plenum_kernel::{AccountId, InvitationId, TypedId, UnitId};
use plenum_tenancy::{
    permissions::{GIVE, Give, PEOPLE},
    ready::{self, Given},
    store::{
        invitations::{self, Invitation, State, Which},
        own_roles::{self, OwnRole},
        units::Unit,
    },
};

use super::{
    mutations::catalogue,
    nodes::{Words, inside, outside},
    queries::seen,
};
use crate::{
    actions::{Denied, invite, invite::Asked, resend_invitation, revoke_invitation},
    domain::{texts, titles},
};

/// What became of an invitation.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "State")]
pub enum InvitationState {
    /// It can be accepted.
    Waiting,
    /// Somebody accepted it.
    Accepted,
    /// It was taken back.
    Revoked,
    /// Nobody accepted it in time.
    Expired,
}

/// Why an invitation cannot be accepted though it waits.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum InvitationRefusal {
    /// The inviter may not enter the organization any more.
    InviterGone,
    /// The inviter could not give this role there any more.
    InviterLacks,
    /// The role was removed.
    RoleGone,
    /// The access of whom it is for is suspended.
    Suspended,
    /// It is for the inviter: nobody gives a role to themselves.
    OwnAccount,
    /// The organization is suspended.
    OrganizationSuspended,
}

impl From<invitations::Refusal> for InvitationRefusal {
    fn from(refusal: invitations::Refusal) -> Self {
        match refusal {
            invitations::Refusal::InviterGone => Self::InviterGone,
            invitations::Refusal::InviterLacks => Self::InviterLacks,
            invitations::Refusal::RoleGone => Self::RoleGone,
            invitations::Refusal::Suspended => Self::Suspended,
            invitations::Refusal::OwnAccount => Self::OwnAccount,
        }
    }
}

/// An invitation of an address into a role.
#[derive(SimpleObject, Clone)]
#[graphql(name = "Invitation")]
pub struct InvitationNode {
    id: ID,
    email: String,
    name: String,
    /// The language of its letters.
    language: LanguageName,
    /// The role's id.
    role: ID,
    title: Words,
    unit: ID,
    unit_name: String,
    /// Until when the role is given; null is without an end.
    until: Option<DateTime<Utc>>,
    reason: Option<String>,
    /// Who invited; null is the federation, when it made the organization.
    invited_by: Option<String>,
    created_at: DateTime<Utc>,
    /// How many letters went out; the link of the last one works.
    letters: i32,
    /// When the last one did.
    sent_at: DateTime<Utc>,
    /// Until when it can be accepted.
    expires_at: DateTime<Utc>,
    state: InvitationState,
    /// Whether another letter makes it wait again.
    can_be_sent: bool,
    ended_at: Option<DateTime<Utc>>,
    /// Who accepted or revoked it.
    ended_by: Option<String>,
    /// The account that accepted it.
    account: Option<ID>,
    /// Why it could not be accepted when somebody last tried.
    refusal: Option<InvitationRefusal>,
    refused_at: Option<DateTime<Utc>>,
}

/// Who is invited, to what.
#[derive(InputObject)]
pub struct InviteInput {
    email: String,
    name: String,
    /// The language of its letters.
    language: LanguageName,
    role: ID,
    /// The role holds in this unit and all below.
    unit: ID,
    /// Until when; without an end without it.
    until: Option<DateTime<Utc>>,
    /// Why; it is recorded.
    reason: Option<String>,
}

/// How an act on an invitation ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStatus {
    /// Done.
    Ok,
    /// It needs rights that the viewer does not hold there, or not for so long.
    ExceedsYours,
    /// Nobody invites themselves.
    OwnAccount,
    /// Whoever has this address holds the role there already.
    Already,
    /// The address is invited to this role there already; `invitation` is the one that waits.
    Invited,
    /// It was accepted or revoked, or another took its place.
    Ended,
    /// The term of the role is over: a new invitation is needed.
    TermOver,
    /// As many letters went out as one invitation is worth, or as an organization sends in a day.
    TooMany,
}

/// The outcome of an act on an invitation.
#[derive(SimpleObject)]
pub struct InvitationPayload {
    status: InvitationStatus,
    /// The invitation as it is now.
    invitation: Option<InvitationNode>,
    /// The permissions that exceed the viewer's.
    exceeding: Vec<String>,
}

/// Root fields.
#[derive(Default)]
pub struct InvitationQuery;

#[Object]
impl InvitationQuery {
    /// Invitations into the organization, the newest first; with `search`, those whose name or address holds each of its
    /// words. Who sees access in some units only sees invitations into these.
    #[graphql(complexity = "plenum_graph::cost::page(first, child_complexity)")]
    async fn invitations(
        &self,
        ctx: &Context<'_>,
        search: Option<String>,
        state: Option<InvitationState>,
        #[graphql(default = 50)] first: i32,
        after: Option<String>,
    ) -> Answer<Paged<InvitationNode>> {
        let mut tx = ctx.read(PEOPLE).await?;
        let paging = Paging::new(first, after)?;
        let after = paging.after.as_deref().map(InvitationId::parse_global).transpose();
        let after = after.map_err(|_| Paging::bad_cursor())?;
        let units = seen(&mut tx).await?;
        let search = search.unwrap_or_default();
        let which = Which {
            search: &search,
            units: units.as_deref(),
            state: state.map(State::from),
            ..Which::default()
        };
        let found = invitations::list(&mut tx, &which, after, paging.limit()).await?;
        let shown = Shown::load(&mut tx, &found).await?;
        Ok(paged(&paging, found.iter().map(|one| (one.id.global(), shown.node(one)))))
    }
}

/// Root fields.
#[derive(Default)]
pub struct InvitationMutation;

#[Object]
impl InvitationMutation {
    /// Invites an address into a role in a unit and all below it, by a letter with a link that works once and for a week.
    /// Nothing is given before it is accepted. The viewer has to be confirmed.
    async fn invite(&self, ctx: &Context<'_>, input: InviteInput) -> Answer<InvitationPayload> {
        let mut tx = ctx.write_confirmed(GIVE).await?;
        let permit = tx.permit::<Give, Unit>(parse_id::<UnitId>(&input.unit)?).await?;
        let role = inside(&mut tx, &input.role).await?;
        if ready::by_name(&role).is_some_and(|role| role.given == Given::ByOffice) {
            return Err(Refusal::invalid_field("input.role", "by_office"));
        }
        let asked = read(input, role, tx.now())?;
        let outcome = invite::invite(&mut tx, permit, catalogue(ctx), asked).await;
        close(tx, outcome).await
    }

    /// Sends the letter of an invitation again, with a new link; those of before stop working. The viewer becomes the
    /// inviter, and has to be confirmed.
    async fn resend_invitation(&self, ctx: &Context<'_>, invitation: ID) -> Answer<InvitationPayload> {
        let mut tx = ctx.write_confirmed(GIVE).await?;
        let id: InvitationId = parse_id(&invitation)?;
        let outcome = resend_invitation::resend(&mut tx, catalogue(ctx), id).await;
        close(tx, outcome.map(|invitation| invitation.id)).await
    }

    /// Takes an invitation back: its links stop working at once. The viewer has to be confirmed.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        invitation: ID,
        reason: Option<String>,
    ) -> Answer<InvitationPayload> {
        let mut tx = ctx.write_confirmed(GIVE).await?;
        let reason = texts::optional(reason.as_deref())
            .map_err(|fault| Refusal::invalid_field("reason", fault.reason()))?;
        let id: InvitationId = parse_id(&invitation)?;
        let outcome = revoke_invitation::revoke(&mut tx, catalogue(ctx), id, reason).await;
        close(tx, outcome.map(|invitation| invitation.id)).await
    }
}

/// What can be asked for.
fn read(input: InviteInput, role: String, now: DateTime<Utc>) -> Answer<Asked> {
    let mut faults = Vec::new();
    let mut fault = |path: &str, reason: &'static str| {
        faults.push(FieldFault { path: path.to_owned(), reason });
    };
    let email = texts::email(&input.email).map_err(|wrong| fault("input.email", wrong.reason()));
    let name = texts::person(&input.name).map_err(|wrong| fault("input.name", wrong.reason()));
    let reason =
        texts::optional(input.reason.as_deref()).map_err(|wrong| fault("input.reason", wrong.reason()));
    if input.until.is_some_and(|until| until <= now) {
        fault("input.until", "over");
    }
    match (email, name, reason) {
        (Ok(email), Ok(name), Ok(reason)) if faults.is_empty() => {
            let language = input.language.into();
            Ok(Asked { email, name, language, role, until: input.until, reason })
        }
        _ => Err(Refusal::invalid_fields(faults)),
    }
}

/// Commits what was done; what is an expected outcome leaves nothing behind, and is told as a status.
async fn close(mut tx: TenantTx, outcome: Result<InvitationId, Denied>) -> Answer<InvitationPayload> {
    let denied = match outcome {
        Ok(id) => {
            let invitation = node(&mut tx, id).await?;
            tx.commit().await?;
            return Ok(InvitationPayload { status: InvitationStatus::Ok, invitation, exceeding: Vec::new() });
        }
        Err(denied) => denied,
    };
    let mut exceeding = Vec::new();
    let mut invitation = None;
    let status = match denied {
        Denied::ExceedsYours(lacking) => {
            exceeding = lacking.into_iter().collect();
            InvitationStatus::ExceedsYours
        }
        Denied::Invited(id) => {
            invitation = node(&mut tx, id).await?;
            InvitationStatus::Invited
        }
        Denied::OwnAccount => InvitationStatus::OwnAccount,
        Denied::Already => InvitationStatus::Already,
        Denied::Ended => InvitationStatus::Ended,
        Denied::TermOver => InvitationStatus::TermOver,
        Denied::TooMany => InvitationStatus::TooMany,
        Denied::Wait(seconds) => return Err(Refusal::rate_limited(seconds)),
        Denied::Forbidden => return Err(Refusal::forbidden("permission")),
        Denied::NotFound => return Err(Refusal::not_found()),
        Denied::Store(error) => return Err(error.into()),
        // Of roles that are held, which an invitation does not bring yet.
        Denied::LastAdministrator | Denied::FollowsFromElsewhere | Denied::NameTaken | Denied::Held => {
            return Err(Refusal::conflict("changed_meanwhile"));
        }
    };
    tx.rollback().await?;
    Ok(InvitationPayload { status, invitation, exceeding })
}

async fn node(tx: &mut TenantTx, id: InvitationId) -> Result<Option<InvitationNode>, StoreError> {
    let Some(invitation) = invitations::by_id(tx, id).await? else { return Ok(None) };
    let shown = Shown::load(tx, std::slice::from_ref(&invitation)).await?;
    Ok(Some(shown.node(&invitation)))
}

/// Puts names to invitations: loaded once for all that one answer shows.
struct Shown {
    names: HashMap<AccountId, String>,
    own: Vec<OwnRole>,
}

impl Shown {
    async fn load(tx: &mut TenantTx, all: &[Invitation]) -> Result<Self, StoreError> {
        let mut accounts: Vec<AccountId> =
            all.iter().flat_map(|one| [one.invited_by, one.ended_by]).flatten().collect();
        accounts.sort();
        accounts.dedup();
        let names = accounts::names(tx.conn(), &accounts).await?;
        Ok(Self { names, own: own_roles::all(tx).await? })
    }

    fn name(&self, account: Option<AccountId>) -> Option<String> {
        account.map(|account| self.names.get(&account).cloned().unwrap_or_default())
    }

    fn node(&self, invitation: &Invitation) -> InvitationNode {
        let accepted = invitation.ended_by.filter(|_| invitation.state == State::Accepted);
        InvitationNode {
            id: global(invitation.id),
            email: invitation.email.clone(),
            name: invitation.name.clone(),
            language: invitation.language.into(),
            role: outside(&invitation.role),
            title: titles::of_role(&invitation.role, &self.own).into(),
            unit: global(invitation.unit),
            unit_name: invitation.unit_name.clone(),
            until: invitation.until,
            reason: invitation.reason.clone(),
            invited_by: self.name(invitation.invited_by),
            created_at: invitation.created_at,
            letters: invitation.letters,
            sent_at: invitation.sent_at,
            expires_at: invitation.expires_at,
            state: invitation.state.into(),
            can_be_sent: invitation.can_be_sent(),
            ended_at: invitation.ended_at,
            ended_by: self.name(invitation.ended_by),
            account: accepted.map(global),
            refusal: invitation.refusal.map(|(refusal, _)| refusal.into()),
            refused_at: invitation.refusal.map(|(_, at)| at),
        }
    }
}
