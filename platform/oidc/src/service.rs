//! Beginning a sign-in by a provider, and ending it.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use plenum_authz::{Permission, Viewer};
use plenum_db::{Access, OpenError, StoreError, TenantTx};
use plenum_identity::{Arrival, Entered, Identity, Present, Told, store::accounts, token};
use plenum_kernel::AccountId;
use plenum_outgoing::{Outgoing, Response};
use plenum_tenancy::store::{
    access,
    tenants::{self, Tenant},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::{Url, form_urlencoded};

use crate::{
    attempt::{Aim, Attempt, Envelope, LIFETIME, safe_return},
    domain::{self, Decision, Expected, IdToken, Known, Reason, Stranger},
    jose::{self, JoseError},
    metadata::{Directory, ProviderError, Seen},
    store::{
        attempts, links,
        providers::{self, Provider},
    },
};

const DOOR: Permission = Permission::new("oidc.door");
/// The longest part of an answer that is looked at.
const LONGEST: usize = 4_000;

/// Signs people in by the providers of their organizations. Cheap to clone.
#[derive(Clone)]
pub struct Providers {
    identity: Identity,
    outgoing: Outgoing,
    directory: Directory,
    envelope: Envelope,
}

/// A sign-in that was begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Where the browser goes now.
    pub url: String,
    /// The cookie to set.
    pub cookie: String,
}

/// A sign-in cannot be begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    /// There is no such organization, or it has no provider.
    #[error("there is no provider")]
    NoProvider,
    /// The provider cannot be used now.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a provider sends back through the browser (RFC 6749 §4.1.2, RFC 9207).
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Answered {
    /// Redeemed for tokens.
    pub code: Option<String>,
    /// What was sent along.
    pub state: Option<String>,
    /// Who answers.
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// Where the browser goes after it came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// An address within this site.
    pub location: String,
    /// Cookies to set.
    pub cookies: Vec<String>,
}

/// How an answer of a provider ends.
enum End {
    Refused(Reason),
    Failed(StoreError),
}

impl From<Reason> for End {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<OpenError> for End {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => Self::Failed(error),
            OpenError::Forbidden { .. } => Self::Refused(Reason::NotInvited),
        }
    }
}

#[derive(Deserialize)]
struct Tokens {
    #[serde(default)]
    access_token: Option<String>,
    id_token: String,
}

/// Who came back.
struct Person {
    subject: String,
    claims: Map<String, Value>,
}

impl Providers {
    /// With the installation's secret, for what travels through browsers.
    #[must_use]
    pub fn new(identity: Identity, outgoing: Outgoing, secret: &[u8]) -> Self {
        let directory = Directory::new(outgoing.clone());
        Self { identity, outgoing, directory, envelope: Envelope::new(secret) }
    }

    /// The address that an organization registers at its provider.
    #[must_use]
    pub fn redirect_uri(&self, organization: &str) -> String {
        format!("{}/sign-in/by/{organization}", self.identity.public_url)
    }

    /// Whether an address could be a provider's.
    #[must_use]
    pub fn acceptable(&self, issuer: &str) -> bool {
        self.outgoing.acceptable(issuer).is_ok()
    }

    /// Asks a provider whether it can be used.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub async fn probe(&self, issuer: &str) -> Result<(), ProviderError> {
        self.directory.ask(issuer, self.now()).await.map(|_| ())
    }

    /// The provider of an organization, by its slug.
    ///
    /// # Errors
    /// [`BeginError::NoProvider`], or the database fails.
    pub async fn of(&self, organization: &str) -> Result<(Tenant, Provider), BeginError> {
        let mut tx = self.identity.db.global(None).await?;
        let tenant = tenants::by_slug(&mut tx, organization).await?.ok_or(BeginError::NoProvider)?;
        drop(tx);
        let mut tx = match self.open(&tenant, Access::Read).await {
            Ok(tx) => tx,
            Err(OpenError::Store(error)) => return Err(error.into()),
            Err(OpenError::Forbidden { .. }) => return Err(BeginError::NoProvider),
        };
        let provider = providers::get(&mut tx).await?.ok_or(BeginError::NoProvider)?;
        Ok((tenant, provider))
    }

    /// Begins a sign-in, or the linking of an account.
    ///
    /// # Errors
    /// [`BeginError`].
    pub(crate) async fn begin(
        &self,
        organization: &str,
        aim: Aim,
        return_to: &str,
    ) -> Result<Begun, BeginError> {
        let (tenant, provider) = self.of(organization).await?;
        let now = self.now();
        let seen = self.directory.provider(&provider.issuer, now).await?;
        let return_to = safe_return(return_to).to_owned();
        let named = (provider.issuer, provider.client_id);
        let attempt = Attempt::new(tenant.id, named, aim, return_to, now);
        let mut url =
            Url::parse(&seen.metadata.authorization_endpoint).map_err(|_| ProviderError::Unusable)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &attempt.client)
            .append_pair("redirect_uri", &self.redirect_uri(&tenant.slug))
            .append_pair("scope", "openid email profile")
            .append_pair("state", &attempt.state)
            .append_pair("nonce", &attempt.nonce)
            .append_pair("code_challenge", &attempt.challenge())
            .append_pair("code_challenge_method", "S256");
        if matches!(aim, Aim::Link(_)) {
            // Whoever sits at the computer now is not who signed in at the provider this morning.
            url.query_pairs_mut().append_pair("prompt", "login");
        }
        let cookie = self.cookie(&self.envelope.seal(&attempt), LIFETIME.num_seconds());
        Ok(Begun { url: url.into(), cookie })
    }

    /// Ends what was begun: checks the answer, and lets the person in or links their account.
    pub async fn land(
        &self,
        organization: &str,
        answered: Answered,
        headers: &HeaderMap,
        address: String,
    ) -> Landing {
        let arrival = Arrival::of(headers, address, self.identity.secure_cookies);
        let attempt = self.read_cookie(headers).and_then(|text| self.envelope.open(&text, self.now()));
        let aim = attempt.as_ref().map_or(Aim::SignIn, |attempt| attempt.aim);
        let return_to = attempt.as_ref().map_or_else(|| "/".to_owned(), |attempt| attempt.return_to.clone());
        let ended = self.answer(organization, attempt, answered, &arrival).await;
        let mut landing = match ended {
            Ok(landing) => landing,
            Err(end) => {
                let reason = match end {
                    End::Refused(reason) => reason,
                    End::Failed(error) => {
                        let cause = std::error::Error::source(&error).map(ToString::to_string);
                        tracing::error!(cause, "a sign-in by a provider failed: {error}");
                        Reason::Failed
                    }
                };
                tracing::info!(organization, "a sign-in by a provider was refused: {}", reason.word());
                let location = match aim {
                    Aim::SignIn => sign_in(&return_to, &[("by", organization), ("reason", reason.word())]),
                    Aim::Link(_) => format!("{}#provider={}", security(organization), reason.word()),
                };
                Landing { location, cookies: Vec::new() }
            }
        };
        landing.cookies.push(self.cookie("", 0));
        landing
    }

    async fn answer(
        &self,
        organization: &str,
        attempt: Option<Attempt>,
        answered: Answered,
        arrival: &Arrival,
    ) -> Result<Landing, End> {
        let attempt = attempt.ok_or(Reason::Expired)?;
        // No answer to this browser's question.
        if answered.state.as_deref() != Some(&attempt.state) {
            return Err(Reason::Expired.into());
        }
        let mut tx = self.identity.db.global(None).await?;
        let tenant =
            tenants::by_slug(&mut tx, organization).await?.filter(|tenant| tenant.id == attempt.tenant);
        drop(tx);
        let tenant = tenant.ok_or(Reason::Expired)?;
        let (provider, secret) = self.take(&tenant, &attempt).await?;
        let seen = self.directory.provider(&provider.issuer, self.now()).await.map_err(|_| Reason::Failed)?;
        let issuer = answered.iss.as_deref();
        let named = seen.metadata.authorization_response_iss_parameter_supported;
        if issuer.is_some_and(|issuer| issuer != provider.issuer) || (named && issuer.is_none()) {
            return Err(Reason::Failed.into());
        }
        match answered.error.as_deref() {
            None => {}
            Some("access_denied" | "login_required" | "interaction_required" | "consent_required") => {
                return Err(Reason::Cancelled.into());
            }
            Some(_) => return Err(Reason::Failed.into()),
        }
        let code =
            answered.code.filter(|code| !code.is_empty() && code.len() <= LONGEST).ok_or(Reason::Failed)?;
        let person = self.person(&tenant, &provider, secret, &seen, &attempt, &code).await?;
        match attempt.aim {
            Aim::SignIn => self.sign_in(&tenant, &provider, &person, &attempt, arrival).await,
            Aim::Link(account) => self.link(&tenant, &provider, &person, account, arrival).await,
        }
    }

    /// The provider that an attempt was begun with, if it is still that; uses the attempt up, whatever comes of it.
    async fn take(&self, tenant: &Tenant, attempt: &Attempt) -> Result<(Provider, Option<String>), End> {
        let mut tx = self.open(tenant, Access::Write).await?;
        let provider = providers::get(&mut tx).await?;
        let same =
            |provider: &Provider| provider.issuer == attempt.issuer && provider.client_id == attempt.client;
        let provider = provider.filter(same).ok_or(Reason::Expired)?;
        if !attempts::take(&mut tx, &token::hash(&attempt.state), attempt.expires_at).await? {
            return Err(Reason::Expired.into());
        }
        let secret = providers::secret(&mut tx).await?;
        tx.commit().await?;
        Ok((provider, secret))
    }

    /// Who the code stands for.
    async fn person(
        &self,
        tenant: &Tenant,
        provider: &Provider,
        secret: Option<String>,
        seen: &Seen,
        attempt: &Attempt,
        code: &str,
    ) -> Result<Person, End> {
        let tokens = self.redeem(tenant, provider, secret, seen, attempt, code).await?;
        let opened = match jose::open::<IdToken>(&tokens.id_token, &seen.keys) {
            Err(JoseError::UnknownKey) => {
                let renewed = self.directory.with_new_keys(&provider.issuer, seen, self.now()).await;
                jose::open(&tokens.id_token, &renewed.map_err(|_| Reason::Failed)?.keys)
            }
            other => other,
        };
        let (said, algorithm) = opened.map_err(|error| distrust(provider, &error))?;
        let access_token = tokens.access_token.as_deref();
        let access_token_hash = access_token.and_then(|token| algorithm.token_hash(token));
        let subject = said
            .subject(Expected {
                issuer: &provider.issuer,
                client: &provider.client_id,
                nonce: &attempt.nonce,
                access_token_hash: access_token_hash.as_deref(),
                now: self.now(),
            })
            .map_err(|error| distrust(provider, &error))?
            .to_owned();
        let mut claims = said.others;
        // Who is linked is known by the subject alone.
        if !claims.contains_key(&provider.address_claim)
            && attempt.aim == Aim::SignIn
            && !self.is_linked(tenant, provider, &subject).await?
            && let (Some(place), Some(access_token)) = (&seen.metadata.userinfo_endpoint, access_token)
        {
            claims.extend(self.user_info(place, access_token, &subject).await?);
        }
        Ok(Person { subject, claims })
    }

    async fn redeem(
        &self,
        tenant: &Tenant,
        provider: &Provider,
        secret: Option<String>,
        seen: &Seen,
        attempt: &Attempt,
        code: &str,
    ) -> Result<Tokens, End> {
        let mut form =
            vec![("grant_type", "authorization_code"), ("code", code), ("code_verifier", &attempt.verifier)];
        let redirect_uri = self.redirect_uri(&tenant.slug);
        form.push(("redirect_uri", &redirect_uri));
        let mut request = axum::http::Request::post(&seen.metadata.token_endpoint)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ACCEPT, "application/json");
        match secret.as_deref() {
            Some(secret) if !seen.metadata.secret_in_body() => {
                // Both are written as in a form first (RFC 6749 §2.3.1).
                let part = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let pair = STANDARD.encode(format!("{}:{}", part(&provider.client_id), part(secret)));
                let mut value =
                    HeaderValue::from_str(&format!("Basic {pair}")).map_err(|_| Reason::Failed)?;
                value.set_sensitive(true);
                request = request.header(header::AUTHORIZATION, value);
            }
            Some(secret) => {
                form.extend([("client_id", provider.client_id.as_str()), ("client_secret", secret)]);
            }
            None => form.push(("client_id", &provider.client_id)),
        }
        let request = request.body(written(&form).into_bytes()).map_err(|_| Reason::Failed)?;
        let answer = self.outgoing.send(request).await.map_err(|_| Reason::Failed)?;
        read(&answer).ok_or_else(|| Reason::Failed.into())
    }

    async fn is_linked(&self, tenant: &Tenant, provider: &Provider, subject: &str) -> Result<bool, End> {
        let mut tx = self.open(tenant, Access::Read).await?;
        Ok(links::account(&mut tx, &provider.issuer, subject).await?.is_some())
    }

    /// More claims (OpenID Connect Core 1.0 §5.3). They are of the same person, or of nobody.
    async fn user_info(&self, place: &str, token: &str, subject: &str) -> Result<Map<String, Value>, End> {
        let mut value = HeaderValue::from_str(&format!("Bearer {token}")).map_err(|_| Reason::Failed)?;
        value.set_sensitive(true);
        let request = axum::http::Request::get(place)
            .header(header::AUTHORIZATION, value)
            .header(header::ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| Reason::Failed)?;
        let answer = self.outgoing.send(request).await.map_err(|_| Reason::Failed)?;
        let claims: Map<String, Value> = read(&answer).ok_or(Reason::Failed)?;
        if claims.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(Reason::Failed.into());
        }
        Ok(claims)
    }

    async fn sign_in(
        &self,
        tenant: &Tenant,
        provider: &Provider,
        person: &Person,
        attempt: &Attempt,
        arrival: &Arrival,
    ) -> Result<Landing, End> {
        let mut tx = self.open(tenant, Access::Write).await?;
        let account = match links::account(&mut tx, &provider.issuer, &person.subject).await? {
            Some(account) if access::admits(&mut tx, account).await? => account,
            Some(_) => return Err(Reason::NotInvited.into()),
            None => {
                let account = self.take_in(&mut tx, provider, person).await?;
                if !links::insert(&mut tx, account, &provider.issuer, &person.subject).await? {
                    return Err(Reason::LinkedOtherwise.into());
                }
                plenum_audit::record(&mut tx, "oidc.link", account, json!({ "issuer": provider.issuer }))
                    .await?;
                if let Some(account) = accounts::by_id(tx.conn(), account).await? {
                    self.identity.tell(&account, Told::Linked(tenant.short_name.clone())).await;
                }
                account
            }
        };
        links::used(&mut tx, account).await?;
        plenum_audit::record(&mut tx, "oidc.sign_in", account, json!({ "issuer": provider.issuer })).await?;
        let account = accounts::by_id(tx.conn(), account).await?.ok_or(Reason::NotInvited)?;
        tx.commit().await?;
        let home = format!("/t/{}", tenant.slug);
        let return_to = if attempt.return_to == "/" { &home } else { &attempt.return_to };
        Ok(match self.identity.enter(&account, tenant.id, arrival).await? {
            Entered::SignedIn(cookies) => Landing { location: return_to.clone(), cookies },
            Entered::SecondStep { ticket, factors } => {
                let facts = [("step", ticket.as_str()), ("factors", &factors.join(","))];
                Landing { location: sign_in(return_to, &facts), cookies: Vec::new() }
            }
        })
    }

    /// The account of somebody who is linked with none, by the address that the provider vouches for.
    async fn take_in(
        &self,
        tx: &mut TenantTx,
        provider: &Provider,
        person: &Person,
    ) -> Result<AccountId, End> {
        let address = domain::verified_address(&person.claims, &provider.address_claim);
        let address = address.ok_or(Reason::NoAddress)?;
        let account = accounts::by_email(tx.conn(), &address).await?;
        let known = match &account {
            Some(account) => Some(Known {
                admitted: access::admits(tx, account.id).await?,
                has_own_means: self.identity.has_own_means(account).await?,
                is_linked: links::of_account(tx, account.id).await?.is_some(),
            }),
            None => None,
        };
        let decision = domain::decide(Stranger {
            account: known,
            domain_taken: domain::is_of(&address, &provider.mail_domains),
            makes_accounts: provider.makes_accounts,
        });
        match (decision, account) {
            (Decision::Refuse(reason), _) => Err(reason.into()),
            (Decision::Link, Some(account)) => Ok(account.id),
            (Decision::Link, None) => Err(Reason::NotInvited.into()),
            (Decision::Make, _) => {
                let name = domain::display_name(&person.claims, &address);
                let now = tx.now();
                let id = accounts::find_or_invite(tx.conn(), &address, &name, now).await?;
                // Of two who make it at once, the other may have given it a password by now.
                let account = accounts::by_id(tx.conn(), id).await?.ok_or(Reason::NotInvited)?;
                if account.password_hash.is_some() {
                    return Err(Reason::LinkFirst.into());
                }
                access::admit(tx, id).await?;
                let detail = json!({ "issuer": provider.issuer });
                plenum_audit::record(tx, "oidc.make_account", id, detail).await?;
                Ok(id)
            }
        }
    }

    async fn link(
        &self,
        tenant: &Tenant,
        provider: &Provider,
        person: &Person,
        account: AccountId,
        arrival: &Arrival,
    ) -> Result<Landing, End> {
        // Who began it is still signed in here, by something of their own.
        let present = self.identity.present(arrival.token_hash.as_ref()).await?;
        if present != Some(Present { account, only: None }) {
            return Err(Reason::Expired.into());
        }
        let mut tx = self.open(tenant, Access::Write).await?;
        if !access::admits(&mut tx, account).await? {
            return Err(Reason::NotInvited.into());
        }
        if !links::insert(&mut tx, account, &provider.issuer, &person.subject).await? {
            return Err(Reason::LinkedOtherwise.into());
        }
        plenum_audit::record(&mut tx, "oidc.link", account, json!({ "issuer": provider.issuer })).await?;
        let known = accounts::by_id(tx.conn(), account).await?;
        tx.commit().await?;
        if let Some(account) = known {
            self.identity.tell(&account, Told::Linked(tenant.short_name.clone())).await;
        }
        Ok(Landing { location: format!("{}#provider=linked", security(&tenant.slug)), cookies: Vec::new() })
    }

    async fn open(&self, tenant: &Tenant, access: Access) -> Result<TenantTx, OpenError> {
        self.identity.db.tenant(&Viewer::system(tenant.id, "oidc"), DOOR, access).await
    }

    fn now(&self) -> DateTime<Utc> {
        self.identity.db.clock().now()
    }

    fn cookie_name(&self) -> &'static str {
        if self.identity.secure_cookies { "__Host-plenum-provider" } else { "plenum-provider" }
    }

    /// Lax: the answer comes by a link of another site.
    fn cookie(&self, value: &str, lifetime_s: i64) -> String {
        let secure = if self.identity.secure_cookies { "; Secure" } else { "" };
        let name = self.cookie_name();
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lifetime_s}{secure}")
    }

    fn read_cookie(&self, headers: &HeaderMap) -> Option<String> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == self.cookie_name()).map(|(_, value)| value.to_owned())
    }
}

/// What a provider said cannot be trusted: logged, as whoever runs it has to find the fault.
fn distrust(provider: &Provider, error: &dyn std::error::Error) -> Reason {
    tracing::warn!(issuer = provider.issuer, "an answer of a provider of sign-in is not trusted: {error}");
    Reason::Failed
}

fn read<T: serde::de::DeserializeOwned>(answer: &Response) -> Option<T> {
    (answer.status() == 200).then(|| serde_json::from_slice(answer.body()).ok()).flatten()
}

/// The page of signing in. What is not for the server's log goes behind the hash.
fn sign_in(return_to: &str, facts: &[(&str, &str)]) -> String {
    let query =
        if return_to == "/" { String::new() } else { format!("?{}", written(&[("return", return_to)])) };
    format!("/sign-in{query}#{}", written(facts))
}

/// Pairs as a form writes them.
fn written(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn security(organization: &str) -> String {
    let organization: String = form_urlencoded::byte_serialize(organization.as_bytes()).collect();
    format!("/t/{organization}/security")
}
