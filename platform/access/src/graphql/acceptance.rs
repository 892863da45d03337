//! An invitation, as whoever opened the link of its letter sees and accepts it. Reading changes nothing: programs that
//! look into letters open their links too.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, OpenError, StoreError, TenantTx};
use plenum_graph::{Answer, Doors, FieldFault, Refusal};
use plenum_identity::{
    Arrival, Browser, Identity, Present,
    graphql::LanguageName,
    password::{self, Flaw},
    store::accounts::{self, Account},
    token,
    welcome::Newcomer,
};
use plenum_tenancy::store::{
    invitations::{self, Invitation},
    own_roles,
    tenants::{self, Tenant},
};

use super::{invitations::InvitationRefusal, mutations::catalogue, nodes::Words};
use crate::{
    actions::accept_invitation::{self, Accepted, Accepter, NotAccepted},
    domain::{
        invitations::{Standing, Way, standing, way},
        texts, titles,
    },
};

/// Under which the platform opens an organization to somebody with a link.
const DOOR: Permission = Permission::new("access.invitation");

/// What a link is worth.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum InvitationLinkState {
    /// The invitation can be accepted.
    Waiting,
    /// It was accepted.
    Accepted,
    /// It was taken back.
    Revoked,
    /// It is older than a week, or the term of its role is over.
    Expired,
    /// A newer letter came; its link works.
    Replaced,
    /// No letter had this link.
    Unknown,
}

impl From<Standing> for InvitationLinkState {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Waiting => Self::Waiting,
            Standing::Accepted => Self::Accepted,
            Standing::Revoked => Self::Revoked,
            Standing::Expired => Self::Expired,
            Standing::Replaced => Self::Replaced,
        }
    }
}

/// How an invitation that waits is accepted.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Way")]
pub enum InvitationWay {
    /// By choosing a name and a password: the address has no account that anything signs in to.
    NewAccount,
    /// By signing in first: the address is an account's.
    SignIn,
    /// As the account that is signed in.
    Accept,
    /// Not by the account that is signed in: it has another address.
    OtherAccount,
    /// Not by this sign-in: the provider of another organization vouches for nothing here.
    OtherSignIn,
}

/// An invitation to whoever has the link of its letter. What it says of the organization is null when the link is
/// unknown.
#[derive(SimpleObject)]
pub struct InvitationOffer {
    state: InvitationLinkState,
    /// The organization's name.
    organization: Option<String>,
    /// Who invites.
    invited_by: Option<String>,
    /// The address; null unless it waits.
    email: Option<String>,
    /// How the inviter calls the person; null unless it waits.
    name: Option<String>,
    /// The role; null unless it waits.
    role: Option<Words>,
    /// Where the role holds, and in all below; null unless it waits.
    unit_name: Option<String>,
    /// Until when the role is given; null is without an end.
    until: Option<DateTime<Utc>>,
    /// Until when it can be accepted; null unless it waits.
    expires_at: Option<DateTime<Utc>>,
    /// How it is accepted; null unless it waits.
    way: Option<InvitationWay>,
    /// Why it cannot be accepted though it waits.
    refusal: Option<InvitationRefusal>,
}

impl InvitationOffer {
    fn of(state: InvitationLinkState) -> Self {
        Self {
            state,
            organization: None,
            invited_by: None,
            email: None,
            name: None,
            role: None,
            unit_name: None,
            until: None,
            expires_at: None,
            way: None,
            refusal: None,
        }
    }
}

/// The link of the letter, and what somebody without an account chooses.
#[derive(InputObject)]
pub struct AcceptInvitationInput {
    /// The organization's name in addresses.
    organization: String,
    token: String,
    /// How a new account's holder calls themselves.
    name: Option<String>,
    /// The password of a new account.
    password: Option<String>,
    /// The language of a new account's letters.
    language: Option<LanguageName>,
}

/// How accepting ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum AcceptInvitationStatus {
    /// Accepted, and signed in: the response carries the session cookie.
    Ok,
    /// The link is worth nothing any more: `invitationOffer` tells why.
    Link,
    /// It cannot be accepted now: `invitationOffer` tells why.
    Refused,
    /// The address is an account's: its holder signs in first.
    SignInFirst,
    /// Another account is signed in, or this one by the provider of another organization.
    OtherAccount,
    /// Shorter than ten characters.
    PasswordTooShort,
    /// In lists of leaked passwords, with which guessing begins.
    PasswordBreached,
}

/// The outcome of accepting.
#[derive(SimpleObject)]
pub struct AcceptInvitationPayload {
    status: AcceptInvitationStatus,
}

/// Root fields.
#[derive(Default)]
pub struct OfferQuery;

#[Object]
impl OfferQuery {
    /// What the link of a letter invites to, and what it is worth; it changes nothing. Public.
    async fn invitation_offer(
        &self,
        ctx: &Context<'_>,
        organization: String,
        token: String,
    ) -> Answer<InvitationOffer> {
        let Some((tenant, mut tx)) = open(ctx, &organization, Access::Read).await? else {
            return Ok(InvitationOffer::of(InvitationLinkState::Unknown));
        };
        let found = invitations::by_link(&mut tx, &token::hash(&token)).await?;
        let Some((invitation, letter)) = found else {
            return Ok(InvitationOffer::of(InvitationLinkState::Unknown));
        };
        let standing = standing(invitation.state, letter, invitation.letters);
        let invited_by = inviter(&mut tx, &tenant, &invitation).await?;
        let told = InvitationOffer {
            organization: Some(tenant.name),
            invited_by,
            ..InvitationOffer::of(standing.into())
        };
        if standing != Standing::Waiting {
            return Ok(told);
        }
        let account = accounts::by_email(tx.conn(), &invitation.email).await?;
        let refusal = match tenants::is_suspended(&mut tx).await? {
            true => Some(InvitationRefusal::OrganizationSuspended),
            false => {
                let id = account.as_ref().map(|account| account.id);
                let refusal = accept_invitation::judge(&mut tx, catalogue(ctx), &invitation, id).await?;
                refusal.map(InvitationRefusal::from)
            }
        };
        let own = own_roles::all(&mut tx).await?;
        drop(tx);
        let way = way_of(ctx, account.as_ref(), &tenant.id).await?;
        Ok(InvitationOffer {
            role: Some(titles::of_role(&invitation.role, &own).into()),
            email: Some(invitation.email),
            name: Some(invitation.name),
            unit_name: Some(invitation.unit_name),
            until: invitation.until,
            expires_at: Some(invitation.expires_at),
            way: Some(way.into()),
            refusal,
            ..told
        })
    }
}

/// Root fields.
#[derive(Default)]
pub struct AcceptanceMutation;

#[Object]
impl AcceptanceMutation {
    /// Accepts an invitation by the link of its letter: as the account of its address that is signed in, or, when the
    /// address has none, by making one. Public. It works once; the role is given by what the inviter holds now.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        input: AcceptInvitationInput,
    ) -> Answer<AcceptInvitationPayload> {
        let said = |status| Ok(AcceptInvitationPayload { status });
        let token_hash = token::hash(&input.token);
        // A look before the work: hashing a password is not done for whoever asks.
        let Some((tenant, mut tx)) = open(ctx, &input.organization, Access::Read).await? else {
            return said(AcceptInvitationStatus::Link);
        };
        let found = invitations::by_link(&mut tx, &token_hash).await?;
        let Some((invitation, letter)) = found else { return said(AcceptInvitationStatus::Link) };
        if standing(invitation.state, letter, invitation.letters) != Standing::Waiting {
            return said(AcceptInvitationStatus::Link);
        }
        if tenants::is_suspended(&mut tx).await? {
            return said(AcceptInvitationStatus::Refused);
        }
        let account = accounts::by_email(tx.conn(), &invitation.email).await?;
        drop(tx);
        let accepter = match way_of(ctx, account.as_ref(), &tenant.id).await? {
            Way::SignIn => return said(AcceptInvitationStatus::SignInFirst),
            Way::OtherAccount | Way::OtherSignIn => return said(AcceptInvitationStatus::OtherAccount),
            Way::Accept => match account {
                Some(account) => Accepter::Account(account.id),
                None => return said(AcceptInvitationStatus::SignInFirst),
            },
            Way::NewAccount => match newcomer(input, invitation.email).await? {
                Ok(newcomer) => Accepter::Newcomer(newcomer),
                Err(status) => return said(status),
            },
        };
        let Some((_, mut tx)) = open(ctx, &tenant.slug, Access::Write).await? else {
            return said(AcceptInvitationStatus::Link);
        };
        let is_new = matches!(accepter, Accepter::Newcomer(_));
        let outcome = accept_invitation::accept(&mut tx, catalogue(ctx), &token_hash, accepter).await;
        match outcome {
            Ok(accepted) => {
                let account = accounts::by_id(tx.conn(), accepted.account).await?;
                tx.commit().await?;
                sign_in(ctx, account, accepted, is_new).await?;
                said(AcceptInvitationStatus::Ok)
            }
            Err(NotAccepted::Refused(_)) => {
                // Why is kept with the invitation.
                tx.commit().await?;
                said(AcceptInvitationStatus::Refused)
            }
            Err(NotAccepted::Unknown | NotAccepted::Link(_)) => said(AcceptInvitationStatus::Link),
            Err(NotAccepted::HasPassword) => said(AcceptInvitationStatus::SignInFirst),
            Err(NotAccepted::Store(error)) => Err(error.into()),
        }
    }
}

/// The organization of a link, opened by the platform; none when there is none of this name.
async fn open(
    ctx: &Context<'_>,
    slug: &str,
    access: Access,
) -> Result<Option<(Tenant, TenantTx)>, StoreError> {
    let mut tx = ctx.db().global(None).await?;
    let Some(tenant) = tenants::by_slug(&mut tx, slug).await? else { return Ok(None) };
    drop(tx);
    let viewer = Viewer { request: Some(ctx.scope().request), ..Viewer::system(tenant.id, "access") };
    match ctx.db().tenant(&viewer, DOOR, access).await {
        Ok(tx) => Ok(Some((tenant, tx))),
        Err(OpenError::Store(error)) => Err(error),
        Err(OpenError::Forbidden { .. }) => unreachable!("the platform itself is always allowed"),
    }
}

/// How whoever asks may go on. What signs in to the account of the address is told to whom has its letter only.
async fn way_of(
    ctx: &Context<'_>,
    account: Option<&Account>,
    tenant: &plenum_kernel::TenantId,
) -> Result<Way, StoreError> {
    let identity = ctx.data_unchecked::<Identity>();
    let present: Option<Present> = identity.present(ctx.scope().credential().token_hash.as_ref()).await?;
    let known = match account {
        Some(account) => Some((account.id, identity.has_own_means(account).await?)),
        None => None,
    };
    Ok(way(known, present, *tenant))
}

/// Who invites, by name: a person, or for the first administrator the organization above.
async fn inviter(
    tx: &mut TenantTx,
    tenant: &Tenant,
    invitation: &Invitation,
) -> Result<Option<String>, StoreError> {
    if let Some(account) = invitation.invited_by {
        return Ok(accounts::names(tx.conn(), &[account]).await?.remove(&account));
    }
    let Some(parent) = tenants::parent(tx.conn(), tenant.id).await? else { return Ok(None) };
    Ok(tenants::by_id(tx.conn(), parent).await?.map(|parent| parent.name))
}

/// What a new account begins with; the status when the password is not taken.
async fn newcomer(
    input: AcceptInvitationInput,
    email: String,
) -> Answer<Result<Newcomer, AcceptInvitationStatus>> {
    let mut faults = Vec::new();
    let name = texts::person(input.name.as_deref().unwrap_or_default()).map_err(|wrong| {
        faults.push(FieldFault { path: "input.name".to_owned(), reason: wrong.reason() });
    });
    let password = input.password.unwrap_or_default();
    let flaw = match password::flaw(&password) {
        Some(Flaw::TooLong) => {
            faults.push(FieldFault { path: "input.password".to_owned(), reason: "too_long" });
            None
        }
        flaw => flaw,
    };
    let Ok(name) = name else { return Err(Refusal::invalid_fields(faults)) };
    if !faults.is_empty() {
        return Err(Refusal::invalid_fields(faults));
    }
    match flaw {
        Some(Flaw::TooShort) => return Ok(Err(AcceptInvitationStatus::PasswordTooShort)),
        Some(Flaw::Breached) => return Ok(Err(AcceptInvitationStatus::PasswordBreached)),
        Some(Flaw::TooLong) | None => {}
    }
    let password_hash = password::hash(password).await.map_err(|error| Refusal::internal(&error))?;
    let language = input.language.unwrap_or(LanguageName::Ru).into();
    Ok(Ok(Newcomer { email, name, language, password_hash }))
}

/// Signs a newcomer in; whoever is signed in gets another token, for the account is allowed more from now on.
async fn sign_in(
    ctx: &Context<'_>,
    account: Option<Account>,
    accepted: Accepted,
    is_new: bool,
) -> Answer<()> {
    let identity = ctx.data_unchecked::<Identity>();
    let arrival = Arrival {
        address: ctx.scope().address.clone(),
        browser: ctx.data_opt::<Browser>().cloned().unwrap_or_default(),
        token_hash: ctx.scope().credential().token_hash,
    };
    let cookies = match (account, arrival.token_hash) {
        (Some(account), _) if is_new => {
            identity.sign_in_newcomer(&account, accepted.was_opened, arrival).await?
        }
        (_, Some(token_hash)) => identity.renew_token(&token_hash).await?.into_iter().collect(),
        _ => Vec::new(),
    };
    for cookie in cookies {
        ctx.append_http_header("set-cookie", cookie);
    }
    Ok(())
}
