//! A browser without network: it keeps its cookies and asks the identity's part of the API.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use async_graphql::{EmptySubscription, Request, Schema, Variables};
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
use plenum_mail::{LetterView, Mailer, Outbox};
use serde_json::Value;
use tempfile::TempDir;
use testkit::World;

/// The password of [`Office::account`].
pub const PASSWORD: &str = "plenum sign-in tests";
/// After so long a letter does not come any more, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);
/// The installation's secret.
pub const SEALER: [u8; 32] = [7; 32];
/// Where the web app is.
pub const ORIGIN: &str = "http://localhost:1";
/// What [`Browser`] says it is.
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A world with the API of sign-in over it.
pub struct Office {
    pub world: World,
    pub identity: Identity,
    schema: Schema<IdentityQuery, IdentityMutation, EmptySubscription>,
    outbox: TempDir,
}

impl Office {
    pub async fn open() -> Self {
        let world = World::builder().policy(&[("identity", plenum_identity::POLICY)]).build().await;
        let outbox = tempfile::tempdir().expect("a temporary folder can be made");
        let from = "Пленум <plenum@example.org>".parse().expect("an address");
        let identity = Identity {
            db: world.db.clone(),
            mailer: Arc::new(Mailer::outbox(outbox.path(), from)),
            public_url: Arc::from(ORIGIN),
            secure_cookies: false,
            sealer: Sealer::new(&SEALER),
            passkeys: Passkeys::of(ORIGIN),
        };
        let schema = Schema::build(IdentityQuery, IdentityMutation::default(), EmptySubscription)
            .data(world.db.clone())
            .data(identity.clone())
            .finish();
        Self { world, identity, schema, outbox }
    }

    /// An account with [`PASSWORD`]; its address.
    pub async fn account(&self) -> (AccountId, String) {
        let id = self.world.account("Анна").await;
        self.give_password(id).await
    }

    /// Gives an account [`PASSWORD`]; its address.
    pub async fn give_password(&self, id: AccountId) -> (AccountId, String) {
        let hash = password::hash(PASSWORD.to_owned()).await.expect("hashing works");
        let mut tx = self.world.db.global(None).await.expect("a transaction opens");
        accounts::set_password(tx.conn(), id, &hash).await.expect("the account is there");
        let account =
            accounts::by_id(tx.conn(), id).await.expect("the database answers").expect("an account");
        tx.commit().await.expect("it commits");
        (id, account.email)
    }

    /// The letters to an address whose subject has these words, when there are so many. Letters leave in tasks of their
    /// own, so they are looked for until they have come.
    pub async fn letters(&self, to: &str, subject: &str, count: usize) -> Vec<LetterView> {
        let outbox = Outbox::new(self.outbox.path());
        let looking_since = Instant::now();
        while looking_since.elapsed() < PATIENCE {
            let mut found = Vec::new();
            for line in outbox.list(100, None).await.expect("the outbox can be read") {
                if line.to.contains(to) && line.subject.contains(subject) {
                    found.extend(outbox.read(&line.id).await.expect("a letter can be read"));
                }
            }
            if found.len() >= count {
                return found;
            }
            tokio::task::yield_now().await;
        }
        panic!("no {count} letters «{subject}» to {to}");
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { office: self, cookies: BTreeMap::new(), address: "192.0.2.1".to_owned() }
    }
}

/// A browser.
#[derive(Clone)]
pub struct Browser<'o> {
    office: &'o Office,
    pub cookies: BTreeMap<String, String>,
    pub address: String,
}

impl Browser<'_> {
    /// One operation; the answer as it is on the wire.
    pub async fn ask(&mut self, operation: &str, variables: Value) -> Value {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(FIREFOX));
        let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        headers.insert(header::COOKIE, line.join("; ").parse().expect("cookies are plain"));
        let token_hash = cookie::read(&headers, false).map(|secret| token::hash(&secret));
        let source: Arc<dyn ViewerSource> = Arc::new(self.office.identity.clone());
        let credential = Credential { token_hash, tenant: None };
        let scope = RequestScope::request(source, credential, self.address.clone());
        let request = Request::new(operation)
            .variables(Variables::from_json(variables))
            .data(scope)
            .data(Headers::of(&headers, false));
        let answer = self.office.schema.execute(request).await;
        for value in answer.http_headers.get_all(header::SET_COOKIE) {
            let value = value.to_str().expect("a cookie is plain");
            assert!(value.contains("HttpOnly") && value.contains("SameSite=Lax"), "{value}");
            let (name, value) =
                value.split(';').next().and_then(|pair| pair.split_once('=')).expect("a pair");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        serde_json::to_value(&answer).expect("an answer is plain data")
    }

    /// One operation that is well; its data.
    pub async fn get(&mut self, operation: &str, variables: Value) -> Value {
        let answer = self.ask(operation, variables).await;
        assert!(answer["errors"].is_null(), "{operation}: {answer}");
        answer["data"].clone()
    }

    /// One operation that is refused; its code and reason.
    pub async fn refusal(&mut self, operation: &str, variables: Value) -> (String, String) {
        let answer = self.ask(operation, variables).await;
        let extensions = &answer["errors"][0]["extensions"];
        let word = |key: &str| extensions[key].as_str().unwrap_or_default().to_owned();
        (word("code"), word("reason"))
    }

    /// Signs in; the status.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> String {
        let operation = "mutation ($input: SignInInput!) { signIn(input: $input) { status } }";
        let input = serde_json::json!({ "input": { "email": email, "password": password } });
        status(&self.get(operation, input).await["signIn"])
    }

    /// Whether somebody is signed in.
    pub async fn is_signed_in(&mut self) -> bool {
        !self.get("{ viewer { account { id } } }", Value::Null).await["viewer"].is_null()
    }

    /// The sign-ins of the account.
    pub async fn sessions(&mut self) -> Vec<Value> {
        let operation =
            "{ viewer { security { webSessions { id browser system address isCurrent lastUsedAt } } } }";
        let data = self.get(operation, Value::Null).await;
        data["viewer"]["security"]["webSessions"].as_array().expect("a list").clone()
    }

    /// The session's token.
    pub fn token(&self) -> String {
        self.cookies.get("plenum").cloned().unwrap_or_default()
    }
}

/// The status of a payload.
pub fn status(payload: &Value) -> String {
    payload["status"].as_str().expect("a status").to_owned()
}
