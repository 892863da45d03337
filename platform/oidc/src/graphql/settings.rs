//! The organization's provider, as its administrators set it.

use async_graphql::{Context, Enum, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use plenum_graph::{Answer, Doors, FieldFault, Refusal};
use plenum_identity::store::bound_sessions;
use serde_json::json;

use super::sign_in::own_tenant;
use crate::{
    ProviderError, Providers,
    permissions::MANAGE,
    store::{
        links,
        providers::{self, Provider},
    },
};

/// The most domains of mail addresses.
const MOST_DOMAINS: usize = 20;

/// An organization's provider of sign-in.
#[derive(SimpleObject)]
#[graphql(name = "SignInProvider")]
pub struct ProviderNode {
    /// What stands on the button.
    label: String,
    /// The issuer: where its description is found.
    issuer: String,
    /// Who we are to it.
    client_id: String,
    /// Whether we have a secret of it; what it is, is never shown.
    has_secret: bool,
    /// The claim that holds the mail address.
    address_claim: String,
    /// Whether whom the organization does not know is let in with a new account, without roles.
    makes_accounts: bool,
    /// Domains of mail addresses that are taken; all when empty.
    mail_domains: Vec<String>,
    /// When it was set.
    changed_at: DateTime<Utc>,
    /// How many accounts are linked with it.
    links: i64,
}

/// What an administrator needs to set the provider.
#[derive(SimpleObject)]
pub struct ProviderSettings {
    /// The address to register at the provider.
    redirect_uri: String,
    /// The provider; null when there is none.
    provider: Option<ProviderNode>,
}

/// A provider to be set.
#[derive(InputObject)]
pub struct ProviderInput {
    label: String,
    issuer: String,
    client_id: String,
    /// Without one, that from before is kept when issuer and client stay; else the client is a public one.
    client_secret: Option<String>,
    /// `email` when it is not given.
    address_claim: Option<String>,
    #[graphql(default)]
    makes_accounts: bool,
    #[graphql(default)]
    mail_domains: Vec<String>,
}

/// How setting the provider ended.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum SetProviderStatus {
    /// Set.
    Ok,
    /// It could not be called.
    Unreachable,
    /// It answers, but not as a provider that can be used.
    Unusable,
}

/// The outcome of setting or removing the provider.
#[derive(SimpleObject)]
pub struct SetProviderPayload {
    status: SetProviderStatus,
    settings: ProviderSettings,
}

/// Root fields.
#[derive(Default)]
pub struct ProviderSettingsQuery;

#[Object]
impl ProviderSettingsQuery {
    /// The organization's provider of sign-in, for its administrators.
    async fn provider_settings(&self, ctx: &Context<'_>) -> Answer<ProviderSettings> {
        let mut tx = ctx.read(MANAGE).await?;
        settings(ctx, &mut tx).await
    }
}

/// Root fields.
#[derive(Default)]
pub struct ProviderSettingsMutation;

#[Object]
impl ProviderSettingsMutation {
    /// Sets the organization's provider, when it answers as one. With another issuer, accounts have to be linked anew; with
    /// another issuer or client, sign-ins by it end. The viewer has to be confirmed.
    async fn set_provider(&self, ctx: &Context<'_>, input: ProviderInput) -> Answer<SetProviderPayload> {
        // Twice: before the provider is asked, and after it, when a role may be gone.
        let opened = async || ctx.write_confirmed(MANAGE).await;
        let mut tx = opened().await?;
        let service = ctx.data_unchecked::<Providers>();
        let (provider, secret) = read(service, input, tx.now())?;
        let before = settings(ctx, &mut tx).await?;
        // No transaction waits for somebody else's server.
        tx.rollback().await?;
        match service.probe(&provider.issuer).await {
            Ok(()) => {}
            Err(ProviderError::Unreachable(_)) => {
                return Ok(SetProviderPayload { status: SetProviderStatus::Unreachable, settings: before });
            }
            Err(ProviderError::Unusable) => {
                return Ok(SetProviderPayload { status: SetProviderStatus::Unusable, settings: before });
            }
        }
        let mut tx = opened().await?;
        let tenant = tx.tenant();
        let before = providers::get(&mut tx).await?;
        let same = before
            .as_ref()
            .is_some_and(|before| before.issuer == provider.issuer && before.client_id == provider.client_id);
        let secret = match secret {
            None if same => providers::secret(&mut tx).await?,
            other => other,
        };
        providers::set(&mut tx, &provider, secret.as_deref()).await?;
        if before.is_some() && !same {
            links::forget(&mut tx, Some(&provider.issuer)).await?;
            bound_sessions::end(tx.conn(), tenant, None).await?;
        }
        let detail = json!({
            "issuer": provider.issuer,
            "client": provider.client_id,
            "addressClaim": provider.address_claim,
            "makesAccounts": provider.makes_accounts,
            "mailDomains": provider.mail_domains,
        });
        plenum_audit::record(&mut tx, "oidc.set_provider", tenant, detail).await?;
        let settings = settings(ctx, &mut tx).await?;
        tx.commit().await?;
        Ok(SetProviderPayload { status: SetProviderStatus::Ok, settings })
    }

    /// Removes the organization's provider with all links; sign-ins by it end. The viewer has to be confirmed.
    async fn remove_provider(&self, ctx: &Context<'_>) -> Answer<SetProviderPayload> {
        let mut tx = ctx.write_confirmed(MANAGE).await?;
        let tenant = tx.tenant();
        if providers::remove(&mut tx).await? {
            let forgotten = links::forget(&mut tx, None).await?;
            bound_sessions::end(tx.conn(), tenant, None).await?;
            let detail = json!({ "links": forgotten });
            plenum_audit::record(&mut tx, "oidc.remove_provider", tenant, detail).await?;
        }
        let settings = settings(ctx, &mut tx).await?;
        tx.commit().await?;
        Ok(SetProviderPayload { status: SetProviderStatus::Ok, settings })
    }
}

async fn settings(ctx: &Context<'_>, tx: &mut plenum_db::TenantTx) -> Answer<ProviderSettings> {
    let tenant = own_tenant(tx).await?;
    let provider = match providers::get(tx).await? {
        Some(provider) => Some(ProviderNode {
            label: provider.label,
            issuer: provider.issuer,
            client_id: provider.client_id,
            has_secret: provider.has_secret,
            address_claim: provider.address_claim,
            makes_accounts: provider.makes_accounts,
            mail_domains: provider.mail_domains,
            changed_at: provider.changed_at,
            links: links::count(tx).await?,
        }),
        None => None,
    };
    let redirect_uri = ctx.data_unchecked::<Providers>().redirect_uri(&tenant.slug);
    Ok(ProviderSettings { redirect_uri, provider })
}

/// An input that can be taken, and the secret in it.
fn read(service: &Providers, input: ProviderInput, now: DateTime<Utc>) -> Answer<(Provider, Option<String>)> {
    let mut faults = Vec::new();
    let mut text = |path: &str, value: &str, longest: usize| {
        let value = value.trim().to_owned();
        let fault = if value.is_empty() {
            Some("empty")
        } else if value.chars().count() > longest {
            Some("too_long")
        } else if value.chars().any(char::is_control) {
            Some("sign")
        } else {
            None
        };
        if let Some(reason) = fault {
            faults.push(FieldFault { path: format!("input.{path}"), reason });
        }
        value
    };
    let label = text("label", &input.label, 60);
    let issuer = text("issuer", &input.issuer, 300);
    let client_id = text("clientId", &input.client_id, 300);
    let address_claim = text("addressClaim", input.address_claim.as_deref().unwrap_or("email"), 60);
    let secret = input.client_secret.as_deref().filter(|secret| !secret.is_empty());
    let secret = secret.map(|secret| text("clientSecret", secret, 1_000));
    let mut fault = |path: &str, reason| {
        faults.push(FieldFault { path: format!("input.{path}"), reason });
    };
    // An issuer has no query and no fragment (OpenID Connect Discovery 1.0 §3).
    if !issuer.is_empty() && (issuer.contains(['?', '#']) || !service.acceptable(&issuer)) {
        fault("issuer", "not_an_address");
    }
    let mut mail_domains: Vec<String> = input
        .mail_domains
        .iter()
        .map(|domain| domain.trim().trim_start_matches('@').to_lowercase())
        .collect();
    mail_domains.sort();
    mail_domains.dedup();
    let is_domain = |domain: &String| {
        let letters = |c: char| c.is_alphanumeric() || c == '-' || c == '.';
        domain.contains('.') && domain.len() <= 253 && domain.chars().all(letters) && !domain.contains("..")
    };
    if !mail_domains.iter().all(is_domain) {
        fault("mailDomains", "not_a_domain");
    }
    if mail_domains.len() > MOST_DOMAINS {
        fault("mailDomains", "too_many");
    }
    if input.makes_accounts && mail_domains.is_empty() {
        fault("mailDomains", "empty");
    }
    if !faults.is_empty() {
        return Err(Refusal::invalid_fields(faults));
    }
    let provider = Provider {
        label,
        issuer,
        client_id,
        has_secret: secret.is_some(),
        address_claim,
        makes_accounts: input.makes_accounts,
        mail_domains,
        changed_at: now,
    };
    Ok((provider, secret))
}
