//! Beginning a sign-in, and linking one's own account.

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, Doors, Refusal};
use plenum_identity::{
    Told,
    store::{accounts, bound_sessions},
};
use plenum_kernel::AccountId;
use plenum_tenancy::store::tenants::{self, Tenant};
use serde_json::json;

use crate::{
    BeginError, Providers,
    attempt::Aim,
    permissions::OWN,
    store::{links, providers},
};

/// How somebody signs in beside a password.
#[derive(SimpleObject)]
pub struct SignInOption {
    /// The organization's name in addresses.
    organization: String,
    /// What stands on the button.
    label: String,
}

/// How beginning ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum BeginProviderStatus {
    /// The browser goes to the address; the response carries the cookie by which it comes back.
    Ok,
    /// The organization has no provider.
    NoProvider,
    /// The provider does not answer, or not as one.
    Unavailable,
}

/// The outcome of beginning.
#[derive(SimpleObject)]
pub struct BeginProviderPayload {
    status: BeginProviderStatus,
    /// Where the browser goes.
    url: Option<String>,
}

/// The viewer's own link with the organization's provider.
#[derive(SimpleObject)]
pub struct OwnProviderLink {
    /// What the provider is called.
    label: String,
    /// Since when the account is linked; null when it is not.
    linked_since: Option<DateTime<Utc>>,
    /// Whether this sign-in is by the provider.
    is_current: bool,
}

/// The outcome of unlinking.
#[derive(SimpleObject)]
pub struct UnlinkProviderPayload {
    /// False when there was no link.
    done: bool,
    /// What there is now.
    link: Option<OwnProviderLink>,
}

/// Root fields.
#[derive(Default)]
pub struct ProviderSignInQuery;

#[Object]
impl ProviderSignInQuery {
    /// How people of an organization sign in beside a password; null when they do not. Public.
    async fn sign_in_option(&self, ctx: &Context<'_>, organization: String) -> Answer<Option<SignInOption>> {
        match ctx.data_unchecked::<Providers>().of(&organization).await {
            Ok((tenant, provider)) => {
                Ok(Some(SignInOption { organization: tenant.slug, label: provider.label }))
            }
            Err(BeginError::Store(error)) => Err(error.into()),
            Err(_) => Ok(None),
        }
    }

    /// The viewer's own link with the organization's provider; null when it has none.
    async fn own_provider_link(&self, ctx: &Context<'_>) -> Answer<Option<OwnProviderLink>> {
        let mut tx = ctx.read(OWN).await?;
        own_link(ctx, &mut tx).await
    }
}

/// Root fields.
#[derive(Default)]
pub struct ProviderSignInMutation;

#[Object]
impl ProviderSignInMutation {
    /// Begins a sign-in by an organization's provider. Public.
    async fn begin_provider_sign_in(
        &self,
        ctx: &Context<'_>,
        organization: String,
        return_to: Option<String>,
    ) -> Answer<BeginProviderPayload> {
        begin(ctx, &organization, Aim::SignIn, return_to.as_deref().unwrap_or("/")).await
    }

    /// Begins to link the viewer's account with the organization's provider. The viewer has to be confirmed.
    async fn link_provider(&self, ctx: &Context<'_>) -> Answer<BeginProviderPayload> {
        let mut tx = ctx.write_confirmed(OWN).await?;
        let account = own_account(&tx)?;
        if bound(ctx, &mut tx).await? || links::of_account(&mut tx, account).await?.is_some() {
            return Err(Refusal::conflict("linked"));
        }
        let tenant = own_tenant(&mut tx).await?;
        tx.rollback().await?;
        begin(ctx, &tenant.slug, Aim::Link(account), "/").await
    }

    /// Unlinks the viewer's account from the organization's provider; sign-ins by it end, this one too. The viewer has to
    /// be confirmed.
    async fn unlink_provider(&self, ctx: &Context<'_>) -> Answer<UnlinkProviderPayload> {
        let mut tx = ctx.write_confirmed(OWN).await?;
        let account = own_account(&tx)?;
        let done = links::delete(&mut tx, account).await?;
        let tenant = own_tenant(&mut tx).await?;
        let link = own_link(ctx, &mut tx).await?;
        if done {
            plenum_audit::record(&mut tx, "oidc.unlink", account, json!({})).await?;
            bound_sessions::end(tx.conn(), tenant.id, Some(account)).await?;
        }
        let known = accounts::by_id(tx.conn(), account).await?;
        tx.commit().await?;
        if let (true, Some(account)) = (done, known) {
            let identity = ctx.data_unchecked::<plenum_identity::Identity>();
            identity.tell(&account, Told::Unlinked(tenant.short_name)).await;
        }
        Ok(UnlinkProviderPayload { done, link })
    }
}

async fn begin(
    ctx: &Context<'_>,
    organization: &str,
    aim: Aim,
    return_to: &str,
) -> Answer<BeginProviderPayload> {
    let said = |status, url| Ok(BeginProviderPayload { status, url });
    match ctx.data_unchecked::<Providers>().begin(organization, aim, return_to).await {
        Ok(begun) => {
            ctx.append_http_header("set-cookie", begun.cookie);
            said(BeginProviderStatus::Ok, Some(begun.url))
        }
        Err(BeginError::NoProvider) => said(BeginProviderStatus::NoProvider, None),
        Err(BeginError::Provider(_)) => said(BeginProviderStatus::Unavailable, None),
        Err(BeginError::Store(error)) => Err(error.into()),
    }
}

async fn own_link(ctx: &Context<'_>, tx: &mut plenum_db::TenantTx) -> Answer<Option<OwnProviderLink>> {
    let account = own_account(tx)?;
    let Some(provider) = providers::get(tx).await? else { return Ok(None) };
    let link = links::of_account(tx, account).await?;
    Ok(Some(OwnProviderLink {
        label: provider.label,
        linked_since: link.map(|link| link.created_at),
        is_current: bound(ctx, tx).await?,
    }))
}

/// Whether the viewer is signed in by the provider.
async fn bound(ctx: &Context<'_>, tx: &mut plenum_db::TenantTx) -> Answer<bool> {
    match &ctx.scope().credential().token_hash {
        Some(hash) => Ok(bound_sessions::of_session(tx.conn(), hash).await?.is_some()),
        None => Ok(false),
    }
}

fn own_account(tx: &plenum_db::TenantTx) -> Answer<AccountId> {
    tx.viewer().account().ok_or_else(Refusal::unauthenticated)
}

pub(super) async fn own_tenant(tx: &mut plenum_db::TenantTx) -> Answer<Tenant> {
    let id = tx.tenant();
    tenants::by_id(tx.conn(), id).await?.ok_or_else(Refusal::not_found)
}
