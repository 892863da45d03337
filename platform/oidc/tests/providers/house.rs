//! An organization with a provider, and browsers.

use std::{collections::BTreeMap, sync::Arc};

use async_graphql::{EmptySubscription, MergedObject, Request, Schema, Variables};
use axum::http::{HeaderMap, HeaderValue, header};
use plenum_graph::{Credential, RequestScope, ViewerSource};
use plenum_identity::{
    Browser as Headers, Identity, Passkeys, Sealer, cookie,
    graphql::{IdentityMutation, IdentityQuery},
    password,
    store::accounts,
    token,
};
use plenum_kernel::AccountId;
use plenum_mail::{Mailer, Outbox};
use plenum_oidc::{
    Answered, Landing, Providers,
    graphql::{OidcMutation, OidcQuery},
};
use plenum_outgoing::Outgoing;
use plenum_tenancy::store::{access, grants};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::{Tenant, World};

use crate::peer::{CLIENT, Peer, Play, SECRET};

/// The password of those who have one.
pub const PASSWORD: &str = "plenum provider tests";

#[derive(MergedObject, Default)]
pub struct Query(IdentityQuery, OidcQuery);
#[derive(MergedObject, Default)]
pub struct Mutation(IdentityMutation, OidcMutation);

/// The world's clock at its beginning, in seconds since 1970.
pub fn now() -> i64 {
    1_795_424_400
}

pub struct House {
    pub world: World,
    pub tenant: Tenant,
    pub other: Tenant,
    pub peer: Peer,
    pub providers: Providers,
    pub identity: Identity,
    schema: Schema<Query, Mutation, EmptySubscription>,
    outbox: TempDir,
}

impl House {
    /// A house whose provider is not set.
    pub async fn empty() -> Self {
        let policies = [("identity", plenum_identity::POLICY), ("oidc", plenum_oidc::POLICY)];
        let world = World::builder().policy(&policies).build().await;
        assert_eq!(plenum_kernel::Clock::now(&*world.clock).timestamp(), now());
        let tenant = world.tenant("alpha", &["ППО № 1"]).await;
        let other = world.tenant("beta", &["ППО № 1"]).await;
        let peer = Peer::open().await;
        let outbox = tempfile::tempdir().expect("a temporary folder can be made");
        let from = "Пленум <plenum@example.org>".parse().expect("an address");
        let identity = Identity {
            db: world.db.clone(),
            mailer: Arc::new(Mailer::outbox(outbox.path(), from)),
            public_url: Arc::from("https://plenum.example.org"),
            secure_cookies: false,
            sealer: Sealer::new(&[7; 32]),
            passkeys: Passkeys::of("https://plenum.example.org"),
        };
        let allowed = peer.issuer.parse().expect("an address");
        let outgoing = Outgoing::new(allowed, None).expect("a door to others");
        let providers = Providers::new(identity.clone(), outgoing, &[7; 32]);
        let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
            .data(world.db.clone())
            .data(identity.clone())
            .data(providers.clone())
            .finish();
        Self { world, tenant, other, peer, providers, identity, schema, outbox }
    }

    /// A house whose provider is set by its administrator.
    pub async fn open(settings: Value) -> Self {
        let house = Self::empty().await;
        let (_, email) = house.person("administrator", true).await;
        let mut browser = house.browser();
        browser.sign_in(&email).await;
        assert_eq!(browser.set_provider(settings).await["status"], "OK");
        house.peer.heard();
        house
    }

    /// Somebody with a role in both organizations; their account and address.
    pub async fn person(&self, role: &str, has_password: bool) -> (AccountId, String) {
        let id = self.world.account("Анна").await;
        for tenant in [&self.tenant, &self.other] {
            let mut tx = self.world.system(tenant).await;
            access::admit(&mut tx, id).await.expect("let in");
            let scope = grants::Scope { unit: tenant.root, inner: None };
            grants::give(&mut tx, id, role, scope).await.expect("a role");
            tx.commit().await.expect("it commits");
        }
        let mut tx = self.world.db.global(None).await.expect("a transaction opens");
        if has_password {
            let hash = password::hash(PASSWORD.to_owned()).await.expect("hashing works");
            accounts::set_password(tx.conn(), id, &hash).await.expect("the account is there");
        }
        let account = accounts::by_id(tx.conn(), id).await.expect("an answer").expect("an account");
        tx.commit().await.expect("it commits");
        (id, account.email)
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { house: self, cookies: BTreeMap::new(), tenant: Some(self.tenant.slug.clone()) }
    }

    /// The subjects of the letters to an address, when there are so many.
    pub async fn letters(&self, to: &str, count: usize) -> Vec<String> {
        let outbox = Outbox::new(self.outbox.path());
        for _ in 0..1_000 {
            let list = outbox.list(100, None).await.expect("the outbox can be read");
            let found: Vec<String> =
                list.into_iter().filter(|line| line.to.contains(to)).map(|line| line.subject).collect();
            if found.len() >= count {
                return found;
            }
            tokio::task::yield_now().await;
            tokio::task::spawn_blocking(|| ()).await.expect("a thread runs");
        }
        panic!("no {count} letters to {to}");
    }

    /// How a good provider names somebody.
    pub fn names(&self, subject: &str, email: &str) {
        self.peer.plays(Play {
            claims: json!({ "sub": subject, "email": email, "email_verified": true, "name": "Анна Ким" }),
            ..Play::default()
        });
    }
}

/// What sets the test's provider, with changes.
pub fn settings(house: &House, change: &Value) -> Value {
    let mut input = json!({ "label": "Войти через завод", "issuer": house.peer.issuer, "clientId": CLIENT,
        "clientSecret": SECRET });
    for (name, value) in change.as_object().into_iter().flatten() {
        input[name] = value.clone();
    }
    input
}

#[derive(Clone)]
pub struct Browser<'h> {
    pub house: &'h House,
    pub cookies: BTreeMap<String, String>,
    pub tenant: Option<String>,
}

impl Browser<'_> {
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static("Firefox/140.0 (Linux)"));
        let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        headers.insert(header::COOKIE, line.join("; ").parse().expect("cookies are plain"));
        headers
    }

    fn keep(&mut self, set: &str) {
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
        let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
        if set.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    pub async fn ask(&mut self, operation: &str, variables: Value) -> Value {
        let headers = self.headers();
        let token_hash = cookie::read(&headers, false).map(|secret| token::hash(&secret));
        let source: Arc<dyn ViewerSource> = Arc::new(self.house.identity.clone());
        let credential = Credential { token_hash, tenant: self.tenant.clone() };
        let scope = RequestScope::request(source, credential, "192.0.2.1".to_owned());
        let request = Request::new(operation)
            .variables(Variables::from_json(variables))
            .data(scope)
            .data(Headers::of(&headers, false));
        let answer = self.house.schema.execute(request).await;
        for value in answer.http_headers.get_all(header::SET_COOKIE) {
            self.keep(value.to_str().expect("a cookie is plain"));
        }
        serde_json::to_value(&answer).expect("an answer is plain data")
    }

    pub async fn get(&mut self, operation: &str, variables: Value) -> Value {
        let answer = self.ask(operation, variables).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].clone()
    }

    /// The code and reason of a refusal.
    pub async fn refusal(&mut self, operation: &str, variables: Value) -> (String, String) {
        let answer = self.ask(operation, variables).await;
        let extensions = &answer["errors"][0]["extensions"];
        let word = |key: &str| extensions[key].as_str().unwrap_or_default().to_owned();
        (word("code"), word("reason"))
    }

    pub async fn sign_in(&mut self, email: &str) {
        let operation = "mutation ($input: SignInInput!) { signIn(input: $input) { status } }";
        let input = json!({ "input": { "email": email, "password": PASSWORD } });
        assert_eq!(self.get(operation, input).await["signIn"]["status"], "OK");
    }

    pub async fn set_provider(&mut self, change: Value) -> Value {
        let operation = "mutation ($input: ProviderInput!) { setProvider(input: $input) {
            status settings { redirectUri provider { label issuer clientId hasSecret mailDomains links } } } }";
        let input = settings(self.house, &change);
        self.get(operation, json!({ "input": input })).await["setProvider"].clone()
    }

    /// Begins a sign-in; where the browser is sent.
    pub async fn begin(&mut self) -> String {
        let operation = "mutation ($organization: String!) {
            beginProviderSignIn(organization: $organization, returnTo: \"/t/alpha/chat\") { status url } }";
        let data = self.get(operation, json!({ "organization": self.house.tenant.slug })).await;
        assert_eq!(data["beginProviderSignIn"]["status"], "OK", "{data}");
        data["beginProviderSignIn"]["url"].as_str().expect("an address").to_owned()
    }

    /// Comes back from the provider of an organization.
    pub async fn land_at(&mut self, organization: &str, answered: Answered) -> String {
        let headers = self.headers();
        let Landing { location, cookies } =
            self.house.providers.land(organization, answered, &headers, "192.0.2.1".to_owned()).await;
        for cookie in cookies {
            self.keep(&cookie);
        }
        assert!(location.starts_with('/') && !location.starts_with("//"), "{location}");
        location
    }

    /// Goes to the provider and comes back; where the browser is sent then.
    pub async fn by_provider(&mut self) -> String {
        let url = self.begin().await;
        let answered = self.house.peer.consent(&url);
        self.land_at("alpha", answered).await
    }

    /// The same, where it is refused; why.
    pub async fn refused(&mut self) -> String {
        reason(&self.by_provider().await)
    }

    /// The organizations that the browser's sign-in enters; none when nobody is signed in.
    pub async fn tenants(&mut self) -> Option<Vec<String>> {
        let data = self.get("{ viewer { tenants { tenant { slug } } } }", Value::Null).await;
        let list = data["viewer"]["tenants"].as_array()?;
        Some(list.iter().map(|one| one["tenant"]["slug"].as_str().expect("a slug").to_owned()).collect())
    }
}

/// Why a landing is a refusal.
pub fn reason(location: &str) -> String {
    let (page, facts) = location.split_once('#').unwrap_or_else(|| panic!("no refusal: {location}"));
    assert!(page.starts_with("/sign-in") || page.ends_with("/security"), "{location}");
    let (_, word) = facts.rsplit_once('=').expect("a word");
    word.to_owned()
}
